#include "device/firmware/access/names.h"

#include "device/firmware/access/unicode.h"

#include <algorithm>
#include <array>

namespace basalt::access {
namespace {

/// Who else speaks in the log.
constexpr std::array<std::string_view, 9> taken{"basalt",   "board",  "boot", "firmware", "gateway",
                                                "guardian", "nobody", "pump", "tpm"};

std::unexpected<Error> not_a_name(const char* what) { return fail(ErrorCode::usage, what, "Choose another name."); }

}  // namespace

Result<std::string> short_name(std::string_view typed) {
    const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto other = [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'; };
    if (typed.size() < 2 || typed.size() > short_name_max) return not_a_name("A log-in name has 2 to 32 characters.");
    if (!letter(typed.front()) || !std::ranges::all_of(typed, [&](char c) { return letter(c) || other(c); }))
        return not_a_name(
            "A log-in name holds small letters a to z, digits, dots and dashes, and begins with a letter.");
    if (std::ranges::find(taken, typed) != taken.end()) return not_a_name("This name belongs to a part of the pump.");
    return std::string{typed};
}

Result<std::string> shown_name(std::string_view typed) {
    if (typed.size() > shown_name_bytes) return not_a_name("The name is longer than 64 characters.");
    switch (looks_of(typed)) {
        case Looks::plain:
            break;
        case Looks::control:
            return not_a_name("The name is empty, or holds characters that cannot be seen.");
        case Looks::backward:
            return not_a_name("The name holds characters that are read from right to left.");
        case Looks::not_utf8:
            return not_a_name("The name is not valid text.");
    }
    std::array<char, shown_name_bytes> text;
    const auto size = normalise(typed, NormalForm::composed, text);
    const std::string_view name{text.data(), size.value_or(0)};
    if (!size || characters(name) > shown_name_max) return not_a_name("The name is longer than 64 characters.");
    if (name.starts_with(' ') || name.ends_with(' ') || name.find("  ") != std::string_view::npos)
        return not_a_name("The name begins or ends with a space, or has two in a row.");
    return std::string{name};
}

}  // namespace basalt::access
