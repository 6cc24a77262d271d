// tests/unit/link/two_ends.h: a client and a device that speak through the test, which is the attacker on the wire.
#pragma once
#include "device/factory/p256_key.h"
#include "device/link/client_end.h"
#include "device/link/device_end.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace basalt::link::test {

class SeededChance final : public Chance {
  public:
    explicit SeededChance(std::uint64_t seed) : engine_{seed} {}
    bool fill(std::span<std::uint8_t> out) noexcept override {
        for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
        return !broken;
    }
    bool broken = false;

  private:
    std::mt19937_64 engine_;
};

/// In the TPM's place: a session key that the identity key certified.
class SoftwareSigner final : public Signer {
  public:
    explicit SoftwareSigner(const Identifier& device)
        : certificate_{identity_.sign(certificate_digest(device, session_.point())).value()} {}
    const PublicKey& key() const noexcept override { return session_.point(); }
    const Signature& certificate() const noexcept override { return certificate_; }
    std::optional<Signature> sign(const Digest& digest) noexcept override {
        if (broken) return std::nullopt;
        return session_.sign(digest).value();
    }
    const PublicKey& identity() const { return identity_.point(); }
    bool broken = false;

  private:
    factory::P256Key identity_ = factory::P256Key::generate().value(), session_ = factory::P256Key::generate().value();
    Signature certificate_;
};

inline constexpr Identifier the_pump{'p', 'u', 'm', 'p', ' ', '1'}, another_pump{'p', 'u', 'm', 'p', ' ', '2'},
    the_console{'c', 'o', 'n', 's', 'o', 'l', 'e'}, a_stranger{'s', 't', 'r', 'a', 'n', 'g', 'e', 'r'};

inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
template <std::size_t N>
std::string text_of(const Bytes<N>& bytes) {
    return {bytes.view().begin(), bytes.view().end()};
}

/// Time passes in the device's seconds; the console's own clock counts the same seconds from somewhere else.
struct TwoEnds {
    explicit TwoEnds(std::uint32_t off = 0) : switched_off{off} {}
    const std::uint32_t switched_off;
    std::uint64_t device_s = 1'000'000, console_ahead_s = 77'000'000;
    SeededChance chance{1};
    SoftwareSigner signer{the_pump};
    ClientEnd client{
        {.self = the_console, .device = the_pump, .identity = signer.identity(), .switched_off = switched_off}};
    std::optional<DeviceEnd> device;
    /// What the device did, in order: bodies of the commands that it believed.
    std::vector<std::string> obeyed;
    std::vector<std::uint64_t> obeyed_numbers;
    std::vector<Drop> device_dropped, client_dropped;

    Tick now() const { return {device_s}; }
    std::uint64_t console_s() const { return device_s + console_ahead_s; }

    void connect() {
        const auto hello = client.hello(chance, console_s());
        ASSERT_TRUE(hello);
        auto begun = DeviceEnd::begin(*hello, the_pump, signer, chance, now(), switched_off);
        ASSERT_TRUE(begun) << row_of(begun.error()).id;
        device.emplace(std::move(begun->end));
        ASSERT_EQ(client.on_answer(begun->answer, console_s()), std::nullopt);
    }
    ClientEnd::Sent send(std::string_view command) {
        const auto sent = client.command(bytes_of(command), console_s());
        EXPECT_TRUE(sent) << command;
        return sent.value_or(ClientEnd::Sent{});
    }
    /// The device hears the frame, obeys what it believes and answers with one reply.
    std::optional<SealedOut> to_device(const SealedIn& frame) {
        const auto taken = device->take(frame, now());
        if (taken.dropped) device_dropped.push_back(*taken.dropped);
        if (!taken.command) return taken.answer;
        obeyed.push_back(text_of(taken.command->body));
        obeyed_numbers.push_back(taken.command->sequence);
        return device->reply(taken.command->sequence, Outcome::done, bytes_of("as you wish"), true, now());
    }
    ClientEnd::Taken to_client(const std::optional<SealedOut>& frame) {
        if (!frame) return {};
        const auto taken = client.take(*frame, console_s());
        if (taken.dropped) client_dropped.push_back(*taken.dropped);
        return taken;
    }
    /// There and back.
    CommandState say(std::string_view command) {
        const auto sent = send(command);
        to_client(to_device(sent.frame));
        return client.state(sent.sequence);
    }
    /// Nothing arrives any more for as long as anybody waits.
    void wait_in_vain() {
        for (std::uint64_t second = 0; second <= answer_s + 1; ++second, ++device_s) (void)client.on_time(console_s());
    }
};

}  // namespace basalt::link::test
