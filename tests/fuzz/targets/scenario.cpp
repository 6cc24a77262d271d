#include "scenarios/engine/scenario.h"

#include "tests/fuzz/target.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace basalt::fuzz {
std::vector<Input> seeds() {
    std::ifstream file{BASALT_SOURCE_DIR "/scenarios/files/tampered-firmware.toml", std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    require(scenarios::read_scenario(text, "tampered-firmware.toml").has_value(), "the good scenario is accepted");
    return {bytes_of(text)};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string_view in{reinterpret_cast<const char*>(data), size};
    const auto scenario = scenarios::read_scenario(in, "tampered-firmware.toml");
    if (!scenario) {
        fuzz::require(scenario.error().what.find("tampered-firmware.toml") != std::string::npos &&
                          !scenario.error().next_step.empty(),
                      "a refusal names the file and what to do");
        return 0;
    }
    fuzz::require(scenario->switched_off != 0, "a twin has some defence switched off");
    fuzz::require(std::ranges::is_sorted(scenario->timeline, {}, [](const auto& step) { return step.at.seconds; }),
                  "the timeline ascends");
    fuzz::require(std::ranges::is_sorted(scenario->requirements), "the requirements ascend");
    return 0;
}
