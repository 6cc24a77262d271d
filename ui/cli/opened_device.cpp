#include "ui/cli/opened_device.h"

namespace basalt::cli {

Result<OpenedDevice> open_device(const std::string& state_option, scenarios::Observer& observer) {
    auto path = state_option.empty() ? bench::default_state_directory() : Result<std::filesystem::path>{state_option};
    if (!path) return std::unexpected{path.error()};
    auto state = bench::StateDirectory::open(*path);
    if (!state) return std::unexpected{state.error()};
    auto run = bench::RunDirectory::make();
    if (!run) return std::unexpected{run.error()};
    auto device = bench::LivingDevice::open(*state, *run, {}, observer);
    if (!device) return std::unexpected{device.error()};
    return OpenedDevice{std::move(*run), std::move(*state), std::move(*device)};
}

}  // namespace basalt::cli
