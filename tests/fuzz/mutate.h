// tests/fuzz/mutate.h: one changed input from good ones, as chance has it.
#pragma once
#include "tests/fuzz/target.h"

namespace basalt::fuzz {

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers everywhere.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) noexcept : state_(seed) {}
    std::uint64_t next() noexcept;
    /// 0 to bound - 1; bound > 0.
    std::size_t below(std::size_t bound) noexcept { return static_cast<std::size_t>(next() % bound); }

  private:
    std::uint64_t state_;
};

/// `input` with one to eight changes: bits, bytes, numbers of each width, cuts, repeats, and parts of `other`. At most
/// max_size bytes.
Input mutated(Input input, const Input& other, std::size_t max_size, Chance& chance);

}  // namespace basalt::fuzz
