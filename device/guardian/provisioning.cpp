#include "device/guardian/provisioning.h"

#include "device/guardian/memory.h"

#include <algorithm>

namespace basalt::guardian {
namespace {

/// A block, and the same inverted `behind` bytes further: a fault that pulls bits one way cannot hit both alike.
void write_twice(std::vector<std::uint8_t>& memory, std::size_t at, std::size_t behind, ByteView block) {
    for (std::size_t i = 0; i < block.size(); ++i) {
        memory[at + i] = block[i];
        memory[at + behind + i] = static_cast<std::uint8_t>(~block[i]);
    }
}

}  // namespace

std::vector<std::uint8_t> blank_memory() { return std::vector<std::uint8_t>(hal::memory_size, 0); }

Result<void> replace_profile(std::vector<std::uint8_t>& memory, ByteView profile_file) {
    if (memory.size() != hal::memory_size)
        return fail(ErrorCode::unreadable, "The guardian's memory does not have 64 KiB.",
                    "Restore it from a backup, or set the device up again.");
    if (profile_file.size() > layout::profile_size - 2)
        return fail(ErrorCode::refused, "The profile file is longer than the pump has room for.",
                    "Sign a profile of at most 4094 bytes.");
    std::vector<std::uint8_t> block(layout::profile_size, 0);
    block[0] = static_cast<std::uint8_t>(profile_file.size() & 0xff);
    block[1] = static_cast<std::uint8_t>(profile_file.size() >> 8);
    std::ranges::copy(profile_file, block.begin() + 2);
    write_twice(memory, layout::profile, layout::profile_size, block);
    return {};
}

Result<std::vector<std::uint8_t>> new_memory(const Provisioning& provisioning) {
    if (provisioning.device == any_device)
        return fail(ErrorCode::refused, "A device identity of zeros stands for every device, so no device may have it.",
                    "Choose another identity.");
    auto memory = blank_memory();
    const Identity identity{provisioning.device, provisioning.share, provisioning.nonce_secret,
                            provisioning.channel_key};
    write_twice(memory, layout::identity, layout::twice_after, sealed<layout::identity_size>(identity));
    std::ranges::copy(sealed<layout::header_size>(Header{}), memory.begin() + layout::headers);
    if (auto put = replace_profile(memory, provisioning.profile_file); !put) return std::unexpected{put.error()};
    return memory;
}

}  // namespace basalt::guardian
