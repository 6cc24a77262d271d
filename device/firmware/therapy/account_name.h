// device/firmware/therapy/account_name.h: who ordered or ended a therapy, as it is kept with it.
#pragma once
#include "device/common/codec.h"

#include <optional>
#include <string>
#include <string_view>

namespace basalt::firmware {

using AccountName = Bytes<32>;

/// nullopt: empty, longer than 32 bytes, or another character than a-z 0-9 . _ : - (what the event log takes as a
/// name).
constexpr std::optional<AccountName> account_name(std::string_view name) noexcept {
    if (name.empty() || name.size() > 32) return std::nullopt;
    AccountName out;
    for (const char c : name) {
        const bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view{"._:-"}.contains(c);
        if (!fits) return std::nullopt;
        out.data[out.size++] = static_cast<std::uint8_t>(c);
    }
    return out;
}
inline std::string text_of(const AccountName& name) { return {name.view().begin(), name.view().end()}; }
inline bool is_account_name(const AccountName& name) { return account_name(text_of(name)).has_value(); }

}  // namespace basalt::firmware
