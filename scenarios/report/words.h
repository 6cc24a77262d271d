// scenarios/report/words.h: every sentence of the screen and of the HTML report, English and French. "{}" are filled
// in.
#pragma once
#include "scenarios/engine/text.h"

namespace basalt::scenarios::report_words {

inline constexpr Words setting{"Virtual patient {}, {} hours from {}, programmed basal rate {} U/h.",
                               "Patient virtuel {}, {} heures à partir de {}, débit de base programmé {} U/h."};
inline constexpr Words glucose_axis{"Glucose in the body, mg/dL", "Glycémie dans le corps, mg/dL"};
inline constexpr Words insulin_axis{"Insulin given, U in each half hour", "Insuline délivrée, U par demi-heure"};
inline constexpr Words time_axis{"time of day", "heure du jour"};
inline constexpr Words target{"target", "cible"};
inline constexpr Words target_band{"target, 70 to 180", "cible, 70 à 180"};
inline constexpr Words dangerous{"dangerous, below 54", "dangereux, sous 54"};
inline constexpr Words dangerous_short{"dangerous", "dangereux"};
inline constexpr Words attack{"attack", "attaque"};
inline constexpr Words unprotected_short{"unprotected", "non protégée"};
inline constexpr Words protected_short{"protected", "protégée"};
inline constexpr Words low{"LOW", "BAS"};
inline constexpr Words high{"HIGH", "HAUT"};
inline constexpr Words outside_model{
    "LOW and HIGH: below 40 and above 600 mg/dL the model says nothing that can be believed, so no number is shown.",
    "BAS et HAUT : sous 40 et au-dessus de 600 mg/dL, le modèle ne dit rien de fiable ; aucun nombre n'est affiché."};

inline constexpr Words what_happened{"What was done", "Ce qui a été fait"};
inline constexpr Words the_patient{"The patient", "Le patient"};
inline constexpr Words with_protected{"With the protected pump", "Avec la pompe protégée"};
inline constexpr Words with_unprotected{"With the unprotected pump", "Avec la pompe non protégée"};
inline constexpr Words was_between{"{}: glucose was between {} and {} mg/dL, {} % of the time in the target.",
                                   "{} : la glycémie était entre {} et {} mg/dL, dans la cible {} % du temps."};
inline constexpr Words was_low{"Glucose was below 54 mg/dL from {} on, for {} without a break.",
                               "La glycémie était sous 54 mg/dL à partir de {}, pendant {} sans interruption."};
inline constexpr Words low_means{
    "That is the range of confusion, fits and loss of consciousness; asleep, nobody notices.",
    "C'est la zone de la confusion, des convulsions et de la perte de connaissance ; endormi, personne ne le "
    "remarque."};
inline constexpr Words no_insulin{"No insulin flowed from {} on, for {}.", "Aucune insuline n'a coulé à partir de {}, pendant {}."};
inline constexpr Words insulin_given{"Insulin given in all: {} U.", "Insuline délivrée au total : {} U."};

inline constexpr Words the_protected_pump{"The protected pump", "La pompe protégée"};
inline constexpr Words the_unprotected_pump{"The unprotected pump", "La pompe non protégée"};
inline constexpr Words again{" ({} more times, the last at {})", " (encore {} fois, la dernière à {})"};
inline constexpr Words once_more{" (once more at {})", " (encore une fois à {})"};
inline constexpr Words more_lines{"... and {} more.", "... et {} de plus."};
inline constexpr Words hourly{"glucose {} mg/dL, {} U given in the last hour",
                              "glycémie {} mg/dL, {} U délivrées dans la dernière heure"};

inline constexpr Words why{"Why", "Pourquoi"};
inline constexpr Words limits{"What limits cannot prevent", "Ce que les limites ne peuvent empêcher"};
inline constexpr Words checks{"What a protected pump must show", "Ce qu'une pompe protégée doit montrer"};
inline constexpr Words met_at{"shown at {}", "montré à {}"};
inline constexpr Words met_all_the_time{"shown all the time", "montré tout le temps"};
inline constexpr Words not_met{"NOT SHOWN", "NON MONTRÉ"};
inline constexpr Words same_as_training{
    "The same attack on the training build with every defence on gave the same glucose, doses and modes, to the last "
    "bit.",
    "La même attaque sur la version d'exercice, toutes défenses actives, a donné mêmes glycémies, doses et modes, au "
    "bit près."};
inline constexpr Words switched_off{"Switched off in the unprotected pump: {}. Its limits were left on.",
                                    "Désactivé dans la pompe non protégée : {}. Ses limites sont restées actives."};
inline constexpr Words passed{"Result: the protected pump did what it must.",
                              "Résultat : la pompe protégée a fait ce qu'elle doit."};
inline constexpr Words failed{"Result: FAILED.", "Résultat : ÉCHEC."};
inline constexpr Words questions{"To talk about", "À discuter"};
inline constexpr Words debrief{"Debrief", "Bilan"};
inline constexpr Words requirements{"Recommendations shown: {}", "Recommandations montrées : {}"};
inline constexpr Words seed{"Seed {}. The same seed gives the same run.",
                            "Graine {}. La même graine donne la même exécution."};

inline constexpr Words not_a_device{
    "Not a medical device. A virtual patient of a published model, without counter-regulation, exercise or ketones: "
    "for "
    "teaching and testing, not for decisions about real people.",
    "Ceci n'est pas un dispositif médical. Patient virtuel d'un modèle publié, sans contre-régulation, effort ni "
    "cétones : pour "
    "enseigner et tester, pas pour décider pour de vraies personnes."};

inline constexpr Words hours_minutes{"{} h {:02} min", "{} h {:02} min"};
inline constexpr Words table_run{"Run", "Exécution"};
inline constexpr Words table_lowest{"Lowest, mg/dL", "Minimum, mg/dL"};
inline constexpr Words table_highest{"Highest, mg/dL", "Maximum, mg/dL"};
inline constexpr Words table_in_range{"70 to 180", "70 à 180"};
inline constexpr Words table_below{"Below 54", "Sous 54"};
inline constexpr Words table_insulin{"Insulin", "Insuline"};
inline constexpr Words table_mode{"Mode at the end", "Mode à la fin"};
inline constexpr Words table_check{"Check", "Contrôle"};
inline constexpr Words plot_of_glucose{"Glucose of the virtual patient over the day, with each pump",
                                       "Glycémie du patient virtuel au cours de la journée, avec chaque pompe"};
inline constexpr Words plot_of_insulin{"Insulin given over the day, by each pump",
                                       "Insuline délivrée au cours de la journée, par chaque pompe"};

}  // namespace basalt::scenarios::report_words
