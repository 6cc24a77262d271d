// What the calculator says to people.
#include "device/firmware/therapy/bolus_calculator.h"

#include <fmt/format.h>

#include <utility>

namespace basalt::firmware {
namespace {

/// Tenths as "12.3" or "12,3"; no needless zero.
std::string tenths(std::int32_t value, char sign) {
    return value % 10 == 0 ? fmt::format("{}", value / 10) : fmt::format("{}{}{}", value / 10, sign, value % 10);
}

Sentence glucose(std::uint16_t mg_dl, GlucoseUnit unit) {
    if (unit == GlucoseUnit::mg_dl) return {fmt::format("{} mg/dL", mg_dl), fmt::format("{} mg/dL", mg_dl)};
    const std::int32_t value = tenths_of_mmol(mg_dl);  // always with its decimal: that is how mmol/L is read
    return {fmt::format("{}.{} mmol/L", value / 10, value % 10), fmt::format("{},{} mmol/L", value / 10, value % 10)};
}

Sentence filled(const Words& words, const Sentence& amount) {
    return {fmt::format(fmt::runtime(words.english), amount.english),
            fmt::format(fmt::runtime(words.french), amount.french)};
}
}  // namespace

Sentence in_words(Advice advice, const Calculation& c) {
    switch (advice) {
        case Advice::glucose_low:
            return sentence(
                {"The last glucose is low, so no bolus is suggested. Take fast sugar now and measure again in 15 "
                 "minutes.",
                 "La dernière glycémie est basse, aucun bolus n'est donc proposé. Prenez du sucre rapide et mesurez à "
                 "nouveau "
                 "dans 15 minutes."});
        case Advice::reading_missing:
            return sentence({"There is no glucose, so this is for the carbohydrate alone. Measure to get a correction.",
                             "Il n'y a pas de glycémie, ceci ne compte donc que les glucides. Mesurez pour obtenir une "
                             "correction."});
        case Advice::reading_old:
            return sentence(
                {"The last glucose is too old to correct by, so this is for the carbohydrate alone. Measure to get a "
                 "correction.",
                 "La dernière glycémie est trop ancienne pour corriger, ceci ne compte donc que les glucides. Mesurez "
                 "pour obtenir une correction."});
        case Advice::glucose_above_range:
            return sentence(
                {"The sensor shows HIGH: more than it can measure. It is taken as 400 mg/dL. Measure at the finger and "
                 "check for ketones.",
                 "Le capteur affiche HAUT : plus qu'il ne peut mesurer. La valeur est prise à 400 mg/dL. Mesurez au "
                 "doigt et cherchez les cétones."});
        case Advice::on_board_unknown:
            return sentence(
                {"Doses of the last hours are not on record, so no correction above the target is suggested. Ask "
                 "whether insulin was given.",
                 "Des doses des dernières heures manquent, aucune correction au-dessus de l'objectif n'est donc "
                 "proposée. Demandez si de l'insuline a été donnée."});
        case Advice::on_board_not_taken:
            return filled(
                {"Still working of earlier doses and not taken off here: {}. Check the glucose in an hour.",
                 "Encore actif des doses précédentes et non déduit ici : {}. Contrôlez la glycémie dans une heure."},
                units_in_words(c.on_board - c.taken_off));
        case Advice::nothing_needed:
            return sentence(
                {"No bolus is needed by this calculation. Check carbohydrate and glucose if you expected one.",
                 "Ce calcul ne demande aucun bolus. Vérifiez les glucides et la glycémie si vous en attendiez un."});
        case Advice::carbs_large:
            return sentence(
                {"This is a lot of carbohydrate for one meal. Check that no decimal sign was lost.",
                 "C'est beaucoup de glucides pour un repas. Vérifiez qu'aucun signe décimal n'a été perdu."});
        case Advice::clock_lost:
            return sentence(
                {"The pump does not know the time of day, so it calculates with the weakest ratios of the day. Have "
                 "the clock set.",
                 "La pompe ne connaît pas l'heure et calcule avec les ratios les plus faibles de la journée. Faites "
                 "régler l'horloge."});
        case Advice::above_patient_limit:
            return sentence(
                {"This is more than one bolus of this patient may be. It cannot be given as it stands. Check the "
                 "numbers, or ask the physician.",
                 "C'est plus qu'un bolus autorisé pour ce patient. Il ne peut être donné tel quel. Vérifiez les "
                 "nombres ou demandez au médecin."});
        case Advice::above_allowed_now:
            return sentence(
                {"This is more than the pump's limits leave at this moment. It cannot be given as it stands. Check the "
                 "numbers, or wait.",
                 "C'est plus que ce que les limites de la pompe laissent en ce moment. Il ne peut être donné tel quel. "
                 "Vérifiez les nombres ou attendez."});
    }
    std::unreachable();
}

std::vector<Sentence> explain(const Calculation& c, GlucoseUnit unit) {
    std::vector<Sentence> lines;
    const Sentence carbs = units_in_words(c.for_carbs), correction = units_in_words(c.correction);
    lines.push_back({fmt::format("{} g of carbohydrate, {} g for one unit: {}.", tenths(c.carbs.tenths_of_g, '.'),
                                 tenths(c.ratios.carb_ratio, '.'), carbs.english),
                     fmt::format("{} g de glucides, {} g pour une unité : {}.", tenths(c.carbs.tenths_of_g, ','),
                                 tenths(c.ratios.carb_ratio, ','), carbs.french)});
    if (c.glucose_mg_dl != 0) {
        const Sentence now = glucose(c.glucose_mg_dl, unit), target = glucose(c.ratios.target, unit),
                       factor = glucose(c.ratios.correction_factor, unit);
        lines.push_back({fmt::format("Glucose {}, target {}, {} for one unit: {}.", now.english, target.english,
                                     factor.english, correction.english),
                         fmt::format("Glycémie {}, objectif {}, {} pour une unité : {}.", now.french, target.french,
                                     factor.french, correction.french)});
    }
    const Sentence board = units_in_words(c.on_board), off = units_in_words(c.taken_off);
    lines.push_back({fmt::format("Insulin on board {}, of which is taken off: {}.", board.english, off.english),
                     fmt::format("Insuline active {}, dont déduit : {}.", board.french, off.french)});
    const Sentence sum = units_in_words(c.sum), suggested = units_in_words(c.suggested);
    lines.push_back({fmt::format("Sum {}; suggested: {}.", sum.english, suggested.english),
                     fmt::format("Somme {} ; proposé : {}.", sum.french, suggested.french)});
    return lines;
}

}  // namespace basalt::firmware
