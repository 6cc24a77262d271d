// Somebody on the wire between people and a pump, without any key: takes each connection, makes one of its own to the
// pump, and passes TLS records on as it is told. Its one argument is the pump's port.
// fd 3: whoever steers it, a packet an order, each answered with a number; fd 4: the socket where people connect.
//     attack MODE WAY   MODE: listen, flip, truncate, cut, delete, delay, reorder, replay, redirect (into another
//                       connection); WAY: in, out. Answers how many records the mode before it changed.
//     lead PORT         new connections go there instead
//     again PORT        says all that the first connection's client said to whoever listens there. Answers how many
//     bytes
#include "device/common/sandbox/sandbox.h"
#include "device/hal/seqpacket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <deque>
#include <memory>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {
using namespace basalt;
using Record = std::vector<std::uint8_t>;

constexpr std::size_t header_size = 5, most_connections = 16;
constexpr std::uint8_t application_data = 23;
/// Longer than any message stays fresh on a bench that lives 20 seconds or more in each of ours.
constexpr std::uint64_t delay_ms = 1'500;

std::uint64_t milliseconds() {
    std::timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
}

hal::Descriptor connected_to(std::uint16_t port) {
    hal::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    return socket;
}

enum Way : std::uint8_t { in, out };
/// A person's socket and the pump's, with what came from each and is no whole record yet.
struct Connection {
    std::array<hal::Descriptor, 2> ends;  ///< ends[way]: where that way's bytes come from
    std::array<Record, 2> begun;
    Record said;  ///< all that came in
};

class Wire {
  public:
    explicit Wire(std::uint16_t pump) : pump_(pump) {}
    int live() {
        for (;;) {
            std::vector<pollfd> watched{{control_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
            for (const auto& one : connections_)
                for (const auto& end : one->ends) watched.push_back({end.get(), POLLIN, 0});
            ::poll(watched.data(), watched.size(), 20);
            while (!held_.empty() && held_.front().due_ms <= milliseconds()) {
                hand_on(*held_.front().connection, held_.front().way, held_.front().record);
                held_.pop_front();
            }
            for (std::size_t i = 2; i < watched.size(); ++i)
                if (watched[i].revents != 0) read(*connections_[(i - 2) / 2], (i - 2) % 2 == 0 ? in : out);
            if (watched[1].revents != 0) take();
            if (watched[0].revents != 0 && !obey()) return 0;
        }
    }

  private:
    struct Held {
        std::uint64_t due_ms;
        Connection* connection;
        Way way;
        Record record;
    };
    void take() {
        hal::Descriptor person{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!person || connections_.size() >= most_connections) return;
        auto one = std::make_unique<Connection>();
        one->ends = {std::move(person), connected_to(pump_)};
        if (one->ends[out]) connections_.push_back(std::move(one));
    }
    /// A closed connection keeps its place: what is held for it points there.
    static void end(Connection& one) { one.ends = {}; }
    static void hand_on(Connection& one, Way way, const Record& record) {
        const int to = one.ends[way == in ? out : in].get();
        if (to >= 0 && ::send(to, record.data(), record.size(), MSG_NOSIGNAL) < 0) end(one);
    }
    void read(Connection& one, Way way) {
        std::array<std::uint8_t, 4'096> some;
        const auto count = ::recv(one.ends[way].get(), some.data(), some.size(), MSG_DONTWAIT);
        if (count <= 0) return end(one);
        auto& begun = one.begun[way];
        begun.insert(begun.end(), some.begin(), some.begin() + count);
        if (way == in) one.said.insert(one.said.end(), some.begin(), some.begin() + count);
        for (;;) {
            if (begun.size() < header_size) return;
            const std::size_t size = header_size + (std::size_t{begun[3]} << 8 | begun[4]);
            if (begun.size() < size) return;
            const auto end_of_it = begun.begin() + static_cast<std::ptrdiff_t>(size);
            pass(one, way, {begun.begin(), end_of_it});
            begun.erase(begun.begin(), end_of_it);
        }
    }
    void pass(Connection& one, Way way, Record record) {
        if (mode_ == "listen" || way != way_ || record[0] != application_data) return hand_on(one, way, record);
        ++tampered_;
        if (mode_ == "flip") {
            record[record.size() / 2] ^= 1;
            hand_on(one, way, record);
        } else if (mode_ == "truncate") {
            record.resize(record.size() - 8);
            record[3] = static_cast<std::uint8_t>((record.size() - header_size) >> 8);
            record[4] = static_cast<std::uint8_t>(record.size() - header_size);
            hand_on(one, way, record);
        } else if (mode_ == "cut") {
            record.resize(record.size() / 2);
            hand_on(one, way, record);
            end(one);
        } else if (mode_ == "delay") {
            held_.push_back({milliseconds() + delay_ms, &one, way, std::move(record)});
        } else if (mode_ == "replay") {
            hand_on(one, way, record);
            hand_on(one, way, record);
        } else if (mode_ == "reorder") {
            if (kept_.empty()) return void(kept_ = std::move(record));
            hand_on(one, way, record);
            hand_on(one, way, kept_);
            kept_.clear();
        } else if (mode_ == "redirect") {
            for (const auto& other : connections_)
                if (other.get() != &one) hand_on(*other, way, record);
        }
        // "delete": it goes nowhere
    }
    bool obey() {
        std::array<std::uint8_t, 64> buffer;
        const auto received = control_.receive(buffer);
        if (received.arrival == hal::Arrival::ended) return false;
        const std::string_view order{reinterpret_cast<const char*>(buffer.data()), received.size};
        const auto number = [&](std::string_view word) {
            std::uint16_t port = 0;
            std::from_chars(order.data() + word.size(), order.data() + order.size(), port);
            return port;
        };
        std::size_t answer = 0;
        if (order.starts_with("attack ")) {
            answer = std::exchange(tampered_, 0);
            mode_ = order.substr(7, order.rfind(' ') - 7);
            way_ = order.ends_with(" out") ? out : in;
            kept_.clear();
        } else if (order.starts_with("lead ")) {
            pump_ = number("lead ");
        } else if (order.starts_with("again ") && !connections_.empty()) {
            auto one = std::make_unique<Connection>();
            one->ends[out] = connected_to(number("again "));
            const Record said = connections_.front()->said;
            hand_on(*one, in, said);
            answer = said.size();
            connections_.push_back(std::move(one));
        }
        const std::string text = std::to_string(answer);
        return control_.send({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    }

    std::uint16_t pump_;
    std::string mode_ = "listen";
    Way way_ = in;
    std::size_t tampered_ = 0;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::deque<Held> held_;
    Record kept_;
    hal::Seqpacket control_{hal::Descriptor{3}};
    hal::Descriptor listener_{4};
};
}  // namespace

int main(int count, char** arguments) {
    std::uint16_t port = 0;
    const std::string_view text = count == 2 ? arguments[1] : "";
    const auto [at, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (!basalt::sandbox::die_with_parent() || fault != std::errc{} || port == 0) return 2;
    return Wire{port}.live();
}
