// device/link/commands.h: what a person's client asks of the pump inside a session: the body of one Command. What comes
// back is JSON. The page is docs/formats/commands.md.
#pragma once
#include "device/common/codec.h"

namespace basalt::link {

/// P-256 signature by a badge: r then s.
using BadgeSignature = std::array<std::uint8_t, 64>;
/// `role` of a command: the first that the account has.
inline constexpr std::uint8_t any_role = 255;

// ---- who is there
// ------------------------------------------------------------------------------------------------

/// By name and password. Opens a log-in of this session; one before it ends.
struct LogIn {
    static constexpr std::uint8_t number = 1;
    Bytes<32> name{};
    Bytes<256> password{};
    std::uint8_t role = any_role;
    template <class C>
    void fields(C& c) {
        c(name);
        c(password);
        c(role);
    }
};

struct LogOut {
    static constexpr std::uint8_t number = 2;
    template <class C>
    void fields(C&) {}
};

/// Another password for whoever is logged in.
struct ChoosePassword {
    static constexpr std::uint8_t number = 3;
    Bytes<256> password{};
    template <class C>
    void fields(C& c) {
        c(password);
    }
};

/// The first password of an account: `code` stands on the sheet that came with the pump, and serves this once.
struct FirstPassword {
    static constexpr std::uint8_t number = 4;
    Bytes<32> name{};
    Bytes<24> code{};
    Bytes<256> password{};
    template <class C>
    void fields(C& c) {
        c(name);
        c(code);
        c(password);
    }
};

// ---- what is to be done
// ------------------------------------------------------------------------------------------

/// What a badge signed: docs/formats/access.md.
struct BadgeShown {
    Bytes<32> name{};  ///< whose badge; empty: no badge is shown
    BadgeSignature signature{};
    template <class C>
    void fields(C& c) {
        c(name);
        c(signature);
    }
};

/// One operation of the access table. `values`: one frame of ValueFrames, or nothing where the operation has none.
struct Act {
    static constexpr std::uint8_t number = 5;
    std::uint8_t operation = 0;
    std::uint8_t role = any_role;
    BadgeShown badge{};
    Bytes<96> values{};
    template <class C>
    void fields(C& c) {
        c(operation);
        c(role);
        c(badge);
        c(values);
    }
};

/// The second person's word for a change that waits: `command` is its digest, as the reply to the first person said it.
struct Approve {
    static constexpr std::uint8_t number = 6;
    std::uint8_t role = any_role;
    BadgeShown badge{};  ///< over approval_digest(command, name)
    std::array<std::uint8_t, 32> command{};
    template <class C>
    void fields(C& c) {
        c(role);
        c(badge);
        c(command);
    }
};

/// Emergency access: the pump's button, and an emergency badge or the sealed code. Needs no account.
struct OpenEmergency {
    static constexpr std::uint8_t number = 7;
    BadgeShown badge{};  ///< over the command of the operation "choose emergency use" without values
    Bytes<24> code{};
    template <class C>
    void fields(C& c) {
        c(badge);
        c(code);
    }
};

enum class Shown : std::uint8_t { state = 1, log = 2, doses = 3, changes = 4 };
constexpr bool is_known(Shown s) noexcept { return s >= Shown::state && s <= Shown::changes; }

/// Rows of the log or of the doses from `from` on; the others have none. `changes`: those that wait for a second person
/// and that whoever asks may sign, or asked for; each is read by device/firmware/access/shown_change.h, which believes no
/// digest that it did not reckon itself.
struct See {
    static constexpr std::uint8_t number = 8;
    Shown what = Shown::state;
    /// Over the operation's command without values, where the context asks for a badge; of `changes` over see_state's.
    BadgeShown badge{};
    std::uint64_t from = 0;
    template <class C>
    void fields(C& c) {
        c(what);
        c(badge);
        c(from);
    }
};

using CommandFrames = FrameSet<'C', LogIn, LogOut, ChoosePassword, FirstPassword, Act, Approve, OpenEmergency, See>;

// ---- values of an Act
// ------------------------------------------------------------------------------------------------

/// Asks what a meal needs; changes nothing. Of bolus_within_limit, as the next three.
struct MealWish {
    static constexpr std::uint8_t number = 1;
    std::uint16_t carbs_dg = 0;  ///< tenths of a gram
    template <class C>
    void fields(C& c) {
        c(carbs_dg);
    }
};
/// A bolus to be read back. Nothing is given before BolusYes.
struct BolusWish {
    static constexpr std::uint8_t number = 2;
    MilliUnits amount;
    std::uint8_t reason = 3;   ///< 0 meal, 1 correction, 2 both, 3 by hand
    MilliUnits suggested{-1};  ///< by the calculator; negative: it was not asked
    template <class C>
    void fields(C& c) {
        c(amount);
        c(reason);
        c(suggested);
    }
};
/// Gives what was read back: of bolus_within_limit; of bolus_above_limit where the amount is above the patient's limit.
struct BolusYes {
    static constexpr std::uint8_t number = 3;
    MilliUnits amount;
    template <class C>
    void fields(C& c) {
        c(amount);
    }
};
struct BolusCancel {
    static constexpr std::uint8_t number = 4;
    template <class C>
    void fields(C&) {}
};
/// Of temporary_basal_down and temporary_basal_up. `percent` 0: back to the plan.
struct TemporaryWish {
    static constexpr std::uint8_t number = 5;
    std::int32_t percent = 0;
    std::uint32_t seconds = 0;
    template <class C>
    void fields(C& c) {
        c(percent);
        c(seconds);
    }
};
/// Of choose_context and choose_emergency: 0 home, 1 ward, 2 emergency department.
struct ContextWish {
    static constexpr std::uint8_t number = 6;
    std::uint8_t context = 0;
    template <class C>
    void fields(C& c) {
        c(context);
    }
};
/// Of review_break_glass.
struct ReviewWish {
    static constexpr std::uint8_t number = 7;
    std::uint32_t use = 0;
    template <class C>
    void fields(C& c) {
        c(use);
    }
};

/// Of disable_account.
struct AccountWish {
    static constexpr std::uint8_t number = 8;
    Bytes<32> name{};
    template <class C>
    void fields(C& c) {
        c(name);
    }
};
/// Of revoke_badge.
struct BadgeWish {
    static constexpr std::uint8_t number = 9;
    Bytes<32> name{};                    ///< whose; an emergency badge's own name is good too
    std::array<std::uint8_t, 32> key{};  ///< SHA-256 of the badge's public key (65 bytes); zeros: all badges of that name
    template <class C>
    void fields(C& c) {
        c(name);
        c(key);
    }
};

using ValueFrames = FrameSet<'V', MealWish, BolusWish, BolusYes, BolusCancel, TemporaryWish, ContextWish, ReviewWish,
                             AccountWish, BadgeWish>;

}  // namespace basalt::link
