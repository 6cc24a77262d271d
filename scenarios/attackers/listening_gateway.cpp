// A gateway in the attacker's hands, with this boot's certificate: it does all that the real one does, writes down
// every frame that passes, and changes sealed ones as it is told. Who is near steers it over the radio, by a see_state
// whose argument is one of:
//     attack MODE WAY     MODE: listen, replay, delete, delay, reorder, flip, redirect; WAY: in, out
//     spoils OFFSET       what it wrote down, from there on
// fd 3: frame channel; fd 4: radio channel; fd 5: the listening socket.
#include "device/common/sandbox/sandbox.h"
#include "device/gateway/network_side.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <functional>
#include <map>
#include <string>

namespace {
using namespace basalt;

constexpr std::size_t most_written_down = 8 * 1024 * 1024;
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
    gateway::Connection to = gateway::the_radio;
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
        if (!session || mode == "listen" || direction != way) return deliver(direction, passing);
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
    bool send(ByteView frame) noexcept override {
        attack.write_down(frame);
        attack.pass(Way::in, {{frame.begin(), frame.end()}, {}});
        return true;
    }
    Attack& attack;
};
struct ToNetwork final : gateway::Network {
    explicit ToNetwork(Attack& its) : attack(its) {}
    bool send(gateway::Connection to, ByteView frame) noexcept override {
        attack.pass(Way::out, {{frame.begin(), frame.end()}, to});
        return true;
    }
    Attack& attack;
};

class Ends {
  public:
    Ends() : network_(hal::Descriptor{5}, to_firmware_, [](std::string_view) {}) {
        network_.attach(gateway_);
        attack_.deliver = [this](Way way, const Passing& passing) {
            if (way == Way::in)
                firmware_.send(passing.frame);
            else
                network_.send(passing.to, passing.frame);
        };
    }
    int live() {
        std::array<pollfd, 2 + gateway::NetworkSide::poll_count> ends;
        std::optional<Tick> last_second;
        for (;;) {
            ends.fill({-1, 0, 0});
            ends[0] = {firmware_.get(), POLLIN, 0};
            ends[1] = {radio_.get(), POLLIN, 0};
            const auto sockets = std::span{ends}.subspan<2, gateway::NetworkSide::poll_count>();
            if (last_second != monotonic_now()) network_.on_second(*(last_second = monotonic_now()));
            network_.wants(sockets);
            ::poll(ends.data(), ends.size(), 50);
            attack_.on_time();
            if (ends[0].revents != 0 && !pass_on(firmware_, [this](ByteView frame) { on_firmware(frame); })) return 0;
            if (ends[1].revents != 0 && !pass_on(radio_, [this](ByteView frame) { on_radio(frame); })) return 0;
            network_.serve(sockets, monotonic_now());
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
    }
    void on_radio(ByteView frame) {
        const auto decoded = link::LinkFrames::decode(frame);
        const auto* request = decoded ? std::get_if<link::Request>(&*decoded) : nullptr;
        const std::string order = request == nullptr
                                      ? std::string{}
                                      : std::string{request->argument.view().begin(), request->argument.view().end()};
        if (order.starts_with("attack ")) {
            const auto before = attack_.tampered;
            attack_.told(std::string_view{order}.substr(7));
            return say(request->id, true, std::to_string(before));
        }
        if (order.starts_with("spoils ")) {
            std::size_t at = 0;
            std::from_chars(order.data() + 7, order.data() + order.size(), at);
            for (int page = 1; page <= link::max_replies; ++page) {
                const auto& all = attack_.written_down;
                const std::string_view some = at < all.size() ? std::string_view{all}.substr(at, 1'500) : "";
                at += some.size();
                const bool last = page == link::max_replies || at >= all.size();
                say(request->id, last, some);
                if (last) return;
            }
            return;
        }
        gateway_.on_radio(frame);
    }
    void say(std::uint32_t id, bool last, std::string_view body) {
        link::Reply reply{.id = id, .status = link::Status::ok, .last = last, .body = {}};
        reply.body.assign({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
        radio_.send(link::LinkFrames::encode(reply).view());
    }

    Attack attack_;
    hal::Seqpacket firmware_{hal::Descriptor{3}, hal::Wait::no};
    hal::Seqpacket radio_{hal::Descriptor{4}, hal::Wait::yes};
    ToFirmware to_firmware_{attack_};
    ToNetwork to_network_{attack_};
    gateway::NetworkSide network_;
    gateway::Gateway gateway_{to_firmware_, radio_, &to_network_};
};
}  // namespace

int main() {
    if (!sandbox::die_with_parent() || !gateway::TlsServer::prepare()) return 4;
    return Ends{}.live();
}
