#include "ui/view/pump_view.h"

#include "device/guardian/alarms.h"
#include "scenarios/engine/number.h"
#include "scenarios/engine/words.h"
#include "ui/view/people.h"
#include "ui/view/people_words.h"
#include "ui/view/units.h"
#include "ui/view/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace basalt::view {
namespace {

using scenarios::number;

constexpr std::uint32_t fresh_s = 7 * 60, usable_s = 15 * 60;
constexpr std::uint64_t an_hour_s = 3600;
constexpr double mg_dl_a_mmol_l = 18.016;

template <class... Args>
std::string fill(const scenarios::Words& words, Language language, Args&&... args) {
    return fmt::format(fmt::runtime(words.in(language)), std::forward<Args>(args)...);
}

bool alarm_on(const Panel& panel, guardian::Trigger trigger) noexcept {
    return (panel.signals.alarms & guardian::bit_of(trigger)) != 0;
}

bool any_alarm_on(const Panel& panel, std::initializer_list<guardian::Trigger> triggers) noexcept {
    return std::ranges::any_of(triggers, [&](guardian::Trigger trigger) { return alarm_on(panel, trigger); });
}

/// Two digits: what the pump's own panel tells is no finer.
std::string dose(double units, Language language) { return in_units(units, 2, language); }
std::string time_of(std::uint32_t second_of_day) {
    return fmt::format("{:02}:{:02}", second_of_day / 3600, second_of_day / 60 % 60);
}

constexpr std::uint64_t told_lasts_s = 15 * 60;
bool told_lately(const PumpFacts& facts) noexcept {
    return facts.panel.powered && facts.told && facts.panel.now_s <= facts.told->at_s + told_lasts_s;
}

/// Whether insulin flows, as far as the pump's own panel can know it.
enum class Flow : std::uint8_t {
    none,       ///< off or stopped
    held,       ///< the guardian gives nothing, or there is nothing to give
    doubtful,   ///< the motor did not move as told
    as_told,    ///< at the rate that the firmware told
    as_signed,  ///< at the rates that the physician signed
};
Flow flow_of(const PumpFacts& facts) noexcept {
    using enum guardian::Trigger;
    const Panel& panel = facts.panel;
    if (!panel.powered || panel.signals.mode == hal::Mode::stopped) return Flow::none;
    if (any_alarm_on(panel, {reservoir_empty, delivery_limited})) return Flow::held;
    if (alarm_on(panel, motor_stalled)) return Flow::doubtful;
    // With these the guardian gives the profile's rates, whatever the firmware says.
    const bool shut_out = any_alarm_on(panel, {firmware_not_proven, memory_damaged, clock_lost, storage_full});
    return panel.signals.mode == hal::Mode::normal && !shut_out && told_lately(facts) && facts.told->rate_u_per_h
               ? Flow::as_told
               : Flow::as_signed;
}

void see_glucose(PumpView& out, const Panel& panel, const History& history, const Settings& settings) {
    const Language language = settings.language;
    out.unit = settings.unit == GlucoseUnit::mg_dl ? "mg/dL" : "mmol/L";
    if (panel.glucose_mg_dl == 0 || !panel.powered) {
        out.glucose = {"- -", Role::quiet};
        out.age = {std::string{words::no_reading.in(language)}, Role::medium};
        return;
    }
    const int mg_dl = panel.glucose_mg_dl;
    const bool usable = panel.glucose_age_s < usable_s;
    out.glucose.words = usable ? glucose_in(mg_dl, settings) : "- -";
    out.glucose.role = !usable                      ? Role::quiet
                       : mg_dl < serious_low_mg_dl  ? Role::high
                       : mg_dl < target_low_mg_dl   ? Role::medium
                       : mg_dl <= target_high_mg_dl ? Role::good
                       : mg_dl <= very_high_mg_dl   ? Role::medium
                                                    : Role::high;
    if (usable) {
        const auto& level = mg_dl < serious_low_mg_dl    ? words::very_low
                            : mg_dl < target_low_mg_dl   ? words::low
                            : mg_dl <= target_high_mg_dl ? words::in_range
                            : mg_dl <= very_high_mg_dl   ? words::high
                                                         : words::very_high;
        out.level = {std::string{level.in(language)}, out.glucose.role};
    }
    const auto minutes = panel.glucose_age_s / 60;
    if (!usable)
        out.age = {fill(words::reading_too_old, language, minutes, glucose_in(mg_dl, settings)), Role::high};
    else if (panel.glucose_age_s >= fresh_s)
        out.age = {fill(words::reading_old, language, minutes), Role::medium};
    else
        out.age = {
            minutes == 0 ? std::string{words::reading_now.in(language)} : fill(words::reading_age, language, minutes),
            Role::quiet};
    if (!usable) return;
    out.arrow = history.trend(panel.now_s);
    if (out.arrow) out.trend = words::trends[static_cast<std::size_t>(*out.arrow)].in(language);
}

const scenarios::Words& normal_trust(const Panel& panel, Flow flow) noexcept {
    using enum guardian::Trigger;
    if (flow == Flow::as_signed && any_alarm_on(panel, {firmware_not_proven, memory_damaged, clock_lost, storage_full}))
        return words::signed_trust;
    if (any_alarm_on(panel, {slot_a_refused, slot_b_refused})) return words::one_copy_trust;
    const bool alarmed = std::ranges::any_of(guardian::alarm_rows, [&](const guardian::AlarmRow& row) {
        return row.priority > hal::Priority::low && alarm_on(panel, row.trigger);
    });
    return alarmed ? words::alarmed_trust : words::normal_trust;
}

void see_mode(PumpView& out, const PumpFacts& facts, Language language) {
    const Panel& panel = facts.panel;
    const Flow flow = flow_of(facts);
    const auto say = [language](const scenarios::Words& words, Role role) {
        return Line{std::string{words.in(language)}, role};
    };
    if (!panel.powered) {
        out.mode = say(words::off, Role::high);
        out.trust = say(words::off_trust, Role::text);
        return;
    }
    switch (panel.signals.mode) {
        case hal::Mode::start_up:
        case hal::Mode::normal: {
            const bool normal = panel.signals.mode == hal::Mode::normal;
            const auto& trust = normal ? normal_trust(panel, flow) : words::starting_trust;
            out.mode = say(normal ? words::normal : words::starting, normal ? Role::good : Role::low);
            out.trust = say(trust, &trust == &words::normal_trust ? Role::good : Role::text);
            if (flow == Flow::held || flow == Flow::doubtful) {
                out.mode = say(flow == Flow::held ? words::held : words::doubtful, Role::high);
                out.trust = say(words::held_trust, Role::text);
            }
            break;
        }
        case hal::Mode::failsafe:
            out.failsafe = true;
            out.mode = flow == Flow::held       ? say(words::failsafe_held, Role::high)
                       : flow == Flow::doubtful ? say(words::failsafe_doubtful, Role::high)
                                                : say(words::failsafe, Role::medium);
            out.advice = {say(words::failsafe_first, Role::text), say(words::failsafe_bolus, Role::quiet)};
            if (flow == Flow::as_signed)
                out.trust = say(words::failsafe_trust, Role::text);
            else {
                // What is to be done differs: the alarm says it, and a syringe may be a part of it.
                out.trust = say(words::held_trust, Role::text);
                out.advice.clear();
            }
            break;
        case hal::Mode::stopped:
            out.stopped = true;
            out.mode = say(words::stopped, Role::high);
            out.trust = say(alarm_on(panel, guardian::Trigger::delivery_stopped) ? words::stopped_by_person
                                                                                 : words::stopped_by_itself,
                            Role::text);
            break;
    }
}

void see_delivery(PumpView& out, const PumpFacts& facts, const History& history, Language language) {
    const Panel& panel = facts.panel;
    const auto given = history.given_since(panel.now_s - std::min(panel.now_s, an_hour_s));
    const auto flowed = dose(given.count / 1000.0, language);
    const auto say = [language](const scenarios::Words& words) { return std::string{words.in(language)}; };
    out.given = {fill(words::given_last_hour, language, flowed), Role::quiet};
    switch (flow_of(facts)) {
        case Flow::none:
        case Flow::held:
            out.rate = {say(words::no_flow), Role::high};
            break;
        case Flow::doubtful:
            out.rate = {say(words::flow_doubtful), Role::high};
            break;
        case Flow::as_told:
            out.rate_label = say(words::rate_now);
            out.rate = {fill(words::a_rate, language, dose(*facts.told->rate_u_per_h, language)), Role::text};
            break;
        case Flow::as_signed:
            // The profile is the guardian's: the screen knows only what the motor gave of it.
            out.rate_label = say(given > 0_mU ? words::last_hour : words::rate_now);
            out.rate = {given > 0_mU ? flowed : say(words::signed_rates), Role::text};
            out.given = {say(words::at_signed_rates), Role::quiet};
            break;
    }
    if (panel.powered && out.stopped) {
        if (facts.stopped_at && panel.clock_ok)
            out.mode.words = fill(words::stopped_since, language, time_of(*facts.stopped_at));
        if (alarm_on(panel, guardian::Trigger::delivery_stopped))
            out.advice.push_back(
                {facts.before_stop && facts.before_stop->told.rate_u_per_h
                     ? fill(words::after_resume_before, language, dose(*facts.before_stop->told.rate_u_per_h, language))
                     : say(words::after_resume),
                 Role::text});
    }

    const bool reservoir_low =
        alarm_on(panel, guardian::Trigger::reservoir_low) || alarm_on(panel, guardian::Trigger::reservoir_empty);
    out.reservoir = {
        fill(words::left_in_reservoir, language, dose(std::floor(panel.reservoir.count / 1000.0), language)),
        reservoir_low ? Role::medium : Role::text};
    out.battery = {fmt::format("{} %", panel.battery_percent),
                   alarm_on(panel, guardian::Trigger::battery_low) ? Role::medium : Role::text};
    if (!panel.powered)
        out.network = {std::string{words::network_off.in(language)}, Role::quiet};
    else if (panel.signals.network_isolated)
        out.network = {std::string{words::network_isolated.in(language)}, Role::medium};
    else if (!facts.told)
        out.network = {std::string{words::network_silent.in(language)}, Role::quiet};
    else
        out.network = {std::string{words::network_up.in(language)}, Role::text};
}

/// The last known value stands with its time, and only where a person stopped a firmware that was trusted.
Line unknown_on_board(const PumpFacts& facts, Language language) {
    constexpr double shown_u = 0.005;
    const auto& before = facts.before_stop;
    if (!facts.panel.powered || !before || !before->told.on_board_u)
        return {std::string{words::on_board_not_zero.in(language)}, Role::medium};
    const bool complete = before->told.on_board_complete;
    if (!complete && *before->told.on_board_u < shown_u)
        return {std::string{words::on_board_not_zero.in(language)}, Role::medium};
    return {fill(complete ? words::on_board_last_known : words::on_board_last_at_least, language,
                 time_of(before->second_of_day), dose(*before->told.on_board_u, language)),
            Role::medium};
}

/// What only the firmware knows: shown as long as its answer is not old.
void see_therapy(PumpView& out, const PumpFacts& facts, Language language) {
    const std::uint64_t now_s = facts.panel.now_s;
    out.on_board = unknown_on_board(facts, language);
    out.last_bolus = out.temporary = {std::string{words::therapy_unknown.in(language)}, Role::quiet};
    if (!told_lately(facts)) return;
    const Told& told = *facts.told;
    const auto ago = [&](std::uint64_t at_s) { return duration(now_s - std::min(now_s, at_s), language); };
    constexpr double shown_u = 0.005;  // "at least 0" would say nothing
    if (told.on_board_u && (told.on_board_complete || *told.on_board_u >= shown_u))
        out.on_board = told.on_board_complete
                           ? Line{dose(*told.on_board_u, language), Role::text}
                           : Line{fill(words::at_least, language, dose(*told.on_board_u, language)), Role::medium};
    if (told.bolus && told.bolus->state == "running") {
        const auto& bolus = *told.bolus;
        out.last_bolus = {
            fill(words::dose_runs, language, dose(bolus.given_u, language), dose(bolus.amount_u, language), bolus.who),
            Role::text};
    } else if (told.last_bolus) {
        const auto& last = *told.last_bolus;
        out.last_bolus = {last.state == "done"
                              ? fill(words::dose_by, language, dose(last.given_u, language), ago(last.at_s), last.who)
                              : fill(words::dose_part_by, language, dose(last.given_u, language),
                                     dose(last.amount_u, language), ago(last.at_s), last.who),
                          last.state == "done" ? Role::text : Role::medium};
    } else {
        out.last_bolus = {std::string{words::dose_none.in(language)}, Role::quiet};
    }
    if (told.temporary && told.temporary->percent != 0 && told.temporary->until_s > now_s)
        out.temporary = {fill(told.temporary->percent < 0 ? words::temporary_less : words::temporary_more, language,
                              std::abs(told.temporary->percent),
                              duration(told.temporary->until_s - now_s + 59, language), told.temporary->who),
                         Role::medium};
    else
        out.temporary = {std::string{words::temporary_none.in(language)}, Role::quiet};
}

/// At once where the patient may be in danger: all of high priority, and of medium priority what may change the
/// insulin.
bool at_once(const guardian::AlarmRow& row) noexcept {
    using enum guardian::Trigger;
    if (row.priority != hal::Priority::medium) return row.priority == hal::Priority::high;
    constexpr std::array of_insulin{firmware_not_proven, memory_damaged, clock_lost,
                                    slot_missed,         storage_full,   failsafe_bolus_refused};
    return std::ranges::find(of_insulin, row.trigger) != of_insulin.end();
}

void see_alarms(PumpView& out, const Panel& panel, Language language) {
    constexpr std::string_view marks[] = {"", "!", "!!", "!!!"};
    if (panel.powered)
        for (const auto& row : guardian::alarm_rows)
            if ((panel.signals.alarms & guardian::bit_of(row.trigger)) != 0) {
                const auto& said = language == Language::french ? row.french : row.english;
                // The table speaks of the pump's button alone; whoever stands here has keys for it.
                const auto next =
                    row.trigger == guardian::Trigger::delivery_stopped ? words::do_resume.in(language) : said.next;
                out.alarms.push_back({row.priority, std::string{marks[std::to_underlying(row.priority)]},
                                      fill(at_once(row) ? words::do_now : words::do_today, language, next),
                                      std::string{said.what}});
            }
    std::ranges::stable_sort(out.alarms, std::ranges::greater{}, &AlarmView::priority);
    if (out.alarms.empty()) {
        out.alarm_head = {std::string{words::no_alarm.in(language)}, Role::quiet};
        return;
    }
    const auto worst = out.alarms.front().priority;
    out.alarm_head = {fill(out.alarms.size() == 1 ? words::one_alarm : words::alarms, language, out.alarms.size(),
                           scenarios::words_of(worst).in(language)),
                      role_of(worst)};
}

void see_button(PumpView& out, const Panel& panel, Language language) {
    constexpr std::int64_t stop_s = 3, resume_s = 10;
    const auto rest = (out.stopped ? resume_s : stop_s) - panel.button_held_s;
    // Over: the mode itself says so.
    if (panel.button_held_s <= 0 || rest < 0 || !panel.powered) return;
    out.button_held = true;
    out.mode = {fill(out.stopped ? words::hold_to_resume : words::hold_to_stop, language, rest), Role::medium};
}

}  // namespace

