// device/firmware/people/desk.h: takes what people ask over their sessions, and sees to it that each is decided, put on
// record, carried out and answered. Open this file first. Page: docs/formats/commands.md.
#pragma once
#include "device/firmware/access/break_glass.h"
#include "device/firmware/access/login.h"
#include "device/firmware/access/two_person.h"
#include "device/firmware/people/hands.h"
#include "device/firmware/people/proof.h"
#include "storage/event.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace basalt::firmware {

/// The first code of an account: it serves FirstPassword once, while the account has no password. Nothing: none.
using FirstCodes = std::function<std::optional<Digest>(std::string_view account)>;

/// One part of the answer to a command; the last part has `last` set.
struct DeskAnswer {
    link::DeviceSessions::Asked asked;
    link::Outcome outcome = link::Outcome::not_done;
    std::string body;  ///< one JSON object, at most link::max_reply_size
    bool last = true;
};

/// A command waits so long for the pump's button: well within link::answer_s of its client.
inline constexpr std::uint64_t press_within_s = 20;

/// Order of work, for each command: decide; refused: one record, and the reason to the person. Nobody here carries it
/// out: refused too. Lacks only the button:
/// wait for it. Lacks only a second person: keep the change for them. Allowed: the record, then the act, then the
/// answer.
///
/// Bounds:   of each session command_burst commands at once and one in command_every_s after that are looked at; the
///           rest is told "busy" and logs nothing, but a stop, a cancel and emergency access, which no flood keeps out.
///           One password is hashed in a tick; max_hashes wait. Of an hour's refusals refusals_an_hour stand on record
///           one by one, and the others as a number when the hour is over. So a flood fills no log. One command waits
///           for the button at a time; somebody known takes the place of somebody unknown, emergency access takes
///           anybody's. max_changes changes wait for a second person.
/// Rely on:  nothing is carried out that decide() did not open, or whose record was refused. A wrong password slows
/// passwords
///           alone. Without accounts (the records are closed) only what is open to everybody is carried out.
/// Source:   R7 to R11, R52; docs/formats/access.md.
class Desk {
  public:
    static constexpr std::uint64_t command_burst = 64, command_every_s = 1;
    static constexpr std::size_t max_changes = 4, max_hashes = 8;
    static constexpr std::uint64_t refusals_an_hour = 240;

    struct Tools {
        DeviceId device{};
        access::Pepper& pepper;
        Hands& hands;
        std::function<Result<void>(storage::Event)> note;
        std::function<Result<access::Salt>()> fresh_salt;
        FirstCodes first_code = [](std::string_view) { return std::nullopt; };
        access::HashCost cost = access::present_cost;
    };
    explicit Desk(Tools tools) : tools_(std::move(tools)) {}

    /// Where accounts stand, from now on; nullptr: the records are closed. It outlives this, or another call.
    void accounts(access::StoredAccounts* accounts);
    /// Where the pump is used, as somebody chose it.
    void context(access::Context chosen) noexcept { chosen_ = chosen; }
    access::Context context() const noexcept { return chosen_; }

    struct At {
        Tick now{};
        std::uint32_t presses = 0;  ///< short ones of the pump's button, so far
        bool pressed = false;       ///< it is down
        hal::Mode mode = hal::Mode::start_up;
    };
    /// One believed command. Several answers may come at once, and more later.
    std::vector<DeskAnswer> take(const link::DeviceSessions::Asked& asked, const At& at);
    /// Once in each tick, before the commands of that tick: the button, and what waited too long.
    std::vector<DeskAnswer> on_tick(const At& at);
    /// What Hands said was under way is done.
    std::vector<DeskAnswer> finish(std::uint32_t number, const Done& done);

    /// What the pump's screen says.
    PeopleSeen seen(Tick now) const;
    /// The session of this binding is in the middle of something: somebody is logged in, has emergency access open, or
    /// is waited for. It gives way to no stranger's.
    bool keeps(const Digest& binding, Tick now) const;
    /// Something may still have to be answered: a tick is wanted.
    bool waiting() const noexcept { return press_.has_value() || !under_way_.empty() || !hashes_.empty(); }
    /// The gateway was replaced: nobody is left to hear an answer. Who was logged in is out.
    void forget_sessions() noexcept;

