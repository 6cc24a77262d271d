// device/firmware/access/carried_out.h: which operations of the table the pump carries out today when somebody asks for
// them over the link. The printed table marks the others from this list; what the firmware does is compared with it.
#pragma once
#include "device/firmware/access/operation.h"

namespace basalt::access {

/// False: whoever may do it is told that this pump does not do it, before anybody presses or signs, and the log has a
/// refusal. Some of them are done elsewhere: a short press silences and acknowledges; failsafe is left by two badges at
/// the guardian; the state that everybody at the pump sees holds the glucose and the alarms.
/// Rely on: as PeopleAtWork, the desk and the link do; a test compares them.
constexpr bool is_carried_out(Operation operation) noexcept {
    switch (operation) {
        case Operation::see_state:
        case Operation::see_history:
        case Operation::read_log:
        case Operation::stop_delivery:
        case Operation::resume_delivery:
        case Operation::bolus_within_limit:
        case Operation::bolus_above_limit:
        case Operation::temporary_basal_down:
        case Operation::temporary_basal_up:
        case Operation::choose_context:
        case Operation::choose_emergency:
        case Operation::review_break_glass:
        case Operation::disable_account:
        case Operation::revoke_badge:
            return true;
        default:
            return false;
    }
}

}  // namespace basalt::access
