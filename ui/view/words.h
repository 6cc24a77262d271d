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

inline constexpr Words off{"The pump is OFF", "La pompe est ÉTEINTE"};
inline constexpr Words off_trust{"No insulin flows.", "Aucune insuline n'est délivrée."};
inline constexpr Words starting{"Starting", "Démarrage"};
inline constexpr Words starting_trust{"The programs are being verified. Insulin flows at the programmed rates.",
                                      "Vérification des programmes. L'insuline est délivrée aux débits programmés."};
inline constexpr Words normal{"Normal delivery", "Fonctionnement normal"};
inline constexpr Words normal_trust{"Firmware verified. Normal delivery.", "Logiciel vérifié. Fonctionnement normal."};
inline constexpr Words failsafe{"FAILSAFE", "MODE DE SECOURS"};
inline constexpr Words failsafe_trust{
    "The firmware is not trusted and gives no insulin. Insulin flows at the rates that the physician signed.",
    "Le logiciel n'est pas fiable et ne délivre rien. L'insuline est délivrée aux débits signés par le médecin."};
inline constexpr Words stopped{"INSULIN STOPPED", "INSULINE ARRÊTÉE"};
inline constexpr Words stopped_by_person{
    "Stopped by hand. It stays stopped, even after a loss of power, until a person resumes it.",
    "Arrêtée à la main. Elle le reste, même après une coupure, jusqu'à ce que quelqu'un la remette en marche."};
inline constexpr Words stopped_by_itself{"The pump may give nothing; the alarm says why.",
                                         "La pompe ne peut rien délivrer ; l'alarme dit pourquoi."};

inline constexpr Words rate_and_flow{"{} U/h; last hour: {} U", "{} U/h ; dernière heure : {} U"};
inline constexpr Words flow{"last hour: {} U", "dernière heure : {} U"};
inline constexpr Words nothing_flows{"NO insulin flows; last hour: {} U", "AUCUNE insuline ; dernière heure : {} U"};
inline constexpr Words units_left{"{} U left", "{} U restantes"};

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
inline constexpr Words basal{"Insulin", "Insuline"};
inline constexpr Words reservoir{"Reservoir", "Réservoir"};
inline constexpr Words battery{"Battery", "Pile"};
inline constexpr Words network{"Network", "Réseau"};
inline constexpr Words pump_time{"Pump time", "Heure de la pompe"};
inline constexpr Words stop_insulin{"STOP INSULIN", "ARRÊTER L'INSULINE"};
inline constexpr Words resume_insulin{"RESUME INSULIN", "REPRENDRE"};
inline constexpr Words resume_sure{"Resume insulin?", "Reprendre l'insuline ?"};
inline constexpr Words resume_explain{
    "Confirm once: the console then holds the pump's button for 10 seconds. After that insulin flows again, first at "
    "the rates that the physician signed.",
    "Confirmez une fois : la console maintient ensuite le bouton de la pompe 10 secondes. Puis l'insuline est de "
    "nouveau délivrée, d'abord aux débits signés par le médecin."};
inline constexpr Words yes_resume{"Yes, resume (Enter)", "Oui, reprendre (Entrée)"};
inline constexpr Words no_keep{"No, stay stopped (Esc)", "Non, laisser arrêtée (Échap)"};
inline constexpr Words not_a_device{"Simulation. Not a medical device.",
                                    "Simulation. N'est pas un dispositif médical."};
inline constexpr Words language_key{"Français (F2)", "English (F2)"};
inline constexpr Words unit_key{"Unit (F3)", "Unité (F3)"};
inline constexpr Words contrast_key{"Contrast (F4)", "Contraste (F4)"};
inline constexpr Words sound_off{"Pause sound 2 min (F5)", "Couper le son 2 min (F5)"};
inline constexpr Words no_sound{"No sound on this computer", "Pas de son sur cet ordinateur"};
inline constexpr Words sound_back{"Sound paused, {} s left", "Son suspendu, encore {} s"};
inline constexpr Words simulation{"Simulation:", "Simulation :"};
inline constexpr Words insulin_given{"insulin given", "insuline délivrée"};
inline constexpr Words pressed_stop{"STOPPING ...", "ARRÊT ..."};
inline constexpr Words pressed_resume{"RESUMING ...", "REPRISE ..."};
inline constexpr Words real_time{"real time", "temps réel"};
inline constexpr Words a_minute_a_second{"a minute each second", "une minute par seconde"};
inline constexpr Words ten_minutes_a_second{"ten minutes each second", "dix minutes par seconde"};
inline constexpr Words slowed{"Slowed to real time by what happened.", "Ramené au temps réel."};
inline constexpr Words meal{"Eat {} g", "Manger {} g"};
inline constexpr Words try_title{"What this is", "Ce que c'est"};
inline constexpr std::array<Words, 3> about{
    {{"A simulated insulin pump keeps a virtual patient alive; its programs were verified before they ran.",
      "Une pompe à insuline simulée maintient un patient virtuel en vie ; ses programmes ont été vérifiés avant de "
      "s'exécuter."},
     {"The big number is the patient's glucose; the curve is the last hours; the right side says what the pump does.",
      "Le grand nombre est la glycémie du patient ; la courbe, les dernières heures ; à droite, ce que fait la pompe."},
     {"Nothing here can hurt anybody: break it.", "Rien ici ne peut blesser personne : cassez-la."}}};
inline constexpr Words three_things{"Three things to try", "Trois choses à essayer"};
inline constexpr std::array<Words, 3> tries{
    {{"Stop the insulin (the red button, or F1), and resume it.",
      "Arrêtez l'insuline (bouton rouge, ou F1), puis reprenez-la."},
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
