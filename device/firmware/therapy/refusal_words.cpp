#include "device/firmware/therapy/refusal_words.h"

#include "device/firmware/therapy/typed_number.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace basalt::firmware {
namespace {
using enum hal::DoseVerdict;

/// Why not, for each verdict, in its order; {} is the limit. `by_amount`: a smaller amount, or waiting, may help.
struct Row {
    hal::DoseVerdict verdict;
    bool by_amount;
    Words why;
};
constexpr std::array rows{
    Row{accepted, false, {"The pump accepted it.", "La pompe l'a accepté."}},
    Row{not_positive, true, {"A bolus of zero or less is none.", "Un bolus nul ou négatif n'en est pas un."}},
    Row{over_dose, true, {"One dose of this patient is at most {}.", "Une dose de ce patient est au plus de {}."}},
    Row{over_hour,
        true,
        {"Any 60 minutes may hold at most {}, basal insulin included.",
         "60 minutes peuvent contenir au plus {}, basal compris."}},
    Row{over_cap,
        true,
        {"Any four hours may hold at most {} beyond the programmed rates.",
         "Quatre heures peuvent contenir au plus {} au-delà des débits programmés."}},
    Row{over_day,
        true,
        {"Any 24 hours may hold at most {}, basal insulin included.",
         "24 heures peuvent contenir au plus {}, basal compris."}},
    Row{too_many,
        true,
        {"The pump gave as many separate doses as it may in an hour.",
         "La pompe a donné autant de doses séparées que permis en une heure."}},
    Row{twice_in_slot,
        false,
        {"This part of the hour has its basal dose already.", "Cette partie de l'heure a déjà sa dose basale."}},
    Row{not_due,
        false,
        {"The pump takes requests at its own moments only. Try again in a minute.",
         "La pompe n'accepte de demandes qu'à ses propres moments. Réessayez dans une minute."}},
    Row{wrong_mode,
        false,
        {"The pump is not in normal mode, so it gives no bolus that is asked for here. Look at its alarms.",
         "La pompe n'est pas en mode normal et ne donne aucun bolus demandé ici. Regardez ses alarmes."}},
    Row{motor_behind,
        false,
        {"The motor is still moving for the dose before. Try again when it has ended; if it does not, look at the "
         "alarms.",
         "Le moteur avance encore pour la dose précédente. Réessayez quand elle est finie ; sinon, regardez les "
         "alarmes."}},
};
static_assert(
    [] {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (std::to_underlying(rows[i].verdict) != i) return false;
        return rows.size() == std::to_underlying(motor_behind) + 1U;
    }(),
    "a row is found by its number");

MilliUnits limit_of(hal::DoseVerdict verdict, const KnownLimits& limits) noexcept {
    switch (verdict) {
        case over_hour:
            return limits.per_hour;
        case over_cap:
            return limits.beyond_profile_in_4_h;
        case over_day:
            return limits.per_day;
        default:
            return limits.per_dose;
    }
}
}  // namespace

Sentence explain_refusal(hal::DoseVerdict verdict, MilliUnits asked, const DoseRoom& room) {
    const Row& row = rows[std::to_underlying(verdict)];
    const Sentence ask = units_in_words(asked), limit = units_in_words(limit_of(verdict, room.limits()));
    Sentence out{fmt::format("Asked for: {}; nothing of it is given. ", ask.english),
                 fmt::format("Demandé : {} ; rien n'en est donné. ", ask.french)};
    out.english += fmt::format(fmt::runtime(row.why.english), limit.english);
    out.french += fmt::format(fmt::runtime(row.why.french), limit.french);
    if (!row.by_amount) return out;

    const MilliUnits now{most(room.room()).count / bolus_step.count * bolus_step.count};
    const Sentence allowed = units_in_words(now);
    if (now > MilliUnits{}) {
        out.english += fmt::format(" Now a bolus can be at most {}.", allowed.english);
        out.french += fmt::format(" Un bolus peut être maintenant de {} au plus.", allowed.french);
    } else {
        out.english += " Now no bolus can be given.";
        out.french += " Aucun bolus ne peut être donné maintenant.";
    }
    if (asked <= MilliUnits{}) return out;
    if (const auto wait = room.fits_in(asked); !wait) {
        out.english += " So much will not be possible at once in the next 24 hours either. Ask the physician.";
        out.french += " Autant à la fois ne sera pas non plus possible dans les 24 heures. Demandez au médecin.";
    } else if (*wait > 0) {
        const Sentence in = duration_in_words(*wait);
        out.english += fmt::format(
            " So much will be possible in {}, if nothing else is given. Measure the glucose first.", in.english);
        out.french += fmt::format(
            " Cette quantité sera possible dans {}, si rien d'autre n'est donné. Mesurez d'abord la glycémie.",
            in.french);
    }
    return out;
}

}  // namespace basalt::firmware
