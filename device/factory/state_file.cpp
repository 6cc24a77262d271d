#include "device/factory/state_file.h"

#include "device/common/authority.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

namespace basalt::factory {
namespace {

struct DefenceName {
    Defence defence;
    std::string_view name;
};
constexpr std::array defences{DefenceName{Defence::image_check, "image_check"},
                              DefenceName{Defence::sealing, "sealing"}};

std::unexpected<Error> unreadable(const toml::source_region& at, std::string_view expected) {
    return fail(ErrorCode::unreadable, fmt::format("state.toml, line {}: expected {}.", at.begin.line, expected),
                "Use another --state directory, or put the file back from a backup.");
}

std::optional<std::uint8_t> hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    return std::nullopt;
}

std::optional<DeviceId> device_id(std::string_view hex) noexcept {
    DeviceId id;
    if (hex.size() != 2 * id.size()) return std::nullopt;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const auto high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        id[i] = static_cast<std::uint8_t>(*high << 4 | *low);
    }
    return id;
}

Result<std::uint32_t> switches(const toml::array& names) {
    std::uint32_t bits = 0;
    for (const toml::node& node : names) {
        const auto name = node.value<std::string_view>();
        const auto known = std::ranges::find_if(defences, [&](const DefenceName& d) { return name == d.name; });
        if (known == defences.end()) return unreadable(node.source(), "\"image_check\" or \"sealing\"");
        bits |= std::to_underlying(known->defence);
    }
    return bits;
}

Result<StateFile> read(const toml::table& root) {
    const auto format = root["format"].value<std::int64_t>();
    if (!format || *format < 1) return unreadable(root.source(), fmt::format("format = {}", state_format));
    if (*format > state_format)
        return fail(ErrorCode::refused,
                    fmt::format("This device was made by a newer Basalt (format {}; this one knows {}).", *format,
                                state_format),
                    "Use the newer Basalt, or another --state directory.");
    StateFile state;
    const auto variant = root["variant"].value<std::string_view>();
    if (variant != "production" && variant != "training")
        return unreadable(root.source(), "variant = \"production\" or \"training\"");
    state.variant = variant == "training" ? Variant::training : Variant::production;

    const auto* names = root["switched_off"].as_array();
    if (names == nullptr) return unreadable(root.source(), "switched_off = [ names of defences ]");
    const auto bits = switches(*names);
    if (!bits) return std::unexpected{bits.error()};
    state.switched_off = *bits;

    const auto seed = root["seed"].value<std::int64_t>();
    if (!seed || *seed < 0) return unreadable(root.source(), "seed = a whole number from 0");
    state.seed = static_cast<std::uint64_t>(*seed);

    const auto device = device_id(root["device"].value_or(std::string_view{}));
    if (!device) return unreadable(root.source(), "device = \"32 hexadecimal digits\"");
    state.device = *device;
    return state;
}

}  // namespace

std::string_view name_of_defence(std::uint32_t bit) noexcept {
    for (const DefenceName& known : defences)
        if (std::to_underlying(known.defence) == bit) return known.name;
    return {};
}

std::string to_toml(const StateFile& state) {
    std::vector<std::string> off;
    for (const DefenceName& known : defences)
        if ((state.switched_off & std::to_underlying(known.defence)) != 0)
            off.push_back(fmt::format("\"{}\"", known.name));
    return fmt::format(
        "# What this directory is. Basalt reads it before anything else here.\n"
        "format = {}\n"
        "variant = \"{}\"\n"
        "switched_off = [{}]\n"
        "seed = {}\n"
        "device = \"{:02x}\"\n"
        "keys = \"development\"\n",
        state_format, state.variant == Variant::training ? "training" : "production", fmt::join(off, ", "), state.seed,
        fmt::join(state.device, ""));
}

Result<StateFile> parse_state_file(std::string_view text) {
    try {
        return read(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return unreadable(error.source(), "TOML");
    }
}

Result<StateFile> read_state_file(const std::filesystem::path& state_directory) {
    std::ifstream in{state_directory / "state.toml", std::ios::binary};
    if (!in && errno == EACCES)
        return fail(ErrorCode::io, fmt::format("The device in {} cannot be read by you.", state_directory.string()),
                    "Ask whoever owns it, or choose another place with --state DIR.");
    if (!in)
        return fail(ErrorCode::missing, fmt::format("There is no device in {}.", state_directory.string()),
                    fmt::format("Make one: basalt device init --state {}", state_directory.string()));
    std::string text(4096, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return parse_state_file(text);
}

}  // namespace basalt::factory
