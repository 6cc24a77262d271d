// tests/unit/people/office.h: a desk with real accounts in a real encrypted database, badges with real keys, and hands
// that write down what they are told to do.
#pragma once
#include "device/factory/p256_key.h"
#include "device/firmware/people/desk.h"
#include "device/firmware/people/done_by.h"
#include "device/firmware/people/first_people.h"
#include "tests/unit/access/soft_pepper.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <map>

namespace basalt::firmware::test {

inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
template <std::size_t N>
Bytes<N> bytes(std::string_view text) {
    Bytes<N> out;
    EXPECT_TRUE(out.assign(bytes_of(text)));
    return out;
}

class WritingHands final : public Hands {
  public:
    std::vector<std::pair<access::Operation, std::string>> done;
    bool slow = false;  ///< what is to be done is under way until somebody calls finish()
    std::uint32_t number = 0;
    bool above_limit = false;  ///< the last order was one
    std::variant<Done, UnderWay> carry_out(const Order& order) override {
        done.emplace_back(order.operation, std::string{order.who});
        number = order.number;
        above_limit = order.above_patient_limit;
        if (slow) return UnderWay{order.number};
        return Done{link::Outcome::done, {"Done.", "Fait."}};
    }
    /// What PeopleAtWork::knows() says: the same function. False: they do whatever they are told.
    bool only_what_is_built = false;
    bool knows(access::Operation operation, const Values& values) const override {
        return !only_what_is_built || done_by(operation, values) == DoneBy::therapy;
    }
    std::int32_t running_percent = 0;  ///< a temporary rate that is active, and
    std::uint64_t running_left_s = 0;  ///< so long still
    access::Operation judged(access::Operation operation, const Values& values) const override {
        return by_effect(operation, values, running_percent, running_left_s);
    }
    std::variant<Bodies, Done> show(link::Shown, std::uint64_t, std::string_view) override {
        return Bodies{R"({"schema":1})"};
    }
};

struct Office {
    ::basalt::test::Folder folder;
    storage::Database database = [this] {
        const std::array schema{storage::AccountTables::schema};
        return std::move(*storage::Database::open(folder.path() / "config.db", ::basalt::test::key(1), schema));
    }();
    access::StoredAccounts accounts = std::move(*access::StoredAccounts::open(database));
    ::basalt::test::SoftPepper pepper{7};
    WritingHands hands;
    std::vector<storage::Event> log;
    bool log_is_full = false;
    std::map<std::string, factory::P256Key> badges;
    std::map<std::string, std::string> codes;
    Desk::At at{.now = {1'000'000}, .presses = 5, .mode = hal::Mode::normal};
    std::uint64_t sequence = 100;
    Desk desk{{.device = device(),
               .pepper = pepper,
               .hands = hands,
               .note = [this](storage::Event event) -> Result<void> {
                   if (log_is_full) return fail(ErrorCode::io, "The disk is full.", "Make room.");
                   log.push_back(std::move(event));
                   return {};
               },
               .fresh_salt = []() -> Result<access::Salt> { return access::Salt{1, 2, 3}; },
               .first_code =
                   [this](std::string_view name) {
                       const auto found = codes.find(std::string{name});
                       return found == codes.end() ? std::nullopt : std::optional{digest_of_first_code(found->second)};
                   },
               .cost = {.memory_kib = 32, .passes = 1, .lanes = 1}}};

    static DeviceId device() { return {'p', 'u', 'm', 'p'}; }

