// ui/view/people.h: what people do at the console beyond looking: who is logged in, what was asked of the pump, what
// waits for its button, how a bolus goes. It decides what a screen offers; the pump decides what is done.
#pragma once
#include "device/firmware/access/shown_change.h"
#include "device/link/commands.h"
#include "ui/view/answer.h"
#include "ui/view/line.h"
#include "ui/view/pump_view.h"

#include <array>
#include <variant>
#include <vector>

namespace basalt::view {

/// The same bolus as the operation above the patient's limit, which a second person signs.
struct BolusWishAbove {
    link::BolusWish wish;
};
struct BolusYesAbove {
    link::BolusYes yes;
};
/// One command to the pump. Values of an operation travel in a command of their own: ui/console/orders.h.
using Wish = std::variant<link::LogIn, link::LogOut, link::ChoosePassword, link::FirstPassword, link::OpenEmergency,
                          link::MealWish, link::BolusWish, link::BolusYes, BolusWishAbove, BolusYesAbove,
                          link::BolusCancel, link::TemporaryWish, link::ContextWish, link::See, link::Approve>;

/// What stands in the fields, as typed: C strings that a screen writes into.
struct Typed {
    std::array<char, 33> name{};
    std::array<char, 257> password{};
    std::array<char, 25> code{};  ///< of the sheet, or the sealed one of the emergency
    std::array<char, 16> carbs{}, units{}, percent{}, minutes{};
    bool less = true;    ///< the temporary rate is lower than the plan
    bool above = false;  ///< the bolus goes above the patient's limit, with a second person
    /// Leaves nothing secret in memory.
    void forget_secrets() noexcept;
};

enum class BolusStage : std::uint8_t {
    entry,      ///< a number is typed
    read_back,  ///< the pump said it back: it waits for a yes
    asked,      ///< yes was sent: the pump waits for its button
    second,     ///< above the limit: it waits for the second person
    running,
    ended,
};
enum class TemporaryStage : std::uint8_t { entry, sure, sure_of_end };

/// Everything that the panels show, in words.
struct PeopleView {
    Line who;              ///< "Logged in: ...", or nobody
    Line line;             ///< the connection, as far as it matters
    Line said;             ///< the last answer or objection; empty: none
    bool busy = false;     ///< a command is under way: the other buttons are off
    std::string press;     ///< not empty: the pump's button is awaited
    std::string question;  ///< in large letters: what is to be confirmed
    BolusStage bolus = BolusStage::entry;
    std::string suggestion;            ///< in large letters; empty: none was asked
    std::vector<std::string> because;  ///< its terms and advice
    std::string progress;              ///< of the running bolus, or how the last one ended
    float progress_share = 0;
    TemporaryStage temporary = TemporaryStage::entry;
    bool temporary_set = false;
    std::string change;        ///< that waits for its second person, in words; empty: none is shown
    std::string change_which;  ///< "1 of 2, 9 min left"
    Line emergency;
    bool emergency_open = false, connected = false, somebody = false;
    std::string headline;  ///< the most important of all that, for the window's title; empty: nothing to say
};

/// Rely on: asks for one thing at a time; says yes to nothing but what the pump read back, and only when that is what
/// was typed; approves nothing but a change whose digest was reckoned here. A lost connection ends the log-in and the
/// question, leaves what is typed, and says what is known of the command. `now_s` is the pump's seconds.
class People {
  public:
    Typed typed;

    // What a person does. Nothing: nothing is to be sent, and view().said says why.
    std::optional<Wish> log_in();
    std::optional<Wish> choose_first_password();
    /// Another one, for who is logged in.
    std::optional<Wish> choose_password();
    std::optional<Wish> log_out();
    std::optional<Wish> suggest();
    std::optional<Wish> propose();
    std::optional<Wish> give();
    std::optional<Wish> cancel_bolus();
    /// Another panel: what was said of the one before is said no more, unless it is about the connection.
    void turn_to_another();
    void no();  ///< to whatever question stands
    void new_bolus();
    void temporary_question();
    void end_temporary_question();
    std::optional<Wish> temporary_yes();
    /// A code that was typed goes alone, whatever badge is chosen.
    std::optional<Wish> open_emergency(bool badge_chosen);

