// Both ends of a session that stands, with their true keys, and between them an attacker whose every act is a byte of
// the input: holds back, says again, turns round, flips, sends elsewhere, lets time pass.
#include "device/factory/p256_key.h"
#include "device/link/client_end.h"
#include "device/link/device_end.h"
#include "tests/fuzz/target.h"

#include <algorithm>
#include <map>

namespace {
using namespace basalt;
using fuzz::require;

class Counting final : public link::Chance {
  public:
    bool fill(std::span<std::uint8_t> out) noexcept override {
        for (auto& byte : out) byte = ++last_;
        return true;
    }

  private:
    std::uint8_t last_ = 0;
};

/// One key for all inputs: making it is slow, and no code under test looks at which it is.
const factory::P256Key& identity() {
    static const auto key = factory::P256Key::generate().value();
    return key;
}
class Identity final : public link::Signer {
  public:
    const PublicKey& key() const noexcept override { return identity().point(); }
    const Signature& certificate() const noexcept override { return none_; }
    std::optional<Signature> sign(const Digest& digest) noexcept override { return *identity().sign(digest); }

  private:
    Signature none_{};
};

constexpr link::Identifier pump{1}, console{2};

/// A session, what passed in it each way, and what the device did.
struct Session {
    Session(link::Chance& chance, std::uint64_t at) {
        Identity signer;
        const auto hello = client.hello(chance, at);
        require(hello.has_value(), "there is chance enough");
        auto begun = link::DeviceEnd::begin(*hello, pump, signer, chance, {at}, 0);
        require(begun.has_value(), "a true hello is answered");
        device.emplace(std::move(begun->end));
        require(!client.on_answer(begun->answer, at), "a true answer is believed");
    }
    void ask(std::uint8_t what, std::uint64_t at) {
        const auto sent = client.command(std::array{what}, at);
        if (!sent) return;
        asked[sent->sequence] = what;
        in.push_back(sent->frame);
    }
    /// Whoever's frame it is.
    void to_device(const link::SealedIn& frame, bool true_and_own, std::uint64_t at) {
        const auto taken = device->take(frame, {at});
        if (taken.answer) out.push_back(*taken.answer);
        if (!taken.command) return;
        const std::uint64_t number = taken.command->sequence;
        require(true_and_own, "no command comes from a frame that was changed, or meant for elsewhere");
        require(obeyed.empty() || number > obeyed.back(), "each command is obeyed once, in its order");
        const auto found = asked.find(number);
        require(found != asked.end() && taken.command->body.view().size() == 1 &&
                    taken.command->body.view()[0] == found->second,
                "a command is obeyed as it was given");
        obeyed.push_back(number);
        if (const auto reply = device->reply(number, link::Outcome::done, {}, true, {at})) out.push_back(*reply);
    }
    void hold_true(std::string_view promise_done, std::string_view promise_not) const {
        for (const auto& [number, what] : asked) {
            const bool was = std::ranges::find(obeyed, number) != obeyed.end();
            const auto state = client.state(number);
            require(state != link::CommandState::done || was, promise_done);
            require(state != link::CommandState::not_done || !was, promise_not);
        }
    }

    link::ClientEnd client{{.self = console, .device = pump, .identity = identity().point()}};
    std::optional<link::DeviceEnd> device;
    std::vector<link::SealedIn> in;
    std::vector<link::SealedOut> out;
    std::map<std::uint64_t, std::uint8_t> asked;
    std::vector<std::uint64_t> obeyed;
};

constexpr std::size_t most_acts = 64;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Counting chance;
    std::uint64_t at = 1'000;
    std::array<Session, 2> sessions{Session{chance, at}, Session{chance, at}};
    for (std::size_t i = 0; i + 1 < std::min(size, 2 * most_acts); i += 2) {
        auto &one = sessions[data[i] >> 7], &other = sessions[1 - (data[i] >> 7)];
        const std::uint8_t how = data[i + 1];
        const auto any = [&](const auto& frames) { return frames.empty() ? nullptr : &frames[how % frames.size()]; };
        switch (data[i] % 8) {
            case 0:
                one.ask(how, at);
                break;
            case 1:  // the newest as it should be; an old one is a replay, one before its time out of order
                if (const auto* frame = any(one.in)) one.to_device(*frame, true, at);
                break;
            case 2:
                if (const auto* frame = any(one.out)) (void)one.client.take(*frame, at);
                break;
            case 3:
                if (const auto* frame = any(one.in)) {
                    auto changed = *frame;
                    changed.body[(how * 37U + i) % changed.body.size()] ^= static_cast<std::uint8_t>(1U << (how % 8));
                    one.to_device(changed, false, at);
                }
                break;
            case 4:
                if (const auto* frame = any(one.out)) {
                    auto changed = *frame;
                    changed.body[(how * 37U + i) % changed.body.size()] ^= static_cast<std::uint8_t>(1U << (how % 8));
                    require(!one.client.take(changed, at).reply, "no reply comes from a frame that was changed");
                }
                break;
            case 5: {
                at += how % 40U;
                if (const auto alive = one.client.on_time(at)) one.in.push_back(*alive);
                break;
            }
            case 6:  // into the other session, under its number
                if (const auto* frame = any(one.in)) {
                    auto led = *frame;
                    led.session = other.device->session();
                    other.to_device(led, false, at);
                }
                if (const auto* frame = any(one.out)) {
                    auto led = *frame;
                    led.session = other.device->session();
                    require(!other.client.take(led, at).reply, "no reply of another session is heard");
                }
                break;
            default:
                if (const auto bye = one.device->end(link::Ending::closed, {at})) one.out.push_back(*bye);
        }
    }
    for (const auto& session : sessions)
        session.hold_true("what is called done was done", "what is called not done was not done");
    // All that was held back arrives at last: what was called not done stays so.
    for (auto& session : sessions) {
        const auto frames = session.in;
        for (const auto& frame : frames) session.to_device(frame, true, at);
        session.hold_true("what is called done was done", "what was called not done is never done later");
    }
    return 0;
}

std::vector<fuzz::Input> fuzz::seeds() {
    return {{0, 7, 1, 0, 2, 0},                          // there and back
            {0, 7, 1, 0, 1, 0, 0, 8, 1, 0, 1, 1, 2, 1},  // said twice
            {0, 1, 0, 2, 1, 1, 1, 0, 2, 0},              // the second before the first
            {0, 1, 5, 12, 1, 0, 2, 0},                   // late
            {0, 1, 3, 9, 1, 0, 4, 9, 2, 0},              // changed, then as it was
            {0, 1, 128, 2, 6, 0, 134, 0, 1, 0, 129, 0},  // into each other's session
            {0, 1, 7, 0, 2, 0, 1, 0},                    // the device ends it
            {0, 1, 5, 39, 5, 39, 1, 0}};                 // nobody answers
}
