#include "scenarios/engine/catalogue.h"

#include "pump_model/nearest.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace basalt::scenarios {

Result<std::vector<std::string>> scenario_names(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
        if (it->path().extension() == ".toml") names.push_back(it->path().stem().string());
    if (error)
        return fail(ErrorCode::io, fmt::format("The folder of the scenarios cannot be read: {}.", error.message()),
                    "Start Basalt from a complete copy of its folder.");
    std::ranges::sort(names);
    return names;
}

Result<Scenario> load_scenario(const std::filesystem::path& folder, std::string_view name) {
    const auto names = scenario_names(folder);
    if (!names) return std::unexpected{names.error()};
    if (std::ranges::find(*names, name) == names->end()) {
        const auto nearest = pump_model::nearest(name, *names);
        return fail(ErrorCode::usage, fmt::format("There is no scenario \"{}\".", name.substr(0, 60)),
                    nearest.empty()
                        ? "There are none in this copy."
                        : fmt::format("Did you mean \"{}\"? \"basalt scenario list\" shows all of them.", nearest));
    }
    const auto path = folder / fmt::format("{}.toml", name);
    std::ifstream in{path, std::ios::binary};
    std::string text(max_scenario_size + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (!in.eof() && in.fail()) || in.gcount() == 0)
        return fail(ErrorCode::io, fmt::format("The scenario \"{}\" is empty or cannot be read.", name),
                    "Restore the file.");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return read_scenario(text, fmt::format("scenarios/files/{}.toml", name));
}

}  // namespace basalt::scenarios
