// ui/cli/arguments.h: what may stand after an option. CLI11's own checks let "nan" through every range, take "-3" for a
// very large number, "010" for eight and 10^23 for the largest number that it knows: each would start a run that nobody
// asked for.
#pragma once
#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace basalt::cli {

/// Of a seed: 10^15, which programs that read JSON numbers as floating point still get exactly.
inline constexpr std::uint64_t largest_seed = 1'000'000'000'000'000;

/// Digits alone, in the range; leading zeros mean nothing. Returns the option.
CLI::Option* take_whole_number(CLI::Option* option, std::uint64_t least, std::uint64_t most);
/// A decimal number in the range, which is finite.
CLI::Option* take_number(CLI::Option* option, double least, double most);
/// Anything but the empty word: an unset variable of a script would otherwise mean "the default".
CLI::Option* take_word(CLI::Option* option);
/// One of these names, or a refusal that says which is nearest.
CLI::Option* take_name(CLI::Option* option, std::vector<std::string> names);

}  // namespace basalt::cli
