#include "device/firmware/therapy/typed_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace basalt::firmware {
namespace {
using enum TypedFault;

/// All in thousandths of what is typed.
struct FieldRow {
    TypedField field;
    int decimals;
    std::int32_t least, most, step;
    Words name, range;
};
// clang-format off
constexpr std::array fields{
    FieldRow{TypedField::insulin, 2, bolus_step.count, most_bolus_typed.count, bolus_step.count,
             {"Insulin", "L'insuline"},
             {"0.05 to 30 units in steps of 0.05", "0,05 à 30 unités par pas de 0,05"}},
    FieldRow{TypedField::carbs, 1, 0, most_carbs.tenths_of_g * 100, 100,
             {"Carbohydrate", "La quantité de glucides"},
             {"0 to 300 grams, with at most one decimal", "0 à 300 grammes, avec une décimale au plus"}},
    FieldRow{TypedField::glucose_mg_dl, 0, 20'000, 600'000, 1'000,
             {"Glucose in mg/dL", "La glycémie en mg/dL"},
             {"20 to 600, without decimals", "20 à 600, sans décimale"}},
    FieldRow{TypedField::glucose_mmol_l, 1, 1'200, 33'300, 100,
             {"Glucose in mmol/L", "La glycémie en mmol/L"},
             {"1.2 to 33.3, with at most one decimal", "1,2 à 33,3, avec une décimale au plus"}},
    FieldRow{TypedField::basal_rate, 2, 0, basal_rate_max.count, basal_rate_step.count,
             {"A basal rate", "Un débit basal"},
             {"0 to 5 units an hour in steps of 0.05", "0 à 5 unités par heure par pas de 0,05"}},
    FieldRow{TypedField::carb_ratio, 1, 1'000, 150'000, 100,
             {"A carb ratio", "Un ratio de glucides"},
             {"1 to 150 grams for one unit, with at most one decimal", "1 à 150 grammes pour une unité, avec une décimale au plus"}},
    FieldRow{TypedField::correction_mg_dl, 0, 10'000, 400'000, 1'000,
             {"A correction factor in mg/dL", "Un facteur de correction en mg/dL"},
             {"10 to 400 for one unit, without decimals", "10 à 400 pour une unité, sans décimale"}},
    FieldRow{TypedField::correction_mmol_l, 1, 600, 22'200, 100,
             {"A correction factor in mmol/L", "Un facteur de correction en mmol/L"},
             {"0.6 to 22.2 for one unit, with at most one decimal", "0,6 à 22,2 pour une unité, avec une décimale au plus"}},
    FieldRow{TypedField::target_mg_dl, 0, 80'000, 180'000, 1'000,
             {"A target in mg/dL", "Un objectif en mg/dL"},
             {"80 to 180, without decimals", "80 à 180, sans décimale"}},
    FieldRow{TypedField::target_mmol_l, 1, 4'500, 9'900, 100,
             {"A target in mmol/L", "Un objectif en mmol/L"},
             {"4.5 to 9.9, with at most one decimal", "4,5 à 9,9, avec une décimale au plus"}},
};
// clang-format on
static_assert(std::ranges::all_of(fields,
                                  [](const FieldRow& row) { return &row == &fields[std::to_underlying(row.field)]; }));

constexpr const FieldRow& row_of(TypedField field) noexcept { return fields[std::to_underlying(field)]; }

constexpr std::size_t longest = 7;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_separator(char c) noexcept { return c == '.' || c == ','; }

std::expected<std::int32_t, TypedFault> thousandths(std::string_view text, const FieldRow& row) noexcept {
    if (text.empty()) return std::unexpected{empty};
    if (text.size() > longest) return std::unexpected{too_long};
    const auto any = [&](auto is) { return std::ranges::any_of(text, is); };
    if (any([](char c) { return c < 0x20 || c > 0x7e; })) return std::unexpected{hidden_character};
    if (any([](char c) { return c == '+' || c == '-'; })) return std::unexpected{sign};
    if (any([](char c) { return !is_digit(c) && !is_separator(c); })) return std::unexpected{not_a_digit};
    if (std::ranges::count_if(text, is_separator) > 1) return std::unexpected{two_separators};

    const std::size_t at = std::min(text.find_first_of(".,"), text.size());
    const std::string_view whole = text.substr(0, at);
    const bool separated = at != text.size();
    const std::string_view decimals = separated ? text.substr(at + 1) : std::string_view{};
    if (whole.empty()) return std::unexpected{nothing_before};
    if (separated && decimals.empty()) return std::unexpected{nothing_behind};
    if (whole.size() > 1 && whole.front() == '0') return std::unexpected{leading_zero};
    if (std::cmp_greater(decimals.size(), row.decimals)) return std::unexpected{too_many_decimals};

    std::int64_t value = 0;  // at most 7 digits, times a thousand
    for (const char digit : whole) value = 10 * value + (digit - '0');
    for (std::size_t i = 0; i < 3; ++i) value = 10 * value + (i < decimals.size() ? decimals[i] - '0' : 0);
    if (value < row.least) return std::unexpected{too_small};
    if (value > row.most) return std::unexpected{too_large};
    if (value % row.step != 0) return std::unexpected{not_a_step};
    return static_cast<std::int32_t>(value);
}

std::expected<std::uint16_t, TypedFault> setting_mg_dl(std::string_view text, GlucoseUnit unit, TypedField in_mg_dl,
                                                       TypedField in_mmol) noexcept {
    const bool mmol = unit == GlucoseUnit::mmol_l;
    const auto v = thousandths(text, row_of(mmol ? in_mmol : in_mg_dl));
    if (!v) return std::unexpected{v.error()};
    // Both grow towards less insulin, so what mmol/L leaves over goes up.
    return mmol ? mg_dl_above(*v / 100) : static_cast<std::uint16_t>(*v / 1'000);
}
}  // namespace

std::expected<MilliUnits, TypedFault> typed_insulin(std::string_view text) noexcept {
    const auto v = thousandths(text, row_of(TypedField::insulin));
    if (!v) return std::unexpected{v.error()};
    return MilliUnits{*v};
}

std::expected<Carbs, TypedFault> typed_carbs(std::string_view text) noexcept {
    const auto v = thousandths(text, row_of(TypedField::carbs));
    if (!v) return std::unexpected{v.error()};
    return Carbs{*v / 100};
}

std::expected<std::uint16_t, TypedFault> typed_glucose_mg_dl(std::string_view text, GlucoseUnit unit) noexcept {
    const bool mmol = unit == GlucoseUnit::mmol_l;
    const auto v = thousandths(text, row_of(mmol ? TypedField::glucose_mmol_l : TypedField::glucose_mg_dl));
    if (!v) return std::unexpected{v.error()};
    return mmol ? mg_dl_of(*v / 100) : static_cast<std::uint16_t>(*v / 1'000);
}

std::expected<MilliUnitsPerHour, TypedFault> typed_basal_rate(std::string_view text) noexcept {
    const auto v = thousandths(text, row_of(TypedField::basal_rate));
    if (!v) return std::unexpected{v.error()};
    return MilliUnitsPerHour{*v};
}

std::expected<std::uint16_t, TypedFault> typed_carb_ratio(std::string_view text) noexcept {
    const auto v = thousandths(text, row_of(TypedField::carb_ratio));
    if (!v) return std::unexpected{v.error()};
    return static_cast<std::uint16_t>(*v / 100);
}

std::expected<std::uint16_t, TypedFault> typed_correction_factor(std::string_view text, GlucoseUnit unit) noexcept {
    return setting_mg_dl(text, unit, TypedField::correction_mg_dl, TypedField::correction_mmol_l);
}

std::expected<std::uint16_t, TypedFault> typed_target(std::string_view text, GlucoseUnit unit) noexcept {
    return setting_mg_dl(text, unit, TypedField::target_mg_dl, TypedField::target_mmol_l);
}

Sentence in_words(TypedFault fault, TypedField field) {
    const FieldRow& row = row_of(field);
    const auto say = [](std::string_view english, std::string_view french) {
        return Sentence{std::string{english}, std::string{french}};
    };
    switch (fault) {
        case empty:
            return say("Nothing was typed. Type a number.", "Rien n'a été saisi. Saisissez un nombre.");
        case too_long:
            return say("This number is too long. Type at most seven characters.",
                       "Ce nombre est trop long. Saisissez sept caractères au plus.");
        case hidden_character:
            return say(
                "There is a sign in it that cannot be seen or is no digit of this keyboard. Delete all and type it "
                "again.",
                "La saisie contient un signe invisible ou un chiffre d'un autre alphabet. Effacez tout et "
                "recommencez.");
        case sign:
            return say("Plus and minus have no meaning here. Type the number without a sign.",
                       "Plus et moins n'ont pas de sens ici. Saisissez le nombre sans signe.");
        case not_a_digit:
            return say("Only digits and one decimal sign are understood. Type it again without letters or blanks.",
                       "Seuls des chiffres et un signe décimal sont compris. Recommencez sans lettre ni espace.");
        case two_separators:
            return say("There are two decimal signs. Type one, and nothing between thousands.",
                       "Il y a deux signes décimaux. Saisissez-en un seul, et rien entre les milliers.");
        case nothing_before:
            return say("Before the decimal sign a digit is missing. Type 0.5, not .5.",
                       "Il manque un chiffre avant le signe décimal. Saisissez 0,5 et non ,5.");
        case nothing_behind:
            return say("Behind the decimal sign a digit is missing. Was one lost? Type the whole number again.",
                       "Il manque un chiffre après le signe décimal. A-t-il été perdu ? Saisissez à nouveau le nombre "
                       "entier.");
        case leading_zero:
            return say(
                "It begins with 0 and a digit. Was a decimal sign lost? Type 0.5, or 5.",
                "La saisie commence par 0 suivi d'un chiffre. Le signe décimal est-il perdu ? Saisissez 0,5 ou 5.");
        case too_many_decimals:
            return {fmt::format("There are too many digits behind the decimal sign. {} is {}. Type it again.",
                                row.name.english, row.range.english),
                    fmt::format("Il y a trop de chiffres après le signe décimal. {} va de {}. Recommencez.",
                                row.name.french, row.range.french)};
        case too_small:
        case too_large:
        case not_a_step:
            return {fmt::format("This is {}. {} is {}. Check the decimal sign and the unit, and type it again.",
                                fault == too_small   ? "too little"
                                : fault == too_large ? "too much"
                                                     : "between two steps",
                                row.name.english, row.range.english),
                    fmt::format("C'est {}. {} va de {}. Vérifiez le signe décimal et l'unité, puis recommencez.",
                                fault == too_small   ? "trop peu"
                                : fault == too_large ? "trop"
                                                     : "entre deux pas",
                                row.name.french, row.range.french)};
    }
    std::unreachable();
}

}  // namespace basalt::firmware
