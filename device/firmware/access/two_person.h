// device/firmware/access/two_person.h: a change that waits for its second person. The first asks with their command;
// the second is shown the same change and signs its digest, never a blank approval. Source: R9.
#pragma once
#include "device/common/units.h"
#include "device/firmware/access/badge.h"
#include "device/firmware/access/decide.h"

#include <expected>

namespace basalt::access {

inline constexpr std::uint64_t second_within_s = 10 * 60;

/// The first person's command, as decide() found it: only the second person is missing (Reason::second_missing).
struct PendingChange {
    Digest command{};  ///< command_digest() of the exact change
    Operation operation{};
    std::string account;  ///< the first person's
    PublicKey badge{};
    Role role = Role::nobody;
    Factors factors;
    Conditions met{};
    std::uint64_t asked_s = 0;
};

/// The second person's word.
struct Approval {
    std::string_view account;  ///< who says it; the session's
    Role role = Role::nobody;
    bool by_password = false;  ///< their session was opened by a password
    Digest command{};          ///< what they were shown
    Signature signature{};     ///< by their badge over approval_digest(command, account)
};

enum class ApprovalRefusal : std::uint8_t { too_late, other_change, same_person, same_badge, same_role, not_signed };
std::string_view in_words(ApprovalRefusal refusal, Language language) noexcept;

/// The pending change with its second person, ready for decide(): whether that role may approve, and shows enough, is
/// in the table alone. One account counts once, whatever roles it holds, and so does one badge.
/// `badge`: the one that `approval.account` has at this device.
std::expected<Asker, ApprovalRefusal> with_second(const PendingChange& pending, const Approval& approval,
                                                  const Badge& badge, Tick now);

}  // namespace basalt::access
