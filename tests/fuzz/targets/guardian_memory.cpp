#include "device/guardian/memory.h"
#include "device/guardian/provisioning.h"
#include "tests/fuzz/target.h"

#include <algorithm>

// The guardian's memory may be exchanged by whoever opens the case. An input here is a list of changes to a good
// memory, 41 bytes each: an even first byte puts the fourth at the offset in the second and third; an odd one writes
// the rest as an entry of the ring, with its checksum. 64 KiB of noise would never get past the first checksum.
namespace {
const std::vector<std::uint8_t>& good_memory() {
    static const auto memory = [] {
        basalt::guardian::Provisioning provisioning;
        provisioning.device.fill(7);
        const std::vector<std::uint8_t> profile(basalt::SignedHeader::total + 100, 0x42);
        provisioning.profile_file = profile;
        return basalt::guardian::new_memory(provisioning).value_or(basalt::guardian::blank_memory());
    }();
    return memory;
}

constexpr std::size_t change_size = 41;

void change(basalt::guardian::MemoryBytes& memory, basalt::ByteView how) {
    using namespace basalt;
    if (how[0] % 2 == 0) {
        memory[how[1] | static_cast<std::size_t>(how[2]) << 8] = how[3];
        return;
    }
    hal::RingEntry entry;
    codec::Reader reader{how.subspan(1)};
    reader(entry);
    const auto bytes = guardian::sealed<guardian::layout::entry_size>(entry);
    std::ranges::copy(bytes, memory.begin() + guardian::layout::entry_at(entry.seq));
}
}  // namespace

namespace basalt::fuzz {
std::vector<Input> seeds() {
    Input ring;
    for (std::uint32_t i = 1; i <= 20; ++i) {
        const hal::RingEntry entry{.seq = i,
                                   .tick = {i * 300},
                                   .kind = static_cast<hal::RingKind>(1 + i % 6),
                                   .code = static_cast<std::uint8_t>(1 + i % 3),
                                   .amount = {70},
                                   .target = {70 * static_cast<std::int64_t>(i)}};
        ring.resize(ring.size() + change_size);
        const auto at = std::span{ring}.last(change_size);
        at[0] = 1;
        codec::Writer writer{at.subspan(1)};
        writer(entry);
    }
    return {Input(change_size), ring};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    static guardian::MemoryBytes memory;
    static guardian::Kept kept;
    std::ranges::copy(good_memory(), memory.begin());
    for (std::size_t i = 0; i + change_size <= size; i += change_size) change(memory, {data + i, change_size});
    kept = guardian::Kept{};
    guardian::remember(memory, Authority{}, kept);
    fuzz::require(!kept.has_profile(), "a profile that nobody signed is never taken");
    for (const auto& entry : kept.ring.entries)
        fuzz::require(entry.seq == 0 || &kept.ring.at(entry.seq) == &entry, "each entry stands where its number says");
    return 0;
}
