// What the panels about people say.
#include "scenarios/engine/number.h"
#include "ui/view/people.h"
#include "ui/view/people_words.h"
#include "ui/view/units.h"

#include <fmt/format.h>

#include <cmath>

namespace basalt::view {
namespace {

template <class... Args>
std::string fill(const scenarios::Words& words, Language language, Args&&... args) {
    return fmt::format(fmt::runtime(words.in(language)), std::forward<Args>(args)...);
}

}  // namespace

std::string duration(std::uint64_t seconds, Language language) {
    const auto minutes = seconds / 60;
    return minutes < 60 ? fill(words::minutes, language, minutes)
                        : fill(words::hours, language, minutes / 60, minutes % 60);
}

/// Three digits: a bolus is read back to the thousandth of a unit.
std::string People::in_units(double units, Language language) const { return view::in_units(units, 3, language); }

PeopleView People::view(Language language, std::uint64_t now_s) const {
    PeopleView out;
    const auto say = [language](const scenarios::Words& words) { return std::string{words.in(language)}; };
    out.connected = line_ == LineState::up;
    out.busy = busy();
    out.somebody = who_.has_value();
    switch (line_) {
        case LineState::connecting:
            out.line = {say(words::line_connecting), Role::quiet};
            break;
        case LineState::up:
            out.line = {say(words::line_up), Role::quiet};
            break;
        case LineState::returning:
            out.line = {say(words::line_returning), Role::medium};
            break;
        case LineState::away:
            out.line = {say(words::line_away), Role::medium};
            break;
        case LineState::refused:
            out.line = {say(words::line_refused), Role::medium};
            break;
        case LineState::no_papers:
            out.line = {say(words::line_no_papers), Role::medium};
            break;
    }
    out.who = {say(words::nobody), Role::quiet};
    if (was_)
        out.who = {fill(words::log_in_again, language, was_->shown.empty() ? was_->account : was_->shown),
                   Role::medium};
    if (who_) out.who = {who_->shown.empty() ? who_->account : who_->shown, Role::text};
    out.said = {said_.words.in(language), said_.role};
    if (who_ && said_.role == Role::good && logged_in_s_ == used_s_) {
        out.said.words +=
            " " + (who_->last_login_s && *who_->last_login_s <= logged_in_s_
                       ? fill(words::last_log_in, language, duration(logged_in_s_ - *who_->last_login_s, language))
                       : say(words::first_log_in));
        if (who_->failed_since == 1)
            out.said.words += " " + say(words::failed_once);
        else if (who_->failed_since > 1)
            out.said.words += " " + fill(words::failed_since, language, who_->failed_since);
        if (who_->must_change) out.said.words += " " + say(words::must_change);
    }
    if (press_until_s_ > now_s) out.press = fill(words::press_now, language, press_until_s_ - now_s);

    out.bolus = bolus_;
    const double typed_u = amount_.count / 1000.0;
    if (bolus_ == BolusStage::read_back || bolus_ == BolusStage::asked)
        out.question = fill(words::give_it, language, in_units(typed_u, language));
    if (suggestion_) {
        // Its terms in hundredths, as they are shown elsewhere; what is to be given with every digit.
        const auto units = [&](MilliUnits amount) { return in_units(std::round(amount.count / 10.0) / 100, language); };
        out.suggestion = fill(words::suggested, language, in_units(suggestion_->suggested.count / 1000.0, language));
        out.because.push_back(fill(words::suggested_terms, language, units(suggestion_->for_carbs),
                                   units(suggestion_->correction), units(suggestion_->on_board)));
        for (const auto& advice : suggestion_->advice) out.because.push_back(advice.in(language));
    }
    if (bolus_ == BolusStage::running) {
        const double given_u = told_ && told_->at_s > running_since_s_ && told_->bolus ? told_->bolus->given_u : 0;
        out.progress = cancelled_
                           ? say(words::cancelling)
                           : fill(words::running, language, in_units(given_u, language), in_units(typed_u, language));
        out.progress_share = typed_u > 0 ? static_cast<float>(given_u / typed_u) : 0;
    } else if (bolus_ == BolusStage::second) {
        out.progress = fill(words::second_stage, language, in_units(typed_u, language));
    } else if (bolus_ == BolusStage::ended && told_ && told_->last_bolus) {
        const auto& last = *told_->last_bolus;
        const auto given = in_units(last.given_u, language), all = in_units(last.amount_u, language);
        out.progress = last.state == "done"        ? fill(words::ended_done, language, given)
                       : last.state == "cancelled" ? fill(words::ended_cancelled, language, given, all)
                                                   : fill(words::ended_short, language, given, all);
        if (!last.exact) out.progress += " " + say(words::may_be_more);
        out.progress_share = last.amount_u > 0 ? static_cast<float>(last.given_u / last.amount_u) : 0;
    }

    out.temporary = temporary_;
    out.temporary_set = told_ && told_->temporary;
    const auto percent = temporary_wish_.percent;
    if (temporary_ == TemporaryStage::sure)
        out.question = fill(percent < 0 ? words::temporary_sure_less : words::temporary_sure_more, language,
                            percent < 0 ? -percent : percent, temporary_wish_.seconds / 60);
    if (temporary_ == TemporaryStage::sure_of_end) out.question = say(words::temporary_end_sure);

    if (shown_change_ < changes_.size()) {
        const auto& change = changes_[shown_change_];
        out.change = harmless(access::in_words(
            change, language == Language::french ? access::Language::french : access::Language::english));
        out.change_which = fill(words::change_which, language, shown_change_ + 1, changes_.size(),
                                duration(change.until_s - std::min(change.until_s, now_s), language));
    }

    out.emergency_open = emergency_until_s_ > now_s;
    out.emergency =
        out.emergency_open
            ? Line{fill(words::emergency_open, language, (emergency_until_s_ - now_s + 59) / 60), Role::high}
            : Line{say(words::emergency_closed), Role::quiet};

    out.headline = !out.press.empty()                                                                 ? out.press
                   : !out.question.empty()                                                            ? out.question
                   : !out.change.empty()                                                              ? out.change
                   : !out.progress.empty()                                                            ? out.progress
                   : bolus_ == BolusStage::entry && !out.suggestion.empty() && out.said.words.empty() ? out.suggestion
                   : out.emergency_open      ? out.emergency.words
                   : !out.said.words.empty() ? out.said.words
                   : out.connected           ? out.line.words
                                             : std::string{};
    return out;
}

}  // namespace basalt::view