Role role_of(hal::Priority priority) noexcept {
    switch (priority) {
        case hal::Priority::high:
            return Role::high;
        case hal::Priority::medium:
            return Role::medium;
        case hal::Priority::low:
            return Role::low;
        case hal::Priority::none:
            break;
    }
    return Role::quiet;
}

std::string glucose_in(double mg_dl, const Settings& settings) {
    const bool french = settings.language == Language::french;
    if (mg_dl < lowest_shown_mg_dl) return french ? "BAS" : "LOW";
    if (mg_dl > highest_shown_mg_dl) return french ? "HAUT" : "HIGH";
    return settings.unit == GlucoseUnit::mg_dl ? fmt::format("{:.0f}", mg_dl)
                                               : number(mg_dl / mg_dl_a_mmol_l, 1, settings.language);
}

PumpView view_of(const PumpFacts& facts, const History& history, const Settings& settings) {
    const Language language = settings.language;
    PumpView out;
    see_mode(out, facts, language);
    out.sounding = facts.panel.powered && facts.panel.signals.sound != hal::Priority::none;
    see_glucose(out, facts.panel, history, settings);
    see_delivery(out, facts, history, language);
    see_therapy(out, facts, language);
    see_alarms(out, facts.panel, language);
    see_button(out, facts.panel, language);
    out.clock = facts.panel.clock_ok ? time_of(facts.panel.second_of_day) : std::string{words::clock_lost.in(language)};
    return out;
}

}  // namespace basalt::view
