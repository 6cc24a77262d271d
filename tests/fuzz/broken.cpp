#include "tests/fuzz/target.h"

#include <cstdio>
#include <cstdlib>

namespace basalt::fuzz {

void broken(std::string_view promise) {
    std::fprintf(stderr, "Promise broken: %.*s\n", static_cast<int>(promise.size()), promise.data());
    std::abort();
}

}  // namespace basalt::fuzz
