// device/guardian/alarms.h: everything that the guardian may notice, what it then does, and how it says so. One row a
// trigger; the guardian, the screens, the log, the manual and the exhaustive test all read these rows and no others.
#pragma once
#include "device/hal/board_frames.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace basalt::guardian {

/// The number of a row, and of its bit in Signals.alarms, and the `code` of a trigger entry of the ring. New rows go to
/// the end: the numbers stand in rings and databases.
// clang-format off
enum class Trigger : std::uint8_t {
    both_slots_refused, slot_a_refused, slot_b_refused, gateway_refused, configuration_refused, profile_refused,
    not_provisioned, memory_lost, memory_damaged, memory_rolled_back, ring_rolled_back, boot_failed, tpm_gone,
    firmware_lost, firmware_not_proven, network_isolated, dose_over_limit, dose_over_cap, storage_damaged, log_broken,
    clock_lost, motor_stalled, guardian_restarted, delivery_stopped, bad_frames, case_opened, temperature_wrong,
    supply_wrong, light_in_case, reservoir_low, reservoir_empty, battery_low, delivery_limited, slot_missed,
    motor_ahead, storage_full, insulin_withheld, firmware_missing, firmware_withdrawn, gateway_missing, gateway_withdrawn,
    configuration_older, failsafe_bolus_given, failsafe_bolus_refused, emergency_access,
};
// clang-format on
inline constexpr std::size_t trigger_count = std::to_underlying(Trigger::emergency_access) + 1;

/// What the guardian does, from the least to the most. Each includes that an alarm is shown.
enum class Response : std::uint8_t { alert, isolate_network, failsafe, stop };

/// For how long the alarm is shown.
enum class Shown : std::uint8_t {
    while_true,  ///< as long as the cause is there
    an_hour,     ///< it is an event: for an hour after the last one
    latched,     ///< over restarts and power loss, until a person ends it by the way that the row names
};

/// What happened, with its effect, and what a person does now. Whole sentences.
struct Words {
    std::string_view what, next;
};

struct AlarmRow {
    Trigger trigger;
    std::string_view id;  ///< for programs: the same in JSON, scenarios and tests
    Response response;
    hal::Priority priority;
    Shown shown;
    std::uint8_t deadline_ticks;  ///< from the tick that detects it to the response: 0 is the same tick
    std::string_view detected;    ///< how, for the assessor
    Words english, french;
};

