// device/firmware/access/decide.h: the one place that says whether a person may. Open this file first.
#pragma once
#include "device/firmware/access/policy.h"

#include <string>

namespace basalt::access {

/// The second person of an operation that needs two. Only two_person.h makes one from a signature: it has seen that the
/// account and the badge are not the first person's.
struct Second {
    Role role = Role::nobody;
    Factors factors{};
};

/// Who asks, and what they show with this request. Each factor was verified before it stands here.
struct Asker {
    Role role = Role::nobody;  ///< the role in which they act; one at a time
    Factors factors{};
    std::optional<Second> second{};
    Conditions met{};  ///< of the request, looked at by whoever would carry it out
};

enum class Reason : std::uint8_t {
    unknown_operation,  ///< no line of the table has it
    not_this_role,      ///< no line has it for this role, anywhere
    not_here,           ///< the role may, in another context
    factors_missing,    ///< `missing` says which
    second_missing,     ///< a second person, of one of `second`
    second_unfit,       ///< the second person is of another role, or shows too little
    condition_unmet,    ///< `condition` says which
};
/// As a key, for programs and the log: "not_this_role".
std::string_view key_of(Reason reason) noexcept;

struct Refused {
    Reason reason = Reason::unknown_operation;
    Operation operation{};
    Context context{};
    Role role = Role::nobody;
    Factors missing{};       ///< of the line that lacks least
    Roles second{};          ///< who could be the second person
    Factors second_needs{};  ///< what they show
    Conditions unmet{};
};

/// Allowed, or refused and why. It starts as a refusal.
class Decision {
  public:
    bool allowed() const noexcept { return rule_ != nullptr; }
    /// The line that opened it; nullptr when refused.
    const Rule* rule() const noexcept { return rule_; }
    /// Meaningful when refused.
    const Refused& refused() const noexcept { return refused_; }

  private:
    friend Decision decide(Operation, Context, const Asker&) noexcept;
    const Rule* rule_ = nullptr;
    Refused refused_;
};

/// Holds one request against the table.
/// Rely on:  pure and total: any values of these types are safe to pass, numbers without a name included. Allowed only
/// by a
///           line of the table whose every demand is met; whatever no line opens is refused. More proof never refuses
///           what less proof opened. Reads no clock; a lock-out is not its business (throttle.h).
/// Source:   R7 to R11, R34, R52.
Decision decide(Operation operation, Context context, const Asker& asker) noexcept;

/// What to tell the person: `what` is cause and effect, `next_step` what to do; both whole sentences.
struct Sentences {
    std::string what, next_step;
};
Sentences in_words(const Refused& refused, Language language);

}  // namespace basalt::access
