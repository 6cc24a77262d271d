#include "ui/view/pump_view.h"

#include "device/guardian/alarms.h"
#include "scenarios/engine/number.h"
#include "scenarios/engine/words.h"
#include "ui/view/people.h"
#include "ui/view/people_words.h"
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

void see_mode(PumpView& out, const Panel& panel, Language language) {
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
            out.mode = say(words::starting, Role::low);
            out.trust = say(words::starting_trust, Role::text);
            break;
        case hal::Mode::normal:
            out.mode = say(words::normal, Role::good);
            out.trust = say(words::normal_trust, Role::good);
            break;
        case hal::Mode::failsafe:
            out.mode = say(words::failsafe, Role::medium);
            out.trust = say(words::failsafe_trust, Role::text);
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
    const auto flowed = number(given.count / 1000.0, 2, language);
    const bool told = facts.told && facts.told->rate_u_per_h && panel.signals.mode == hal::Mode::normal;
    out.basal.words = told
                          ? fill(words::rate_and_flow, language, number(*facts.told->rate_u_per_h, 2, language), flowed)
                          : fill(words::flow, language, flowed);
    if (panel.powered && out.stopped) {
        out.basal = {fill(words::nothing_flows, language, flowed), Role::high};
        if (facts.stopped_at && panel.clock_ok)
            out.mode.words = fill(words::stopped_since, language,
                                  fmt::format("{:02}:{:02}", *facts.stopped_at / 3600, *facts.stopped_at / 60 % 60));
        if (facts.told && facts.told->rate_u_per_h)
            out.basal.words +=
                "; " + fill(words::after_resuming, language, number(*facts.told->rate_u_per_h, 2, language));
    }

    const bool reservoir_low =
        alarm_on(panel, guardian::Trigger::reservoir_low) || alarm_on(panel, guardian::Trigger::reservoir_empty);
    out.reservoir = {fill(words::units_left, language, number(std::floor(panel.reservoir.count / 1000.0), 0, language)),
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

/// What only the firmware knows: shown as long as its answer is not old.
void see_therapy(PumpView& out, const PumpFacts& facts, Language language) {
    constexpr std::uint64_t told_lasts_s = 15 * 60;
    const std::uint64_t now_s = facts.panel.now_s;
    const Line unknown{std::string{words::on_board_unknown.in(language)}, Role::quiet};
    out.on_board = out.last_bolus = out.temporary = unknown;
    if (!facts.panel.powered || !facts.told || now_s > facts.told->at_s + told_lasts_s) return;
    const Told& told = *facts.told;
    const auto units = [language](double value) { return number(value, 2, language); };
    const auto ago = [&](std::uint64_t at_s) { return duration(now_s - std::min(now_s, at_s), language); };
    constexpr double shown_u = 0.005;  // "at least 0.00" would say nothing
    if (told.on_board_u && (told.on_board_complete || *told.on_board_u >= shown_u))
        out.on_board = told.on_board_complete
                           ? Line{units(*told.on_board_u) + " U", Role::text}
                           : Line{fill(words::on_board_at_least, language, units(*told.on_board_u)), Role::text};
    if (told.bolus && told.bolus->state == "running") {
        const auto& bolus = *told.bolus;
        out.last_bolus = {fill(words::bolus_runs, language, units(bolus.given_u), units(bolus.amount_u), bolus.who),
                          Role::text};
    } else if (told.last_bolus) {
        const auto& last = *told.last_bolus;
        out.last_bolus = {last.state == "done"
                              ? fill(words::bolus_by, language, units(last.given_u), ago(last.at_s), last.who)
                              : fill(words::bolus_part_by, language, units(last.given_u), units(last.amount_u),
                                     ago(last.at_s), last.who),
                          last.state == "done" ? Role::text : Role::medium};
    } else {
        out.last_bolus = {std::string{words::no_bolus.in(language)}, Role::quiet};
    }
    if (told.temporary && told.temporary->percent != 0 && told.temporary->until_s > now_s)
        out.temporary = {fill(told.temporary->percent < 0 ? words::temporary_less : words::temporary_more, language,
                              std::abs(told.temporary->percent),
                              duration(told.temporary->until_s - now_s + 59, language), told.temporary->who),
                         Role::medium};
    else
        out.temporary = {std::string{words::temporary_none.in(language)}, Role::quiet};
}

void see_alarms(PumpView& out, const Panel& panel, Language language) {
    constexpr std::string_view marks[] = {"", "!", "!!", "!!!"};
    if (panel.powered)
        for (const auto& row : guardian::alarm_rows)
            if ((panel.signals.alarms & guardian::bit_of(row.trigger)) != 0) {
                const auto& said = language == Language::french ? row.french : row.english;
                out.alarms.push_back({row.priority, std::string{marks[std::to_underlying(row.priority)]},
                                      std::string{said.what}, std::string{said.next}});
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
    see_mode(out, facts.panel, language);
    see_glucose(out, facts.panel, history, settings);
    see_delivery(out, facts, history, language);
    see_therapy(out, facts, language);
    see_alarms(out, facts.panel, language);
    see_button(out, facts.panel, language);
    out.clock = facts.panel.clock_ok
                    ? fmt::format("{:02}:{:02}", facts.panel.second_of_day / 3600, facts.panel.second_of_day / 60 % 60)
                    : std::string{words::clock_lost.in(language)};
    return out;
}

}  // namespace basalt::view
