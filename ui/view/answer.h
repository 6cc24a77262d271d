// ui/view/answer.h: what the pump answered, read as coming from an attacker: bounded, and without characters that
// could turn a line round or hide in it.
#pragma once
#include "device/common/units.h"
#include "scenarios/engine/text.h"
#include "ui/view/facts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basalt::view {

/// What the calculator reckoned. Milliunits; `on_board` is what it took off.
struct Suggestion {
    MilliUnits suggested, for_carbs, correction, on_board;
    std::vector<scenarios::Text> advice;
};

/// One part of the answer to a command. Whatever was not in it, or not of its kind, is nothing.
struct Answer {
    scenarios::Text words;          ///< empty: there were none
    bool waits_for_press = false;   ///< the person must press the pump's own button
    bool waits_for_second = false;  ///< another person has to sign
    std::string account, shown;
    std::int64_t failed_since = 0;
    bool must_change = false;
    std::optional<std::uint64_t> last_login_s, emergency_until_s;
    std::optional<MilliUnits> amount;  ///< that was read back
    std::optional<Suggestion> suggestion;
};

/// Nothing for what is no JSON object.
std::optional<Answer> read_answer(std::string_view json);
/// The pump's own account of its state. Nothing for what is no JSON object.
std::optional<Told> read_state(std::string_view json, std::uint64_t now_s);

/// At most `most` bytes of it, cut between characters; control characters and those that set a direction become "?",
/// and so do bytes that are no UTF-8.
std::string harmless(std::string_view text, std::size_t most = 600);

}  // namespace basalt::view
