#include "storage/event_kinds.h"

#include <algorithm>
#include <utility>

namespace basalt::storage {
namespace {

using enum FieldType;

// clang-format off
constexpr std::array<FieldSpec, 1> mode{{{"mode", text}}};
constexpr std::array<FieldSpec, 3> asked{{{"request"}, {"kind", text}, {"amount_mu"}}};
constexpr std::array<FieldSpec, 2> answered{{{"request"}, {"ring"}}};
constexpr std::array<FieldSpec, 2> refused{{{"request"}, {"reason", text}}};
constexpr std::array<FieldSpec, 1> request{{{"request"}}};
constexpr std::array<FieldSpec, 5> written{{{"ring"}, {"at_s"}, {"source", text}, {"amount_mu"}, {"target_mu"}}};
constexpr std::array<FieldSpec, 4> corrected{{{"ring"}, {"at_s"}, {"amount_mu"}, {"target_mu"}}};
constexpr std::array<FieldSpec, 2> amount{{{"amount_mu"}, {"target_mu"}}};
constexpr std::array<FieldSpec, 2> gap{{{"first"}, {"last"}}};
constexpr std::array<FieldSpec, 2> rolled_back{{{"newest"}, {"imported"}}};
constexpr std::array<FieldSpec, 1> motor{{{"motor_mu"}}};
constexpr std::array<FieldSpec, 4> trigger{{{"ring"}, {"at_s"}, {"trigger", text}, {"detail", text}}};
constexpr std::array<FieldSpec, 3> entered{{{"ring"}, {"at_s"}, {"mode", text}}};
constexpr std::array<FieldSpec, 10> boot{{{"ring"}, {"at_s"}, {"launched"}, {"tpm"}, {"slot", text}, {"memory", text},
    {"firmware_a", text}, {"firmware_b", text}, {"gateway", text}, {"configuration", text}}};
constexpr std::array<FieldSpec, 5> released{{{"ring"}, {"at_s"}, {"triggers", text}, {"first"}, {"second"}}};
constexpr std::array<FieldSpec, 2> setting{{{"name", text}, {"value", text}}};
constexpr std::array<FieldSpec, 4> sealed{{{"table", text}, {"first"}, {"last"}, {"digest", text}}};
constexpr std::array<FieldSpec, 1> finding{{{"finding", text}}};
constexpr std::array<FieldSpec, 2> read{{{"data", text}, {"from"}}};
constexpr std::array<FieldSpec, 1> records{{{"records"}}};
constexpr std::array<FieldSpec, 1> certified{{{"digest", text}}};
constexpr std::array<FieldSpec, 2> connections{{{"connections"}, {"reason", text}}};
constexpr std::array<FieldSpec, 2> dropped{{{"frames"}, {"reason", text}}};
constexpr std::array<FieldSpec, 2> lived{{{"ring"}, {"at_s"}}};
constexpr std::array<FieldSpec, 1> counted{{{"reads"}}};
constexpr std::array<FieldSpec, 1> refusals{{{"refusals", number}}};
constexpr std::array<FieldSpec, 3> allowed{{{"operation", text}, {"role", text}, {"context", text}}};
constexpr std::array<FieldSpec, 4> not_allowed{{{"operation", text}, {"role", text}, {"context", text}, {"reason", text}}};
constexpr std::array<FieldSpec, 3> came_in{{{"from", text}, {"reason", text}, {"failed"}}};
constexpr std::array<FieldSpec, 2> from_why{{{"from", text}, {"reason", text}}};
constexpr std::array<FieldSpec, 1> account{{{"account", text}}};
constexpr std::array<FieldSpec, 2> waits{{{"operation", text}, {"digest", text}}};
constexpr std::array<FieldSpec, 3> approved{{{"operation", text}, {"account", text}, {"digest", text}}};
constexpr std::array<FieldSpec, 2> account_roles{{{"account", text}, {"roles", text}}};
constexpr std::array<FieldSpec, 2> badge{{{"account", text}, {"digest", text}}};
constexpr std::array<FieldSpec, 3> emergency{{{"use"}, {"reason", text}, {"from", text}}};
constexpr std::array<FieldSpec, 1> uses{{{"uses"}}};
constexpr std::array<FieldSpec, 1> use{{{"use"}}};
constexpr std::array<FieldSpec, 3> bolus{{{"bolus"}, {"amount_mu"}, {"purpose", text}}};
constexpr std::array<FieldSpec, 1> which_bolus{{{"bolus"}}};
constexpr std::array<FieldSpec, 5> ended_bolus{{{"bolus"}, {"how", text}, {"amount_mu"}, {"given_mu"}, {"count", text}}};
constexpr std::array<FieldSpec, 2> temporary{{{"percent"}, {"until_s"}}};
constexpr std::array<FieldSpec, 2> no_temporary{{{"percent"}, {"how", text}}};
constexpr std::array<FieldSpec, 2> limited{{{"wanted_mu"}, {"asked_mu"}}};
constexpr std::span<const FieldSpec> none{};

constexpr std::array kinds{
    EventKind{EventId::log_started, "log_started", none,
        "The event log begins.", "Le journal commence."},
    EventKind{EventId::records_opened, "records_opened", none,
        "The firmware opened its records.", "Le logiciel a ouvert ses enregistrements."},
    EventKind{EventId::firmware_accepted, "firmware_accepted", mode,
        "The guardian accepted the firmware; mode: {mode}.", "Le gardien a accepté le logiciel ; mode : {mode}."},
    EventKind{EventId::dose_asked, "dose_asked", asked,
        "Request {request} asks for {amount_mu} ({kind}).", "La demande {request} porte sur {amount_mu} ({kind})."},
    EventKind{EventId::dose_accepted, "dose_accepted", answered,
        "Request {request} was accepted: entry {ring} of the guardian's ring.",
        "La demande {request} a été acceptée : entrée {ring} de l'anneau du gardien."},
    EventKind{EventId::dose_refused, "dose_refused", refused,
        "Request {request} was refused: {reason}. Nothing was given for it.",
        "La demande {request} a été refusée : {reason}. Rien n'a été délivré pour elle."},
    EventKind{EventId::request_found_given, "request_found_given", answered,
        "The answer to request {request} was lost; the guardian's ring shows that it was given (entry {ring}).",
        "La réponse à la demande {request} a été perdue ; l'anneau du gardien montre qu'elle a été délivrée (entrée {ring})."},
    EventKind{EventId::request_found_not_given, "request_found_not_given", request,
        "The answer to request {request} was lost; the guardian's ring shows that it was not given.",
        "La réponse à la demande {request} a été perdue ; l'anneau du gardien montre qu'elle n'a pas été délivrée."},
    EventKind{EventId::dose_written, "dose_written", written,
        "Dose of {amount_mu} ({source}), written down by the guardian before it moved (entry {ring}, at {at_s}).",
        "Dose de {amount_mu} ({source}), notée par le gardien avant le mouvement (entrée {ring}, à {at_s})."},
    EventKind{EventId::dose_corrected, "dose_corrected", corrected,
        "The motor moved less than it was sent for: {amount_mu} (entry {ring}, at {at_s}).",
        "Le moteur a moins avancé que demandé : {amount_mu} (entrée {ring}, à {at_s})."},
    EventKind{EventId::dose_unexplained, "dose_unexplained", amount,
        "The motor's count differs from what is on record by {amount_mu}. The motor was believed.",
        "Le compte du moteur diffère des enregistrements de {amount_mu}. C'est le moteur qui fait foi."},
    EventKind{EventId::dose_in_gap, "dose_in_gap", amount,
        "{amount_mu} were given while nobody could write it down in these records.",
        "{amount_mu} ont été délivrées sans pouvoir être notées ici."},
    EventKind{EventId::dose_before_records, "dose_before_records", amount,
        "The motor had moved {amount_mu} before these records began.",
        "Le moteur avait délivré {amount_mu} avant le début de ces enregistrements."},
    EventKind{EventId::ring_gap, "ring_gap", gap,
        "Entries {first} to {last} of the guardian's ring could not be read: they were overwritten by later ones, or are damaged.",
        "Les entrées {first} à {last} de l'anneau du gardien n'ont pas pu être lues : remplacées par de plus récentes, ou endommagées."},
    EventKind{EventId::ring_rolled_back, "ring_rolled_back", rolled_back,
        "The guardian's ring ends at entry {newest}, but entry {imported} was read from it before: an older copy was put back.",
        "L'anneau du gardien finit à l'entrée {newest}, alors que l'entrée {imported} en a déjà été lue : une ancienne copie a été remise."},
    EventKind{EventId::motor_moved, "motor_moved", motor,
        "The motor stands at {motor_mu}.", "Le moteur est à {motor_mu}."},
    EventKind{EventId::trigger_raised, "trigger_raised", trigger,
        "The guardian raised an alarm: {trigger} (entry {ring}, at {at_s}).",
        "Le gardien a déclenché une alarme : {trigger} (entrée {ring}, à {at_s})."},
    EventKind{EventId::mode_entered, "mode_entered", entered,
        "The guardian's mode became: {mode} (entry {ring}, at {at_s}).",
        "Le gardien est passé en mode : {mode} (entrée {ring}, à {at_s})."},
    EventKind{EventId::boot_reported, "boot_reported", boot,
        "Start at {at_s}: firmware from slot: {slot}. Slot A: {firmware_a}. Slot B: {firmware_b}. Network part: {gateway}. "
        "Configuration: {configuration}. The guardian's memory: {memory}.",
        "Démarrage à {at_s} : logiciel de l'emplacement : {slot}. Emplacement A : {firmware_a}. Emplacement B : {firmware_b}. "
        "Partie réseau : {gateway}. Configuration : {configuration}. Mémoire du gardien : {memory}."},
    EventKind{EventId::setting_changed, "setting_changed", setting,
        "Setting {name} became: {value}", "Le réglage {name} est devenu : {value}"},
    EventKind{EventId::rows_sealed, "rows_sealed", sealed,
        "Rows {first} to {last} of table {table} were sealed.", "Les lignes {first} à {last} de la table {table} ont été scellées."},
    EventKind{EventId::finding_reported, "finding_reported", finding,
        "The firmware reported to the guardian: {finding}.", "Le logiciel a signalé au gardien : {finding}."},
    EventKind{EventId::data_read, "data_read", read,
        "Read: {data}, from {from}.", "Lecture : {data}, à partir de {from}."},
    EventKind{EventId::log_verified, "log_verified", records,
        "The records were checked: {records} records of the log.", "Les enregistrements ont été vérifiés : {records} lignes du journal."},
    EventKind{EventId::frames_dropped, "frames_dropped", dropped,
        "{frames} messages were dropped: {reason}.", "{frames} messages ont été rejetés : {reason}."},
    EventKind{EventId::records_missing, "records_missing", lived,
        "These records are new, but the guardian's ring holds a dose that a firmware asked for before (entry {ring}, at {at_s}): "
        "the earlier records were removed, or set aside as damaged.",
        "Ces enregistrements sont neufs, mais l'anneau du gardien contient une dose demandée auparavant par un logiciel "
        "(entrée {ring}, à {at_s}) : les enregistrements précédents ont été supprimés, ou mis de côté comme endommagés."},
    EventKind{EventId::reads_counted, "reads_counted", counted,
        "{reads} more reads in this hour.", "{reads} autres lectures dans cette heure."},
    // People. `from` names the link; who asked stands in the record itself. A name that no account has is never written down:
    // it may be a password that was typed in the wrong place.
    EventKind{EventId::access_allowed, "access_allowed", allowed,
        "Allowed: {operation} ({role}, {context}).", "Autorisé : {operation} ({role}, {context})."},
    EventKind{EventId::access_refused, "access_refused", not_allowed,
        "Refused: {operation} ({role}, {context}): {reason}.", "Refusé : {operation} ({role}, {context}) : {reason}."},
    EventKind{EventId::logged_in, "logged_in", came_in,
        "Logged in {reason}, from: {from}; failed tries since the last time: {failed}.",
        "Connexion {reason}, depuis : {from} ; essais ratés depuis la dernière fois : {failed}."},
    EventKind{EventId::login_refused, "login_refused", from_why,
        "A log-in was refused, from: {from}; {reason}.", "Une connexion a été refusée, depuis : {from} ; {reason}."},
    EventKind{EventId::logged_out, "logged_out", from_why,
        "A session ended, on: {from}; {reason}.", "Une session s'est terminée, sur : {from} ; {reason}."},
    EventKind{EventId::password_changed, "password_changed", account,
        "The password of {account} was changed.", "Le mot de passe de {account} a été changé."},
    EventKind{EventId::change_waits, "change_waits", waits,
        "Asked for, and waits for a second person: {operation} (change {digest}).",
        "Demandé, en attente d'une deuxième personne : {operation} (changement {digest})."},
    EventKind{EventId::change_approved, "change_approved", approved,
        "Approved as the second person after {account}: {operation} (change {digest}).",
        "Approuvé comme deuxième personne après {account} : {operation} (changement {digest})."},
    EventKind{EventId::account_changed, "account_changed", account_roles,
        "Account {account} was made or changed; its roles: {roles}.", "Compte {account} créé ou modifié ; ses rôles : {roles}."},
    EventKind{EventId::account_disabled, "account_disabled", account,
        "Account {account} was disabled.", "Le compte {account} a été désactivé."},
    EventKind{EventId::badge_issued, "badge_issued", badge,
        "A badge was issued to {account} (key {digest}).", "Un badge a été délivré à {account} (clé {digest})."},
    EventKind{EventId::badge_revoked, "badge_revoked", badge,
        "A badge of {account} was revoked (key {digest}).", "Un badge de {account} a été révoqué (clé {digest})."},
    EventKind{EventId::emergency_opened, "emergency_opened", emergency,
        "Emergency access {use} was opened {reason}, from: {from}. It lasts 30 min and waits for a review.",
        "L'accès d'urgence {use} a été ouvert {reason}, depuis : {from}. Il dure 30 min et attend un contrôle."},
    EventKind{EventId::emergency_refused, "emergency_refused", from_why,
        "Emergency access was not opened, from: {from}; {reason}.",
        "L'accès d'urgence n'a pas été ouvert, depuis : {from} ; {reason}."},
    EventKind{EventId::emergency_often, "emergency_often", uses,
        "Emergency access was opened {uses} times in 24 hours. IT security should look why.",
        "L'accès d'urgence a été ouvert {uses} fois en 24 heures. La sécurité informatique devrait en chercher la cause."},
    EventKind{EventId::emergency_ended, "emergency_ended", use,
        "Emergency access {use} ended.", "L'accès d'urgence {use} s'est terminé."},
    EventKind{EventId::emergency_reviewed, "emergency_reviewed", use,
        "Emergency access {use} was reviewed.", "L'accès d'urgence {use} a été contrôlé."},
    EventKind{EventId::emergency_code_sealed, "emergency_code_sealed", none,
        "A new emergency code was sealed.", "Un nouveau code d'urgence a été scellé."},
    EventKind{EventId::bolus_taken_back, "bolus_taken_back", corrected,
        "The bolus was cancelled; not given of it: {amount_mu} (entry {ring}, at {at_s}).",
        "Le bolus a été annulé ; non délivré : {amount_mu} (entrée {ring}, à {at_s})."},
    EventKind{EventId::failsafe_released, "failsafe_released", released,
        "Failsafe was released by the badges {first} and {second} of the profile. Released: {triggers} (entry {ring}, at {at_s}).",
        "Le mode de repli a été levé par les badges {first} et {second} du profil. Levé : {triggers} (entrée {ring}, à {at_s})."},
    // Therapy. The account that confirmed, cancelled or set stands in the record itself.
    EventKind{EventId::bolus_confirmed, "bolus_confirmed", bolus,
        "Bolus {bolus} of {amount_mu} was confirmed: {purpose}.", "Bolus {bolus} de {amount_mu} confirmé : {purpose}."},
    EventKind{EventId::bolus_cancelled, "bolus_cancelled", which_bolus,
        "Bolus {bolus} was cancelled while it was given. Its end says what was given.",
        "Le bolus {bolus} a été annulé pendant l'administration. Sa fin dit ce qui a été délivré."},
    EventKind{EventId::bolus_ended, "bolus_ended", ended_bolus,
        "Bolus {bolus} ended ({how}). Given: {given_mu} of {amount_mu} ({count}).",
        "Bolus {bolus} terminé ({how}). Délivré : {given_mu} sur {amount_mu} ({count})."},
    EventKind{EventId::temporary_set, "temporary_set", temporary,
        "A temporary basal rate was set: {percent} %, until {until_s}.",
        "Un débit basal temporaire a été réglé : {percent} %, jusqu'à {until_s}."},
    EventKind{EventId::temporary_ended, "temporary_ended", no_temporary,
        "The temporary basal rate of {percent} % ended ({how}).",
        "Le débit basal temporaire de {percent} % s'est terminé ({how})."},
    EventKind{EventId::basal_limited, "basal_limited", limited,
        "The plan wanted {wanted_mu} of basal insulin; the pump's limits leave less, so {asked_mu} were asked for. Asked for 0: "
        "the guardian decides by the profile. Check the glucose.",
        "Le plan demandait {wanted_mu} d'insuline basale ; les limites de la pompe laissent moins, {asked_mu} ont donc été demandées. "
        "Demande de 0 : le gardien décide par le profil. Contrôlez la glycémie."},
    EventKind{EventId::gateway_certified, "gateway_certified", certified,
        "The network part was given a certificate for two days (key {digest}).",
        "La partie réseau a reçu un certificat pour deux jours (clé {digest})."},
    EventKind{EventId::connection_refused, "connection_refused", connections,
        "Connections that were ended: {connections}; {reason}.", "Connexions coupées : {connections} ; {reason}."},
    EventKind{EventId::refusals_counted, "refusals_counted", refusals,
        "{refusals} more requests were refused in that hour.", "{refusals} autres demandes ont été refusées dans cette heure."},
};
// clang-format on

static_assert(
    [] {
        for (std::size_t i = 0; i < kinds.size(); ++i)
            if (std::to_underlying(kinds[i].id) != i) return false;
        return kinds.size() == std::to_underlying(EventId::refusals_counted) + 1U;
    }(),
    "kind_of() finds a row by its number");

}  // namespace

std::span<const EventKind> event_kinds() noexcept { return kinds; }

const EventKind& kind_of(EventId id) noexcept { return kinds[std::to_underlying(id)]; }

const EventKind* find_kind(std::string_view key) noexcept {
    const auto* row = std::ranges::find(kinds, key, &EventKind::key);
    return row == kinds.end() ? nullptr : row;
}

}  // namespace basalt::storage
