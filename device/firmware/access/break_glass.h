// device/firmware/access/break_glass.h: emergency access. Anybody at the pump who holds its button and has the
// emergency badge, or the sealed code, gets a small fixed set of operations for half an hour (policy.h says which). It
// is never refused for having been used often, and no lock-out reaches it; it is loud, and somebody else reviews it by
// name. Source: R7, R11, R52.
#pragma once
#include "device/common/codec.h"
#include "device/common/digest.h"
#include "device/firmware/access/operation.h"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace basalt::access {

inline constexpr std::uint64_t emergency_lasts_s = 30 * 60;
inline constexpr std::uint64_t emergency_review_within_s = 72 * 60 * 60;
/// One more than this in 24 hours opens as well, and raises an alert of its own.
inline constexpr std::size_t emergency_usual_uses = 3;

/// One opening.
struct EmergencyUse {
    std::uint32_t number = 0;  ///< 1, 2, 3 ...; 0: an empty place
    std::uint64_t opened_at_s = 0;
    Bytes<32> holder{};  ///< who used it: the account that was logged in, else that of the badge; empty: the code, and
                         ///< nobody logged in
    Bytes<32> link{};    ///< over which link it was asked for; empty: at the pump's own screen
    bool bolus_given = false;
    bool closed = false;   ///< by a person, before its time
    Bytes<32> reviewer{};  ///< empty: not reviewed yet
    std::uint64_t reviewed_at_s = 0;
    template <class C>
    void fields(C& c) {
        c(number);
        c(opened_at_s);
        c(holder);
        c(link);
        c(bolus_given);
        c(closed);
        c(reviewer);
        c(reviewed_at_s);
    }
};

/// All that emergency access remembers, of fixed size. Whoever gets a new one from a function below stores it before
/// anything is answered or done.
struct EmergencyAccess {
    static constexpr std::uint8_t number = 1;
    std::array<EmergencyUse, 12> uses{};  ///< the newest; a reviewed one gives way first
    std::uint32_t last_number = 0;
    std::array<std::uint64_t, emergency_usual_uses> last_opened_s{};  ///< of the last three uses, newest first
    std::uint32_t unreviewed_dropped = 0;  ///< gave way without a review, because 12 waited; the log has them
    bool code_sealed = false;
    /// SHA-256 of the sealed code, which holds 80 random bits; unsealed: of the code that opened the newest use, else
    /// 0.
    Digest code{};
    template <class C>
    void fields(C& c) {
        c(uses);
        c(last_number);
        c(last_opened_s);
        c(unreviewed_dropped);
        c(code_sealed);
        c(code);
    }
};

/// As it is stored. Bytes that cannot be read mean a fresh EmergencyAccess: the badge then still opens.
using EmergencyFrames = FrameSet<'E', EmergencyAccess>;

enum class EmergencyRefusal : std::uint8_t {
    no_presence,
    no_emergency_badge,
    wrong_code,
    no_code,
    no_such_use,
    own_use,
    reviewed,
    no_name
};
/// Cause, effect, next step. Never empty.
std::string_view in_words(EmergencyRefusal refusal, Language language) noexcept;

struct EmergencyOpened {
    EmergencyAccess state;
    std::uint32_t use = 0;
    bool alert = false;  ///< this one is more than emergency_usual_uses in 24 hours: IT security hears of it
    bool again = false;  ///< the code that opened this use took it up again: nothing of it begins anew
    std::uint64_t until_s = 0;
};

/// What the asker shows: the button held, and one of the two. The badge's signature was verified before (badge.h).
struct EmergencyKeyring {
    bool presence = false;
    std::string_view link{};  ///< at most 32 bytes; empty: at the pump
    struct Badge {
        std::string_view holder;  ///< its account, at most 32 bytes
        bool for_emergencies = false;
    };
    std::optional<Badge> badge{};
    std::string_view code{};    ///< as typed
    std::string_view person{};  ///< who is logged in where the code is typed, at most 32 bytes; empty: nobody
};

/// Opens for emergency_lasts_s from now; by badge again while it is open: another use, from now. A used code opens
/// nothing more; while the use that it opened is the newest and open, it takes that one up again, over another link:
/// with the same end and the same one bolus, as a stop of the insulin restarts the firmware and takes the link from
/// whoever cares. Somebody else by name who takes it up has a review of their own. Rely on: neither the number of uses
/// nor of wrong codes ever refuses a right one. Guessing is hopeless: 80 bits, each try with the button held.
std::expected<EmergencyOpened, EmergencyRefusal> open_emergency(const EmergencyAccess& state,
                                                                const EmergencyKeyring& keys, Tick now);

/// The use that is open now, or nullptr.
const EmergencyUse* open_use(const EmergencyAccess& state, Tick now) noexcept;
/// What this asker may add to their factors: break_glass while it is open and they ask over the link that opened it or
/// stand at the pump; not for a second bolus.
Factors emergency_factors(const EmergencyAccess& state, Operation operation, std::string_view link, bool at_pump,
                          Tick now) noexcept;
/// While emergency access is open every decision is taken as in the emergency department.
Context context_now(Context chosen, const EmergencyAccess& state, Tick now) noexcept;
/// The one bolus of this use is taken: store it, then give the bolus.
EmergencyAccess with_bolus_given(const EmergencyAccess& state, Tick now) noexcept;
EmergencyAccess close_emergency(const EmergencyAccess& state, Tick now) noexcept;

/// Reviewed, by name, by somebody who did not use it.
std::expected<EmergencyAccess, EmergencyRefusal> review_emergency(const EmergencyAccess& state, std::uint32_t use,
                                                                  std::string_view reviewer, Tick now);
struct OpenReview {
    EmergencyUse use;
    bool overdue = false;
};
/// Oldest first.
std::vector<OpenReview> open_reviews(const EmergencyAccess& state, Tick now);

/// The code of these random bytes as people read it: four groups of four, without letters that look alike.
std::string emergency_code(const std::array<std::uint8_t, 10>& random);
/// A code as people type it, in one spelling: capitals, without spaces and dashes; O is 0, I and L are 1.
std::string spelled_code(std::string_view typed);
/// SHA-256("basalt emergency code 1\n" || spelled_code()).
Digest digest_of_emergency_code(std::string_view code);
/// Seals a new code in place of any other.
EmergencyAccess with_code(const EmergencyAccess& state, std::string_view code);

}  // namespace basalt::access
