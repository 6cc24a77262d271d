// tests/fuzz/target.h: what a fuzz target is. Each file in targets/ defines the two functions; driver.cpp (or
// libFuzzer) calls them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

/// Reads one input that may come from an attacker. Must come back, touch nothing outside, and hold its own promises.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace basalt::fuzz {

using Input = std::vector<std::uint8_t>;

/// Good inputs, from which the bad ones are made. Not empty.
std::vector<Input> seeds();

/// Ends the run: the target's promise, in words, does not hold for this input.
[[noreturn]] void broken(std::string_view promise);

inline void require(bool holds, std::string_view promise) {
    if (!holds) broken(promise);
}

inline Input bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace basalt::fuzz