namespace alarm_table {
using enum Trigger;
using enum Response;
using enum hal::Priority;
using enum Shown;
// clang-format off
inline constexpr std::array<AlarmRow, trigger_count> rows{{
    {both_slots_refused, "both_slots_refused", failsafe, high, latched, 0, "boot's report: no slot holds a genuine firmware, and one holds another",
     {"The pump's firmware was refused, because it is not the manufacturer's. Insulin goes on at the programmed rates.", "Check the glucose. Have the firmware installed again by biomedical service."},
     {"Le logiciel de la pompe a été refusé : il n'est pas celui du fabricant. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Faites réinstaller le logiciel par le service biomédical."}},
    {slot_a_refused, "slot_a_refused", alert, medium, while_true, 0, "boot's report: slot A refused, missing or withdrawn, slot B taken",
     {"The first copy of the firmware cannot be used; the log says why. The pump runs on its second copy.", "Have the firmware installed again by biomedical service."},
     {"La première copie du logiciel est inutilisable ; le journal dit pourquoi. La pompe utilise la seconde.", "Faites réinstaller le logiciel par le service biomédical."}},
    {slot_b_refused, "slot_b_refused", alert, low, while_true, 0, "boot's report: slot B refused, missing or withdrawn, slot A taken",
     {"The spare copy of the firmware cannot be used; the log says why. The pump works, without a spare.", "Have the firmware installed again by biomedical service."},
     {"La copie de secours du logiciel est inutilisable ; le journal dit pourquoi. La pompe fonctionne, sans secours.", "Faites réinstaller le logiciel par le service biomédical."}},
    {gateway_refused, "gateway_refused", alert, medium, while_true, 0, "boot's report: the gateway image was refused",
     {"The network part was refused, because it is not the manufacturer's. Therapy goes on without the network.", "Have the network part installed again by biomedical service."},
     {"La partie réseau a été refusée : elle n'est pas celle du fabricant. Le traitement continue sans réseau.", "Faites réinstaller la partie réseau par le service biomédical."}},
    {configuration_refused, "configuration_refused", failsafe, high, latched, 0, "boot's report: the device configuration was refused",
     {"The pump's settings file was refused: it is missing, was changed or is not signed. Insulin goes on at the programmed rates.", "Check the glucose. Have the settings signed and installed again."},
     {"Le fichier de réglages a été refusé : absent, modifié ou non signé. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Faites signer et réinstaller les réglages."}},
    {profile_refused, "profile_refused", stop, high, while_true, 0, "at start: neither copy of the profile verifies, or its values are refused",
     {"The programmed rates are not signed by the physician or were changed. No insulin is given.", "Give insulin by pen. Have a signed profile installed."},
     {"Les débits programmés ne sont pas signés par le médecin ou ont été modifiés. Aucune insuline n'est délivrée.", "Injectez l'insuline au stylo. Faites installer un profil signé."}},
    {not_provisioned, "not_provisioned", stop, high, while_true, 0, "at start: the memory holds no device identity",
     {"This pump was not set up for a patient. No insulin is given.", "Set it up before use."},
     {"Cette pompe n'a pas été préparée pour un patient. Aucune insuline n'est délivrée.", "Préparez-la avant utilisation."}},
    {memory_lost, "memory_lost", stop, high, latched, 0, "at start: neither half of the memory's header is whole",
     {"The pump no longer knows what it gave. No insulin is given.", "Give insulin by pen. Replace the pump."},
     {"La pompe ne sait plus ce qu'elle a délivré. Aucune insuline n'est délivrée.", "Injectez l'insuline au stylo. Remplacez la pompe."}},
    {memory_damaged, "memory_damaged", alert, medium, while_true, 0, "at start: an entry of the ring, or one copy of profile or identity, is damaged",
     {"A part of the pump's memory is damaged. For a day only the programmed rates are given.", "Check the glucose. Tell biomedical service."},
     {"Une partie de la mémoire est endommagée. Pendant un jour, seuls les débits programmés sont délivrés.", "Contrôlez la glycémie. Prévenez le service biomédical."}},
    {memory_rolled_back, "memory_rolled_back", failsafe, high, latched, 0, "boot's report: the TPM has seen a later generation of the memory",
     {"An old copy of the pump's memory was put back. Insulin goes on at the programmed rates.", "Check the glucose. Treat the pump as tampered with: tell biomedical service."},
     {"Une ancienne copie de la mémoire a été remise en place. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Considérez la pompe comme altérée : prévenez le service biomédical."}},
    {ring_rolled_back, "ring_rolled_back", failsafe, high, latched, 0, "the firmware's finding: its database knows later doses than the guardian",
     {"The pump's memory is older than its records. Insulin goes on at the programmed rates.", "Check the glucose. Treat the pump as tampered with: tell biomedical service."},
     {"La mémoire de la pompe est plus ancienne que ses enregistrements. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Considérez la pompe comme altérée : prévenez le service biomédical."}},
    {boot_failed, "boot_failed", failsafe, high, latched, 0, "boot ended three times in a row without a report, or could not launch a genuine firmware (the log says why)",
     {"The pump's firmware could not be started. Insulin goes on at the programmed rates.", "Check the glucose. Tell biomedical service."},
     {"Le logiciel de la pompe n'a pas pu démarrer. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Prévenez le service biomédical."}},
    {tpm_gone, "tpm_gone", failsafe, high, latched, 0, "boot's report, or the firmware's finding: the TPM does not answer",
     {"The security chip does not answer. Insulin goes on at the programmed rates.", "Check the glucose. Tell biomedical service."},
     {"La puce de sécurité ne répond pas. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Prévenez le service biomédical."}},
    {firmware_lost, "firmware_lost", alert, medium, an_hour, 0, "boot or firmware ended, missed its slot or flooded its channel",
     {"The pump's firmware stopped working and is restarted. Insulin goes on at the programmed rates until then.", "If it happens again, tell biomedical service."},
     {"Le logiciel s'est arrêté et redémarre. D'ici là, l'insuline continue aux débits programmés.", "Si cela se répète, prévenez le service biomédical."}},
    {firmware_not_proven, "firmware_not_proven", alert, medium, while_true, 0, "the firmware ended its slot without a proof that fits the challenge",
     {"The firmware could not prove that it is the verified one. It gives no dose; insulin goes on at the programmed rates.", "Check the glucose. Tell biomedical service."},
     {"Le logiciel n'a pas prouvé qu'il est bien celui vérifié. Il ne délivre rien ; l'insuline continue aux débits programmés.", "Contrôlez la glycémie. Prévenez le service biomédical."}},
    {network_isolated, "network_isolated", isolate_network, medium, latched, 1, "three restarts of the firmware side in an hour",
     {"The network was switched off after repeated failures. Therapy goes on.", "Ask biomedical service to look at the pump and to rejoin the network."},
     {"Le réseau a été coupé après des pannes répétées. Le traitement continue.", "Demandez au service biomédical d'examiner la pompe et de rétablir le réseau."}},
    {dose_over_limit, "dose_over_limit", failsafe, high, latched, 0, "a dose request over the limit of a dose, an hour or a day",
     {"The firmware asked for more insulin than is allowed. It was refused; insulin goes on at the programmed rates.", "Check the glucose now. Tell biomedical service."},
     {"Le logiciel a demandé plus d'insuline que permis. C'est refusé ; l'insuline continue aux débits programmés.", "Contrôlez la glycémie maintenant. Prévenez le service biomédical."}},
    {dose_over_cap, "dose_over_cap", alert, high, an_hour, 0, "a dose request over the physician's cap beyond the profile in four hours",
     {"More insulin was asked for than the physician allows in four hours. That dose was not given.", "Check the glucose now. Low or falling: give no insulin, take the pump off, call the physician."},
     {"Plus d'insuline a été demandée que le médecin n'en permet en quatre heures. Cette dose n'a pas été délivrée.", "Contrôlez la glycémie. Basse ou en baisse : pas d'insuline, retirez la pompe, appelez le médecin."}},
    {storage_damaged, "storage_damaged", failsafe, high, latched, 0, "the firmware's finding: a database does not open or does not fit the log",
     {"The pump's records are damaged or were changed. Insulin goes on at the programmed rates.", "Check the glucose. Tell biomedical service."},
     {"Les données de la pompe sont endommagées ou ont été modifiées. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Prévenez le service biomédical."}},
    {log_broken, "log_broken", failsafe, high, latched, 0, "the firmware's finding: the event log's chain is broken",
     {"The pump's event log was changed or cut. Insulin goes on at the programmed rates.", "Check the glucose. Keep the pump as evidence: tell biomedical service."},
     {"Le journal de la pompe a été modifié ou coupé. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Conservez la pompe comme preuve : prévenez le service biomédical."}},
    {clock_lost, "clock_lost", alert, medium, while_true, 0, "the board says that the time of day was lost",
     {"The pump does not know the time of day. It gives the lowest programmed rate.", "Check the glucose. Have the clock set."},
     {"La pompe ne connaît plus l'heure. Elle délivre le plus faible débit programmé.", "Contrôlez la glycémie. Faites régler l'horloge."}},
    {motor_stalled, "motor_stalled", alert, high, an_hour, 0, "the motor is behind where it must be by now",
     {"The pump's motor did not move as told. A part of the last dose was not given.", "Check the line, the reservoir and the glucose."},
     {"Le moteur n'a pas avancé comme demandé. Une partie de la dernière dose n'a pas été délivrée.", "Contrôlez la tubulure, le réservoir et la glycémie."}},
    {guardian_restarted, "guardian_restarted", alert, medium, an_hour, 0, "at start: the memory's header counts an earlier start",
     {"The pump restarted. Nothing was given twice.", "If you did not switch it off, tell biomedical service."},
     {"La pompe a redémarré. Rien n'a été délivré deux fois.", "Si vous ne l'aviez pas éteinte, prévenez le service biomédical."}},
    {delivery_stopped, "delivery_stopped", stop, high, latched, 0, "the pump's button was held for 3 s",
     {"A person stopped the pump. No insulin is given.", "To resume, let go of the button, then hold it for 10 s."},
     {"Une personne a arrêté la pompe. Aucune insuline n'est délivrée.", "Pour reprendre, relâchez le bouton puis maintenez-le 10 s."}},
    {bad_frames, "bad_frames", alert, low, an_hour, 0, "boot or firmware sent what is no frame of its channel",
     {"A part of the pump said something that is not allowed. It was ignored.", "If it happens again, tell biomedical service."},
     {"Une partie de la pompe a envoyé un message non permis. Il a été ignoré.", "Si cela se répète, prévenez le service biomédical."}},
    {case_opened, "case_opened", failsafe, high, latched, 0, "the case switch",
     {"The pump's case was opened. Insulin goes on at the programmed rates.", "Treat the pump as tampered with: tell biomedical service."},
     {"Le boîtier a été ouvert. L'insuline continue aux débits programmés.", "Considérez la pompe comme altérée : prévenez le service biomédical."}},
    {temperature_wrong, "temperature_wrong", failsafe, high, latched, 0, "the temperature is below 0 or above 50 degrees Celsius",
     {"The pump is too cold or too hot. Insulin goes on at the programmed rates.", "Bring the pump to room temperature. The insulin may be spoilt: replace it."},
     {"La pompe est trop froide ou trop chaude. L'insuline continue aux débits programmés.", "Ramenez-la à température ambiante. L'insuline peut être altérée : remplacez-la."}},
    {supply_wrong, "supply_wrong", failsafe, high, latched, 0, "the processor's supply is below 2.5 V or above 5.5 V",
     {"The pump's electric supply is not as it must be. Insulin goes on at the programmed rates.", "Change the battery. If the alarm stays, tell biomedical service."},
     {"L'alimentation électrique est anormale. L'insuline continue aux débits programmés.", "Changez la pile. Si l'alarme persiste, prévenez le service biomédical."}},
    {light_in_case, "light_in_case", failsafe, high, latched, 0, "more than 50 lux inside the case",
     {"There is light inside the pump's case. Insulin goes on at the programmed rates.", "Treat the pump as tampered with: tell biomedical service."},
     {"De la lumière entre dans le boîtier. L'insuline continue aux débits programmés.", "Considérez la pompe comme altérée : prévenez le service biomédical."}},
    {reservoir_low, "reservoir_low", alert, low, while_true, 0, "less than 20 U in the reservoir",
     {"The reservoir is nearly empty.", "Change it soon."},
     {"Le réservoir est presque vide.", "Changez-le bientôt."}},
    {reservoir_empty, "reservoir_empty", alert, high, while_true, 0, "nothing in the reservoir",
     {"The reservoir is empty. No insulin is given.", "Change it now. Check the glucose."},
     {"Le réservoir est vide. Aucune insuline n'est délivrée.", "Changez-le maintenant. Contrôlez la glycémie."}},
    {battery_low, "battery_low", alert, low, while_true, 0, "less than 20 % of the battery",
     {"The battery is low.", "Change it soon."},
     {"La pile est faible.", "Changez-la bientôt."}},
    {delivery_limited, "delivery_limited", alert, high, while_true, 0, "the programmed dose itself would break a limit of an hour or a day",
     {"So much insulin was given that even the programmed rate is held back: NO insulin flows until the limit has room.", "Check the glucose now and every 15 minutes. Low: give sugar. Rising: insulin by pen. Call the physician."},
     {"Tant d'insuline a été délivrée que même le débit programmé est retenu : AUCUNE insuline jusqu'à ce que la limite le permette.", "Glycémie toutes les 15 minutes. Basse : du sucre. En hausse : insuline au stylo. Appelez le médecin."}},
    {slot_missed, "slot_missed", alert, medium, an_hour, 0, "at a tick: whole basal slots passed without the guardian",
     {"The pump was without power for some minutes. The insulin of that time was not given, and is not made up for.", "Check the glucose."},
     {"La pompe est restée sans alimentation quelques minutes. L'insuline de ce temps n'a pas été délivrée et ne sera pas rattrapée.", "Contrôlez la glycémie."}},
    {motor_ahead, "motor_ahead", failsafe, high, latched, 0, "the motor stands a step (25 mU) further than it was sent, or went 0.1 U further in a day",
     {"More insulin came out than the pump ordered, or an old copy of its memory was put back. Insulin goes on at the programmed rates.", "Check the glucose now. Take the pump off if it falls. Tell biomedical service."},
     {"Plus d'insuline est sortie que commandé, ou une ancienne copie de la mémoire a été remise. L'insuline continue aux débits programmés.", "Contrôlez la glycémie maintenant. Retirez la pompe si elle baisse. Prévenez le service biomédical."}},
    {storage_full, "storage_full", alert, medium, an_hour, 0, "the firmware's finding, repeated while it lasts: nothing can be put on record",
     {"The pump's storage is full or cannot be written. Nothing is on record; insulin goes on at the programmed rates.", "Check the glucose. Tell biomedical service if it lasts."},
     {"La mémoire est pleine ou refuse l'écriture. Rien n'est enregistré ; l'insuline continue aux débits programmés.", "Contrôlez la glycémie. Si cela dure, prévenez le service biomédical."}},
    {insulin_withheld, "insulin_withheld", alert, high, while_true, 0, "in normal mode the last four hours hold less than a quarter of the profile's insulin",
     {"For hours the firmware asked for much less insulin than is programmed.", "Check the glucose. If nobody meant it, give insulin by pen and tell biomedical service."},
     {"Depuis des heures, le logiciel demande beaucoup moins d'insuline que programmé.", "Contrôlez la glycémie. Si personne ne l'a voulu, injectez au stylo et prévenez le service biomédical."}},
    {firmware_missing, "firmware_missing", failsafe, high, latched, 0, "boot's report: no slot holds a firmware that can be read",
     {"The pump's firmware is missing or cannot be read. Insulin goes on at the programmed rates.", "Check the glucose. Have biomedical service check the storage and install the firmware again."},
     {"Le logiciel de la pompe manque ou est illisible. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Faites vérifier la mémoire et réinstaller le logiciel."}},
    {firmware_withdrawn, "firmware_withdrawn", failsafe, high, latched, 0, "boot's report: no slot holds a firmware that was not withdrawn",
     {"The pump's firmware is of a release that was withdrawn. Insulin goes on at the programmed rates.", "Check the glucose. Have the present release installed by biomedical service."},
     {"Le logiciel de la pompe est d'une version retirée. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Faites installer la version actuelle par le service biomédical."}},
    {gateway_missing, "gateway_missing", alert, medium, while_true, 0, "boot's report: the gateway image is missing, cannot be read, or could not be made ready to run",
     {"The network part is missing, cannot be read or could not be started. Therapy goes on without the network.", "Have biomedical service check it, and install it again if need be."},
     {"La partie réseau manque, est illisible ou n'a pas pu démarrer. Le traitement continue sans réseau.", "Faites-la vérifier par le service biomédical, qui la réinstallera au besoin."}},
    {gateway_withdrawn, "gateway_withdrawn", alert, medium, while_true, 0, "boot's report: the gateway image was withdrawn",
     {"The network part is of a release that was withdrawn. Therapy goes on without the network.", "Have the present release installed by biomedical service."},
     {"La partie réseau est d'une version retirée. Le traitement continue sans réseau.", "Faites installer la version actuelle par le service biomédical."}},
    {configuration_older, "configuration_older", failsafe, high, latched, 0, "boot's report: the device configuration's version is below one that was accepted",
     {"The pump's settings file is older than one that was accepted. Insulin goes on at the programmed rates.", "Check the glucose. Have the present settings installed again."},
     {"Le fichier de réglages est plus ancien qu'un autre déjà accepté. L'insuline continue aux débits programmés.", "Contrôlez la glycémie. Faites réinstaller les réglages actuels."}},
    {failsafe_bolus_given, "failsafe_bolus_given", alert, low, an_hour, 0, "three short presses of the pump's button within 10 s in failsafe mode",
     {"The bolus that the profile grants in failsafe is being given.", "Check the glucose in an hour. The next one is possible in four hours."},
     {"Le bolus que le profil accorde en mode de repli est en cours de délivrance.", "Contrôlez la glycémie dans une heure. Le prochain sera possible dans quatre heures."}},
    {failsafe_bolus_refused, "failsafe_bolus_refused", alert, medium, an_hour, 0, "three short presses in failsafe mode, less than four hours after the last such bolus, against a limit, or while the motor moves",
     {"The bolus asked for by the button was not given: too early after the last one, or more than the limits allow.", "Check the glucose. If it rises, give insulin by pen and call the physician."},
     {"Le bolus demandé par le bouton n'a pas été délivré : trop tôt après le précédent, ou au-delà des limites.", "Contrôlez la glycémie. En hausse : insuline au stylo, appelez le médecin."}},
    {emergency_access, "emergency_access", alert, medium, while_true, 0, "the firmware's word at the end of each slot, while emergency access is open",
     {"Emergency access is open: for up to 30 minutes, whoever is at the pump may stop, resume, lower the rate and give one bolus.", "Nobody has an emergency? Stay with the pump and tell biomedical service."},
     {"Accès d'urgence ouvert, 30 minutes au plus : qui est à la pompe peut arrêter, reprendre, baisser le débit, donner un bolus.", "Pas d'urgence ? Restez près de la pompe, prévenez le service biomédical."}},
}};
// clang-format on
}  // namespace alarm_table

inline constexpr const std::array<AlarmRow, trigger_count>& alarm_rows = alarm_table::rows;
static_assert(
    [] {
        for (std::size_t i = 0; i < trigger_count; ++i)
            if (std::to_underlying(alarm_rows[i].trigger) != i) return false;
        return trigger_count <= 64;
    }(),
    "row_of() finds a row by its number, and the alarms are 64 bits");

constexpr const AlarmRow& row_of(Trigger trigger) noexcept { return alarm_rows[std::to_underlying(trigger)]; }
constexpr std::uint64_t bit_of(Trigger trigger) noexcept { return std::uint64_t{1} << std::to_underlying(trigger); }
constexpr bool is_known(Trigger trigger) noexcept { return std::to_underlying(trigger) < trigger_count; }

}  // namespace basalt::guardian
