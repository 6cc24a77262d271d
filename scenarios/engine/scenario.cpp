#include "scenarios/engine/scenario.h"

#include "device/guardian/alarms.h"
#include "device/guardian/profile.h"
#include "pump_model/patients.h"
#include "scenarios/engine/toml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace basalt::scenarios {
namespace {

struct NamedDefence {
    std::string_view name;
    Defence defence;
};
constexpr std::array defences{NamedDefence{"image_check", Defence::image_check},
                              NamedDefence{"sealing", Defence::sealing}};

struct NamedMode {
    std::string_view name;
    hal::Mode mode;
};
constexpr std::array modes{NamedMode{"start_up", hal::Mode::start_up}, NamedMode{"normal", hal::Mode::normal},
                           NamedMode{"failsafe", hal::Mode::failsafe}, NamedMode{"stopped", hal::Mode::stopped}};

template <class Table>
std::vector<std::string_view> names_in(const Table& table) {
    std::vector<std::string_view> names;
    for (const auto& row : table) names.push_back(row.name);
    return names;
}

std::vector<std::string_view> alarm_ids() {
    std::vector<std::string_view> ids;
    for (const auto& row : guardian::alarm_rows) ids.push_back(row.id);
    return ids;
}

/// Lower-case letters, digits and single dashes: safe as a file name, in a report and in a shell.
bool is_name(std::string_view s) {
    return !s.empty() && s.front() != '-' && s.back() != '-' && s.find("--") == s.npos &&
           std::ranges::all_of(s, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::string name(Section& section, std::string_view key) {
    auto value = section.string(key, 40);
    if (!value.empty() && !is_name(value))
        section.fault(key, fmt::format("\"{}\" is no name. Expected small letters, digits and single dashes.",
                                       section.full(key)));
    return value;
}

std::vector<int> requirements(Section& section) {
    std::vector<std::string> all;
    for (int r = 1; r <= 64; ++r) all.push_back(fmt::format("R{}", r));
    std::vector<int> numbers;
    for (const auto& word : section.words("requirements", {all.begin(), all.end()}, all.size()))
        numbers.push_back(std::stoi(word.substr(1)));
    std::ranges::sort(numbers);
    return numbers;
}

MilliUnits milli_units(Section& section, std::string_view key, std::int32_t most, MilliUnits otherwise) {
    return {static_cast<std::int32_t>(section.integer_or(key, 0, most, otherwise.count))};
}

Setting setting(Section& s) {
    Setting out;
    std::vector<std::string_view> people = names_in(pump_model::all_people());
    out.patient = s.word("patient", people);
    out.hours = s.integer("hours", 1, 72);
    out.start = s.time_of_day("start");
    constexpr auto most = guardian::highest_rate.count;
    const auto rate = s.integer("basal_mu_per_h", 0, most);
    if (rate % guardian::rate_step_mu_per_h != 0)
        s.fault("basal_mu_per_h", fmt::format("\"{}\" is {}. Expected steps of {} mU/h, for example 1450 for 1.45 U/h.",
                                              s.full("basal_mu_per_h"), rate, guardian::rate_step_mu_per_h));
    out.basal = {static_cast<std::int32_t>(rate)};
    out.reservoir = milli_units(s, "reservoir_mu", 300'000, out.reservoir);
    s.table(
        "limits",
        [&out](Section& limits) {
            auto& l = out.limits;
            l.per_dose = milli_units(limits, "per_dose_mu", 25'000, l.per_dose);
            l.per_hour = milli_units(limits, "per_hour_mu", 50'000, l.per_hour);
            l.beyond_profile_in_4_h = milli_units(limits, "beyond_profile_in_4_h_mu", 100'000, l.beyond_profile_in_4_h);
            l.per_day = milli_units(limits, "per_day_mu", 300'000, l.per_day);
        },
        true);
    return out;
}

Deed deed(Section& s) {
    const auto verb = s.word("do", {"fs.replace_image", "power.cycle", "person.eat"});
    if (verb == "fs.replace_image") {
        ReplaceImage out;
        out.attacker = name(s, "attacker");
        for (const auto& slot : s.words("slots", {"a", "b"}, 2))
            out.slots.push_back(slot == "a" ? hal::Slot::a : hal::Slot::b);
        out.off_s = s.integer("off_s", 0, 3600);
        return out;
    }
    if (verb == "power.cycle") return PowerCycle{s.integer("off_s", 0, 3600)};
    return Meal{s.number("carbs_g", 0.1, 500)};
}

std::int64_t time_without_power(const Deed& deed) {
    if (const auto* replace = std::get_if<ReplaceImage>(&deed)) return replace->off_s;
    if (const auto* cycle = std::get_if<PowerCycle>(&deed)) return cycle->off_s;
    return 0;
}

std::vector<Step> timeline(Section& root, Moment end) {
    std::vector<Step> steps;
    Moment free;  // when the step before is over
    root.tables("timeline", 1, 200, [&](Section& s) {
        Step step{.at = s.moment("at", end), .deed = {}, .words = s.text("words")};
        if (step.at < free || step.at >= end)
            s.fault("at",
                    fmt::format("\"{}\" is before the step above it is over, or not before the end. Expected steps in "
                                "the order of time.",
                                s.full("at")));
        step.deed = deed(s);
        free = step.at + time_without_power(step.deed);
        steps.push_back(std::move(step));
    });
    return steps;
}

Sight sight(Section& s, Moment end) {
    const auto kind = s.word("show", {"event", "mode", "alarm", "time_in_range", "no_more_than_profile"});
    if (kind == "event") return ShowsEvent{s.string("event", 40), s.moment("by", end)};
    if (kind == "mode") {
        const auto word = s.word("mode", names_in(modes));
        const auto found = std::ranges::find(modes, std::string_view{word}, &NamedMode::name);
        return ShowsMode{found == modes.end() ? hal::Mode::failsafe : found->mode, s.moment("by", end)};
    }
    if (kind == "alarm") return ShowsAlarm{s.word("alarm", alarm_ids()), s.moment("by", end)};
    if (kind == "time_in_range") return StaysInRange{s.number("percent", 0, 100)};
    return GivesNoMoreThanProfile{};
}

std::vector<Expectation> expectations(Section& root, Moment end) {
    std::vector<Expectation> out;
    std::set<std::string> ids;
    root.tables("expect", 1, 50, [&](Section& s) {
        Expectation e{.id = name(s, "id"), .text = s.text("text"), .sight = sight(s, end)};
        if (!ids.insert(e.id).second)
            s.fault("id", fmt::format("\"{}\" stands twice. Expected an id of its own.", e.id));
        out.push_back(std::move(e));
    });
    return out;
}

std::string_view stem(std::string_view file) {
    if (const auto slash = file.rfind('/'); slash != file.npos) file.remove_prefix(slash + 1);
    if (file.ends_with(".toml")) file.remove_suffix(5);
    return file;
}

Scenario scenario(Section& root, std::string_view file) {
    Scenario out;
    root.integer("format", 1, 1);
    out.id = name(root, "id");
    if (out.id != stem(file))
        root.fault("id", fmt::format("\"id\" is \"{}\". Expected the file's own name, \"{}\".", out.id, stem(file)));
    out.title = root.text("title");
    out.story = root.text("story");
    out.requirements = requirements(root);
    root.table("setting", [&out](Section& s) { out.setting = setting(s); });
    out.timeline = timeline(root, out.end());
    out.expectations = expectations(root, out.end());
    root.table("twin", [&out](Section& s) {
        for (const auto& word : s.words("switched_off", names_in(defences), defences.size()))
            out.switched_off |=
                std::to_underlying(std::ranges::find(defences, std::string_view{word}, &NamedDefence::name)->defence);
        s.word("harm", {"hypo"});
        out.why_harmed = s.text("why_harmed");
        out.why_protected = s.text("why_protected");
        out.limits_cannot = s.text("limits_cannot");
    });
    root.tables("questions", 0, 20, [&out](Section& s) {
        Text ask = s.text("ask");
        out.questions.push_back({std::move(ask), s.text("answer")});
    });
    out.debrief = root.text("debrief");
    root.finish();
    return out;
}

}  // namespace

std::string_view name_of(Defence defence) noexcept {
    const auto found = std::ranges::find(defences, defence, &NamedDefence::defence);
    return found == defences.end() ? std::string_view{"unknown"} : found->name;
}

Result<Scenario> read_scenario(std::string_view toml, std::string_view file) {
    Faults faults{file};
    Scenario out;
    if (toml.size() > max_scenario_size) {
        faults.add(1, fmt::format("the file has {} bytes. Expected at most {}.", toml.size(), max_scenario_size));
        return std::unexpected{*faults.first()};
    }
    try {
        const toml::table table = toml::parse(toml, std::string{file});
        Section root{faults, table, ""};
        out = scenario(root, file);
    } catch (const toml::parse_error& error) {
        faults.add(error.source().begin.line, fmt::format("this is no TOML: {}.", error.description()));
    } catch (const std::exception& error) {
        faults.add(1, fmt::format("the file cannot be read: {}.", error.what()));
    }
    if (faults.first()) return std::unexpected{*faults.first()};
    return out;
}

}  // namespace basalt::scenarios
