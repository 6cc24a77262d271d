// device/common/codec.h: how every frame and record of the device becomes bytes and comes back. Little endian, bounded,
// no heap, no exceptions: the guardian uses it too.
//
// A frame is a struct with a number and one list of its fields; the list serves writing and reading alike, so the two
// cannot drift apart:
//
//     struct Move { static constexpr std::uint8_t number = 66; std::int64_t target = 0;
//                   template <class C> void fields(C& c) { c(target); } };
//     using BoardFrames = FrameSet<'H', Move, ...>;
//
// Fields may be bool, any integer, an enum (over an unsigned type, with `is_known(E)` found by argument-dependent lookup),
// MilliUnits, Tick, SecondOfDay, MotorCount, std::array of fields, Bytes<N>, or a struct with `fields`.
#pragma once
#include "device/common/units.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <expected>
#include <span>
#include <string_view>
#include <type_traits>
#include <variant>

namespace basalt {

using ByteView = std::span<const std::uint8_t>;

/// At most N bytes, their number in front (u16). Longer input is refused when it is read.
template <std::size_t N>
struct Bytes {
    std::uint16_t size = 0;
    std::array<std::uint8_t, N> data{};
    ByteView view() const noexcept { return ByteView{data}.first(size); }
    /// Takes `from` whole, or nothing and answers false when it is longer than N.
    bool assign(ByteView from) noexcept {
        if (from.size() > N) return false;
        size = static_cast<std::uint16_t>(from.size());
        if (!from.empty()) std::memcpy(data.data(), from.data(), from.size());
        return true;
    }
};

/// Why bytes are no frame. in_words() never allocates.
enum class FrameError : std::uint8_t { empty, wrong_channel, unknown_number, too_short, too_long, bad_value };

constexpr std::string_view in_words(FrameError error) noexcept {
    switch (error) {
        case FrameError::empty: return "the frame is empty";
        case FrameError::wrong_channel: return "the frame belongs to another channel";
        case FrameError::unknown_number: return "no frame has this number";
        case FrameError::too_short: return "the frame ends too early";
        case FrameError::too_long: return "bytes follow the frame's end";
        case FrameError::bad_value: return "a field holds a value that it cannot have";
    }
    return "the frame is not valid";
}

namespace codec {

template <class T>
concept Struct = requires(T t, int c) { t.fields(c); } || requires { T::number; };

/// Writes fields into a fixed buffer. `ok` turns false, and stays so, when the buffer is too small.
class Writer {
  public:
    explicit Writer(std::span<std::uint8_t> out) noexcept : out_(out) {}
    template <class T>
    void operator()(const T& value) noexcept { put(value); }
    std::size_t size() const noexcept { return at_; }
    bool ok() const noexcept { return ok_; }

  private:
    void byte(std::uint8_t b) noexcept {
        if (at_ < out_.size()) out_[at_++] = b;
        else ok_ = false;
    }
    void put(bool b) noexcept { byte(b ? 1 : 0); }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    void put(T value) noexcept {
        auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = 0; i < sizeof(T); ++i) byte(static_cast<std::uint8_t>((static_cast<std::uint64_t>(bits) >> (8 * i)) & 0xff));
    }
    template <class T>
        requires std::is_enum_v<T>
    void put(T value) noexcept { put(static_cast<std::underlying_type_t<T>>(value)); }
    void put(MilliUnits v) noexcept { put(v.count); }
    void put(MilliUnitsPerHour v) noexcept { put(v.count); }
    void put(Tick v) noexcept { put(v.seconds); }
    void put(SecondOfDay v) noexcept { put(v.seconds); }
    void put(MotorCount v) noexcept { put(v.milli_units); }
    template <std::size_t N>
    void put(const Bytes<N>& v) noexcept { put(v.size); for (const auto b : v.view()) byte(b); }
    template <class T, std::size_t N>
    void put(const std::array<T, N>& v) noexcept { for (const auto& x : v) put(x); }
    template <class T>
        requires std::is_class_v<T>
    void put(const T& v) noexcept { const_cast<T&>(v).fields(*this); }  // fields() lists, and does not change when written

    std::span<std::uint8_t> out_;
    std::size_t at_ = 0;
    bool ok_ = true;
};

/// Reads fields from bytes. After the first fault every further field stays as it was.
class Reader {
  public:
    explicit Reader(ByteView in) noexcept : in_(in) {}
    template <class T>
    void operator()(T& value) noexcept { get(value); }
    bool ok() const noexcept { return ok_; }
    FrameError fault() const noexcept { return fault_; }
    std::size_t rest() const noexcept { return in_.size() - at_; }

