#include "device/firmware/configuration.h"

#include "device/firmware/therapy/typed_number.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace basalt::firmware {
namespace {
constexpr std::string_view next_step =
    "Correct the file, sign it again, and install it. Until then the pump goes on with its failsafe profile.";
constexpr std::size_t max_name_size = 64;

struct Reader {
    std::string_view file;

    std::unexpected<Error> refuse(std::uint32_t line, std::string_view why) const {
        return fail(ErrorCode::unreadable, fmt::format("{}, line {}: {}", file, line, why), std::string{next_step});
    }
    std::unexpected<Error> refuse(const toml::node& at, std::string_view why) const {
        return refuse(std::max<std::uint32_t>(at.source().begin.line, 1), why);  // the root of an empty file has line 0
    }

    /// `parent`'s key, of the wanted type; or words that say what stands there instead.
    template <class Node>
    Result<const Node*> need(const toml::table& parent, std::string_view name, std::string_view key,
                             std::string_view wanted) const {
        const toml::node* found = parent.get(key);
        if (found == nullptr) return refuse(parent, fmt::format("\"{}\" is missing. Expected {}.", name, wanted));
        const Node* typed = nullptr;
        if constexpr (std::is_same_v<Node, toml::table>)
            typed = found->as_table();
        else if constexpr (std::is_same_v<Node, toml::array>)
            typed = found->as_array();
        else
            typed = found->as<typename Node::value_type>();
        if (typed == nullptr)
            return refuse(*found, fmt::format("\"{}\" has the wrong type. Expected {}.", name, wanted));
        return typed;
    }

    /// A setting that nobody knows is a spelling mistake, and what was meant would silently not be set.
    Result<void> only(const toml::table& table, std::initializer_list<std::string_view> known) const {
        for (const auto& [key, node] : table)
            if (std::ranges::find(known, key.str()) == known.end())
                return refuse(key.source().begin.line,
                              fmt::format("\"{}\" is no setting. Expected: {}.", key.str(), fmt::join(known, ", ")));
        return {};
    }
};

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= max_name_size &&
           std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Result<BasalRates> read_rates(const Reader& reader, const toml::table& basal) {
    constexpr std::string_view wanted = "48 whole numbers, one rate in mU/h for each half hour from midnight";
    const auto list = reader.need<toml::array>(basal, "basal.rates_mu_per_h", "rates_mu_per_h", wanted);
    if (!list) return std::unexpected{list.error()};
    BasalRates rates{};
    if ((*list)->size() != rates.size())
        return reader.refuse(
            **list, fmt::format("\"basal.rates_mu_per_h\" has {} rates. Expected {}.", (*list)->size(), wanted));
    for (std::size_t i = 0; i < rates.size(); ++i) {
        const toml::node& node = (*list)->operator[](i);
        const auto* number = node.as_integer();
        if (number == nullptr)
            return reader.refuse(node,
                                 fmt::format("rate {} of \"basal.rates_mu_per_h\" is no whole number. Expected mU/h, "
                                             "for example 850 for 0.85 U/h.",
                                             i + 1));
        const std::int64_t value = number->get();
        // Compared in 64 bits first: a number that does not fit 32 must not become one that does.
        if (value < 0 || value > basal_rate_max.count ||
            !is_settable(MilliUnitsPerHour{static_cast<std::int32_t>(value)}))
            return reader.refuse(
                node, fmt::format("rate {} of \"basal.rates_mu_per_h\" is {}. Expected 0 to {} mU/h in steps "
                                  "of {}.",
                                  i + 1, value, basal_rate_max.count, basal_rate_step.count));
        rates[i] = {static_cast<std::int32_t>(value)};
    }
    return rates;
}

struct Range {
    std::int64_t least, most, step;
};

Result<std::int64_t> read_number(const Reader& reader, const toml::table& table, std::string_view name,
                                 std::string_view key, const Range& range, std::string_view unit) {
    const std::string wanted = fmt::format("a whole number of {}, {} to {}{}", unit, range.least, range.most,
                                           range.step > 1 ? fmt::format(" in steps of {}", range.step) : "");
    const auto node = reader.need<toml::value<std::int64_t>>(table, name, key, wanted);
    if (!node) return std::unexpected{node.error()};
    const std::int64_t value = (*node)->get();
    if (value < range.least || value > range.most || value % range.step != 0)
        return reader.refuse(**node, fmt::format("\"{}\" is {}. Expected {}.", name, value, wanted));
    return value;
}

Result<OfTheDay> read_of_the_day(const Reader& reader, const toml::table& table, std::string_view key,
                                 const Range& range, std::string_view unit) {
    const std::string name = fmt::format("calculator.{}", key);
    const std::string wanted = fmt::format("48 whole numbers, one in {} for each half hour from midnight", unit);
    const auto list = reader.need<toml::array>(table, name, key, wanted);
    if (!list) return std::unexpected{list.error()};
    OfTheDay values{};
    if ((*list)->size() != values.size())
        return reader.refuse(**list, fmt::format("\"{}\" has {} values. Expected {}.", name, (*list)->size(), wanted));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const toml::node& node = (*list)->operator[](i);
        const auto* number = node.as_integer();
        if (number == nullptr || number->get() < range.least || number->get() > range.most)
            return reader.refuse(
                node, fmt::format("value {} of \"{}\" is {}. Expected a whole number of {}, {} to {}.", i + 1, name,
                                  number == nullptr ? "no whole number" : fmt::to_string(number->get()), unit,
                                  range.least, range.most));
        values[i] = static_cast<std::uint16_t>(number->get());
    }
    return values;
}

