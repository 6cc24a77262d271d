// ui/view/words.h: every sentence of the console, English and French. Alarms have theirs in the guardian's own table.
#pragma once
#include "scenarios/engine/text.h"

#include <array>

namespace basalt::view::words {

using scenarios::Words;

inline constexpr Words no_reading{"No glucose reading. Measure with a meter.",
                                  "Pas de glycémie. Mesurez avec un lecteur."};
inline constexpr Words reading_now{"just now", "à l'instant"};
inline constexpr Words reading_age{"{} min ago", "il y a {} min"};
inline constexpr Words reading_old{"{} min ago: the sensor is late", "il y a {} min : le capteur est en retard"};
inline constexpr Words reading_too_old{"The last reading ({1}) is {0} min old. Measure with a meter.",
                                       "La dernière valeur ({1}) date de {0} min. Mesurez avec un lecteur."};
inline constexpr std::array<Words, 5> trends{{{"falling fast", "baisse rapide"},
                                              {"falling", "en baisse"},
                                              {"steady", "stable"},
                                              {"rising", "en hausse"},
                                              {"rising fast", "hausse rapide"}}};

// What the number means. The lines of the chart have the same words.
inline constexpr Words very_low{"VERY LOW", "TRÈS BASSE"}, low{"LOW", "BASSE"}, in_range{"in range", "dans la cible"},
    high{"HIGH", "HAUTE"}, very_high{"VERY HIGH", "TRÈS HAUTE"};

inline constexpr Words off{"The pump is OFF", "La pompe est ÉTEINTE"};
inline constexpr Words off_trust{"No insulin flows.", "Aucune insuline n'est délivrée."};
inline constexpr Words starting{"Starting", "Démarrage"};
inline constexpr Words starting_trust{"The programs are being verified. Insulin flows at the programmed rates.",
                                      "Vérification des programmes. L'insuline est délivrée aux débits programmés."};
inline constexpr Words normal{"Normal delivery", "Fonctionnement normal"};
inline constexpr Words normal_trust{"Firmware verified. Normal delivery.",
                                    "Logiciel vérifié. Insuline administrée normalement."};
inline constexpr Words one_copy_trust{
    "The copy of the firmware that runs is verified; another copy is not. Insulin is delivered normally.",
    "La copie du logiciel en marche est vérifiée ; une autre ne l'est pas. Insuline administrée normalement."};
inline constexpr Words alarmed_trust{"Firmware verified. Look at the alarm.", "Logiciel vérifié. Voyez l'alarme."};
inline constexpr Words signed_trust{"Insulin flows at the rates that the physician signed.",
                                    "L'insuline passe aux débits signés par le médecin."};
inline constexpr Words failsafe{"FAILSAFE - INSULIN IS FLOWING", "MODE DE SECOURS - L'INSULINE PASSE"};
inline constexpr Words failsafe_held{"FAILSAFE - NO INSULIN FLOWS", "MODE DE SECOURS - AUCUNE INSULINE"};
inline constexpr Words failsafe_doubtful{"FAILSAFE - INSULIN MAY NOT FLOW", "MODE DE SECOURS - DÉBIT INCERTAIN"};
inline constexpr Words held{"NO INSULIN FLOWS", "AUCUNE INSULINE"};
inline constexpr Words doubtful{"INSULIN MAY NOT FLOW", "DÉBIT INCERTAIN"};
inline constexpr Words held_trust{"The alarm says why, and what to do.", "L'alarme dit pourquoi, et que faire."};
inline constexpr Words failsafe_trust{
    "The firmware is shut out. The pump itself gives insulin at the rates that the physician signed.",
    "Le logiciel est écarté. La pompe délivre elle-même l'insuline aux débits signés par le médecin."};
inline constexpr Words failsafe_first{
    "FIRST: check the glucose; call the physician and biomedical service. No syringe on top without the physician.",
    "D'ABORD : contrôlez la glycémie ; appelez le médecin et le biomédical. Pas d'injection en plus sans son avis."};
inline constexpr Words failsafe_bolus{
    "Bolus: only one that the physician signed: press the pump's button (F12) 3 times within 10 s.",
    "Bolus : seulement celui que le médecin a signé : 3 appuis sur le bouton (F12) en 10 s."};
inline constexpr Words stopped{"INSULIN STOPPED", "INSULINE ARRÊTÉE"};
inline constexpr Words stopped_by_person{
    "Stopped by hand. It stays stopped, even after a loss of power, until a person resumes it.",
    "Arrêtée à la main. Le reste, même après une coupure, jusqu'à ce que quelqu'un la reprenne."};
inline constexpr Words stopped_by_itself{"The pump may give nothing; the alarm says why.",
                                         "La pompe ne peut rien délivrer ; l'alarme dit pourquoi."};

// ---- doses: a number always stands with its whole word ----
inline constexpr Words unit_word{"unit", "unité"}, units_word{"units", "unités"};
inline constexpr Words rate_now{"NOW", "ACTUEL"};
inline constexpr Words last_hour{"IN THE LAST HOUR", "EN UNE HEURE"};
inline constexpr Words a_rate{"{}/h", "{}/h"};
inline constexpr Words no_flow{"NO INSULIN FLOWS", "AUCUNE INSULINE"};
inline constexpr Words flow_doubtful{"FLOW UNCERTAIN", "DÉBIT INCERTAIN"};
inline constexpr Words signed_rates{"signed rates", "débits signés"};
inline constexpr Words given_last_hour{"All insulin given in the last hour: {}",
                                       "Toute l'insuline de la dernière heure : {}"};
inline constexpr Words at_signed_rates{"The rate of now is not known to this screen.",
                                       "L'écran ne connaît pas le débit du moment."};
inline constexpr Words after_resume{"After resuming: first the rates that the physician signed.",
                                    "À la reprise : d'abord les débits signés par le médecin."};
inline constexpr Words after_resume_before{
    "After resuming: first the rates that the physician signed. Before the stop: {}/h.",
    "À la reprise : d'abord les débits signés par le médecin. Avant l'arrêt : {}/h."};
inline constexpr Words left_in_reservoir{"{} left", "Il reste {}"};
inline constexpr Words on_board_not_zero{"! UNKNOWN, not zero", "! INCONNUE, pas zéro"};
inline constexpr Words on_board_last_known{"! UNKNOWN. At {}: {}", "! INCONNUE. À {} : {}"};
inline constexpr Words on_board_last_at_least{"! UNKNOWN. At {}: at least {}", "! INCONNUE. À {} : au moins {}"};
inline constexpr Words at_least{"! at least {}", "! au moins {}"};
inline constexpr Words therapy_unknown{"not known", "inconnu"};
inline constexpr Words dose_by{"{}, {} ago, by {}", "{}, il y a {}, par {}"};
inline constexpr Words dose_part_by{"{} of {}, {} ago, by {}", "{} sur {}, il y a {}, par {}"};
inline constexpr Words dose_runs{"{} of {} now, by {}", "{} sur {} en cours, par {}"};
inline constexpr Words dose_none{"none recorded", "aucun enregistré"};

// ---- alarms: what to do stands first ----
inline constexpr Words do_now{"NOW: {}", "MAINTENANT : {}"};
inline constexpr Words do_today{"TODAY: {}", "AUJOURD'HUI : {}"};
inline constexpr Words do_resume{
    "Check glucose and ketones; tell the physician. To resume: F1, then Enter; it holds the button for 10 s.",
    "Contrôlez glycémie et cétones ; prévenez le médecin. Pour reprendre : F1, puis Entrée ; le bouton est tenu 10 s."};

inline constexpr Words network_up{"connected", "connecté"};
inline constexpr Words network_silent{"no answer yet", "pas encore de réponse"};
inline constexpr Words network_isolated{"switched off by the pump", "coupé par la pompe"};
inline constexpr Words network_off{"off", "éteint"};

inline constexpr Words no_alarm{"No alarm", "Aucune alarme"};
inline constexpr Words one_alarm{"{} alarm, {} priority", "{} alarme, priorité {}"};
inline constexpr Words alarms{"{} alarms, the highest of {} priority", "{} alarmes, la plus haute de priorité {}"};
inline constexpr Words clock_lost{"time lost", "heure perdue"};
inline constexpr Words hold_to_stop{"STOPPING in {} s: insulin still flows",
                                    "ARRÊT dans {} s : insuline encore délivrée"};
inline constexpr Words hold_to_resume{"RESUMING in {} s: still stopped", "REPRISE dans {} s : encore arrêtée"};

// ---- what the window itself says ----
inline constexpr Words temporary_rate{"Temporary basal rate", "Débit de base temporaire"};
inline constexpr Words insulin_on_board{"Insulin on board", "Insuline active"};
inline constexpr Words who_is_in{"Logged in", "Session"};
inline constexpr Words reservoir{"Reservoir", "Réservoir"};
inline constexpr Words battery{"Battery", "Pile"};
inline constexpr Words network{"Network", "Réseau"};
inline constexpr Words pump_time{"Pump time", "Heure"};
inline constexpr Words stop_insulin{"STOP INSULIN", "ARRÊTER L'INSULINE"};
inline constexpr Words stop_your_patient{"STOP INSULIN OF\nYOUR PATIENT", "ARRÊTER L'INSULINE\nDE VOTRE PATIENT"};
inline constexpr Words resume_insulin{"RESUME INSULIN", "REPRENDRE"};
inline constexpr Words resume_how{"then Enter: it takes 10 s", "puis Entrée : dure 10 s"};
inline constexpr Words resume_sure{"Resume insulin?", "Reprendre l'insuline ?"};
inline constexpr Words resume_explain{
    "Check glucose and ketones first, and tell the physician. Confirm once: the console then holds the pump's button "
    "for "
    "10 seconds and counts them. After that insulin flows again, first at the rates that the physician signed.",
    "Contrôlez d'abord glycémie et cétones, et prévenez le médecin. Confirmez une fois : la console maintient le "
    "bouton "
    "de la pompe 10 secondes et les compte. Puis l'insuline passe de nouveau, d'abord aux débits signés par le "
    "médecin."};
inline constexpr Words yes_resume{"Yes, resume (Enter)", "Oui, reprendre (Entrée)"};
inline constexpr Words no_keep{"No, stay stopped (Esc)", "Non, laisser arrêtée (Échap)"};
inline constexpr Words not_a_device{"Simulation. Not a medical device.",
                                    "Simulation. N'est pas un dispositif médical."};
inline constexpr Words language_key{"Français (F2)", "English (F2)"};
inline constexpr Words unit_key{"Glucose in {} (F3)", "Glycémie en {} (F3)"};
inline constexpr Words contrast_key{"Contrast (F4)", "Contraste (F4)"};
inline constexpr Words sound_off{"Silence the alarm 2 min (F5)", "Couper le son 2 min (F5)"};
inline constexpr Words no_sound{"No sound on this computer", "Pas de son sur cet ordinateur"};
inline constexpr Words sound_back{"Alarm silenced, {} s left", "Son coupé, encore {} s"};
inline constexpr Words training{"TRAINING ONLY / SIMULATION", "FORMATION SEULEMENT / SIMULATION"};
inline constexpr Words insulin_given{"insulin given (a full bar: 1 unit or more)",
                                     "insuline délivrée (barre pleine : 1 unité ou plus)"};
inline constexpr Words pressed_stop{"STOPPING ...", "ARRÊT ..."};
inline constexpr Words pressed_resume{"RESUMING ...", "REPRISE ..."};
inline constexpr Words real_time{"real time", "temps réel"};
inline constexpr Words a_minute_a_second{"a minute each second", "une minute par seconde"};
inline constexpr Words ten_minutes_a_second{"ten minutes each second", "dix minutes par seconde"};
inline constexpr Words slowed{"Slowed to real time by what happened.", "Ramené au temps réel."};
inline constexpr Words patient_eats{"The patient eats", "Le patient mange"};
inline constexpr Words of_carbohydrate{"of carbohydrate", "de glucides"};
inline constexpr Words meal_mark{"{} g carbohydrate", "{} g de glucides"};
inline constexpr Words emergency_key{"Emergency access (F10)", "Accès d'urgence (F10)"};
inline constexpr Words emergency_key_long{"Emergency access (F10)", "Accès d'urgence sans compte (F10)"};
inline constexpr Words leave_failsafe_key{"Leave failsafe (F11)", "Quitter secours (F11)"};
inline constexpr Words try_title{"What this is", "Ce que c'est"};
inline constexpr std::array<Words, 3> about{
    {{"This is a training pump: nothing here reaches a person.",
      "C'est une pompe de formation : rien ici n'atteint une personne."},
     {"The big number is the patient's glucose; the curve is the last hours; the right side says what the pump does.",
      "Le grand nombre est la glycémie du patient ; la courbe, les dernières heures ; à droite, ce que fait la pompe."},
     {"Its programs were verified; if that changes, the right side says so.",
      "Ses programmes ont été vérifiés ; si cela change, la droite le dit."}}};
inline constexpr Words three_things{"Three things to try", "Trois choses à essayer"};
inline constexpr std::array<Words, 3> tries{
    {{"Stop the insulin (STOP INSULIN, or F1), and resume it.",
      "Arrêtez l'insuline (ARRÊTER L'INSULINE, ou F1), puis reprenez-la."},
     {"Let the patient eat, and watch the curve.", "Faites manger le patient, et regardez la courbe."},
     {"Attack the pump (F6): its firmware is swapped, beside an unprotected pump.",
      "Attaquez la pompe (F6) : son logiciel est remplacé, à côté d'une pompe non protégée."}}};
inline constexpr Words understood{"Start (Enter)", "Commencer (Entrée)"};
inline constexpr Words attack{"Attack (F6)", "Attaque (F6)"};

// ---- an attack on two pumps ----
inline constexpr Words twin_title{"Two other virtual patients, not yours: the same attack on two pumps",
                                  "Deux autres patients virtuels, pas le vôtre : la même attaque sur deux pompes"};
inline constexpr Words twin_plays{
    "Somebody swaps the firmware of two fresh pumps, and both patients live for a day. This takes some seconds.",
    "Quelqu'un remplace le logiciel de deux pompes neuves, et les deux patients vivent une journée. Cela prend "
    "quelques secondes."};
inline constexpr Words unprotected{"unprotected pump", "pompe non protégée"};
inline constexpr Words protected_pump{"protected pump", "pompe protégée"};
inline constexpr Words attack_mark{"attack", "attaque"};
inline constexpr Words tab_patient{"The patients", "Les patients"};
inline constexpr Words tab_devices{"The pumps", "Les pompes"};
inline constexpr Words tab_why{"Why", "Pourquoi"};
inline constexpr Words back{"Back to the pump (Esc)", "Retour à la pompe (Échap)"};
inline constexpr Words own_pump{"Your own pump:", "Votre pompe :"};

}  // namespace basalt::view::words
