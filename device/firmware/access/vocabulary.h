// device/firmware/access/vocabulary.h: the words of the access table: who, where, what somebody shows, and under which
// condition. What they are called in English and French stands in storage/access_words.h.
#pragma once
#include "storage/access_words.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace basalt::access {

using storage::Language;

/// A set of the values of an enum that counts from 0 and has at most 32.
template <class E>
struct Set {
    std::uint32_t bits = 0;

    constexpr Set() noexcept = default;
    constexpr Set(E one) noexcept : bits{1U << std::to_underlying(one)} {}  // NOLINT: a single one is a set too
    constexpr bool has(E one) const noexcept { return (bits & Set{one}.bits) != 0; }
    constexpr bool holds(Set all) const noexcept { return (bits & all.bits) == all.bits; }
    constexpr bool empty() const noexcept { return bits == 0; }
    constexpr Set without(Set others) const noexcept {
        Set rest;
        rest.bits = bits & ~others.bits;
        return rest;
    }
    constexpr int size() const noexcept { return __builtin_popcount(bits); }
    friend constexpr Set operator|(Set a, Set b) noexcept {
        Set both;
        both.bits = a.bits | b.bits;
        return both;
    }
    friend constexpr Set operator&(Set a, Set b) noexcept {
        Set common;
        common.bits = a.bits & b.bits;
        return common;
    }
    friend constexpr bool operator==(Set, Set) noexcept = default;
};

/// Whom an account is for. `nobody` is whoever has shown no account: it can be given to none.
enum class Role : std::uint8_t {
    patient,
    caregiver,
    nurse,
    physician,
    biomedical,
    it_security,
    service,
    auditor,
    nobody
};
inline constexpr std::size_t role_count = 9;
using Roles = Set<Role>;
constexpr Roles operator|(Role a, Role b) noexcept { return Roles{a} | Roles{b}; }
inline constexpr Roles everyone = Role::patient | Role::caregiver | Role::nurse | Role::physician | Role::biomedical |
                                  Role::it_security | Role::service | Role::auditor | Role::nobody;

/// Where the pump is used (R7, R8).
enum class Context : std::uint8_t { home, ward, emergency };
inline constexpr std::size_t context_count = 3;
using Contexts = Set<Context>;
constexpr Contexts operator|(Context a, Context b) noexcept { return Contexts{a} | Contexts{b}; }
inline constexpr Contexts anywhere = Context::home | Context::ward | Context::emergency;

/// What an asker shows with this one request.
enum class Factor : std::uint8_t {
    presence,     ///< pressed the pump's button for it
    password,     ///< a session that a password opened is still open
    badge,        ///< the badge signed exactly this command
    at_pump,      ///< asked at the pump's own screen, not over a link; presence says so too
    break_glass,  ///< emergency access is open, and this asker opened it (break_glass.h)
};
inline constexpr std::size_t factor_count = 5;
using Factors = Set<Factor>;
constexpr Factors operator|(Factor a, Factor b) noexcept { return Factors{a} | Factors{b}; }

/// What must be true of the request itself. Whoever carries the operation out looks; what nobody looked at is not met.
enum class Condition : std::uint8_t {
    own_patient,      ///< the record is of the patient that this pump belongs to
    pump_idle,        ///< nobody is connected to the pump, or it is in failsafe
    small_drift,      ///< the clock moves by no more than the bounded drift
    fit_destination,  ///< the destination meets the conditions for hosts of health data (R12)
    export_verified,  ///< the export was read back and found whole
    not_own_use,      ///< the emergency access under review was somebody else's
};
inline constexpr std::size_t condition_count = 6;
using Conditions = Set<Condition>;

using Word = storage::AccessWord;

/// Rely on: any value of the type is safe to pass; one that no name belongs to gets "unknown".
const Word& word(Role role) noexcept;
const Word& word(Context context) noexcept;
const Word& word(Factor factor) noexcept;
const Word& word(Condition condition) noexcept;

constexpr bool is_known(Role role) noexcept { return std::to_underlying(role) < role_count; }
constexpr bool is_known(Context context) noexcept { return std::to_underlying(context) < context_count; }

/// The role of that key, `nobody` included; nothing for another word.
std::optional<Role> find_role(std::string_view key) noexcept;

/// Static separation of duties: nobody holds auditor and biomedical, or biomedical and IT security; nobody holds
/// `nobody`, and an account without any role is none.
/// Source: R9; NIST RBAC (static separation of duty).
constexpr bool may_be_held_together(Roles roles) noexcept {
    const bool separated =
        roles.holds(Role::auditor | Role::biomedical) || roles.holds(Role::biomedical | Role::it_security);
    return !roles.empty() && !roles.has(Role::nobody) && !separated && (roles.bits >> role_count) == 0;
}

}  // namespace basalt::access
