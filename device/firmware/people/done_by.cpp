#include "device/firmware/people/done_by.h"

namespace basalt::firmware {

DoneBy done_by(access::Operation operation, const Values& values) noexcept {
    using access::Operation;
    const auto is = [](bool so, DoneBy who) { return so ? who : DoneBy::nobody; };
    switch (operation) {
        case Operation::stop_delivery:
        case Operation::resume_delivery:
            return is(!values, DoneBy::therapy);
        case Operation::bolus_within_limit:
            return is(value_of<link::MealWish>(values) != nullptr || value_of<link::BolusWish>(values) != nullptr ||
                          value_of<link::BolusYes>(values) != nullptr || value_of<link::BolusCancel>(values) != nullptr,
                      DoneBy::therapy);
        case Operation::bolus_above_limit:
            return is(value_of<link::BolusWish>(values) != nullptr || value_of<link::BolusYes>(values) != nullptr,
                      DoneBy::therapy);
        case Operation::temporary_basal_down:
        case Operation::temporary_basal_up:
            return is(value_of<link::TemporaryWish>(values) != nullptr, DoneBy::therapy);
        case Operation::choose_context:
        case Operation::choose_emergency:
            return is(value_of<link::ContextWish>(values) != nullptr, DoneBy::desk);
        case Operation::review_break_glass:
            return is(value_of<link::ReviewWish>(values) != nullptr, DoneBy::desk);
        case Operation::disable_account:
            return is(value_of<link::AccountWish>(values) != nullptr, DoneBy::desk);
        case Operation::revoke_badge:
            return is(value_of<link::BadgeWish>(values) != nullptr, DoneBy::desk);
        default:
            return DoneBy::nobody;
    }
}

access::Operation by_effect(access::Operation named, const Values& values, std::int32_t running,
                            std::uint64_t left_s) noexcept {
    const auto* wish = value_of<link::TemporaryWish>(values);
    const bool temporary =
        named == access::Operation::temporary_basal_down || named == access::Operation::temporary_basal_up;
    if (wish == nullptr || !temporary) return named;
    const std::int32_t percent = wish->percent;
    const std::uint64_t seconds = percent == 0 ? 0 : wish->seconds;
    if (running == 0) left_s = 0;
    const bool more_while_both = seconds > 0 && left_s > 0 && percent > running;
    const bool more_after_it = left_s > seconds && running < 0;  // the lowered rate would have gone on
    const bool more_after_the_other = seconds > left_s && percent > 0;
    return more_while_both || more_after_it || more_after_the_other ? access::Operation::temporary_basal_up
                                                                    : access::Operation::temporary_basal_down;
}

}  // namespace basalt::firmware
