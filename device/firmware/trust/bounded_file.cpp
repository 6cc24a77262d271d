#include "device/firmware/trust/bounded_file.h"

#include <fstream>

namespace basalt::firmware {

Result<tpm::ByteVector> read_bounded(const std::filesystem::path& file, std::size_t longest) {
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return fail(ErrorCode::missing, "The file " + file.string() + " cannot be opened.",
                    "Provision the device, or restore it.");
    tpm::ByteVector bytes(longest + 1);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    if (in.bad() || bytes.size() > longest)
        return fail(ErrorCode::unreadable, "The file " + file.string() + " is longer than it can be.",
                    "Restore the device, or provision it again.");
    return bytes;
}

}  // namespace basalt::firmware
