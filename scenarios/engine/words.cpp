#include "scenarios/engine/words.h"

#include "device/guardian/alarms.h"
#include "pump_model/patient.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace basalt::scenarios {
namespace {

struct EventRow {
    std::string_view id;
    Words words;  ///< "{slot}", "{why}" and "{what}" are filled in
};
constexpr std::array events{
    EventRow{"powered_on", {"The battery is in: the pump starts.", "La pile est en place : la pompe démarre."}},
    EventRow{"powered_off",
             {"The battery is out: the pump is without power.", "La pile est retirée : la pompe est sans énergie."}},
    EventRow{"image_replaced",
             {"The attacker wrote another program into slot {slot}.",
              "L'attaquant a écrit un autre programme dans l'emplacement {slot}."}},
    EventRow{"image_refused",
             {"The program in slot {slot} was refused before it ran: {why}.",
              "Le programme de l'emplacement {slot} a été refusé avant de s'exécuter : {why}."}},
    EventRow{"gateway_refused",
             {"The network part was refused before it ran: {why}.",
              "La partie réseau a été refusée avant de s'exécuter : {why}."}},
    EventRow{"configuration_refused",
             {"The pump's settings were refused: {why}.", "Les réglages de la pompe ont été refusés : {why}."}},
    EventRow{"image_started",
             {"The program in slot {slot} was started.", "Le programme de l'emplacement {slot} a été démarré."}},
    EventRow{"reset", {"The guardian restarted everything but itself.", "Le gardien a tout redémarré, sauf lui-même."}},
    EventRow{"program_ended",
             {"A program of the pump ended: {what}.", "Un programme de la pompe s'est arrêté : {what}."}},
    EventRow{"slot_budget",
             {"This computer was too slow for one moment of the pump; the run's trace has it.",
              "Cet ordinateur a été trop lent un instant ; la trace de l'exécution le contient."}},
};

/// The French half of device/common/image_verdict.h's words, which are English alone.
std::string_view in_french(ImageVerdict verdict) noexcept {
    switch (verdict) {
        case ImageVerdict::accepted:
            return "il est authentique";
        case ImageVerdict::missing:
            return "il n'y en a pas";
        case ImageVerdict::unreadable:
            return "il est illisible";
        case ImageVerdict::malformed:
            return "ce n'est pas une image";
        case ImageVerdict::bad_signature:
            return "il a été modifié, ou n'est pas signé par le fabricant";
        case ImageVerdict::wrong_kind:
            return "c'est l'image d'une autre partie";
        case ImageVerdict::wrong_hardware:
            return "il est fait pour un autre modèle";
        case ImageVerdict::wrong_variant:
            return "c'est une image d'exercice, ou cette pompe est d'exercice";
        case ImageVerdict::wrong_device:
            return "il est fait pour une autre pompe";
        case ImageVerdict::not_needed:
            return "il n'était pas nécessaire";
        case ImageVerdict::withdrawn:
            return "le fabricant a retiré cette version";
        case ImageVerdict::older:
            return "il est plus ancien qu'un autre déjà accepté";
        case ImageVerdict::no_memory:
            return "il est authentique, mais la mémoire n'a pas suffi pour le démarrer";
        case ImageVerdict::no_process:
            return "il est authentique, mais aucun processus n'a pu être créé";
        case ImageVerdict::not_executable:
            return "il est authentique, mais n'a pas pu être exécuté";
    }
    return "il n'est pas valable";
}

struct ModeRow {
    hal::Mode mode;
    std::string_view id;
    Words words, change;
};
constexpr std::array modes{
    ModeRow{hal::Mode::start_up,
            "start_up",
            {"start-up", "démarrage"},
            {"Start-up: the programmed rates are given until the firmware has proved itself.",
             "Démarrage : les débits programmés sont délivrés jusqu'à ce que le logiciel ait fait ses preuves."}},
    ModeRow{hal::Mode::normal,
            "normal",
            {"normal", "normal"},
            {"Normal: the firmware has proved itself and asks for the doses, within the limits.",
             "Normal : le logiciel a fait ses preuves et demande les doses, dans les limites."}},
    ModeRow{hal::Mode::failsafe,
            "failsafe",
            {"failsafe", "repli"},
            {"Failsafe: the programmed rates are given without the firmware, and the network is off.",
             "Repli : les débits programmés sont délivrés sans le logiciel, et le réseau est coupé."}},
    ModeRow{hal::Mode::stopped,
            "stopped",
            {"stopped", "arrêt"},
            {"Stopped: no insulin is given.", "Arrêt : aucune insuline n'est délivrée."}},
};
const ModeRow& row(hal::Mode mode) noexcept {
    const auto found = std::ranges::find(modes, mode, &ModeRow::mode);
    return found == modes.end() ? modes.front() : *found;
}

constexpr std::array lacks{
    Words{"The protected pump did not show what it must: {}.",
          "La pompe protégée n'a pas montré ce qu'elle doit : {}."},
    Words{"The protected pump harmed the patient.", "La pompe protégée a nui au patient."},
    Words{"The unprotected pump did the patient no harm, so this attack proves nothing.",
          "La pompe non protégée n'a pas nui au patient : cette attaque ne prouve rien."},
    Words{"The training pump with every defence on is not the same as the protected one: {}.",
          "La pompe d'exercice, toutes défenses actives, diffère de la pompe protégée : {}."},
};

/// Puts `value` where `place` stands; what comes from outside is never read as a format.
std::string fill(std::string words, std::string_view place, std::string_view value) {
    if (const auto at = words.find(place); at != std::string::npos) words.replace(at, place.size(), value);
    return words;
}

}  // namespace

