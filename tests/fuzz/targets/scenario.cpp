#include "scenarios/engine/scenario.h"

#include "tests/fuzz/target.h"

// A scenario file is read whole, within every range that scenario.h promises, or refused with words.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string text{data, data + size};
    const auto scenario = scenarios::read_scenario(text, "tampered-firmware.toml");
    if (!scenario) {
        fuzz::require(scenario.error().what.starts_with("tampered-firmware.toml, line "),
                      "a refusal names file and line");
        fuzz::require(!scenario.error().next_step.empty(), "a refusal says what to do");
        return 0;
    }
    fuzz::require(scenario->setting.hours >= 1 && scenario->setting.hours <= 72, "hours are in range");
    fuzz::require(scenario->setting.basal.count % 50 == 0, "the basal rate can be set");
    fuzz::require(scenario->switched_off != 0, "the twin lacks a defence");
    scenarios::Moment last;
    for (const auto& step : scenario->timeline) {
        fuzz::require(step.at >= last && step.at < scenario->end(), "steps stand in the order of time");
        fuzz::require(!step.words.english.empty() && !step.words.french.empty(), "both languages are there");
        last = step.at;
    }
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() {
    return {bytes_of(R"(format = 1
id = "tampered-firmware"
requirements = ["R33"]
title = { en = "a", fr = "b" }
story = { en = "a", fr = "b" }
debrief = { en = "a", fr = "b" }
[setting]
patient = "adult#003"
hours = 24
start = "22:00"
basal_mu_per_h = 1450
[setting.limits]
per_hour_mu = 12000
[[timeline]]
at = "00:30"
do = "person.eat"
carbs_g = 40.5
words = { en = "a", fr = "b" }
[[timeline]]
at = "01:01"
do = "fs.replace_image"
attacker = "tenfold"
slots = ["a", "b"]
off_s = 120
words = { en = "a", fr = "b" }
[[expect]]
id = "failsafe"
show = "mode"
mode = "failsafe"
by = "01:10"
text = { en = "a", fr = "b" }
[twin]
switched_off = ["image_check"]
harm = "hypo"
why_harmed = { en = "a", fr = "b" }
why_protected = { en = "a", fr = "b" }
limits_cannot = { en = "a", fr = "b" }
)")};
}
