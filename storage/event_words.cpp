// storage/event_words.cpp: an event as a sentence. The sentences stand in event_kinds.cpp, the words for values here.
#include "storage/access_words.h"
#include "storage/event.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace basalt::storage {
namespace {

struct ValueWords {
    std::string_view value, english, french;
};
// What text fields hold is a key; these are its words. A key without a row is shown as it is (names, numbers, digests).
// clang-format off
constexpr std::array value_words{
    ValueWords{"basal", "basal", "basal"},
    ValueWords{"bolus", "bolus", "bolus"},
    ValueWords{"profile", "programmed profile", "profil programmé"},
    ValueWords{"firmware_basal", "basal", "basal"},
    ValueWords{"firmware_bolus", "bolus", "bolus"},
    ValueWords{"failsafe_bolus", "bolus by the pump's button in failsafe", "bolus par le bouton de la pompe en mode de repli"},
    ValueWords{"start_up", "start-up", "démarrage"},
    ValueWords{"normal", "normal", "normal"},
    ValueWords{"failsafe", "failsafe", "mode de repli"},
    ValueWords{"stopped", "stopped", "arrêt"},
    ValueWords{"none", "none", "aucun"},
    ValueWords{"a", "A", "A"},
    ValueWords{"b", "B", "B"},
    ValueWords{"fresh", "as expected", "conforme"},
    ValueWords{"stale", "an older copy was put back", "une ancienne copie a été remise"},
    ValueWords{"unknown", "not checked", "non vérifiée"},
    ValueWords{"accepted", "genuine", "authentique"},
    ValueWords{"missing", "missing", "absent"},
    ValueWords{"unreadable", "refused, it cannot be read", "refusé, illisible"},
    ValueWords{"malformed", "refused, it is no image", "refusé, ce n'est pas une image"},
    ValueWords{"bad_signature", "refused, it was changed or is not the manufacturer's", "refusé, modifié ou pas du fabricant"},
    ValueWords{"wrong_kind", "refused, it is the image of another part", "refusé, c'est l'image d'une autre partie"},
    ValueWords{"wrong_hardware", "refused, it was made for another model", "refusé, fait pour un autre modèle"},
    ValueWords{"wrong_variant", "refused, training and production do not mix", "refusé, formation et production ne se mélangent pas"},
    ValueWords{"wrong_device", "refused, it was made for another device", "refusé, fait pour un autre appareil"},
    ValueWords{"not_needed", "not needed", "pas nécessaire"},
    ValueWords{"withdrawn", "refused, this release was withdrawn", "refusé, cette version a été retirée"},
    ValueWords{"older", "refused, it is older than one that was accepted", "refusé, plus ancien qu'un autre déjà accepté"},
    ValueWords{"no_memory", "genuine, but there was not enough memory to start it", "authentique, mais la mémoire n'a pas suffi pour le démarrer"},
    ValueWords{"no_process", "genuine, but no process could be made for it", "authentique, mais aucun processus n'a pu être créé"},
    ValueWords{"not_executable", "genuine, but it could not be executed", "authentique, mais n'a pas pu être exécuté"},
    ValueWords{"not_positive", "the dose was zero or less", "la dose était nulle ou négative"},
    ValueWords{"over_dose", "more than one dose may be", "plus qu'une dose ne peut contenir"},
    ValueWords{"over_hour", "too much for one hour", "trop pour une heure"},
    ValueWords{"over_cap", "too much beyond the profile in four hours", "trop au-delà du profil en quatre heures"},
    ValueWords{"over_day", "too much for one day", "trop pour une journée"},
    ValueWords{"too_many", "too many doses in an hour", "trop de doses en une heure"},
    ValueWords{"twice_in_slot", "this basal slot has its dose already", "ce créneau basal a déjà sa dose"},
    ValueWords{"not_due", "no basal dose was due", "aucune dose basale n'était due"},
    ValueWords{"wrong_mode", "the pump is not in normal mode", "la pompe n'est pas en mode normal"},
    ValueWords{"motor_behind", "the motor is still moving", "le moteur avance encore"},
    ValueWords{"tpm_gone", "the TPM does not answer", "le TPM ne répond pas"},
    ValueWords{"storage_damaged", "the records are damaged", "les enregistrements sont endommagés"},
    ValueWords{"log_broken", "the event log was changed", "le journal a été modifié"},
    ValueWords{"storage_full", "nothing can be put on record", "rien ne peut être enregistré"},
    ValueWords{"ring_rolled_back", "an older copy of the guardian's ring was put back", "une ancienne copie de l'anneau du gardien a été remise"},
    ValueWords{"gateway_not_understood", "the network part may not say that, or it was damaged",
        "la partie réseau ne peut pas dire cela, ou c'était endommagé"},
    ValueWords{"screen_not_understood", "the pump's own screen may not ask that, or it was damaged",
        "l'écran de la pompe ne peut pas demander cela, ou c'était endommagé"},
    ValueWords{"screen_too_often", "the pump's own screen asked too often", "l'écran de la pompe a demandé trop souvent"},
    ValueWords{"log", "the event log", "le journal"},
    ValueWords{"doses", "the doses", "les doses"},
    ValueWords{"glucose", "the glucose readings", "les glycémies"},
    ValueWords{"verification", "the result of the check", "le résultat de la vérification"},
    ValueWords{"no_certificate", "the other side showed no certificate", "l'autre côté n'a montré aucun certificat"},
    ValueWords{"foreign_certificate", "its certificate is of nobody whom this pump trusts", "son certificat n'est reconnu par cette pompe"},
    ValueWords{"expired_certificate", "its certificate has expired", "son certificat a expiré"},
    ValueWords{"early_certificate", "its certificate is not valid yet", "son certificat n'est pas encore valable"},
    ValueWords{"wrong_purpose", "its certificate was made for something else", "son certificat est fait pour autre chose"},
    ValueWords{"old_version", "it spoke a version of TLS that is too old", "il parlait une version de TLS trop ancienne"},
    ValueWords{"not_tls", "it did not speak TLS", "il ne parlait pas TLS"},
    ValueWords{"peer_refused", "the other side refused this pump's certificate", "l'autre côté a refusé le certificat de cette pompe"},
    ValueWords{"handshake_slow", "it took too long to begin", "elle a mis trop de temps à s'établir"},
    ValueWords{"silent", "nothing was heard for too long", "rien n'a été reçu pendant trop longtemps"},
    ValueWords{"slow_reader", "the other side took nothing", "l'autre côté ne prenait rien"},
    ValueWords{"too_much", "it sent more than a connection needs to begin", "elle a envoyé plus qu'il n'en faut pour s'établir"},
    ValueWords{"bad_frame", "it sent something longer than any message", "elle a envoyé quelque chose de plus long que tout message"},
    ValueWords{"crowded_out", "there were too many", "il y en avait trop"},
    ValueWords{"failed", "it broke or was tampered with", "elle s'est rompue ou a été altérée"},
    ValueWords{"state", "the device's state", "l'état de l'appareil"},
    ValueWords{"meal", "for a meal", "pour un repas"},
    ValueWords{"correction", "to correct the glucose", "pour corriger la glycémie"},
    ValueWords{"meal_and_correction", "for a meal and to correct the glucose", "pour un repas et pour corriger la glycémie"},
    ValueWords{"by_hand", "an amount that was typed", "une quantité saisie"},
    ValueWords{"done", "all of it was given", "tout a été délivré"},
    ValueWords{"cancelled", "cancelled by a person", "annulé par une personne"},
    ValueWords{"refused", "refused by the pump's limits", "refusé par les limites de la pompe"},
    ValueWords{"interrupted", "interrupted by power, mode, motor or time", "interrompu : alimentation, mode, moteur ou durée"},
    ValueWords{"time_over", "its time was over", "sa durée était écoulée"},
    ValueWords{"by_a_person", "ended by a person", "terminé par une personne"},
    ValueWords{"replaced", "another one took its place", "un autre l'a remplacé"},
    ValueWords{"exact", "exactly", "exactement"},
    ValueWords{"at_least", "at least, because a part of the guardian's memory is missing",
               "au moins, car une partie de la mémoire du gardien manque"},
};
// clang-format on

/// 1250 as "1.25 U".
std::string units(std::int64_t milli_units, Language language) {
    const bool below = milli_units < 0;
    const auto count = below ? ~static_cast<std::uint64_t>(milli_units) + 1 : static_cast<std::uint64_t>(milli_units);
    std::string text = fmt::format("{}{}", below ? "-" : "", count / 1000);
    if (auto rest = fmt::format("{:03}", count % 1000); rest != "000") {
        rest.erase(rest.find_last_not_of('0') + 1);
        text += (language == Language::french ? "," : ".") + rest;
    }
    return text + " U";
}

/// Seconds of device time as "3 d 07:15:00".
std::string device_time(std::int64_t seconds, Language language) {
    return fmt::format("{} {} {:02}:{:02}:{:02}", seconds / 86'400, language == Language::french ? "j" : "d",
                       seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
}

/// The access table's words, for the fields that hold its keys: elsewhere "home" or "badge" may mean something else.
const AccessWord* access_word(const Field& field, std::string_view key) {
    const auto in = [&](const auto& words) -> const AccessWord* {
        const auto* word = std::ranges::find(words, key, &AccessWord::key);
        return word == words.end() ? nullptr : word;
    };
    if (field.name == "operation") return in(operation_words);
    if (field.name == "role") return in(role_words);
    if (field.name == "context") return in(context_words);
    if (field.name == "reason" || field.name == "from") return in(reason_words);
    return nullptr;
}

std::string value_in_words(const Field& field, Language language) {
    if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        if (field.name.ends_with("_mu")) return units(*number, language);
        if (field.name.ends_with("_s")) return device_time(*number, language);
        return std::to_string(*number);
    }
    const std::string& text = std::get<std::string>(field.value);
    if (field.name == "name" || field.name == "value" || field.name == "account")
        return text;  // a setting's or a person's own words, never a key of ours
    if (const AccessWord* word = access_word(field, text)) return std::string{word->in(language)};
    const auto* row = std::ranges::find(value_words, std::string_view{text}, &ValueWords::value);
    if (row == value_words.end()) return text;
    return std::string{language == Language::french ? row->french : row->english};
}

}  // namespace

std::string in_words(const Event& event, Language language) {
    const bool french = language == Language::french;
    const EventKind* kind = find_kind(event.what);
    if (kind == nullptr)
        return fmt::format(
            "{}: {}",
            french ? "Événement que cette version ne connaît pas" : "An event that this version does not know",
            event.what);
    std::string out;
    std::string_view rest = french ? kind->french : kind->english;
    for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
        const auto close = rest.find('}', open);
        out += rest.substr(0, open);
        const auto field = std::ranges::find(event.fields, rest.substr(open + 1, close - open - 1), &Field::name);
        if (field != event.fields.end()) out += value_in_words(*field, language);
        rest.remove_prefix(close + 1);
    }
    return out += rest;
}

}  // namespace basalt::storage