    Office() {
        desk.accounts(&accounts);
        hire("pat", access::Role::patient);
        hire("n.meyer", access::Role::nurse);
        hire("dr.roy", access::Role::physician);
        hire("b.lang", access::Role::biomedical);
        hire("it.kaya", access::Role::it_security);
        hire("a.kern", access::Role::auditor);
        auto emergency = factory::P256Key::generate().value();
        EXPECT_TRUE(accounts.save(access::Badge{emergency.point(), "ward.3", true, false}));
        badges.emplace("ward.3", std::move(emergency));
    }
    /// Each person has a badge, and the password "correct horse NAME".
    void hire(const std::string& name, access::Roles roles) {
        auto badge = factory::P256Key::generate().value();
        const FirstPerson person{.name = name, .shown = name, .roles = roles, .badge = badge.point()};
        ASSERT_TRUE(make_first_people(accounts, {person}, at.now));
        badges.emplace(name, std::move(badge));
        codes[name] = "ABCD-EFGH-0123-" + name.substr(0, 3);
        ASSERT_EQ(first_password(name).outcome, link::Outcome::done);
    }
    static std::string password_of(const std::string& name) { return "correct horse " + name; }

    link::DeviceSessions::Asked asked(ByteView body, std::uint8_t who = 1) {
        link::DeviceSessions::Asked one{
            .session = who, .command = {.sequence = ++sequence, .body = {}}, .client = {who}, .binding = {who, 9}};
        EXPECT_TRUE(one.command.body.assign(body));
        return one;
    }
    template <class Command>
    std::vector<DeskAnswer> say(const Command& command, std::uint8_t who = 1) {
        return desk.take(asked(link::CommandFrames::encode(command).view(), who), at);
    }
    static DeskAnswer only(std::vector<DeskAnswer> said) {
        EXPECT_EQ(said.size(), 1U);
        return said.empty() ? DeskAnswer{} : std::move(said.front());
    }
    DeskAnswer first_password(const std::string& name) {
        at.now.seconds += 1;  // one password is hashed in a tick
        return only(say(link::FirstPassword{bytes<32>(name), bytes<24>(codes[name]), bytes<256>(password_of(name))}));
    }
    DeskAnswer log_in(const std::string& name, const std::string& password, std::uint8_t who = 1) {
        at.now.seconds += 1;
        return only(say(link::LogIn{bytes<32>(name), bytes<256>(password)}, who));
    }
    DeskAnswer log_in(const std::string& name, std::uint8_t who = 1) { return log_in(name, password_of(name), who); }

    /// An act, signed by the badge of `badge` where one is named.
    link::Act act(access::Operation operation, ByteView values = {}, const std::string& badge = "",
                  std::uint8_t who = 1) {
        link::Act one{.operation = std::to_underlying(operation)};
        EXPECT_TRUE(one.values.assign(values));
        if (!badge.empty()) one.badge = shown(badge, operation, values, who);
        return one;
    }
    /// For the command that is said next.
    link::BadgeShown shown(const std::string& badge, access::Operation operation, ByteView values,
                           std::uint8_t who = 1) {
        return {bytes<32>(badge), badges.at(badge).sign(digest(operation, values, who)).value()};
    }
    Digest digest(access::Operation operation, ByteView values, std::uint8_t who = 1) const {
        return access::command_digest({.device = device(),
                                       .challenge = {who, 9},
                                       .sequence = sequence + 1,
                                       .operation = operation,
                                       .body = values});
    }
    template <class Values>
    std::vector<DeskAnswer> ask(access::Operation operation, const Values& values, const std::string& badge = "",
                                std::uint8_t who = 1) {
        const auto frame = link::ValueFrames::encode(values);
        return say(act(operation, frame.view(), badge, who), who);
    }
    /// The second person's word, from a session of their own.
    DeskAnswer approve(const std::string& who, const Digest& what, std::uint8_t over = 2) {
        link::Approve word{.command = what};
        word.badge = {bytes<32>(who), badges.at(who).sign(access::approval_digest(what, who)).value()};
        return only(say(word, over));
    }
    std::vector<DeskAnswer> press() {
        ++at.presses;
        at.now.seconds += 1;
        return desk.on_tick(at);
    }
    std::size_t logged(storage::EventId id) const {
        return static_cast<std::size_t>(std::ranges::count(log, storage::kind_of(id).key, &storage::Event::what));
    }
    bool empty_handed() const { return hands.done.empty(); }
};

}  // namespace basalt::firmware::test