std::string_view id_of(hal::Mode mode) noexcept { return row(mode).id; }
Words words_of(hal::Mode mode) noexcept { return row(mode).words; }

Words words_of(RunKind kind) noexcept {
    switch (kind) {
        case RunKind::protected_device:
            return {"protected pump", "pompe protégée"};
        case RunKind::unprotected_device:
            return {"unprotected pump", "pompe non protégée"};
        case RunKind::training_device:
            return {"training pump, every defence on", "pompe d'exercice, toutes défenses actives"};
    }
    return {"pump", "pompe"};
}

Words words_of(Defence defence) noexcept {
    switch (defence) {
        case Defence::image_check:
            return {"the check of every program's signature", "le contrôle de la signature de chaque programme"};
        case Defence::sealing:
            return {"the binding of its keys to the genuine programs",
                    "la liaison de ses clés aux programmes authentiques"};
    }
    return {"a defence", "une défense"};
}

std::string in_words(const Event& event, Language language) {
    const auto found = std::ranges::find(events, std::string_view{event.id}, &EventRow::id);
    if (found == events.end()) return event.detail.empty() ? event.id + "." : event.id + ": " + event.detail + ".";
    auto words = fill(std::string{found->words.in(language)}, "{slot}", event.slot == hal::Slot::b ? "B" : "A");
    words = fill(std::move(words), "{why}",
                 language == Language::french ? in_french(event.verdict) : basalt::in_words(event.verdict));
    return fill(std::move(words), "{what}", event.detail);
}

std::string in_words(const ModeChange& change, Language language) {
    return std::string{row(change.mode).change.in(language)};
}

std::string in_words(const Alarm& alarm, Language language) {
    const auto found = std::ranges::find(guardian::alarm_rows, std::string_view{alarm.id}, &guardian::AlarmRow::id);
    if (found == guardian::alarm_rows.end()) return alarm.id + ".";
    const auto& words = language == Language::french ? found->french : found->english;
    return fmt::format("{} {}", words.what, words.next);
}

Words words_of(hal::Priority priority) noexcept {
    switch (priority) {
        case hal::Priority::low:
            return {"low", "basse"};
        case hal::Priority::medium:
            return {"medium", "moyenne"};
        case hal::Priority::high:
            return {"high", "haute"};
        case hal::Priority::none:
            break;
    }
    return {"no", "nulle"};
}

std::string alarm_line(const Alarm& alarm, Language language) {
    constexpr Words on{"Alarm, {} priority: {}", "Alarme, priorité {} : {}"};
    constexpr Words over{"No longer: {}", "Terminé : {}"};
    const auto what = in_words(alarm, language);
    return alarm.on ? fmt::format(fmt::runtime(on.in(language)), words_of(alarm.priority).in(language), what)
                    : fmt::format(fmt::runtime(over.in(language)), what);
}

std::string in_words(const Lack& lack, Language language) {
    return fill(std::string{lacks[std::to_underlying(lack.shortfall)].in(language)}, "{}", lack.detail);
}

std::string clock_of(Moment at) { return fmt::format("{:02}:{:02}", at.seconds / 3600, at.seconds / 60 % 60); }

std::string time_of_day(const Setting& setting, Moment at) {
    return clock_of({(setting.start.seconds + at.seconds) % 86'400});
}

std::string reading(double mg_dl, Language language) {
    if (mg_dl < pump_model::lowest_valid_mg_dl) return language == Language::french ? "BAS" : "LOW";
    if (mg_dl > pump_model::highest_valid_mg_dl) return language == Language::french ? "HAUT" : "HIGH";
    return fmt::format("{:.0f}", mg_dl);
}

}  // namespace basalt::scenarios
