#include "ui/view/people.h"

#include "device/firmware/therapy/temporary_basal.h"
#include "device/firmware/therapy/typed_number.h"
#include "ui/view/people_words.h"

#include <fmt/format.h>

#include <charconv>
#include <string.h>  // explicit_bzero

namespace basalt::view {
namespace {

scenarios::Text text(const scenarios::Words& words) { return {std::string{words.english}, std::string{words.french}}; }
template <std::size_t N>
std::string_view typed_in(const std::array<char, N>& field) {
    return {field.data(), ::strnlen(field.data(), N)};
}
template <std::size_t N, std::size_t M>
bool put(Bytes<N>& into, const std::array<char, M>& field) {
    const auto what = typed_in(field);
    return into.assign({reinterpret_cast<const std::uint8_t*>(what.data()), what.size()});
}
std::optional<std::int32_t> whole_number(std::string_view typed) {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), value);
    return error == std::errc{} && end == typed.data() + typed.size() && !typed.empty() && typed.front() != '-'
               ? std::optional{value}
               : std::nullopt;
}
template <std::size_t N>
void write(std::array<char, N>& field, const std::string& what) {
    field = {};
    std::copy_n(what.data(), std::min(what.size(), N - 1), field.data());
}

}  // namespace

void Typed::forget_secrets() noexcept {
    ::explicit_bzero(password.data(), password.size());
    ::explicit_bzero(code.data(), code.size());
}

// ---- what a person does ----

void People::object(const scenarios::Words& words) { object(text(words)); }
void People::object(scenarios::Text words, Role role) { said_ = {std::move(words), role}; }

bool People::may_ask(bool as_somebody) {
    if (under_way_) return object(words::one_at_a_time), false;
    if (line_ != LineState::up)
        return object(line_ == LineState::connecting  ? words::line_wait
                      : line_ == LineState::returning ? words::line_returning
                                                      : words::line_away),
               false;
    const bool open_to_all = emergency_until_s_ > used_s_;
    if (as_somebody && !who_ && !open_to_all) return object(words::need_log_in), false;
    return true;
}

std::optional<Wish> People::ask(Asked what, Wish wish) {
    under_way_ = what;
    said_stays_ = false;
    answer_.reset();
    said_ = {text(words::sent), Role::quiet};
    return wish;
}

std::optional<Wish> People::log_in() {
    if (!may_ask(false)) return std::nullopt;
    link::LogIn wish;
    if (!put(wish.name, typed.name) || wish.name.size == 0) return object(words::need_name), std::nullopt;
    (void)put(wish.password, typed.password);  // the field is as long
    typed.forget_secrets();
    return ask(Asked::log_in, wish);
}

std::optional<Wish> People::choose_first_password() {
    if (!may_ask(false)) return std::nullopt;
    link::FirstPassword wish;
    if (!put(wish.name, typed.name) || wish.name.size == 0) return object(words::need_name), std::nullopt;
    if (!put(wish.code, typed.code) || wish.code.size == 0) return object(words::need_code), std::nullopt;
    (void)put(wish.password, typed.password);
    typed.forget_secrets();
    return ask(Asked::first_password, wish);
}

std::optional<Wish> People::choose_password() {
    if (!who_ || !may_ask(true)) return std::nullopt;
    link::ChoosePassword wish;
    if (!put(wish.password, typed.password) || wish.password.size == 0)
        return object(words::need_password), std::nullopt;
    typed.forget_secrets();
    return ask(Asked::password, wish);
}

std::optional<Wish> People::log_out() {
    if (!who_ || !may_ask(false)) return std::nullopt;
    return ask(Asked::log_out, link::LogOut{});
}

std::optional<Wish> People::suggest() {
    if (!may_ask(true)) return std::nullopt;
    const auto carbs = firmware::typed_carbs(typed_in(typed.carbs));
    if (!carbs) {
        const auto why = firmware::in_words(carbs.error(), firmware::TypedField::carbs);
        return object(scenarios::Text{why.english, why.french}), std::nullopt;
    }
    suggestion_.reset();
    return ask(Asked::meal, link::MealWish{static_cast<std::uint16_t>(carbs->tenths_of_g)});
}

std::optional<Wish> People::propose() {
    if (!may_ask(true)) return std::nullopt;
    const auto amount = firmware::typed_insulin(typed_in(typed.units));
    if (!amount) {
        const auto why = firmware::in_words(amount.error(), firmware::TypedField::insulin);
        return object(scenarios::Text{why.english, why.french}), std::nullopt;
    }
    amount_ = *amount;
    above_ = typed.above;
    link::BolusWish wish{.amount = amount_};
    constexpr std::uint8_t meal = 0, correction = 1, both = 2, by_hand = 3;
    if (suggestion_) {
        wish.suggested = suggestion_->suggested;
        const bool eaten = suggestion_->for_carbs > 0_mU, corrected = suggestion_->correction != 0_mU;
        wish.reason = eaten && corrected ? both : eaten ? meal : corrected ? correction : by_hand;
    }
    return ask(Asked::propose, typed.above ? Wish{BolusWishAbove{wish}} : Wish{wish});
}

