// The frames inside of the opaque ones, and both ends of a session that are given any bytes at all.
#include "device/link/client_end.h"
#include "device/link/device_sessions.h"
#include "tests/fuzz/frames.h"

namespace {
using namespace basalt;
using fuzz::require;

class SameChance final : public link::Chance {
  public:
    bool fill(std::span<std::uint8_t> out) noexcept override {
        std::ranges::fill(out, std::uint8_t{7});
        return true;
    }
};
class NoSigner final : public link::Signer {
  public:
    const PublicKey& key() const noexcept override { return key_; }
    const Signature& certificate() const noexcept override { return signature_; }
    std::optional<Signature> sign(const Digest&) noexcept override { return signature_; }

  private:
    PublicKey key_{4};
    Signature signature_{};
};

constexpr link::Identifier pump{1}, console{2};

link::HelloBody hello_body() {
    SameChance chance;
    Secret own;
    chance.fill(own.bytes());
    return {.addresses = {console, pump}, .share = link::share_of(own).value_or(link::Share{9})};
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView in{data, size};
    fuzz::read_frame<link::HandshakeFrames>(data, size);
    fuzz::read_frame<link::MessageFrames>(data, size);

    SameChance chance;
    NoSigner signer;
    link::DeviceSessions device{{.device = pump}, signer, chance};
    link::Hello hello{.session = 1, .body = {}};
    const bool fits = hello.body.assign(in);
    const bool answered = fits && device.take(hello, {100}).has_value();
    require(answered == fits, "whoever knocks is told something");

    // A session that stands takes nothing that was not sealed for it.
    hello.session = 2;
    hello.body.assign(link::HandshakeFrames::encode(hello_body()).view());
    require(device.take(hello, {100}).has_value(), "a good hello is answered");
    link::SealedIn sealed{.session = 2, .body = {}};
    std::copy_n(data, std::min(size, sealed.body.size()), sealed.body.begin());
    const auto taken = device.take(sealed, {101});
    require(!taken.command && !taken.answer, "no command comes from bytes that nobody sealed");

    link::ClientEnd client{{.self = console, .device = pump, .identity = {4}}};
    const auto asked = client.hello(chance, 5);
    link::Answer answer{.session = asked ? asked->session : 0, .body = {}};
    if (answer.body.assign(in)) require(client.on_answer(answer, 5).has_value(), "no answer is believed unsigned");
    require(!client.stands(), "no session stands on bytes");
    return 0;
}

std::vector<fuzz::Input> fuzz::seeds() {
    auto all = frame_seeds<link::HandshakeFrames>();
    const auto messages = frame_seeds<link::MessageFrames>();
    all.insert(all.end(), messages.begin(), messages.end());
    const auto hello = link::HandshakeFrames::encode(hello_body());
    all.emplace_back(hello.view().begin(), hello.view().end());
    return all;
}
