// tests/fuzz/frames.h: what every channel's decoder promises, for any bytes at all.
#pragma once
#include "device/common/codec.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <utility>

namespace basalt::fuzz {

/// A frame that was read has one spelling: written again it is the same bytes. So nothing hides in what is ignored.
template <class Frames>
void read_frame(const std::uint8_t* data, std::size_t size) {
    const ByteView in{data, size};
    const auto frame = Frames::decode(in);
    if (!frame) return require(!in_words(frame.error()).empty(), "a refusal has words");
    const EncodedFrame again = std::visit([](const auto& f) { return Frames::encode(f); }, *frame);
    require(std::ranges::equal(again.view(), in), "a frame that was read is written as the same bytes");
}

/// One default frame of each number.
template <class Frames>
std::vector<Input> frame_seeds() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        std::vector<Input> all;
        (all.push_back([] {
            const EncodedFrame frame = Frames::encode(std::variant_alternative_t<I, typename Frames::Any>{});
            return Input{frame.view().begin(), frame.view().end()};
        }()),
         ...);
        return all;
    }(std::make_index_sequence<std::variant_size_v<typename Frames::Any>>{});
}

}  // namespace basalt::fuzz
