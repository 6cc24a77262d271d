// A gateway in the attacker's hands, with this boot's certificate: it does all that the real one does, writes down
// every frame that passes, changes sealed ones as it is told, and asks the firmware for whatever it can think of. An
// accomplice steers it from the network: within a session under the number `accomplice`, which never reaches the
// firmware, he sends as a SealedIn one of:
//     attack MODE WAY     MODE: listen, replay, delete, delay, reorder, flip, redirect, ask; WAY: in, out
//                         ask: the firmware is asked for state, log and doses in every frame that this program knows,
//                         and in noise, besides what passes
//     spoils OFFSET       what it wrote down, from there on
//     heard               how many frames of the firmware were none that a gateway may hear
// and hears SealedOut: the length of a text, u16, and the text. fd 3: frame channel; fd 4: the listening socket.
#include "device/common/sandbox/sandbox.h"
#include "device/gateway/network_side.h"
#include "device/hal/dose_frames.h"
#include "device/hal/screen_frames.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <functional>
#include <map>
#include <random>
#include <string>

namespace {
using namespace basalt;

constexpr std::size_t most_written_down = 8 * 1024 * 1024;
constexpr std::uint32_t accomplice = 0xacc0'acc0;
/// Longer than any message stays fresh on a bench that lives 20 seconds or more in each of ours.
constexpr std::uint64_t delay_ms = 1'500;

std::uint64_t milliseconds() {
    std::timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}
Tick monotonic_now() { return {milliseconds() / 1'000}; }

enum class Way : std::uint8_t { in, out };
using Frame = std::vector<std::uint8_t>;
/// A frame on its way, and to whom it would go by its own session number.
struct Passing {
    Frame frame;
    gateway::Connection to = 0;
};

class Attack {
  public:
    std::string mode = "listen";
    Way way = Way::in;
    std::uint64_t tampered = 0, sealed_seen = 0;
    std::string written_down;
    std::function<void(Way, const Passing&)> deliver;

    void write_down(ByteView frame) {
        if (written_down.size() + frame.size() <= most_written_down) written_down.append(frame.begin(), frame.end());
    }
    void pass(Way direction, Passing passing) {
        const auto session = session_of(direction, passing);
        if (!session || mode == "listen" || mode == "ask" || direction != way) return deliver(direction, passing);
        ++tampered;
        if (mode == "replay") {
            deliver(direction, passing);
            for (int i = 0; i < 3; ++i) deliver(direction, passing);
            for (const Passing& old : kept_) deliver(direction, old);
        } else if (mode == "delay") {
            held_.push_back({milliseconds() + delay_ms, direction, passing});
        } else if (mode == "reorder") {
            kept_.push_back(passing);
            if (kept_.size() < 2) return;
            std::ranges::for_each(kept_.rbegin(), kept_.rend(), [&](const Passing& one) { deliver(direction, one); });
            return kept_.clear();
        } else if (mode == "flip") {
            passing.frame[passing.frame.size() / 2] ^= 1;
            deliver(direction, passing);
        } else if (mode == "redirect") {
            for (const auto& [number, connection] : sessions_) {
                if (number == *session) continue;
                Passing other = passing;
                other.to = connection;
                for (std::size_t i = 0; i < 4; ++i) other.frame[2 + i] = static_cast<std::uint8_t>(number >> (8 * i));
                deliver(direction, other);
                other.to = passing.to;  // and under the other's number to whom it was meant for
                if (direction == Way::out) deliver(direction, other);
            }
        }
        // "delete": it goes nowhere
        if (mode == "replay" && kept_.size() < 4) kept_.push_back(std::move(passing));
    }
    void told(std::string_view order) {
        const auto space = order.find(' ');
        mode = order.substr(0, space);
        way = space != order.npos && order.substr(space + 1) == "out" ? Way::out : Way::in;
        kept_.clear();
        tampered = 0;
    }
    void on_time() {
        while (!held_.empty() && held_.front().due_ms <= milliseconds()) {
            deliver(held_.front().direction, held_.front().passing);
            held_.erase(held_.begin());
        }
    }

  private:
    struct Held {
        std::uint64_t due_ms;
        Way direction;
        Passing passing;
    };
    /// Of a sealed frame; what it learns on the way: which sessions there are.
    std::optional<std::uint32_t> session_of(Way direction, const Passing& passing) {
        const auto decoded = link::LinkFrames::decode(passing.frame);
        if (!decoded) return std::nullopt;
        if (const auto* answer = std::get_if<link::Answer>(&*decoded)) sessions_[answer->session] = passing.to;
        const auto* in = std::get_if<link::SealedIn>(&*decoded);
        const auto* out = std::get_if<link::SealedOut>(&*decoded);
        if (in == nullptr && out == nullptr) return std::nullopt;
        ++sealed_seen;
        return direction == Way::in && in != nullptr ? in->session : out != nullptr ? out->session : 0;
    }
    std::map<std::uint32_t, gateway::Connection> sessions_;
    std::vector<Passing> kept_;
    std::vector<Held> held_;
};

/// What stands between the true gateway's parts and its firmware.
struct ToFirmware final : hal::Port {
    explicit ToFirmware(Attack& its) : attack(its) {}
    std::function<void(const link::SealedIn&)> obey;
    bool send(ByteView frame) noexcept override {
        const auto decoded = link::LinkFrames::decode(frame);
        const auto* hello = decoded ? std::get_if<link::Hello>(&*decoded) : nullptr;
        const auto* order = decoded ? std::get_if<link::SealedIn>(&*decoded) : nullptr;
        if (hello != nullptr && hello->session == accomplice) return true;
        if (order != nullptr && order->session == accomplice) return obey(*order), true;
        attack.write_down(frame);
        attack.pass(Way::in, {{frame.begin(), frame.end()}, {}});
        return true;
    }
    Attack& attack;
};
struct ToNetwork final : gateway::Network {
    explicit ToNetwork(Attack& its) : attack(its) {}
    bool send(gateway::Connection to, ByteView frame) noexcept override {
        const auto decoded = link::LinkFrames::decode(frame);
        const auto* said = decoded ? std::get_if<link::SealedOut>(&*decoded) : nullptr;
        if (said != nullptr && said->session == accomplice)
            return attack.deliver(Way::out, {{frame.begin(), frame.end()}, to}), true;
        attack.pass(Way::out, {{frame.begin(), frame.end()}, to});
        return true;
    }
    Attack& attack;
};

class Ends {
  public:
    Ends() : network_(hal::Descriptor{4}, to_firmware_, [](std::string_view) {}) {
        network_.attach(gateway_);
        to_firmware_.obey = [this](const link::SealedIn& order) { orders_.push_back(order); };
        attack_.deliver = [this](Way way, const Passing& passing) {
            if (way == Way::in)
                firmware_.send(passing.frame);
            else
                network_.send(passing.to, passing.frame);
        };
    }
    int live() {
        std::array<pollfd, 1 + gateway::NetworkSide::poll_count> ends;
        std::optional<Tick> last_second;
        for (;;) {
            ends.fill({-1, 0, 0});
            ends[0] = {firmware_.get(), POLLIN, 0};
            const auto sockets = std::span{ends}.subspan<1, gateway::NetworkSide::poll_count>();
            if (last_second != monotonic_now()) network_.on_second(*(last_second = monotonic_now()));
            network_.wants(sockets);
            ::poll(ends.data(), ends.size(), attack_.mode == "ask" ? 10 : 50);
            attack_.on_time();
            if (attack_.mode == "ask") ask_everything();
            if (ends[0].revents != 0 && !pass_on(firmware_, [this](ByteView frame) { on_firmware(frame); })) return 0;
            network_.serve(sockets, monotonic_now());
            for (const auto& order : std::exchange(orders_, {})) obey(order);
        }
    }

  private:
    template <class Forward>
    static bool pass_on(hal::Seqpacket& from, Forward forward) {
        std::array<std::uint8_t, max_frame_size> buffer;
        for (;;) {
            const auto received = from.receive(buffer, hal::Wait::no);
            if (received.arrival == hal::Arrival::nothing) return true;
            if (received.arrival == hal::Arrival::ended) return false;
            if (received.arrival == hal::Arrival::frame) forward(ByteView{buffer}.first(received.size));
        }
    }
    void on_firmware(ByteView frame) {
        attack_.write_down(frame);
        const auto decoded = link::LinkFrames::decode(frame);
        if (const auto* certified = decoded ? std::get_if<link::Certified>(&*decoded) : nullptr)
            network_.on_certified(*certified, monotonic_now());
        else
            gateway_.on_firmware(frame);
        if (!decoded || !may_be_heard(*decoded)) ++strange_;
    }
    static bool may_be_heard(const link::LinkFrames::Any& frame) {
        return std::holds_alternative<link::Answer>(frame) || std::holds_alternative<link::SealedOut>(frame) ||
               std::holds_alternative<link::Certified>(frame);
    }
    /// No faster than the firmware reads on a bench that lives 20 seconds or more in each of ours: what passes is still
    /// heard.
    void ask_everything() {
        if (milliseconds() < ask_at_ms_) return;
        ask_at_ms_ = milliseconds() + 10;
        const Frame frame = a_question();
        ++attack_.tampered;
        firmware_.send(frame);
    }
    Frame a_question() {
        const auto bytes_of = [](const EncodedFrame& frame) { return Frame{frame.view().begin(), frame.view().end()}; };
        const auto number = static_cast<std::uint32_t>(rng_());
        const auto operation = static_cast<std::uint8_t>(1 + rng_() % 4);
        switch (rng_() % 12) {
            case 0:  // a question in the clear as this channel once had it: number, operation, first row
                return {'F', 1, 7, 0, 0, 0, operation, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0};
            case 1:  // the screen's own
                return bytes_of(hal::ScreenFrames::encode(hal::ScreenRequest{
                    .id = number, .question = static_cast<hal::ScreenQuestion>(operation), .from = 1}));
            case 2: {  // and in this channel's letter
                Frame frame = bytes_of(hal::ScreenFrames::encode(hal::ScreenRequest{.id = number}));
                frame[0] = 'F';
                return frame;
            }
            case 3:
                return bytes_of(hal::DoseFrames::encode(
                    hal::DoseRequest{.request_id = number, .amount = 10_U, .kind = hal::DoseKind::bolus}));
            case 4:
                return bytes_of(link::LinkFrames::encode(link::Hello{.session = number, .body = {}}));
            case 5:
                return bytes_of(link::LinkFrames::encode(link::SealedIn{.session = number, .body = {operation}}));
            case 6:
                return bytes_of(link::LinkFrames::encode(link::SealedOut{.session = number, .last = true, .body = {}}));
            case 7:
                return bytes_of(link::LinkFrames::encode(link::Answer{.session = number, .body = {}}));
            case 8:
                return bytes_of(link::LinkFrames::encode(link::Certify{}));
            case 9:
                return bytes_of(link::LinkFrames::encode(link::Certified{}));
            case 10:
                return bytes_of(link::LinkFrames::encode(
                    link::NetworkRefusal{.reason = static_cast<std::uint8_t>(number), .count = 1}));
            default:
                break;
        }
        Frame noise(1 + rng_() % 64);
        for (auto& byte : noise) byte = static_cast<std::uint8_t>(rng_());
        noise[0] = "FSDM"[number % 4];
        return noise;
    }
    void obey(const link::SealedIn& from) {
        const std::string_view text{reinterpret_cast<const char*>(from.body.data()), from.body.size()};
        const std::string order{text.substr(0, text.find('\0'))};
        if (order.starts_with("attack ")) {
            const auto before = attack_.tampered;
            attack_.told(std::string_view{order}.substr(7));
            return say(true, std::to_string(before));
        }
        if (order == "heard") return say(true, std::to_string(strange_));
        if (!order.starts_with("spoils ")) return say(true, "");
        std::size_t at = 0;
        std::from_chars(order.data() + 7, order.data() + order.size(), at);
        for (int page = 1; page <= link::max_replies; ++page) {
            const auto& all = attack_.written_down;
            const std::string_view some = at < all.size() ? std::string_view{all}.substr(at, 1'500) : "";
            at += some.size();
            const bool last = page == link::max_replies || at >= all.size();
            say(last, some);
            if (last) return;
        }
    }
    void say(bool last, std::string_view text) {
        link::SealedOut said{.session = accomplice, .last = last, .body = {}};
        said.body[0] = static_cast<std::uint8_t>(text.size());
        said.body[1] = static_cast<std::uint8_t>(text.size() >> 8U);
        std::ranges::copy(text, said.body.begin() + 2);
        gateway_.on_firmware(link::LinkFrames::encode(said).view());
    }

    Attack attack_;
    std::mt19937_64 rng_{1};
    std::vector<link::SealedIn> orders_;
    std::uint64_t strange_ = 0, ask_at_ms_ = 0;
    hal::Seqpacket firmware_{hal::Descriptor{3}, hal::Wait::no};
    ToFirmware to_firmware_{attack_};
    ToNetwork to_network_{attack_};
    gateway::NetworkSide network_;
    gateway::Gateway gateway_{to_firmware_, to_network_};
};
}  // namespace

int main() {
    if (!sandbox::die_with_parent() || !gateway::TlsServer::prepare()) return 4;
    return Ends{}.live();
}
