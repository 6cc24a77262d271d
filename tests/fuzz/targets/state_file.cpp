#include "device/factory/state_file.h"

#include "tests/fuzz/target.h"

namespace basalt::fuzz {

std::vector<Input> seeds() {
    return {bytes_of(factory::to_toml({})),
            bytes_of(factory::to_toml({.variant = Variant::training, .switched_off = 3})), bytes_of("format = 2")};
}

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const auto state = factory::parse_state_file({reinterpret_cast<const char*>(data), size});
    if (!state) {
        fuzz::require(!state.error().what.empty() && !state.error().next_step.empty(),
                      "a refusal has its sentence and remedy");
        return 0;
    }
    const auto again = factory::parse_state_file(factory::to_toml(*state));
    fuzz::require(again && again->device == state->device && again->seed == state->seed &&
                      again->switched_off == state->switched_off && again->variant == state->variant,
                  "what was read is what is written");
    return 0;
}