  private:
    using Asked = link::DeviceSessions::Asked;
    using Answers = std::vector<DeskAnswer>;
    /// An operation, understood, with who wants it and what they show.
    struct Wanted {
        Asked asked;
        access::Operation operation{};
        Values values{};
        Digest digest{};  ///< of the exact command
        Person person;
        bool opens_emergency = false;  ///< it is an OpenEmergency, with:
        std::string code{};
        std::optional<access::Badge> emergency_badge{};
        std::optional<link::LogIn> log_in{};  ///< it is a LogIn that waits for the button
    };
    struct Pressed {
        Wanted wanted;
        std::uint32_t presses = 0;  ///< when it began to wait
        bool begun_before = false;  ///< the button is down since before that: what it comes to is for something else
        Tick until{};
    };
    struct Change {
        Wanted wanted;
        access::PendingChange pending;
    };
    struct Bucket {
        Digest binding{};
        std::uint64_t tokens = 0;
        Tick refilled{};
    };
    struct Running {
        std::uint32_t number = 0;
        Asked asked;
    };

    Answers answer(const Asked& asked, const Done& done) const;
    Answers on(const link::LogIn& what, const Asked& asked, const At& at);
    Answers on(const link::LogOut& what, const Asked& asked, const At& at);
    Answers on(const link::ChoosePassword& what, const Asked& asked, const At& at);
    Answers on(const link::FirstPassword& what, const Asked& asked, const At& at);
    Answers on(const link::Act& what, const Asked& asked, const At& at);
    Answers on(const link::Approve& what, const Asked& asked, const At& at);
    Answers on(const link::OpenEmergency& what, const Asked& asked, const At& at);
    Answers on(const link::See& what, const Asked& asked, const At& at);

    access::Asker asker_of(const Wanted& wanted, bool pressed, const At& at) const;
    access::Decision decide_on(const Wanted& wanted, bool pressed, const At& at) const;
    Answers decide_and_do(Wanted wanted, bool pressed, const At& at);
    Answers wait_for_press(const Wanted& wanted, const At& at);
    Answers keep_for_second(const Wanted& wanted, bool pressed, const At& at);
    Answers show_changes(const link::See& what, const Asked& asked, const At& at);
    /// `needs`: what opened it.
    Answers carry_out(const Wanted& wanted, access::Factors needs, const At& at);
    Answers open_emergency(const Wanted& wanted, const At& at);
    static access::EmergencyKeyring keys_of(const Wanted& wanted);
    Answers refuse_emergency(const Asked& asked, access::EmergencyRefusal why, const At& at);
    static bool is_done_here(const Wanted& wanted);
    Answers not_built(const Wanted& wanted, const At& at);
    Done do_here(const Wanted& wanted, const At& at);
    Done disable_account(std::string_view name, const Wanted& wanted, const At& at);
    Done revoke_badge(const link::BadgeWish& what, const Wanted& wanted, const At& at);
    bool is_last_of(access::Role role, const access::Account& account);
    void put_out(std::string_view account, const At& at);
    bool still_stands(const Wanted& wanted, const At& at);
    void note_refusal(storage::EventId id, const At& at, std::string_view who,
                      std::initializer_list<storage::Value> values);
    void count_refusals(const At& at);
    Answers refuse(const Asked& asked, const access::Refused& why, std::string_view who, const At& at);

    const access::Session* session_of(const Asked& asked, const At& at, bool by_a_person = true);
    Digest digest_of(const Asked& asked, access::Operation operation, ByteView values) const;
    Result<void> save_emergency(const access::EmergencyAccess& next);
    access::Context context_at(Tick now) const;
    Result<void> note(storage::EventId id, const At& at, std::string_view who, storage::Outcome outcome,
                      std::initializer_list<storage::Value> values) const;
    std::optional<access::LoginTools> login_tools();
    bool take_token(const Asked& asked, Tick now);
    Answers hash_one(const At& at);
    Answers log_in_at_pump(const Wanted& wanted, const At& at);
    Answers log_in(const link::LogIn& what, bool presence, const Asked& asked, const At& at);

    Tools tools_;
    access::StoredAccounts* accounts_ = nullptr;
    access::Context chosen_ = access::Context::home;
    access::Sessions sessions_;
    std::optional<Pressed> press_;
    std::vector<Change> changes_;
    std::vector<Running> under_way_;
    std::uint32_t last_number_ = 0;
    std::vector<Bucket> buckets_;
    std::deque<Asked> hashes_;  ///< password commands, which cost a slow hash each
    std::optional<Tick> hashed_at_;
    std::optional<Tick> refusals_since_;
    std::uint64_t refusals_ = 0;         ///< since then
    access::EmergencyAccess emergency_;  ///< as it is stored
    std::uint32_t emergency_shown_ = 0;  ///< the use whose end is still to be put on record
};

}  // namespace basalt::firmware