std::optional<Wish> People::give() {
    if (bolus_ != BolusStage::read_back || !may_ask(true)) return std::nullopt;
    bolus_ = BolusStage::asked;
    cancelled_ = false;
    return ask(Asked::give, above_ ? Wish{BolusYesAbove{{amount_}}} : Wish{link::BolusYes{amount_}});
}

std::optional<Wish> People::cancel_bolus() {
    if (bolus_ != BolusStage::running || !may_ask(true)) return std::nullopt;
    return ask(Asked::cancel, link::BolusCancel{});
}

void People::turn_to_another() {
    if (under_way_ || said_stays_) return;
    for (const auto* lasting : {&words::lost_log_in, &words::lost_emergency, &words::back_log_in})
        if (said_.words.english == lasting->english) return;
    said_ = {};
}

void People::no() {
    changes_.clear();
    temporary_ = TemporaryStage::entry;
    if (bolus_ != BolusStage::read_back) return;
    bolus_ = BolusStage::entry;
    object(text(words::not_given), Role::text);
}

void People::new_bolus() {
    if (bolus_ != BolusStage::ended && bolus_ != BolusStage::second) return;
    bolus_ = BolusStage::entry;
    suggestion_.reset();
    typed.carbs = typed.units = {};
    said_ = {};
}

void People::temporary_question() {
    const auto percent = whole_number(typed_in(typed.percent)), minutes = whole_number(typed_in(typed.minutes));
    if (percent == 0) return end_temporary_question();
    constexpr std::int32_t most_percent = 100;
    if (!percent || *percent > most_percent || !firmware::is_settable_percent(typed.less ? -*percent : *percent))
        return object(words::temporary_bad_percent);
    constexpr std::int32_t step_min = firmware::temporary_step_s / 60, most_min = firmware::longest_temporary_s / 60;
    if (!minutes || *minutes < step_min || *minutes > most_min || *minutes % step_min != 0)
        return object(words::temporary_bad_minutes);
    temporary_wish_ = {typed.less ? -*percent : *percent, static_cast<std::uint32_t>(*minutes) * 60};
    temporary_ = TemporaryStage::sure;
    said_ = {};
}

void People::end_temporary_question() {
    temporary_wish_ = {};
    temporary_ = TemporaryStage::sure_of_end;
    said_ = {};
}

std::optional<Wish> People::temporary_yes() {
    if (temporary_ == TemporaryStage::entry || !may_ask(true)) return std::nullopt;
    temporary_ = TemporaryStage::entry;
    return ask(Asked::temporary, temporary_wish_);
}

std::optional<Wish> People::open_emergency(bool badge_chosen) {
    if (!may_ask(false)) return std::nullopt;
    link::OpenEmergency wish;
    if (!put(wish.code, typed.code) || (wish.code.size == 0 && !badge_chosen))
        return object(words::need_emergency), std::nullopt;
    typed.forget_secrets();
    return ask(Asked::emergency, wish);
}

std::optional<Wish> People::idle(std::uint64_t now_s) {
    const std::uint64_t limit_s = emergency_until_s_ > now_s ? idle_in_emergency_s : idle_s;
    if (!who_ || in_hand() || line_ != LineState::up || now_s < used_s_ + limit_s) return std::nullopt;
    forget_session();
    typed.forget_secrets();
    auto wish = ask(Asked::log_out, link::LogOut{});
    said_ = {{fmt::format(fmt::runtime(words::left_alone.english), limit_s / 60),
              fmt::format(fmt::runtime(words::left_alone.french), limit_s / 60)},
             Role::medium};
    return wish;
}

// ---- what comes ----

void People::forget_session() {
    who_.reset();
    changes_.clear();
    if (bolus_ != BolusStage::running && bolus_ != BolusStage::ended) bolus_ = BolusStage::entry;
    temporary_ = TemporaryStage::entry;
    press_until_s_ = 0;
}

void People::left() {
    if (who_) object(words::time_runs);
    forget_session();
    was_.reset();
    typed.forget_secrets();
    under_way_.reset();
    line_ = LineState::connecting;
}

