// device/firmware/access/operation.h: everything that a person can ask of the pump. Only ever grows, at its end: the
// numbers travel in signed commands.
#pragma once
#include "device/firmware/access/vocabulary.h"

namespace basalt::access {

enum class Operation : std::uint8_t {
    see_glucose,
    see_state,
    see_alarms,
    see_history,
    acknowledge_alarm,
    pause_audio,
    stop_delivery,
    resume_delivery,
    bolus_within_limit,
    bolus_above_limit,
    temporary_basal_down,
    temporary_basal_up,
    change_therapy,
    choose_context,
    choose_emergency,
    new_patient,
    link_patient_record,
    change_reservoir,
    prime,
    isolate_network,
    rejoin_network,
    pair_remote,
    forget_remote,
    enter_failsafe,
    leave_failsafe,
    create_account,
    disable_account,
    issue_badge,
    revoke_badge,
    set_access_policy,
    enrol_network,
    rotate_key,
    start_staged_update,
    install_update,
    roll_back,
    open_service_port,
    set_clock,
    run_self_test,
    attest,
    read_versions,
    read_log,
    export_log,
    review_break_glass,
    request_export,
    export_patient_data,
    restore_onto_replacement,
    patient_changeover,
    crypto_erase,
};
inline constexpr std::size_t operation_count = 48;
constexpr bool is_known(Operation operation) noexcept { return std::to_underlying(operation) < operation_count; }

/// As word() of the vocabulary; `letters` is unused here.
const Word& word(Operation operation) noexcept;
/// Nothing for a key that no operation has.
std::optional<Operation> find_operation(std::string_view key) noexcept;

}  // namespace basalt::access
