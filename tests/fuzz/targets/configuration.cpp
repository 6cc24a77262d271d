#include "device/firmware/configuration.h"

#include "tests/fuzz/target.h"

#include <string_view>

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() {
    firmware::Configuration configuration{.device_name = "Pump", .glucose_unit = {}, .basal = {}};
    configuration.basal.fill({850});
    auto whole = configuration;
    whole.calculator.emplace();
    whole.calculator->carb_ratio.fill(100);
    whole.calculator->correction_factor.fill(45);
    whole.calculator->target.fill(110);
    whole.calculator->most_at_once = 8_U;
    return {bytes_of(firmware::to_toml(configuration)), bytes_of(firmware::to_toml(whole)),
            bytes_of("format = 1\n[basal]\nrates_mu_per_h = [nan, 1e9]\n")};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const auto read = firmware::read_configuration({reinterpret_cast<const char*>(data), size}, "device.cfg");
    if (!read) {
        fuzz::require(read.error().what.starts_with("device.cfg, line ") && !read.error().next_step.empty(),
                      "a refusal names file, line and next step");
        return 0;
    }
    for (const auto rate : read->basal)
        fuzz::require(firmware::is_settable(rate), "every rate that was read can be set");
    fuzz::require(!read->calculator || firmware::fault_of(*read->calculator) == firmware::SettingsFault::none,
                  "the calculator takes whatever settings were read");
    const auto again = firmware::read_configuration(firmware::to_toml(*read), "again");
    fuzz::require(again && again->basal == read->basal && again->device_name == read->device_name &&
                      again->calculator.has_value() == read->calculator.has_value(),
                  "what was read can be written and read again");
    return 0;
}
