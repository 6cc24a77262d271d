// ui/view/people_words.h: every sentence of the console about people: log-in, bolus, temporary rate, emergency access,
// leaving failsafe. English and French. What the pump answers comes in the pump's own words.
#pragma once
#include "scenarios/engine/text.h"

namespace basalt::view::words {

using scenarios::Words;

// ---- the line to the pump ----
inline constexpr Words line_connecting{"Connecting to the pump ...", "Connexion à la pompe ..."};
inline constexpr Words line_wait{"The console is still connecting to the pump. Wait a moment, then try again.",
                                 "La console se connecte encore à la pompe. Attendez un instant, puis réessayez."};
inline constexpr Words line_away{
    "The pump does not answer on its network, so it takes no command from here. It is tried again by itself. The "
    "pump's "
    "own button works.",
    "La pompe ne répond pas sur son réseau : elle ne prend aucune commande d'ici. Un nouvel essai se fait seul. Le "
    "bouton de la pompe fonctionne."};
inline constexpr Words line_refused{
    "The pump refused this console, so it takes no command from here. Use its own button, and tell biomedical service.",
    "La pompe a refusé cette console : elle ne prend aucune commande d'ici. Utilisez son bouton et prévenez le service "
    "biomédical."};
inline constexpr Words line_no_papers{
    "This console has no certificate for this pump. Make the device anew: basalt device init. The pump's own button "
    "works.",
    "Cette console n'a pas de certificat pour cette pompe. Refaites l'appareil : basalt device init. Le bouton de la "
    "pompe fonctionne."};
inline constexpr Words line_up{"Connected to the pump.", "Connecté à la pompe."};
inline constexpr Words line_returning{
    "The connection to the pump has ended: after a stop, a resume or a reset the pump starts anew. The console "
    "connects "
    "again by itself, in some seconds. What you typed stays.",
    "La connexion à la pompe est finie : après un arrêt, une reprise ou une réinitialisation, la pompe redémarre. La "
    "console se reconnecte seule, en quelques secondes. Votre saisie reste."};
inline constexpr Words lost_log_in{"Your log-in ended with the connection. Log in again when it is back (F7).",
                                   "Votre session a pris fin avec la connexion. Reconnectez-vous à son retour (F7)."};
inline constexpr Words lost_emergency{
    "Emergency access ended here with the connection. Open it again when it is back, by the same code or badge (F10).",
    "L'accès d'urgence a pris fin ici avec la connexion. Rouvrez-le à son retour, par le même code ou badge (F10)."};
inline constexpr Words back_log_in{"The connection is back. Log in again (F7).",
                                   "La connexion est rétablie. Reconnectez-vous (F7)."};

// ---- a command without an answer: what to look at ----
inline constexpr Words unknown_bolus{
    "No answer came: the bolus may run. Look at \"Last bolus\" on the right before you ask again.",
    "Pas de réponse : le bolus est peut-être en cours. Regardez « Dernier bolus » à droite avant de redemander."};
inline constexpr Words unknown_temporary{
    "No answer came: the rate may have changed. Look at \"Temporary\" on the right before you ask again.",
    "Pas de réponse : le débit a peut-être changé. Regardez « Temporaire » à droite avant de redemander."};
inline constexpr Words unknown_session{
    "No answer came. Look at \"Logged in\" on the right. If it is not you, log in again (F7).",
    "Pas de réponse. Regardez « Connecté » à droite. Si ce n'est pas vous, reconnectez-vous (F7)."};
inline constexpr Words unknown_password{
    "No answer came: the password may be the new one. Log in with it; if it is refused, with the one before.",
    "Pas de réponse : le mot de passe est peut-être le nouveau. Connectez-vous avec lui ; s'il est refusé, avec "
    "l'ancien."};
inline constexpr Words unknown_emergency{
    "No answer came: emergency access may be open at the pump, but not for this console. Open it again: the same code "
    "or badge serves.",
    "Pas de réponse : l'accès d'urgence est peut-être ouvert, mais pas pour cette console. Ouvrez-le à nouveau : le "
    "même code ou badge sert."};
inline constexpr Words unknown_approval{
    "No answer came: the change may be made. Look whether it still waits (Ins), and at \"Last bolus\" on the right.",
    "Pas de réponse : le changement est peut-être fait. Regardez s'il attend encore (Inser) et « Dernier bolus » à "
    "droite."};
inline constexpr Words unknown_context{
    "No answer came: the place of use may have changed. Choose it again: that does no harm.",
    "Pas de réponse : le lieu d'usage a peut-être changé. Choisissez-le à nouveau : c'est sans risque."};
inline constexpr Words unknown_harmless{"No answer came, and nothing was changed by it. Ask again.",
                                        "Pas de réponse, et rien n'a changé. Redemandez."};

// ---- a second person, and the place of use ----
inline constexpr Words open_second{"Sign (Ins)", "Signer (Inser)"};
inline constexpr Words title_second{"Second person", "Deuxième personne"};
inline constexpr Words title_context{"Place of use", "Lieu d'usage"};
inline constexpr Words second_what{
    "What one person asked for and another has to sign waits here. Choose your own badge, look, read, then sign.",
    "Ce qu'une personne a demandé et qu'une autre doit signer attend ici. Choisissez votre badge, regardez, lisez, "
    "puis signez."};
inline constexpr Words second_waits{
    "Nothing is given yet. Within 10 minutes the second person signs it with their badge (Ins).",
    "Rien n'est encore délivré. La deuxième personne a 10 minutes pour signer avec son badge (Inser)."};
inline constexpr Words second_stage{"Waits for the second person: {}", "Attend la deuxième personne : {}"};
inline constexpr Words do_look{"Look what waits (Enter)", "Voir ce qui attend (Entrée)"};
inline constexpr Words do_sign{"Sign exactly this (Enter)", "Signer exactement ceci (Entrée)"};
inline constexpr Words look_again{"Do not sign (Esc)", "Ne pas signer (Échap)"};
inline constexpr Words next_change{"Next (PgUp)", "Suivant (PgUp)"};
inline constexpr Words change_which{"{} of {}, for {} more", "{} sur {}, encore {}"};
inline constexpr Words change_unfit{
    "What the pump shows is not what would be signed, or this console cannot say it in words. Sign nothing. Tell IT "
    "security, and have the first person ask again.",
    "Ce que la pompe montre n'est pas ce qui serait signé, ou cette console ne sait pas le dire. Ne signez rien. "
    "Prévenez la sécurité informatique ; la première personne doit redemander."};
inline constexpr Words need_badge{"Choose your own badge first (PgDn).", "Choisissez d'abord votre badge (PgDn)."};
inline constexpr Words to_context{"Place of use (Ins)", "Lieu d'usage (Inser)"};
inline constexpr Words to_second{"Second person (Ins)", "Deuxième personne (Inser)"};
inline constexpr Words context_what{
    "Home, ward or emergency department: it decides what everybody has to show. Choose your badge, then the place.",
    "Domicile, service ou urgences : cela décide de ce que chacun doit montrer. Choisissez votre badge, puis le lieu."};
inline constexpr Words context_home{"Home", "Domicile"};
inline constexpr Words context_ward{"Ward", "Service"};
inline constexpr Words context_emergency{"Emergency department", "Urgences"};
inline constexpr Words context_step{"Other place (PgUp)", "Autre lieu (PgUp)"};
inline constexpr Words do_context{"Use it there (Enter)", "Utiliser là (Entrée)"};
inline constexpr Words up_to_limit{"Up to the limit (F8)", "Jusqu'à la limite (F8)"};
inline constexpr Words above_limit{"Above, two people (F8)", "Au-delà, à deux (F8)"};
inline constexpr Words one_at_a_time{"One command is under way. Wait for its answer.",
                                     "Une commande est en cours. Attendez sa réponse."};
inline constexpr Words sent{"Sent to the pump ...", "Envoyé à la pompe ..."};

// ---- who ----
inline constexpr Words logged_in{"Logged in", "Connecté"};
inline constexpr Words nobody{"nobody", "personne"};
inline constexpr Words log_in_again{"{}: log in again (F7)", "{} : reconnectez-vous (F7)"};
inline constexpr Words last_log_in{"Last log-in: {} ago.", "Dernière connexion : il y a {}."};
inline constexpr Words first_log_in{"This is the first log-in.", "C'est la première connexion."};
inline constexpr Words failed_once{"1 failed log-in since then. If that was not you, tell IT security.",
                                   "1 connexion refusée depuis. Si ce n'était pas vous, prévenez la sécurité "
                                   "informatique."};
inline constexpr Words failed_since{"{} failed log-ins since then. If that was not you, tell IT security.",
                                    "{} connexions refusées depuis. Si ce n'était pas vous, prévenez la sécurité "
                                    "informatique."};
inline constexpr Words must_change{"Choose another password.", "Changez votre mot de passe."};
inline constexpr Words left_alone{"Nobody used the console for {} min, so you were logged out. Log in again.",
                                  "La console n'a pas servi pendant {} min : vous êtes déconnecté. Reconnectez-vous."};
inline constexpr Words time_runs{"Time runs faster than real time, so nobody is logged in. Log in again (F7).",
                                 "Le temps est accéléré : personne n'est connecté. Reconnectez-vous (F7)."};
inline constexpr Words need_log_in{"Log in first (F7).", "Connectez-vous d'abord (F7)."};
inline constexpr Words need_name{"Type your account's name.", "Tapez le nom de votre compte."};
inline constexpr Words need_password{"Type the new password first.", "Tapez d'abord le nouveau mot de passe."};
inline constexpr Words need_code{"Type the code of the sheet that came with the pump.",
                                 "Tapez le code de la feuille livrée avec la pompe."};

// ---- bolus ----
inline constexpr Words give_it{"Give {}?", "Administrer {} ?"};
inline constexpr Words not_what_was_asked{
    "The pump read back another amount than was typed. Nothing was given. Use the pump's own button, and tell "
    "biomedical service.",
    "La pompe a relu une autre dose que celle tapée. Rien n'a été délivré. Utilisez le bouton de la pompe et prévenez "
    "le "
    "service biomédical."};
inline constexpr Words suggested_terms{"Carbs {}, correction {}, insulin on board taken off {}.",
                                       "Glucides {}, correction {}, insuline active déduite {}."};
inline constexpr Words suggested{"Suggested: {}", "Proposition : {}"};
inline constexpr Words not_given{"Nothing was given.", "Rien n'a été délivré."};
inline constexpr Words running{"{} of {} given", "{} sur {} délivrées"};
inline constexpr Words ended_done{"Given: {}.", "Délivré : {}."};
inline constexpr Words cancelling{"CANCELLED. The pump counts what was given ...",
                                  "ANNULÉ. La pompe compte ce qui est délivré ..."};
inline constexpr Words ended_cancelled{"CANCELLED. Given until then: {} of {}, the portion under way with it.",
                                       "ANNULÉ. Délivré jusque-là : {} sur {}, la portion en cours comprise."};
inline constexpr Words may_be_more{"It may have been more. Measure the glucose.",
                                   "Ce peut être plus. Mesurez la glycémie."};
inline constexpr Words ended_short{"ENDED EARLY. Given: {} of {}. Look at the alarms.",
                                   "INTERROMPU. Délivré : {} sur {}. Regardez les alarmes."};
inline constexpr Words press_now{"Press the pump's button now, shortly (F12). {} s left.",
                                 "Appuyez brièvement sur le bouton de la pompe (F12). Encore {} s."};

// ---- facts on the main screen ----
inline constexpr Words on_board_unknown{"not known yet", "pas encore connue"};
inline constexpr Words on_board_at_least{"at least {} U", "au moins {} U"};
inline constexpr Words last_bolus{"Last bolus", "Dernier bolus"};
inline constexpr Words temporary_less{"{} % less, {} left, by {}", "{} % de moins, encore {}, par {}"};
inline constexpr Words temporary_more{"{} % more, {} left, by {}", "{} % de plus, encore {}, par {}"};
inline constexpr Words temporary_none{"none", "aucun"};
inline constexpr Words stopped_since{"INSULIN STOPPED since {}", "INSULINE ARRÊTÉE depuis {}"};
inline constexpr Words minutes{"{} min", "{} min"};
inline constexpr Words hours{"{} h {} min", "{} h {} min"};

// ---- temporary rate ----
inline constexpr Words temporary_sure_less{"{} % less basal for {} min?", "{} % de basal en moins pendant {} min ?"};
inline constexpr Words temporary_sure_more{"{} % more basal for {} min?", "{} % de basal en plus pendant {} min ?"};
inline constexpr Words temporary_end_sure{"End the temporary rate?", "Terminer le débit temporaire ?"};
inline constexpr Words temporary_bad_percent{"Type 30 to 100 for less, or 10 to 30 for more, in tens.",
                                             "Tapez de 30 à 100 pour moins, ou de 10 à 30 pour plus, par dizaines."};
inline constexpr Words temporary_bad_minutes{"Type 15 to 240 minutes, in quarters of an hour.",
                                             "Tapez de 15 à 240 minutes, par quarts d'heure."};

// ---- emergency ----
inline constexpr Words emergency_open{"EMERGENCY ACCESS OPEN: {} min left. Everything is on record.",
                                      "ACCÈS D'URGENCE OUVERT : encore {} min. Tout est enregistré."};
inline constexpr Words emergency_closed{"Emergency access is closed.", "L'accès d'urgence est fermé."};
inline constexpr Words need_emergency{"Choose the emergency badge, or type the sealed code.",
                                      "Choisissez le badge d'urgence, ou tapez le code scellé."};

// ---- what stands on the panels' buttons and fields ----
inline constexpr Words open_log_in{"Log in (F7)", "Connexion (F7)"};
inline constexpr Words open_bolus{"Bolus (F8)", "Bolus (F8)"};
inline constexpr Words open_temporary{"Temporary (F9)", "Temporaire (F9)"};
inline constexpr Words button{"Pump's button (F12)", "Bouton pompe (F12)"};
inline constexpr Words title_log_in{"Log in", "Connexion"};
inline constexpr Words title_bolus{"Bolus", "Bolus"};
inline constexpr Words title_temporary{"Temporary basal rate", "Débit basal temporaire"};
inline constexpr Words title_emergency{"Emergency access", "Accès d'urgence"};
inline constexpr Words title_release{"Leave failsafe", "Quitter le mode de secours"};
inline constexpr Words close{"Close (Esc)", "Fermer (Échap)"};
inline constexpr Words name{"Name", "Nom"};
inline constexpr Words password{"Password", "Mot de passe"};
inline constexpr Words new_password{"New password", "Nouveau mot de passe"};
inline constexpr Words code{"Code of the sheet", "Code de la feuille"};
inline constexpr Words sealed_code{"Sealed code", "Code scellé"};
inline constexpr Words badge{"Badge (PgDn)", "Badge (PgDn)"};
inline constexpr Words no_badge{"none", "aucun"};
inline constexpr Words first_time{"First password (F7)", "Premier mot de passe (F7)"};
inline constexpr Words has_password{"I have a password (F7)", "J'ai un mot de passe (F7)"};
inline constexpr Words do_log_in{"Log in (Enter)", "Se connecter (Entrée)"};
inline constexpr Words do_choose{"Choose it (Enter)", "Le choisir (Entrée)"};
inline constexpr Words do_log_out{"Log out", "Se déconnecter"};
inline constexpr Words carbs{"Carbs, g", "Glucides, g"};
inline constexpr Words units{"Insulin, units", "Insuline, unités"};
inline constexpr Words do_suggest{"Suggest (Enter)", "Proposer (Entrée)"};
inline constexpr Words do_propose{"Go on (Enter)", "Continuer (Entrée)"};
inline constexpr Words yes_give{"Yes, give (Enter)", "Oui, administrer (Entrée)"};
inline constexpr Words no_give{"No (Esc)", "Non (Échap)"};
inline constexpr Words then_press{
    "After your yes, press the pump's own button: only then it is given.",
    "Après votre oui, appuyez sur le bouton de la pompe : alors seulement, la dose part."};
inline constexpr Words do_cancel{"CANCEL THE BOLUS (Enter)", "ANNULER LE BOLUS (Entrée)"};
inline constexpr Words another{"Another bolus (Enter)", "Autre bolus (Entrée)"};
inline constexpr Words less{"Less (F9)", "Moins (F9)"};
inline constexpr Words more{"More (F9)", "Plus (F9)"};
inline constexpr Words percent{"Percent", "Pour cent"};
inline constexpr Words for_minutes{"Minutes", "Minutes"};
inline constexpr Words end_it{"End it now (0 %)", "Terminer maintenant (0 %)"};
inline constexpr Words yes{"Yes (Enter)", "Oui (Entrée)"};
inline constexpr Words emergency_what{
    "For anybody, in an emergency: glucose and state, stop, resume, less basal, one bolus. 30 minutes, on record, "
    "reviewed by name.",
    "Pour tous, en urgence : glycémie et état, arrêt, reprise, moins de basal, un bolus. 30 minutes, enregistré, "
    "contrôlé nommément."};
inline constexpr Words emergency_now{
    "Now anybody may give one bolus (F8), set less basal (F9), stop and resume (F1).",
    "Tous peuvent maintenant donner un bolus (F8), réduire le basal (F9), arrêter et reprendre (F1)."};
inline constexpr Words do_open{"Open emergency access (Enter)", "Ouvrir l'accès d'urgence (Entrée)"};
inline constexpr Words release_what{
    "Two people show their badges at the pump's reader: a physician and a biomedical engineer. The pump then verifies "
    "its programs anew.",
    "Deux personnes présentent leur badge au lecteur de la pompe : médecin et ingénieur biomédical. La pompe revérifie "
    "alors ses programmes."};
inline constexpr Words first_badge{"First (PgUp)", "Premier (PgUp)"};
inline constexpr Words second_badge{"Second (PgDn)", "Deuxième (PgDn)"};
inline constexpr Words do_release{"Show both badges (Enter)", "Présenter les deux (Entrée)"};
inline constexpr Words need_two{"Choose two badges, of two people.", "Choisissez deux badges, de deux personnes."};

}  // namespace basalt::view::words
