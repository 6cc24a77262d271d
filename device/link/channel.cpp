#include "device/link/channel.h"

#include "device/link/safety_code.h"

#include <algorithm>
#include <utility>

namespace basalt::link {
namespace {

constexpr std::size_t longest_body = std::max(sealed_in_size, sealed_out_size);
using AroundBytes = std::array<std::uint8_t, 1 + 4 + counter_size>;

/// What the cipher and the safety code cover beside the message: a frame of another session or direction fits neither.
AroundBytes around(Way way, std::uint32_t session, std::uint64_t counter) noexcept {
    AroundBytes bytes{};
    codec::Writer writer{bytes};
    writer(std::to_underlying(way));
    writer(session);
    writer(counter);
    return bytes;
}

Nonce nonce_of(Nonce base, std::uint64_t counter) noexcept {
    for (std::size_t i = 0; i < counter_size; ++i)
        base[base.size() - 1 - i] ^= static_cast<std::uint8_t>((counter >> (8 * i)) & 0xff);
    return base;
}

Way other(Way way) noexcept { return way == Way::in ? Way::out : Way::in; }

std::optional<std::array<std::uint8_t, 16>> identification_of(const Secret& key, std::uint64_t sequence) noexcept {
    std::array<std::uint8_t, 8> bytes{};
    codec::Writer writer{bytes};
    writer(sequence);
    return mac(key, bytes);
}

/// The message that stands in front of 80 00 ... 00; nothing when that is not how the bytes end.
std::optional<ByteView> without_padding(ByteView bytes) noexcept {
    while (!bytes.empty() && bytes.back() == 0) bytes = bytes.first(bytes.size() - 1);
    if (bytes.empty() || bytes.back() != 0x80) return std::nullopt;
    return bytes.first(bytes.size() - 1);
}

}  // namespace

Channel::Channel(const Ends& ends, WayKeys in, WayKeys out, Tick now, std::uint32_t switched_off) noexcept
    : ends_{ends},
      switched_off_{switched_off},
      keys_in_{std::move(in)},
      keys_out_{std::move(out)},
      next_{keys_out_.first},
      expected_{keys_in_.first},
      named_{keys_out_.first - 1},
      deadline_s_{now.seconds + silence_s} {}

std::optional<Channel> Channel::make(const Ends& ends, const Secret& shared, const Digest& transcript, Tick now,
                                     std::uint32_t switched_off) noexcept {
    auto in = derive_keys(shared, transcript, other(ends.outgoing));
    auto out = derive_keys(shared, transcript, ends.outgoing);
    if (!in || !out) return std::nullopt;
    return Channel{ends, std::move(*in), std::move(*out), now, switched_off};
}

bool Channel::fill(Header& header, Tick now) noexcept {
    const auto identification = identification_of(keys_out_.identify, next_);
    if (used_up() || !identification) return false;
    // Never the same stamp twice, also when this end's clock was set back.
    const Stamp stamp = now > stamped_.tick || sealed_ == 0 ? Stamp{now, 1} : Stamp{stamped_.tick, stamped_.count + 1};
    header = {.addresses = {ends_.self, ends_.peer},
              .sequence = next_,
              .stamp = stamp,
              .next_within_s = silence_s,
              .received = expected_ - 1,
              .identification = *identification};
    return true;
}

bool Channel::seal_frame(const EncodedFrame& frame, const Stamp& stamp, std::span<std::uint8_t> out) noexcept {
    std::array<std::uint8_t, longest_body> plain{};
    const auto inner = std::span{plain}.first(out.size() - counter_size - tag_size);
    const auto padded = inner.subspan(code_size);
    if (frame.size == 0 || frame.size >= padded.size()) return false;
    std::ranges::copy(frame.view(), padded.begin());
    padded[frame.size] = 0x80;

    const AroundBytes about = around(ends_.outgoing, ends_.session, sealed_);
    codec::Writer{inner}(safety_code(about, padded));
    codec::Writer{out}(sealed_);
    const auto sealed = out.subspan(counter_size);
    bool made = true;
    if (is_encrypted(switched_off_)) {
        made = link::seal(keys_out_.seal, nonce_of(keys_out_.nonce, sealed_), about, inner, sealed);
    } else {
        std::ranges::fill(std::ranges::copy(inner, sealed.begin()).out, sealed.end(), std::uint8_t{0});
    }
    explicit_bzero(plain.data(), plain.size());
    if (!made) {
        sealed_ = ends_.most_messages;
        return false;
    }
    stamped_ = stamp;
    ++next_;
    ++sealed_;
    return true;
}

std::expected<MessageFrames::Any, Drop> Channel::unpack(ByteView body) noexcept {
    if (body.size() < around_message || body.size() > longest_body) return std::unexpected{Drop::not_a_message};
    std::uint64_t counter = 0;
    codec::Reader{body}(counter);
    const AroundBytes about = around(other(ends_.outgoing), ends_.session, counter);
    const ByteView sealed = body.subspan(counter_size);
    std::array<std::uint8_t, longest_body> plain{};
    const auto inner = std::span{plain}.first(sealed.size() - tag_size);
    if (!is_encrypted(switched_off_))
        std::ranges::copy(sealed.first(inner.size()), inner.begin());
    else if (!unseal(keys_in_.seal, nonce_of(keys_in_.nonce, counter), about, sealed, inner))
        return std::unexpected{Drop::forged};

    std::uint32_t carried = 0;
    codec::Reader{inner}(carried);
    const ByteView padded = inner.subspan(code_size);
    if (!is_undamaged(safety_code(about, padded), carried, switched_off_)) return std::unexpected{Drop::damaged};
    const auto bytes = without_padding(padded);
    if (!bytes) return std::unexpected{Drop::not_a_message};
    auto message = MessageFrames::decode(*bytes);
    explicit_bzero(plain.data(), plain.size());
    if (!message) return std::unexpected{Drop::not_a_message};
    return *message;
}

std::optional<Drop> Channel::objection(const Header& header, const Now& now) const noexcept {
    if (!is_addressed({ends_.peer, ends_.self}, header.addresses, switched_off_)) return Drop::wrong_address;
    const auto identification = identification_of(keys_in_.identify, header.sequence);
    if (!is_identified(identification && same_bytes(*identification, header.identification), switched_off_))
        return Drop::not_identified;
    if (!in_sequence(expected_, header.sequence, switched_off_))
        return header.sequence < expected_ ? Drop::repeated : Drop::missing;
    if (!is_timely(heard_, header.stamp, now, switched_off_)) {
        if (header.stamp <= heard_) return Drop::not_newer;
        return header.stamp.tick > now.most ? Drop::ahead : Drop::stale;
    }
    if (silent(now.least)) return Drop::too_late;
    if (!fits_feedback(named_, next_ - 1, header.received, switched_off_)) return Drop::wrong_feedback;
    return std::nullopt;
}

std::expected<MessageFrames::Any, Drop> Channel::open(ByteView body, const Now& now) noexcept {
    auto message = unpack(body);
    if (!message) return message;
    const Header& header = std::visit([](const auto& m) -> const Header& { return m.header; }, *message);
    if (const auto drop = objection(header, now)) return std::unexpected{*drop};
    // max(): with a defence switched off a message may come that is older than what was heard.
    expected_ = std::max(expected_, header.sequence + 1);
    heard_ = std::max(heard_, header.stamp);
    named_ = std::max(named_, header.received);
    deadline_s_ = now.least.seconds + std::min(header.next_within_s, longest_silence_s);
    return message;
}

}  // namespace basalt::link
