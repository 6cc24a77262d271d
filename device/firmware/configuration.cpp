#include "device/firmware/configuration.h"

#include "device/firmware/base64.h"
#include "device/firmware/configuration_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace basalt::firmware {
namespace {
using Reader = ConfigurationReader;
constexpr std::size_t max_name_size = 64;

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

/// Only the text is looked at: whether it is a certificate is found where it is used, and there nobody is let in.
Result<std::vector<std::uint8_t>> read_authority(const Reader& reader, const toml::table& root) {
    if (root.get("network") == nullptr) return std::vector<std::uint8_t>{};
    const auto network = reader.need<toml::table>(root, "network", "network", "a table");
    if (!network) return std::unexpected{network.error()};
    if (auto ok = reader.only(**network, {"client_authority"}); !ok) return std::unexpected{ok.error()};
    const std::string a_certificate =
        fmt::format("a certificate of 1 to {} bytes, DER in base64 without line breaks", max_authority_size);
    const auto text =
        reader.need<toml::value<std::string>>(**network, "network.client_authority", "client_authority", a_certificate);
    if (!text) return std::unexpected{text.error()};
    const auto der = from_base64((*text)->get());
    if (!der || der->empty() || der->size() > max_authority_size)
        return reader.refuse(**text, fmt::format("\"network.client_authority\" is none. Expected {}.", a_certificate));
    return *der;
}

Result<Configuration> read(const Reader& reader, const toml::table& root) {
    if (auto ok = reader.only(root, {"format", "device", "display", "basal", "calculator", "network", "people"}); !ok)
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
    const auto calculator = read_calculator(reader, root);
    if (!calculator) return std::unexpected{calculator.error()};

    const auto authority = read_authority(reader, root);
    if (!authority) return std::unexpected{authority.error()};

    auto people = read_people(reader, root);
    if (!people) return std::unexpected{people.error()};

    return Configuration{.device_name = (*name)->get(),
                         .glucose_unit = (*unit)->get() == "mg/dL" ? GlucoseUnit::mg_dl : GlucoseUnit::mmol_l,
                         .basal = *rates,
                         .calculator = *calculator,
                         .client_authority = *authority,
                         .people = std::move(*people)};
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
        eight_to_a_line(configuration.basal, [](MilliUnitsPerHour rate) { return rate.count; }));
    if (configuration.calculator) text += to_toml(*configuration.calculator);
    if (!configuration.client_authority.empty())
        text += fmt::format("\n[network]\nclient_authority = \"{}\"\n", to_base64(configuration.client_authority));
    for (const FirstPerson& person : configuration.people) text += to_toml(person);
    return text;
}

}  // namespace basalt::firmware
