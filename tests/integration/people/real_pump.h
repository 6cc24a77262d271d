// tests/integration/people/real_pump.h: a pump that is switched on, with all its processes and its TPM, and a person
// with a real client at its network socket.
#pragma once
#include "device/factory/p256_key.h"
#include "device/factory/therapy.h"
#include "device/firmware/access/badge.h"
#include "device/link/commands.h"
#include "device/link/crypto.h"
#include "device/link/pump_client.h"
#include "scenarios/bench/fresh_device.h"
#include "scenarios/bench/screen_client.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <thread>

namespace basalt::bench {
namespace fs = std::filesystem;
using access::Operation;
using link::CommandState;
using nlohmann::json;

struct Nobody final : scenarios::Observer {
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose&) override {}
    void hear(const scenarios::ModeChange&) override {}
    void hear(const scenarios::Alarm&) override {}
    void hear(const scenarios::Event&) override {}
};

/// A device as the factory makes it, with the images of this folder.
inline std::unique_ptr<FreshDevice> new_device(const fs::path& images, const std::string& name = "Basalt") {
    const auto therapy = factory::flat_therapy(name, {1'000});
    factory::DeviceOrder order;
    order.images = images;
    order.dev_keys = fs::path{BASALT_SOURCE_DIR} / "dev-keys";
    order.seed = 4;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    auto provisioned = FreshDevice::provision(order);
    if (!provisioned) {
        ADD_FAILURE() << provisioned.error().what;
        std::exit(1);  // nothing of this program can run
    }
    return std::move(*provisioned);
}

/// The manufacturer's own; made at the first call.
inline const FreshDevice& fresh() {
    static const auto made = new_device(fs::path{BASALT_BINARY_DIR} / "images");
    return *made;
}

template <std::size_t N>
Bytes<N> bytes(std::string_view text) {
    Bytes<N> out;
    EXPECT_TRUE(out.assign({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    return out;
}

/// What a command came to.
struct Heard {
    CommandState state = CommandState::unknown;
    std::vector<json> parts;
    json last() const { return parts.empty() ? json{} : parts.back(); }
    std::string words() const {
        return parts.empty() ? "no answer" : last().value("/words/en"_json_pointer, std::string{});
    }
};

/// A pump that is switched on, and a person with a client in a thread of its own. The device lives about 40 of its
/// seconds in each second of the test.
class RealPump {
  public:
    explicit RealPump(const FreshDevice& fresh_device = fresh()) : device_(*fresh_device.copy()) {
        auto opened = device_->live(nobody_, LifeOptions{.first = {}, .seed = 1, .port = 0});
        EXPECT_TRUE(opened) << opened.error().what;
        living_ = std::move(*opened);
        EXPECT_TRUE(sim().power_on());
        EXPECT_TRUE(*ScreenClient{sim()}.wait_until_reachable());
        for (int i = 0; i < 20; ++i) second();
    }
    /// The port at which the pump really listens.
    std::uint16_t port() const { return *living_->port(); }
    /// From here on clients connect to this port instead: somebody sits on the wire.
    void connect_through(std::uint16_t port) { through_ = port; }
    Simulation& sim() { return living_->simulation(); }
    Board& board() { return living_->board(); }
    std::string path() const { return device_->path(); }
    std::string code_of(const std::string& name) const {
        std::ifstream sheet{device_->path() / "host" / "people" / "first-codes.txt"};
        for (std::string line; std::getline(sheet, line);)
            if (line.starts_with(name + "\t")) return line.substr(name.size() + 1);
        ADD_FAILURE() << "no code for " << name;
        return {};
    }

    /// Plays the pump while `person` acts.
    template <class Person>
    void while_person(Person person) {
        std::atomic<bool> gone = false;
        std::thread thread{[&] {
            if (connect()) person();
            if (client_) client_->close();
            client_.reset();
            gone = true;
        }};
        for (int seconds = 0; !gone && seconds < 4'000; ++seconds) {
            if (press_) {
                press_ = false;
                sim().hold_button(1);
            }
            if (errand_waits_) {
                errand_();
                errand_waits_ = false;
            }
            second();
            std::this_thread::sleep_for(std::chrono::milliseconds{25});
        }
        thread.join();
    }

    // ---- within the person's thread ----
    /// After a stop or a resume the firmware's side starts anew, 3 s later: whoever was there comes back.
    bool come_back() {
        wait(15);
        return connect();
    }
    /// A session, in place of one before.
    bool connect() {
        client_.reset();
        auto papers = link::read_papers(device_->path() / "host" / "clients");
        EXPECT_TRUE(papers) << papers.error().what;
        for (int tries = 0; papers && !client_ && tries < 100; ++tries) {
            auto opened = link::PumpClient::open(
                through_ ? *through_ : *living_->port(), *papers,
                {.unix_s = std::time(nullptr), .now_s = [this] { return now_s_.load(); }}, chance_);
            if (opened)
                client_.emplace(std::move(*opened));
            else
                std::this_thread::sleep_for(std::chrono::milliseconds{100});
        }
        EXPECT_TRUE(client_) << "no session";
        return client_.has_value();
    }
    /// A short press that no command asked for.
    void press() {
        press_ = true;
        wait(3);
    }
    template <class Command>
    Heard say(const Command& command, bool press_when_asked = true) {
        Heard heard;
        const auto frame = link::CommandFrames::encode(command);
        const auto reply = client_->command(frame.view(), [&](std::string_view body) {
            heard.parts.push_back(json::parse(body));
            if (heard.parts.back().value("waits_for", "") == "press" && press_when_asked) press_ = true;
        });
        EXPECT_TRUE(reply) << (reply ? "" : reply.error().what);
        if (reply) heard.state = reply->state;
        return heard;
    }
    Heard first_password(const std::string& name, const std::string& password) {
        return say(link::FirstPassword{bytes<32>(name), bytes<24>(code_of(name)), bytes<256>(password)});
    }
    Heard log_in(const std::string& name, const std::string& password) {
        return say(link::LogIn{bytes<32>(name), bytes<256>(password)});
    }
    template <class Values>
    Heard ask(Operation operation, const Values& values, const std::string& badge = "") {
        const auto frame = link::ValueFrames::encode(values);
        return act(operation, frame.view(), badge);
    }
    Heard act(Operation operation, ByteView values = {}, const std::string& badge = "") {
        link::Act act{.operation = std::to_underlying(operation)};
        EXPECT_TRUE(act.values.assign(values));
        if (!badge.empty()) {
            const auto key = factory::P256Key::load(device_->path() / "host" / "badges" / (badge + ".pem"));
            EXPECT_TRUE(key);
            act.badge = {bytes<32>(badge), key->sign(digest(operation, values)).value()};
        }
        return say(act);
    }
    Digest digest(Operation operation, ByteView values) const {
        const auto papers = link::read_papers(device_->path() / "host" / "clients");
        return access::command_digest({.device = papers->device,
                                       .challenge = client_->session().binding(),
                                       .sequence = client_->session().next_sequence(),
                                       .operation = operation,
                                       .body = values});
    }
    /// Has the pump's thread do something between two seconds, and waits for it.
    void between_seconds(std::function<void()> errand) {
        errand_ = std::move(errand);
        errand_waits_ = true;
        while (errand_waits_) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    link::PumpClient& client() { return *client_; }
    std::uint64_t now_s() const { return now_s_; }
    void wait(std::uint64_t seconds) {
        const auto until = now_s_ + seconds;
        while (now_s_ < until) {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
            (void)client_->on_time();
        }
    }
    json state() { return say(link::See{.what = link::Shown::state}).last(); }

    /// After the person has gone.
    std::string log() {
        std::string all;
        std::uint64_t next = 1;
        for (bool more = true; more;) {
            const auto bodies = ScreenClient{sim()}.ask(hal::ScreenQuestion::log, next);
            EXPECT_TRUE(bodies) << bodies.error().what;
            if (!bodies) break;
            more = false;
            for (const auto& body : *bodies) {
                all += body;
                const auto page = json::parse(body);
                more = page["more"];
                next = page["next_seq"];
            }
        }
        return all;
    }
    void second() {
        sim().wake();
        ASSERT_TRUE(sim().run_until(sim().now() + 1));
        motor_mu_ = board().motor().count_mu();
        now_s_ = sim().now().seconds;
    }
    /// What really moved so far; for both threads.
    std::int64_t motor_mu() const { return motor_mu_; }

  private:
    Nobody nobody_;
    std::unique_ptr<FreshDevice> device_;
    std::unique_ptr<LivingDevice> living_;
    std::optional<std::uint16_t> through_;
    std::atomic<std::uint64_t> now_s_ = 0;
    std::atomic<std::int64_t> motor_mu_ = 0;
    std::atomic<bool> press_ = false;
    std::function<void()> errand_;
    std::atomic<bool> errand_waits_ = false;
    link::SystemChance chance_;
    std::optional<link::PumpClient> client_;
};

}  // namespace basalt::bench
