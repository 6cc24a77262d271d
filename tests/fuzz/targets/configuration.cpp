#include "device/firmware/configuration.h"

#include "tests/fuzz/target.h"

namespace basalt::fuzz {
std::vector<Input> seeds() {
    firmware::Configuration configuration;
    configuration.device_name = "Pump of bed 7";
    const std::string good = firmware::to_toml(configuration);
    require(firmware::read_configuration(good, "device.cfg").has_value(), "the good configuration is accepted");
    return {bytes_of(good),
            bytes_of(good + "[\"extra\".a.b]\nc = [nan, 1e308, 0x7f, 1979-05-27T07:32:00Z, '''x''', {y = []}]\n")};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string_view in{reinterpret_cast<const char*>(data), size};
    const auto read = firmware::read_configuration(in, "device.cfg");
    if (!read) {
        fuzz::require(read.error().what.find("device.cfg") != std::string::npos && !read.error().next_step.empty(),
                      "a refusal names the file and what to do");
        return 0;
    }
    for (const auto rate : read->basal) fuzz::require(firmware::is_settable(rate), "every rate can be set");
    const std::string written = firmware::to_toml(*read);
    const auto again = firmware::read_configuration(written, "device.cfg");
    fuzz::require(again && firmware::to_toml(*again) == written, "what is written is read back as it was");
    return 0;
}
