#include "ui/cli/places.h"

namespace basalt::cli {

Places places() {
    std::error_code unreadable;  // /proc is not there: then the tree is where it was built
    const auto program = std::filesystem::read_symlink("/proc/self/exe", unreadable);
    const std::filesystem::path source = BASALT_SOURCE_DIR;
    return {source, unreadable ? std::filesystem::path{BASALT_BINARY_DIR} : program.parent_path().parent_path(),
            source / "dev-keys"};
}

}  // namespace basalt::cli