  private:
    void fail(FrameError why) noexcept { if (ok_) { ok_ = false; fault_ = why; } }
    std::uint8_t byte() noexcept {
        if (!ok_ || at_ >= in_.size()) { fail(FrameError::too_short); return 0; }
        return in_[at_++];
    }
    void get(bool& b) noexcept {
        const auto v = byte();
        if (v > 1) fail(FrameError::bad_value);
        else if (ok_) b = v == 1;
    }
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    void get(T& value) noexcept {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) bits |= static_cast<std::uint64_t>(byte()) << (8 * i);
        if (ok_) value = static_cast<T>(static_cast<std::make_unsigned_t<T>>(bits));
    }
    template <class T>
        requires std::is_enum_v<T>
    void get(T& value) noexcept {
        std::underlying_type_t<T> bits{};
        get(bits);
        if (!ok_) return;
        if (is_known(static_cast<T>(bits))) value = static_cast<T>(bits);
        else fail(FrameError::bad_value);
    }
    void get(MilliUnits& v) noexcept { get(v.count); }
    void get(MilliUnitsPerHour& v) noexcept { get(v.count); }
    void get(Tick& v) noexcept { get(v.seconds); }
    void get(SecondOfDay& v) noexcept { get(v.seconds); }
    void get(MotorCount& v) noexcept { get(v.milli_units); }
    template <std::size_t N>
    void get(Bytes<N>& v) noexcept {
        std::uint16_t size = 0;
        get(size);
        if (ok_ && size > N) fail(FrameError::too_long);
        if (!ok_) return;
        if (rest() < size) { fail(FrameError::too_short); return; }
        v.size = size;
        std::ranges::copy(in_.subspan(at_, size), v.data.begin());
        at_ += size;
    }
    template <class T, std::size_t N>
    void get(std::array<T, N>& v) noexcept { for (auto& x : v) get(x); }
    template <class T>
        requires std::is_class_v<T>
    void get(T& v) noexcept { v.fields(*this); }

    ByteView in_;
    std::size_t at_ = 0;
    bool ok_ = true;
    FrameError fault_ = FrameError::empty;
};

}  // namespace codec

/// The longest frame that any channel of the device carries, in bytes. A channel drops what is longer.
inline constexpr std::size_t max_frame_size = 2048;

/// A frame as bytes, on the stack.
struct EncodedFrame {
    std::array<std::uint8_t, max_frame_size> data;
    std::size_t size = 0;
    ByteView view() const noexcept { return ByteView{data}.first(size); }
};

/// All frames of one channel. The first byte is the channel's letter, the second the frame's number, then its fields.
template <char Channel, class... Frames>
struct FrameSet {
    using Any = std::variant<Frames...>;

    template <class F>
        requires(std::same_as<F, Frames> || ...)
    static EncodedFrame encode(const F& frame) noexcept {
        EncodedFrame out;
        out.data[0] = static_cast<std::uint8_t>(Channel);
        out.data[1] = F::number;
        codec::Writer writer{std::span{out.data}.subspan(2)};
        const_cast<F&>(frame).fields(writer);
        out.size = writer.ok() ? 2 + writer.size() : 0;  // size 0 is refused by every reader: a frame is never cut
        return out;
    }

    /// Reads one whole frame: nothing missing, nothing left over, every value one that its field can have.
    static std::expected<Any, FrameError> decode(ByteView in) noexcept {
        if (in.size() < 2) return std::unexpected{FrameError::empty};
        if (in[0] != static_cast<std::uint8_t>(Channel)) return std::unexpected{FrameError::wrong_channel};
        std::expected<Any, FrameError> answer = std::unexpected{FrameError::unknown_number};
        (void)((in[1] == Frames::number ? (answer = read<Frames>(in.subspan(2)), true) : false) || ...);
        return answer;
    }

  private:
    template <class F>
    static std::expected<Any, FrameError> read(ByteView fields) noexcept {
        F frame{};
        codec::Reader reader{fields};
        frame.fields(reader);
        if (!reader.ok()) return std::unexpected{reader.fault()};
        if (reader.rest() != 0) return std::unexpected{FrameError::too_long};
        return Any{frame};
    }
};

}  // namespace basalt