void People::hear(const LineNews& news, std::uint64_t now_s) {
    constexpr std::uint64_t press_within_s = 20;  // so long the pump waits
    switch (news.kind) {
        case LineNews::Kind::connected:
            line_ = LineState::up;
            device_ = news.device;
            for (const auto* past : {&words::line_wait, &words::line_away, &words::line_returning})
                if (said_.words.english == past->english) said_ = {};  // it is no longer so
            if (said_.words.english == words::lost_log_in.english) object(words::back_log_in);
            return;
        case LineNews::Kind::lost: {
            const auto code = news.why ? news.why->code : ErrorCode::io;
            if (line_ == LineState::up) back_by_s_ = now_s + back_within_s;
            line_ = code == ErrorCode::refused      ? LineState::refused
                    : code == ErrorCode::unreadable ? LineState::no_papers
                    : now_s < back_by_s_            ? LineState::returning
                                                    : LineState::away;
            if (who_) was_ = who_;
            if (emergency_until_s_ > now_s && !said_stays_)
                object(words::lost_emergency);
            else if (who_ && !said_stays_)
                object(words::lost_log_in);
            emergency_until_s_ = 0;  // it was for that session
            forget_session();
            return;
        }
        case LineNews::Kind::said:
            if (!under_way_) return;
            answer_ = read_answer(news.body);
            if (answer_ && *under_way_ == Asked::changes) take_change(news.body);
            if (!answer_) return;
            if (!answer_->words.english.empty()) object(answer_->words, Role::text);
            press_until_s_ = answer_->waits_for_press ? now_s + press_within_s : 0;
            return;
        case LineNews::Kind::ended:
            if (under_way_) end_command(news.state, now_s);
            return;
    }
}

void People::end_command(link::CommandState state, std::uint64_t now_s) {
    const Asked what = *under_way_;
    press_until_s_ = 0;
    used_s_ = now_s;
    if (state == link::CommandState::done && answer_) {
        done(*answer_, now_s);
        under_way_.reset();
        return;
    }
    under_way_.reset();
    const bool in_words = answer_ && !answer_->waits_for_press && !answer_->words.english.empty();
    if (!in_words) {
        const auto words = link::in_words(state);
        object(scenarios::Text{std::string{words.english}, std::string{words.french}});
        if (state == link::CommandState::unknown) object(text(look_at(what)));
    }
    said_stays_ = !in_words;
    said_.role = Role::medium;
    if (what == Asked::log_out) who_.reset();
    if (what != Asked::give || bolus_ != BolusStage::asked) return;
    // Unknown: it may be running. The pump's own account of it says more, in see().
    bolus_ = state == link::CommandState::unknown ? BolusStage::running : BolusStage::entry;
    running_since_s_ = now_s;
}

void People::done(const Answer& answer, std::uint64_t now_s) {
    switch (*under_way_) {
        case Asked::log_in:
            who_ = answer;
            was_.reset();
            logged_in_s_ = now_s;
            said_.role = Role::good;
            break;
        case Asked::log_out:
            forget_session();
            was_.reset();
            typed.forget_secrets();
            break;
        case Asked::meal:
            suggestion_ = answer.suggestion;
            typed.units = {};
            if (suggestion_ && suggestion_->suggested > 0_mU)
                write(typed.units, fmt::format("{:g}", suggestion_->suggested.count / 1000.0));
            said_ = {};
            break;
        case Asked::propose:
            if (answer.amount != amount_) {
                object(text(words::not_what_was_asked), Role::high);
                break;
            }
            bolus_ = BolusStage::read_back;
            break;
        case Asked::give:
            bolus_ = answer.waits_for_second ? BolusStage::second : BolusStage::running;
            running_since_s_ = now_s;
            if (answer.waits_for_second) object(text(words::second_waits), Role::medium);
            break;
        case Asked::emergency:
            emergency_until_s_ = answer.emergency_until_s.value_or(0);
            said_.role = Role::high;
            break;
        case Asked::cancel:
            // The pump's state says from now on what was given of it, in one figure: progress.
            cancelled_ = true;
            running_since_s_ = now_s;
            said_ = {};
            break;
        case Asked::changes:
            if (std::exchange(unfit_change_, false)) {
                changes_.clear();
                object(text(words::change_unfit), Role::high);
            } else if (!changes_.empty()) {
                said_ = {};
            }
            break;
        case Asked::approve:
            changes_.clear();
            said_.role = Role::good;
            if (bolus_ == BolusStage::second) {
                bolus_ = BolusStage::running;
                running_since_s_ = now_s;
            }
            break;
        case Asked::first_password:
        case Asked::password:
        case Asked::temporary:
        case Asked::context:
            said_.role = Role::good;
            break;
    }
    if (answer.waits_for_second) said_.role = Role::medium;
}

void People::see(const std::optional<Told>& told, std::uint64_t now_s) {
    told_ = told;
    std::erase_if(changes_, [now_s](const access::ShownChange& change) { return change.until_s <= now_s; });
    // The second person may have signed somewhere else.
    if (bolus_ == BolusStage::second && told && told->at_s > running_since_s_ && told->bolus &&
        told->bolus->state == "running")
        bolus_ = BolusStage::running;
    if (bolus_ != BolusStage::running || !told || told->at_s <= running_since_s_) return;
    if (!told->bolus) bolus_ = BolusStage::ended;
}

}  // namespace basalt::view
