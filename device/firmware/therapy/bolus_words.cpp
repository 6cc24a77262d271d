// What is said about a bolus: to the person who confirms it, while it runs, and on its record.
#include "device/firmware/therapy/bolus.h"
#include "device/firmware/therapy/refusal_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {
Words purpose(BolusReason reason) {
    switch (reason) {
        case BolusReason::meal:
            return {"for a meal", "pour un repas"};
        case BolusReason::correction:
            return {"to correct the glucose", "pour corriger la glycémie"};
        case BolusReason::meal_and_correction:
            return {"for a meal and to correct the glucose", "pour un repas et pour corriger la glycémie"};
        case BolusReason::by_hand:
            return {"an amount that was typed", "d'une quantité saisie"};
    }
    std::unreachable();
}

/// Twice what was calculated, or insulin where none was: the decimal sign that was lost, or a glucose that was not
/// looked at.
Sentence warning(const Bolus& b) {
    if (b.suggested < MilliUnits{} || b.amount.count < 2 * std::int64_t{b.suggested.count}) return {};
    const Sentence suggested = units_in_words(b.suggested);
    return {fmt::format(" Careful: the calculation gave {}. Was a decimal sign lost?", suggested.english),
            fmt::format(" Attention : le calcul donne {}. Un signe décimal est-il perdu ?", suggested.french)};
}

Words why_over(BolusState state) {
    switch (state) {
        case BolusState::cancelled:
            return {"Cancelled", "Annulé"};
        case BolusState::refused:
            return {"Refused by the pump's limits", "Refusé par les limites de la pompe"};
        case BolusState::interrupted:
            return {"Interrupted: power, mode, motor or time. The rest is not given by itself",
                    "Interrompu : alimentation, mode, moteur ou durée. Le reste n'est pas donné tout seul"};
        case BolusState::expired:
            return {"Not confirmed in time", "Pas confirmé à temps"};
        case BolusState::done:
            return {"Done", "Terminé"};
        case BolusState::none:
            return {"No bolus", "Aucun bolus"};
        case BolusState::proposed:
            return {"Waits to be confirmed", "Attend la confirmation"};
        case BolusState::running:
            return {"Is being given", "En cours"};
    }
    std::unreachable();
}
}  // namespace

Sentence read_back(const Bolus& b) {
    const Sentence amount = units_in_words(b.amount);
    const auto seconds = static_cast<std::uint32_t>(std::max(0, b.amount.count)) / std::uint32_t{hal::motor_mu_per_s};
    const Sentence time = duration_in_words(seconds);
    const Words what = purpose(b.reason);
    const Sentence careful = warning(b);
    return {
        fmt::format("Give {}? Bolus {}, ordered by {}. It takes about {}.{} Check the amount, then confirm.",
                    amount.english, what.english, text_of(b.who), time.english, careful.english),
        fmt::format("Donner {} ? Bolus {}, demandé par {}. Durée : environ {}.{} Vérifiez la quantité, puis confirmez.",
                    amount.french, what.french, text_of(b.who), time.french, careful.french)};
}

Sentence in_words(const Bolus& b, MotorCount motor) {
    const Words how = why_over(b.state);
    Sentence out = sentence(how);
    if (b.state == BolusState::none) return {out.english + ".", out.french + "."};
    if (b.state == BolusState::cancelled) {
        out.english += " by " + text_of(b.ended_by);
        out.french += " par " + text_of(b.ended_by);
    }
    const Sentence gave = units_in_words(given(b)), amount = units_in_words(b.amount);
    out.english += fmt::format(". Given: {} of {}.", gave.english, amount.english);
    out.french += fmt::format(". Donné : {} sur {}.", gave.french, amount.french);
    if (const MilliUnits moving = still_moving(b, motor); moving > MilliUnits{}) {
        const Sentence rest = units_in_words(moving);
        out.english += fmt::format(" Still moving of that: {}; stopping the pump halts it.", rest.english);
        out.french += fmt::format(" Encore en mouvement : {} ; l'arrêt de la pompe le retient.", rest.french);
    }
    if (!b.exact) {
        out.english += " A part of the pump's memory is missing: it may have been more. Measure the glucose.";
        out.french += " Une partie de la mémoire de la pompe manque : ce peut être plus. Mesurez la glycémie.";
    }
    return out;
}

Sentence in_words(const BolusRefusal& refusal, MilliUnits asked, MilliUnits patient_limit, const DoseRoom& room) {
    switch (refusal.fault) {
        case BolusFault::another_one:
            return sentence({"Another bolus is not over yet. Wait until it is, or cancel it.",
                             "Un autre bolus n'est pas terminé. Attendez sa fin ou annulez-le."});
        case BolusFault::not_settable:
            return sentence({"A bolus is 0.05 to 30 units in steps of 0.05. Type the amount again.",
                             "Un bolus va de 0,05 à 30 unités par pas de 0,05. Saisissez à nouveau la quantité."});
        case BolusFault::bad_name:
            return sentence({"It is not known who asks. Log in, and ask again.",
                             "On ne sait pas qui demande. Connectez-vous et recommencez."});
        case BolusFault::above_patient_limit: {
            const Sentence ask = units_in_words(asked), limit = units_in_words(patient_limit);
            return {fmt::format("Asked for: {}; nothing of it is given. One bolus is at most {} here. Check the "
                                "amount, or ask the physician.",
                                ask.english, limit.english),
                    fmt::format("Demandé : {} ; rien n'en est donné. Un bolus est ici au plus de {}. Vérifiez la "
                                "quantité ou demandez au médecin.",
                                ask.french, limit.french)};
        }
        case BolusFault::no_room:
            return explain_refusal(refusal.verdict, asked, room);
        case BolusFault::not_normal:
            return explain_refusal(hal::DoseVerdict::wrong_mode, asked, room);
        case BolusFault::stopped:
            return sentence({"The pump is stopped. Resume it first; nothing was given.",
                             "La pompe est arrêtée. Reprenez d'abord ; rien n'a été donné."});
        case BolusFault::not_proposed:
            return sentence({"No bolus waits to be confirmed. Ask for it again; nothing was given.",
                             "Aucun bolus n'attend de confirmation. Demandez-le à nouveau ; rien n'a été donné."});
        case BolusFault::other_amount:
            return sentence(
                {"What was confirmed is not the amount that was shown. Nothing was given. Read the amount again.",
                 "La quantité confirmée n'est pas celle affichée. Rien n'a été donné. Relisez la quantité."});
        case BolusFault::other_person:
            return sentence(
                {"Another person asked for this bolus. Nothing was given. That person confirms it, or you ask for your "
                 "own.",
                 "Une autre personne a demandé ce bolus. Rien n'a été donné. Elle le confirme, ou vous en demandez un "
                 "vous-même."});
        case BolusFault::too_late:
            return sentence(
                {"It was not confirmed in two minutes. Nothing was given. Look at the glucose and ask for it again.",
                 "Pas de confirmation dans les deux minutes. Rien n'a été donné. Regardez la glycémie et demandez-le à "
                 "nouveau."});
        case BolusFault::not_running:
            return sentence({"No bolus is being given, so there is none to cancel.",
                             "Aucun bolus n'est en cours, il n'y a donc rien à annuler."});
    }
    std::unreachable();
}

}  // namespace basalt::firmware
