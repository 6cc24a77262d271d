// device/firmware/access/policy.h: who may do what, where, and by which proof: the one table. decide() reads it, the
// printed table (matrix.h) and the page docs/formats/access.md are made from it.
#pragma once
#include "device/firmware/access/operation.h"

namespace basalt::access {

/// One line: any of these people may, in any of these contexts, do the operation with `needs`.
struct Rule {
    Operation operation;
    Roles who;
    Contexts where;
    Factors needs;
    Roles second{};          ///< not empty: a second person of one of these roles, never the first one's
    Factors second_needs{};  ///< what the second person shows; always at least a badge where there is one
    Conditions conditions{};
};

/// In the order of Operation. Several lines of one operation are alternatives. What no line opens is refused.
/// Source: R7 to R11, R34, R52.
std::span<const Rule> rules() noexcept;

}  // namespace basalt::access