/// Ranges as in fault_of() of calculator_settings.h.
Result<CalculatorSettings> read_calculator(const Reader& reader, const toml::table& table) {
    if (auto ok = reader.only(table, {"carb_ratio_dg_per_u", "correction_mg_dl_per_u", "target_mg_dl", "action_min",
                                      "peak_min", "most_at_once_mu"});
        !ok)
        return std::unexpected{ok.error()};
    const auto carbs = read_of_the_day(reader, table, "carb_ratio_dg_per_u", {10, 1'500, 1}, "0.1 g for one unit");
    if (!carbs) return std::unexpected{carbs.error()};
    const auto factor = read_of_the_day(reader, table, "correction_mg_dl_per_u", {10, 400, 1}, "mg/dL for one unit");
    if (!factor) return std::unexpected{factor.error()};
    const auto target = read_of_the_day(reader, table, "target_mg_dl", {80, 180, 1}, "mg/dL");
    if (!target) return std::unexpected{target.error()};
    const auto action = read_number(reader, table, "calculator.action_min", "action_min", {300, 480, 1}, "minutes");
    if (!action) return std::unexpected{action.error()};
    const auto peak = read_number(reader, table, "calculator.peak_min", "peak_min", {35, 120, 1}, "minutes");
    if (!peak) return std::unexpected{peak.error()};
    const auto most = read_number(reader, table, "calculator.most_at_once_mu", "most_at_once_mu",
                                  {bolus_step.count, most_bolus_typed.count, bolus_step.count}, "mU");
    if (!most) return std::unexpected{most.error()};
    return CalculatorSettings{.carb_ratio = *carbs,
                              .correction_factor = *factor,
                              .target = *target,
                              .action = {static_cast<std::uint16_t>(*action), static_cast<std::uint16_t>(*peak)},
                              .most_at_once = {static_cast<std::int32_t>(*most)}};
}

Result<std::optional<CalculatorSettings>> read_calculator_if_any(const Reader& reader, const toml::table& root) {
    if (root.get("calculator") == nullptr) return std::nullopt;
    const auto table = reader.need<toml::table>(root, "calculator", "calculator", "a table");
    if (!table) return std::unexpected{table.error()};
    auto settings = read_calculator(reader, **table);
    if (!settings) return std::unexpected{settings.error()};
    return std::optional{*settings};
}

/// Eight to a line: four hours.
template <class Values, class Number>
std::string list_of(const Values& values, Number number) {
    std::string text = "[";
    for (std::size_t i = 0; i < values.size(); ++i)
        fmt::format_to(std::back_inserter(text), "{}{},", i % 8 == 0 ? "\n    " : " ", number(values[i]));
    return text + "\n]\n";
}

std::string calculator_as_toml(const CalculatorSettings& c) {
    const auto same = [](std::uint16_t value) { return value; };
    return fmt::format(
        "\n[calculator]\n"
        "# for each half hour from midnight; eight to a line: four hours\n"
        "# tenths of a gram of carbohydrate that one unit covers (100 is 10 g)\n"
        "carb_ratio_dg_per_u = {}"
        "# mg/dL by which one unit lowers the glucose\n"
        "correction_mg_dl_per_u = {}"
        "target_mg_dl = {}"
        "# how long rapid insulin acts, and when most\n"
        "action_min = {}\npeak_min = {}\n"
        "# the largest bolus without a physician, mU (8000 is 8 units)\n"
        "most_at_once_mu = {}\n",
        list_of(c.carb_ratio, same), list_of(c.correction_factor, same), list_of(c.target, same), c.action.duration_min,
        c.action.peak_min, c.most_at_once.count);
}

Result<Configuration> read(const Reader& reader, const toml::table& root) {
    if (auto ok = reader.only(root, {"format", "device", "display", "basal", "calculator"}); !ok)
        return std::unexpected{ok.error()};
    const auto format = reader.need<toml::value<std::int64_t>>(root, "format", "format", "1");
    if (!format) return std::unexpected{format.error()};
    if ((*format)->get() != 1)
        return reader.refuse(**format, fmt::format("\"format\" is {}. Expected 1.", (*format)->get()));

    const auto device = reader.need<toml::table>(root, "device", "device", "a table");
    if (!device) return std::unexpected{device.error()};
    if (auto ok = reader.only(**device, {"name"}); !ok) return std::unexpected{ok.error()};
    constexpr std::string_view a_name = "a name of 1 to 64 bytes without control characters";
    const auto name = reader.need<toml::value<std::string>>(**device, "device.name", "name", a_name);
    if (!name) return std::unexpected{name.error()};
    if (!is_name((*name)->get()))
        return reader.refuse(**name, fmt::format("\"device.name\" is no name. Expected {}.", a_name));

    const auto display = reader.need<toml::table>(root, "display", "display", "a table");
    if (!display) return std::unexpected{display.error()};
    if (auto ok = reader.only(**display, {"glucose_unit"}); !ok) return std::unexpected{ok.error()};
    constexpr std::string_view a_unit = "\"mg/dL\" or \"mmol/L\"";
    const auto unit = reader.need<toml::value<std::string>>(**display, "display.glucose_unit", "glucose_unit", a_unit);
    if (!unit) return std::unexpected{unit.error()};
    if ((*unit)->get() != "mg/dL" && (*unit)->get() != "mmol/L")
        return reader.refuse(**unit, fmt::format("\"display.glucose_unit\" is unknown. Expected {}.", a_unit));

    const auto basal = reader.need<toml::table>(root, "basal", "basal", "a table");
    if (!basal) return std::unexpected{basal.error()};
    if (auto ok = reader.only(**basal, {"rates_mu_per_h"}); !ok) return std::unexpected{ok.error()};
    const auto rates = read_rates(reader, **basal);
    if (!rates) return std::unexpected{rates.error()};
    const auto calculator = read_calculator_if_any(reader, root);
    if (!calculator) return std::unexpected{calculator.error()};

    return Configuration{.device_name = (*name)->get(),
                         .glucose_unit = (*unit)->get() == "mg/dL" ? GlucoseUnit::mg_dl : GlucoseUnit::mmol_l,
                         .basal = *rates,
                         .calculator = *calculator};
}
}  // namespace

Result<Configuration> read_configuration(std::string_view toml, std::string_view file) {
    const Reader reader{file};
    if (toml.size() > max_configuration_size)
        return reader.refuse(
            1, fmt::format("the file has {} bytes. Expected at most {}.", toml.size(), max_configuration_size));
    try {
        return read(reader, toml::parse(toml, std::string{file}));
    } catch (const toml::parse_error& error) {
        return reader.refuse(error.source().begin.line, fmt::format("this is no TOML: {}.", error.description()));
    } catch (const std::exception& error) {
        return reader.refuse(1, fmt::format("the file cannot be read: {}.", error.what()));
    }
}

std::string to_toml(const Configuration& configuration) {
    std::string name;
    for (const char c : configuration.device_name) {
        if (c == '"' || c == '\\') name += '\\';  // a name has no control characters, so nothing else needs escaping
        name += c;
    }
    std::string text = fmt::format(
        "format = 1\n\n[device]\nname = \"{}\"\n\n[display]\nglucose_unit = \"{}\"\n\n[basal]\n"
        "# mU/h (850 is 0.85 U/h), one for each half hour from midnight; eight to a line: four hours\n"
        "rates_mu_per_h = {}",
        name, configuration.glucose_unit == GlucoseUnit::mg_dl ? "mg/dL" : "mmol/L",
        list_of(configuration.basal, [](MilliUnitsPerHour rate) { return rate.count; }));
    if (configuration.calculator) text += calculator_as_toml(*configuration.calculator);
    return text;
}

}  // namespace basalt::firmware
