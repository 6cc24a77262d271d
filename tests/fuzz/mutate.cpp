#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace basalt::fuzz {
namespace {

// Where counters wrap, lengths lie and signs turn.
constexpr std::array<std::uint64_t, 14> edges{0,      1,      2,          0x7f,       0x80,       0xff,       0x7fff,
                                              0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, ~0ULL >> 1, ~0ULL};

/// Writes `value`, little endian, over 1, 2, 4 or 8 bytes at a random place.
void change_number(Input& input, Chance& chance) {
    const std::size_t width = std::size_t{1} << chance.below(4);
    if (input.size() < width) return;
    std::uint8_t* at = input.data() + chance.below(input.size() - width + 1);
    std::uint64_t value = 0;
    std::memcpy(&value, at, width);
    value = chance.below(2) == 0 ? edges[chance.below(edges.size())] : value + chance.below(33) - 16;
    std::memcpy(at, &value, width);
}

/// A random part of `from`, at most 64 bytes.
Input part(const Input& from, Chance& chance) {
    if (from.empty()) return {};
    const std::size_t start = chance.below(from.size());
    const std::size_t length = 1 + chance.below(std::min<std::size_t>(from.size() - start, 64));
    return {from.begin() + static_cast<std::ptrdiff_t>(start),
            from.begin() + static_cast<std::ptrdiff_t>(start + length)};
}

void insert(Input& input, const Input& what, Chance& chance) {
    input.insert(input.begin() + static_cast<std::ptrdiff_t>(chance.below(input.size() + 1)), what.begin(), what.end());
}

void overwrite(Input& input, const Input& what, Chance& chance) {
    if (what.size() > input.size()) return;
    std::ranges::copy(what, input.begin() + static_cast<std::ptrdiff_t>(chance.below(input.size() - what.size() + 1)));
}

void erase(Input& input, Chance& chance) {
    const std::size_t start = chance.below(input.size());
    const std::size_t length = 1 + chance.below(std::min<std::size_t>(input.size() - start, 64));
    const auto at = input.begin() + static_cast<std::ptrdiff_t>(start);
    input.erase(at, at + static_cast<std::ptrdiff_t>(length));
}

}  // namespace

std::uint64_t Chance::next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

Input mutated(Input input, const Input& other, std::size_t max_size, Chance& chance) {
    for (std::size_t changes = 1 + chance.below(8); changes > 0; --changes) {
        const auto a_byte = [&] { return Input{static_cast<std::uint8_t>(chance.next())}; };
        if (input.empty()) {
            input = a_byte();
            continue;
        }
        std::uint8_t& byte = input[chance.below(input.size())];
        switch (chance.below(9)) {
            case 0:
                byte = static_cast<std::uint8_t>(byte ^ (1U << chance.below(8)));
                break;
            case 1:
                byte = static_cast<std::uint8_t>(chance.next());
                break;
            case 2:
                change_number(input, chance);
                break;
            case 3:
                insert(input, a_byte(), chance);
                break;
            case 4:
                erase(input, chance);
                break;
            case 5:
                insert(input, part(input, chance), chance);
                break;
            case 6:
                insert(input, part(other, chance), chance);
                break;
            case 7:
                overwrite(input, part(other, chance), chance);
                break;
            case 8:
                input.resize(1 + chance.below(input.size()));
                break;
        }
    }
    input.resize(std::min(input.size(), max_size));
    return input;
}

}  // namespace basalt::fuzz
