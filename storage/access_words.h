// storage/access_words.h: the words for roles, contexts, operations and refusals of the access table
// (device/firmware/access/policy.h), each once: the log shows them too, and storage is the lowest folder that does.
#pragma once
#include "storage/event_kinds.h"

#include <array>
#include <string_view>

namespace basalt::storage {

/// `key` is how log, commands and programs spell it; `letters` is what the printed table has room for.
struct AccessWord {
    std::string_view key, letters, english, french;
    constexpr std::string_view in(Language language) const noexcept {
        return language == Language::french ? french : english;
    }
};

/// In the order of access::Role.
inline constexpr std::array<AccessWord, 9> role_words{{
    {"patient", "Pa", "patient", "patient"},
    {"caregiver", "Ca", "caregiver", "aidant"},
    {"nurse", "Nu", "nurse", "infirmier"},
    {"physician", "Ph", "physician", "médecin"},
    {"biomedical", "Bi", "biomedical engineer", "ingénieur biomédical"},
    {"it_security", "IT", "IT security", "sécurité informatique"},
    {"service", "Se", "manufacturer's service", "service du fabricant"},
    {"auditor", "Au", "auditor", "auditeur"},
    {"nobody", "--", "somebody without an account", "personne sans compte"},
}};

/// In the order of access::Context.
inline constexpr std::array<AccessWord, 3> context_words{{
    {"home", "H", "at home", "à domicile"},
    {"ward", "W", "on the ward", "dans le service"},
    {"emergency", "E", "in the emergency department", "aux urgences"},
}};

/// In the order of access::Operation.
inline constexpr std::array<AccessWord, 48> operation_words{{
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

/// Why somebody was refused, or how they came in: keys of decide.h, login.h and break_glass.h.
inline constexpr std::array<AccessWord, 20> reason_words{{
    {"unknown_operation", "", "the pump does not know the operation", "la pompe ne connaît pas l'opération"},
    {"not_this_role", "", "not this role's right", "ce rôle n'y a pas droit"},
    {"not_here", "", "not possible in this place of use", "pas possible dans ce lieu d'usage"},
    {"factors_missing", "", "too little proof was shown", "trop peu de preuves"},
    {"second_missing", "", "a second person has to agree", "il faut l'accord d'une deuxième personne"},
    {"second_unfit", "", "the second person may not agree to this", "la deuxième personne ne peut pas l'approuver"},
    {"condition_unmet", "", "a condition was not met", "une condition n'était pas remplie"},
    {"not_built", "", "the pump does not do that yet", "la pompe ne le fait pas encore"},
    {"wrong", "", "wrong name or password", "nom ou mot de passe faux"},
    {"hold", "", "too soon after wrong passwords", "trop tôt après des mots de passe faux"},
    {"failure", "", "the pump could not check it", "la pompe n'a pas pu vérifier"},
    {"idle", "", "left alone for too long", "laissée seule trop longtemps"},
    {"left", "", "logged out", "déconnexion"},
    {"password", "", "by password", "par mot de passe"},
    {"badge", "", "by badge", "par badge"},
    {"code", "", "by the sealed code", "par le code scellé"},
    {"code_again", "", "anew by its own code, with its old end", "à nouveau par son code, jusqu'à la même fin"},
    {"pump", "", "the pump itself", "la pompe même"},
    {"wrong_code", "", "wrong code", "code faux"},
    {"no_emergency_badge", "", "no emergency badge", "pas de badge d'urgence"},
}};

}  // namespace basalt::storage
