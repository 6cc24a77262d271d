#include "device/firmware/access/policy.h"

#include <array>

namespace basalt::access {
namespace {

using enum Operation;
using enum Condition;

// The letters of the printed table.
constexpr Roles Pa = Role::patient, Ca = Role::caregiver, Nu = Role::nurse, Ph = Role::physician, Bi = Role::biomedical,
                IT = Role::it_security, Se = Role::service, Au = Role::auditor;
constexpr Roles carers = Pa | Ca | Nu | Ph;
constexpr Contexts H = Context::home, W = Context::ward, E = Context::emergency;
constexpr Factors P = Factor::presence, pass = Factor::password, B = Factor::badge, at_pump = Factor::at_pump,
                  break_glass = Factor::break_glass;

// Whatever makes insulin less dangerous (stop, isolate, failsafe, revoke) needs less than what makes it more so.
// Break-glass opens its fixed set and nothing else, whoever asks; opening it makes the context `emergency`.
// clang-format off
constexpr std::array table{
    Rule{see_glucose, everyone, anywhere, at_pump},
    Rule{see_glucose, carers | Bi, H, pass},
    Rule{see_glucose, carers | Bi, W | E, B},
    Rule{see_glucose, everyone, E, break_glass},
    Rule{see_state, everyone, anywhere, at_pump},
    Rule{see_state, carers | Bi, H, pass},
    Rule{see_state, carers | Bi, W | E, B},
    Rule{see_state, everyone, E, break_glass},
    Rule{see_alarms, everyone, anywhere, at_pump},
    Rule{see_alarms, carers | Bi, H, pass},
    Rule{see_alarms, carers | Bi, W | E, B},
    Rule{see_alarms, everyone, E, break_glass},
    Rule{see_history, carers, H, P, {}, {}, own_patient},
    Rule{see_history, carers, H, pass, {}, {}, own_patient},
    Rule{see_history, carers, W | E, B, {}, {}, own_patient},
    Rule{see_history, everyone, E, break_glass},

    Rule{acknowledge_alarm, everyone, anywhere, P},
    Rule{acknowledge_alarm, everyone, E, break_glass},
    Rule{pause_audio, everyone, anywhere, P},
    Rule{pause_audio, everyone, E, break_glass},
    // The guardian stops at the held button itself and asks nobody; this line is for those who ask the firmware.
    Rule{stop_delivery, everyone, anywhere, P},
    Rule{stop_delivery, everyone, E, break_glass},
    Rule{resume_delivery, carers, H, P | pass},
    Rule{resume_delivery, carers, W | E, P | B},
    Rule{resume_delivery, everyone, E, break_glass},

    Rule{bolus_within_limit, carers, H, P | pass},
    Rule{bolus_within_limit, carers, W | E, P | B},
    Rule{bolus_within_limit, everyone, E, break_glass},
    Rule{bolus_above_limit, Ph, W, P | pass | B, Nu, B},
    Rule{bolus_above_limit, Ph, E, P | B, Nu, B},
    Rule{temporary_basal_down, carers, H, P | pass},
    Rule{temporary_basal_down, carers, W | E, P | B},
    Rule{temporary_basal_down, everyone, E, break_glass},
    Rule{temporary_basal_up, carers, H, P | pass},
    Rule{temporary_basal_up, carers, W | E, P | B},
    Rule{change_therapy, Nu, W, pass | B, Ph, B},  // the nurse prepares, the physician signs
    Rule{change_therapy, Ph, W, pass | B, Nu, B},

    Rule{choose_context, Nu | Ph | Bi, anywhere, B},
    Rule{choose_emergency, Nu | Ph | Bi, anywhere, B},
    Rule{choose_emergency, everyone, anywhere, break_glass},
    Rule{new_patient, Nu | Ph, W, pass | B},
    Rule{new_patient, Nu | Ph, E, B},
    Rule{link_patient_record, Nu | Ph, W, pass | B},
    Rule{link_patient_record, Nu | Ph, E, B},
    Rule{change_reservoir, Pa | Ca | Nu | Bi, H | E, P},
    Rule{change_reservoir, Pa | Ca | Nu | Bi, W, P | B},
    Rule{prime, Pa | Ca | Nu | Bi, H | E, P},
    Rule{prime, Pa | Ca | Nu | Bi, W, P | B},

    Rule{isolate_network, carers | Bi | IT, anywhere, P},
    Rule{rejoin_network, carers | Bi | IT, H, P | pass},
    Rule{rejoin_network, Bi | IT, W, B},
    Rule{pair_remote, Pa | Ca | Nu | Bi, H, P | pass},
    Rule{pair_remote, Pa | Ca | Nu | Bi, W, P | B},
    Rule{forget_remote, Pa | Ca | Nu | Bi, H, P | pass},
    Rule{forget_remote, Pa | Ca | Nu | Bi, W, P | B},
    Rule{enter_failsafe, carers | Bi, anywhere, P},
    Rule{leave_failsafe, Ph, W, pass | B, Bi, pass | B},
    Rule{leave_failsafe, Bi, W, pass | B, Ph, pass | B},

    Rule{create_account, Bi, W, pass | B, IT, B},
    Rule{create_account, IT, W, pass | B, Bi, B},
    Rule{disable_account, Bi, W, pass | B, IT, B},
    Rule{disable_account, IT, W, pass | B, Bi, B},
    Rule{issue_badge, Bi, W, pass | B, IT, B},
    Rule{issue_badge, IT, W, pass | B, Bi, B},
    Rule{revoke_badge, Bi | IT, W | E, pass | B},  // alone: a lost badge must not wait for a second person
    Rule{set_access_policy, IT, W, pass | B, Bi, B},
    Rule{enrol_network, Bi, W, pass | B, IT, B},
    Rule{enrol_network, IT, W, pass | B, Bi, B},
    Rule{rotate_key, Bi, W, pass | B, IT, B},
    Rule{rotate_key, IT, W, pass | B, Bi, B},

    Rule{start_staged_update, Pa, H, P | pass},
    Rule{install_update, Bi, W, P | pass | B, Se, B, pump_idle},
    Rule{install_update, Se, W, P | pass | B, Bi, B, pump_idle},
    Rule{roll_back, Bi, W, P | pass | B, Se, B},
    Rule{roll_back, Se, W, P | pass | B, Bi, B},
    Rule{open_service_port, Bi, W, P | pass | B, Se, B},
    Rule{open_service_port, Se, W, P | pass | B, Bi, B},
    Rule{set_clock, Bi | IT, H | W, pass | B, {}, {}, small_drift},
    Rule{set_clock, Bi, W, pass | B, IT, B},
    Rule{set_clock, IT, W, pass | B, Bi, B},
    Rule{run_self_test, carers | Bi | Se, anywhere, P},
    Rule{attest, Bi | IT | Se | Au, H | E, {}},
    Rule{attest, Bi | IT | Se | Au, W, B},
    Rule{read_versions, Bi | IT | Se | Au, H | E, {}},
    Rule{read_versions, Bi | IT | Se | Au, W, B},

    Rule{read_log, Bi | IT | Au, W, pass | B},
    Rule{export_log, Au, W, pass | B},
    Rule{review_break_glass, Ph | IT | Au, W, pass | B, {}, {}, not_own_use},
    Rule{request_export, Pa, W, pass | B},
    Rule{export_patient_data, Ph, W, pass | B, Au, B, fit_destination},
    Rule{restore_onto_replacement, Ph, W, pass | B, Bi, B},
    Rule{restore_onto_replacement, Bi, W, pass | B, Ph, B},
    Rule{patient_changeover, Nu | Ph, W, pass | B, Bi, B},
    Rule{patient_changeover, Bi, W, pass | B, Nu | Ph, B},
    Rule{crypto_erase, Bi, W, P | pass | B, Au, B, export_verified},
};
// clang-format on

static_assert(
    [] {
        for (const Rule& rule : table) {
            const bool two = !rule.second.empty();
            if (two != !rule.second_needs.empty()) return false;
            if (two && !rule.second_needs.has(Factor::badge)) return false;
            if (two && (rule.who & rule.second) != Roles{}) return false;  // one person never counts twice
            if (rule.who.has(Role::nobody) &&
                (two || rule.needs.has(Factor::badge) || rule.needs.has(Factor::password)))
                return false;  // without an account there is no badge and no password
        }
        return true;
    }(),
    "a line of the access table contradicts itself");
static_assert(
    [] {
        for (const Rule& rule : table)
            if (rule.who.has(Role::nobody) && rule.who != everyone) return false;
        return true;
    }(),
    "what is open without an account is open with any: nobody gains by logging out");
static_assert(
    [] {
        for (std::size_t i = 1; i < table.size(); ++i)
            if (std::to_underlying(table[i - 1].operation) > std::to_underlying(table[i].operation)) return false;
        return true;
    }(),
    "the access table stands in the order of Operation");

}  // namespace

std::span<const Rule> rules() noexcept { return table; }

}  // namespace basalt::access
