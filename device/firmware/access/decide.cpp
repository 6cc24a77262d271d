#include "device/firmware/access/decide.h"

#include <utility>

namespace basalt::access {
namespace {

/// Who pressed the pump's button stands at the pump.
Factors shown_by(const Asker& asker) noexcept {
    return asker.factors.has(Factor::presence) ? asker.factors | Factor::at_pump : asker.factors;
}

bool second_fits(const Rule& rule, const Asker& asker) noexcept {
    if (rule.second.empty()) return true;
    return asker.second && is_known(asker.second->role) && rule.second.has(asker.second->role) &&
           asker.second->factors.holds(rule.second_needs);
}

/// What one line of the table lacks, for this asker; nothing when it opens.
std::optional<Refused> held_against(const Rule& rule, const Asker& asker) noexcept {
    Refused lack{.operation = rule.operation};
    lack.missing = rule.needs.without(shown_by(asker));
    lack.unmet = rule.conditions.without(asker.met);
    lack.second = rule.second;
    lack.second_needs = rule.second_needs;
    if (!lack.missing.empty())
        lack.reason = Reason::factors_missing;
    else if (!lack.unmet.empty())
        lack.reason = Reason::condition_unmet;
    else if (second_fits(rule, asker))
        return std::nullopt;
    else
        lack.reason = asker.second ? Reason::second_unfit : Reason::second_missing;
    return lack;
}

/// The refusal that is nearest to being allowed is the one whose next step helps. Emergency access is nobody's next
/// step as long as another line could open it.
int distance(const Refused& lack) noexcept {
    return 4 * lack.missing.size() + 2 * lack.unmet.size() + (lack.second.empty() ? 0 : 1) +
           (lack.missing.has(Factor::break_glass) ? 100 : 0);
}

}  // namespace

Decision decide(Operation operation, Context context, const Asker& asker) noexcept {
    Decision decision;
    if (!is_known(operation) || !is_known(context) || !is_known(asker.role)) return decision;

    std::optional<Refused> nearest;
    Reason otherwise = Reason::unknown_operation;
    for (const Rule& rule : rules()) {
        if (rule.operation != operation) continue;
        const bool role_may = rule.who.has(asker.role);
        if (role_may && rule.where.has(context)) {
            const auto lack = held_against(rule, asker);
            if (!lack) {
                decision.rule_ = &rule;
                return decision;
            }
            if (!nearest || distance(*lack) < distance(*nearest)) nearest = lack;
        }
        // Emergency access is no role's own right: it does not say of a role that it may somewhere.
        if (role_may && !rule.needs.has(Factor::break_glass))
            otherwise = Reason::not_here;
        else if (otherwise == Reason::unknown_operation)
            otherwise = Reason::not_this_role;
    }
    decision.refused_ = nearest.value_or(Refused{.reason = otherwise, .operation = operation});
    decision.refused_.context = context;
    decision.refused_.role = asker.role;
    return decision;
}

std::string_view key_of(Reason reason) noexcept {
    switch (reason) {
        case Reason::unknown_operation:
            return "unknown_operation";
        case Reason::not_this_role:
            return "not_this_role";
        case Reason::not_here:
            return "not_here";
        case Reason::factors_missing:
            return "factors_missing";
        case Reason::second_missing:
            return "second_missing";
        case Reason::second_unfit:
            return "second_unfit";
        case Reason::condition_unmet:
            return "condition_unmet";
    }
    return "unknown_operation";
}

}  // namespace basalt::access
