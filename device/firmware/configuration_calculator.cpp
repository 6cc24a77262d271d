// The bolus calculator's settings in device.cfg.
#include "device/firmware/configuration_reader.h"
#include "device/firmware/therapy/typed_number.h"

namespace basalt::firmware {
namespace {
using Reader = ConfigurationReader;

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
Result<CalculatorSettings> read_settings(const Reader& reader, const toml::table& table) {
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
}  // namespace

Result<std::optional<CalculatorSettings>> read_calculator(const Reader& reader, const toml::table& root) {
    if (root.get("calculator") == nullptr) return std::nullopt;
    const auto table = reader.need<toml::table>(root, "calculator", "calculator", "a table");
    if (!table) return std::unexpected{table.error()};
    auto settings = read_settings(reader, **table);
    if (!settings) return std::unexpected{settings.error()};
    return std::optional{*settings};
}

std::string to_toml(const CalculatorSettings& c) {
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
        eight_to_a_line(c.carb_ratio, same), eight_to_a_line(c.correction_factor, same),
        eight_to_a_line(c.target, same), c.action.duration_min, c.action.peak_min, c.most_at_once.count);
}

}  // namespace basalt::firmware