    // The second person: looks at what waits, reads it, and signs that alone. By badge; needs no log-in.
    std::optional<Wish> look_for_changes(bool badge_chosen);
    void next_change();
    std::optional<Wish> approve(bool badge_chosen);
    /// Of the pump's place of use. Context: home, ward, emergency.
    std::optional<Wish> choose_context(access::Context context, bool badge_chosen);

    void hear(const LineNews& news, std::uint64_t now_s);
    void see(const std::optional<Told>& told, std::uint64_t now_s);
    /// The console left the line by itself: time runs faster.
    void left();
    /// Who is logged in used nothing for so long: the log-out is to be sent.
    std::optional<Wish> idle(std::uint64_t now_s);
    static constexpr std::uint64_t idle_s = 9 * 60, idle_in_emergency_s = 110;  // less than the pump's own limits

    /// A pump that starts anew is back within so much of its own time; after that it counts as away. It is tried all
    /// along.
    static constexpr std::uint64_t back_within_s = 10;

    bool busy() const noexcept { return under_way_.has_value(); }
    bool somebody() const noexcept { return who_.has_value(); }
    bool more_changes() const noexcept { return changes_.size() > 1; }
    /// A lost connection ended somebody's log-in.
    bool log_in_again() const noexcept { return was_.has_value(); }
    /// A bolus runs or a command is under way: time must not be hurried.
    bool in_hand() const noexcept { return busy() || bolus_ == BolusStage::running; }
    bool running() const noexcept { return bolus_ == BolusStage::running; }
    PeopleView view(Language language, std::uint64_t now_s) const;

  private:
    enum class LineState : std::uint8_t { connecting, up, returning, away, refused, no_papers };
    enum class Asked : std::uint8_t {
        log_in,
        log_out,
        first_password,
        password,
        meal,
        propose,
        give,
        cancel,
        temporary,
        emergency,
        changes,
        approve,
        context
    };
    struct Said {
        scenarios::Text words;
        Role role = Role::text;
    };
    std::optional<Wish> ask(Asked what, Wish wish);
    bool may_ask(bool as_somebody);
    void object(const scenarios::Words& words);
    void object(scenarios::Text words, Role role = Role::medium);
    void end_command(link::CommandState state, std::uint64_t now_s);
    void done(const Answer& answer, std::uint64_t now_s);
    void forget_session();
    void take_change(const std::string& body);
    static const scenarios::Words& look_at(Asked what);
    std::string in_units(double units, Language language) const;

    LineState line_ = LineState::connecting;
    std::uint64_t back_by_s_ = 0;  ///< until then a pump that starts anew is expected back
    std::optional<Answer> who_;    ///< of the log-in
    std::optional<Answer> was_;    ///< of the log-in that a lost connection ended
    std::uint64_t logged_in_s_ = 0, used_s_ = 0;
    std::optional<Asked> under_way_;
    std::optional<Answer> answer_;  ///< the newest part
    std::uint64_t press_until_s_ = 0;
    Said said_;
    BolusStage bolus_ = BolusStage::entry;
    MilliUnits amount_;  ///< typed, then read back
    std::optional<Suggestion> suggestion_;
    std::uint64_t running_since_s_ = 0;
    std::optional<Told> told_;
    TemporaryStage temporary_ = TemporaryStage::entry;
    link::TemporaryWish temporary_wish_;
    std::uint64_t emergency_until_s_ = 0;
    DeviceId device_{};
    std::vector<access::ShownChange> changes_;
    std::size_t shown_change_ = 0;
    bool unfit_change_ = false;  ///< of the answer that comes in
    bool cancelled_ = false;     ///< the running bolus, by who is here
    bool above_ = false;         ///< the bolus that was read back
    bool said_stays_ = false;    ///< what stands there says where to look: it stays until the next command
};

/// "12 min", "3 h 5 min".
std::string duration(std::uint64_t seconds, Language language);

}  // namespace basalt::view
