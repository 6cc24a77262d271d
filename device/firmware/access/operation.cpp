#include "device/firmware/access/operation.h"

#include <array>

namespace basalt::access {
namespace {

constexpr Word unknown{"unknown", "", "something that this pump does not know",
                       "quelque chose que cette pompe ne connaît pas"};

// In the order of Operation.
constexpr std::array<Word, operation_count> operations{{
    {"see_glucose", "", "see the glucose", "voir la glycémie"},
    {"see_state", "", "see the pump's state", "voir l'état de la pompe"},
    {"see_alarms", "", "see the alarms", "voir les alarmes"},
    {"see_history", "", "see the history", "voir l'historique"},
    {"acknowledge_alarm", "", "acknowledge an alarm", "acquitter une alarme"},
    {"pause_audio", "", "silence an alarm for 2 min", "couper le son 2 min"},
    {"stop_delivery", "", "stop the insulin", "arrêter l'insuline"},
    {"resume_delivery", "", "resume the insulin", "reprendre l'insuline"},
    {"bolus_within_limit", "", "give a bolus up to the patient's limit", "donner un bolus dans la limite"},
    {"bolus_above_limit", "", "give a bolus above the patient's limit", "donner un bolus au-delà de la limite"},
    {"temporary_basal_down", "", "lower the basal for a time", "baisser le basal un temps"},
    {"temporary_basal_up", "", "raise the basal for a time", "augmenter le basal un temps"},
    {"change_therapy", "", "change profile, ratios, limits", "modifier profil, ratios, limites"},
    {"choose_context", "", "choose home or ward", "choisir domicile ou service"},
    {"choose_emergency", "", "choose emergency use", "choisir l'usage aux urgences"},
    {"new_patient", "", "enter a new patient", "saisir un nouveau patient"},
    {"link_patient_record", "", "link the patient's record", "lier le dossier du patient"},
    {"change_reservoir", "", "change the reservoir", "changer le réservoir"},
    {"prime", "", "prime the tubing", "purger la tubulure"},
    {"isolate_network", "", "cut the network off", "couper le réseau"},
    {"rejoin_network", "", "rejoin the network", "rejoindre le réseau"},
    {"pair_remote", "", "pair a radio remote", "appairer une télécommande"},
    {"forget_remote", "", "forget a radio remote", "oublier une télécommande"},
    {"enter_failsafe", "", "enter failsafe by hand", "passer en mode de repli"},
    {"leave_failsafe", "", "leave failsafe", "quitter le mode de repli"},
    {"create_account", "", "create an account", "créer un compte"},
    {"disable_account", "", "disable an account", "désactiver un compte"},
    {"issue_badge", "", "issue a badge", "délivrer un badge"},
    {"revoke_badge", "", "revoke a badge", "révoquer un badge"},
    {"set_access_policy", "", "set password rules, time-outs", "régler mots de passe, délais"},
    {"enrol_network", "", "enrol the network", "enrôler le réseau"},
    {"rotate_key", "", "rotate a key", "renouveler une clé"},
    {"start_staged_update", "", "start a staged update", "lancer une mise à jour prête"},
    {"install_update", "", "install an update", "installer une mise à jour"},
    {"roll_back", "", "go back to an earlier version", "revenir à une version antérieure"},
    {"open_service_port", "", "open the service port", "ouvrir le port de service"},
    {"set_clock", "", "set the clock", "régler l'horloge"},
    {"run_self_test", "", "run the self-test", "lancer l'autotest"},
    {"attest", "", "attest the software", "attester le logiciel"},
    {"read_versions", "", "read the versions", "lire les versions"},
    {"read_log", "", "read the log", "lire le journal"},
    {"export_log", "", "export the log", "exporter le journal"},
    {"review_break_glass", "", "review an emergency access", "contrôler un accès d'urgence"},
    {"request_export", "", "request an export of one's data", "demander l'export de ses données"},
    {"export_patient_data", "", "export the patient's data", "exporter les données du patient"},
    {"restore_onto_replacement", "", "restore onto this replacement", "restaurer sur ce remplacement"},
    {"patient_changeover", "", "change over to another patient", "changer de patient"},
    {"crypto_erase", "", "erase and retire the pump", "effacer et retirer la pompe"},
}};

}  // namespace

const Word& word(Operation operation) noexcept {
    return is_known(operation) ? operations[std::to_underlying(operation)] : unknown;
}

std::optional<Operation> find_operation(std::string_view key) noexcept {
    for (std::size_t i = 0; i < operations.size(); ++i)
        if (operations[i].key == key) return static_cast<Operation>(i);
    return std::nullopt;
}

}  // namespace basalt::access
