#include "device/firmware/configuration.h"

#include "tests/fuzz/target.h"

#include <string_view>

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() {
    firmware::Configuration configuration{.device_name = "Pump", .glucose_unit = {}, .basal = {}};
    configuration.basal.fill({850});
    return {bytes_of(firmware::to_toml(configuration)), bytes_of("format = 1\n[basal]\nrates_mu_per_h = [nan, 1e9]\n")};
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
    const auto again = firmware::read_configuration(firmware::to_toml(*read), "again");
    fuzz::require(again && again->basal == read->basal && again->device_name == read->device_name,
                  "what was read can be written and read again");
    return 0;
}
