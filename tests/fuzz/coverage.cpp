// Compiled without the instrumentation itself. The two tables are globals because the compiler's callback takes no
// argument.
#include "tests/fuzz/coverage.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace basalt::fuzz {
namespace {
constexpr std::size_t places = 1 << 14;
std::array<std::uint8_t, places> now{};     // how often the present input passed each place, up to 255
std::array<std::uint8_t, places> before{};  // one bit for each power of two of "how often" that any input has shown
}  // namespace

void start_input() noexcept { now.fill(0); }

bool reached_something_new() noexcept {
    bool is_new = false;
    for (std::size_t i = 0; i < places; ++i) {
        if (now[i] == 0) continue;
        const auto often = std::bit_floor(now[i]);
        is_new = is_new || (before[i] & often) == 0;
        before[i] = static_cast<std::uint8_t>(before[i] | often);
    }
    return is_new;
}

}  // namespace basalt::fuzz

extern "C" void __sanitizer_cov_trace_pc() {  // NOLINT: the compiler chose the name
    using namespace basalt::fuzz;
    const auto at = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
    auto& count = now[(at ^ (at >> 14)) % places];
    if (count != 255) ++count;
}
