// device/firmware/access/password.h: a password as it was typed, and what may be one. The rules follow NIST SP
// 800-63B-4, 3.1.1.2: length and a list of words decide; mixed characters, history and renewal are settings that are
// off.
#pragma once
#include "device/firmware/access/vocabulary.h"
#include "tpm/result.h"

#include <array>
#include <span>
#include <string>

namespace basalt::access {

/// In normal form KC, so that every keyboard gives the same bytes. Cannot be copied or printed, and wipes itself.
class Password {
  public:
    /// Any Unicode, spaces too. Errors: usage: empty, control characters, not UTF-8, or longer than 128 characters (it
    /// is then refused and never cut).
    static Result<Password> typed(std::string_view utf8);

    Password(Password&& from) noexcept : text_{from.text_}, size_{from.size_} { from.wipe(); }
    Password& operator=(Password&&) = delete;
    Password(const Password&) = delete;
    Password& operator=(const Password&) = delete;
    ~Password() { wipe(); }

    std::string_view text() const noexcept { return {text_.data(), size_}; }
    std::size_t characters() const noexcept;

  private:
    Password() = default;
    void wipe() noexcept;
    std::array<char, 1024> text_{};
    std::size_t size_ = 0;
};

/// The standard values are those of NIST SP 800-63B-4. No setting changes them yet: every caller takes them as they
/// are.
struct PasswordRules {
    std::uint32_t least_alone = 15;      ///< characters, where the password is the only factor
    std::uint32_t least_with_other = 8;  ///< characters, where a badge or the pump's button is asked as well
    bool mixed = false;                  ///< small and capital letters, a digit and another character
    std::uint32_t history = 0;           ///< earlier passwords that may not come back, at most 12
    std::uint32_t renew_after_days = 0;  ///< 0: only when there is a reason
};

/// Words of this place that a password may not rest on: the account's names, the device's serial number, the hospital.
/// Each is looked for whole and, where it has spaces, dots or dashes, by its parts of four letters and more.
using ContextWords = std::span<const std::string>;

/// Whether a person may choose it. Whether it came before (history) is seen where accounts are kept.
/// Errors: refused, with what to do. Once common words and context words are taken out of it, at least half of the
/// length that the rules ask for must be left.
Result<void> may_be_chosen(const Password& password, const PasswordRules& rules, bool only_factor, ContextWords words);

}  // namespace basalt::access
