#include "ui/cli/build_mark.h"

#include "device/common/digest.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <vector>

namespace basalt::cli {

Result<std::string> build_mark(const Places& places) {
    Digest mark{};
    for (const char* name :
         {"images/guardian.img", "images/boot.img", "images/firmware.img", "images/gateway.img", "bin/basalt"}) {
        std::ifstream in{places.build / name, std::ios::binary};
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>{in}, {}};
        if (bytes.empty())
            return fail(ErrorCode::missing, "The build has no " + std::string{name} + ".",
                        "Build it with: ./basalt --help");
        mark = sha256(mark, sha256(bytes));
    }
    std::string text;
    for (std::size_t i = 0; i < 8; ++i) text += fmt::format("{:02x}", mark[i]);
    return text;
}

}  // namespace basalt::cli
