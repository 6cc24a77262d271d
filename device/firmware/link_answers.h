// device/firmware/link_answers.h: what the device tells, as small JSON objects. One row or answer is spelled here and
// nowhere else, whoever asks: the pump's own screen, or a person's client through a session. Page:
// docs/formats/screen-channel.md.
#pragma once
#include "device/firmware/access/operation.h"
#include "device/firmware/configuration.h"
#include "device/firmware/records/journal.h"
#include "device/firmware/therapy_slot.h"
#include "device/link/frame_channel.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::firmware {

/// A command that waits for the pump's button: shown on the pump's screen, so that nobody presses for something else.
struct AwaitsPress {
    access::Operation operation{};
    std::string who;  ///< empty: nobody is logged in
    Tick until{};
};

/// What people's commands show beside it.
struct PeopleSeen {
    access::Context context = access::Context::home;  ///< where the pump is used, emergency access looked at
    std::optional<AwaitsPress> press;                 ///< the command that waits for the pump's button
    std::optional<Tick> emergency_until;              ///< emergency access is open
};

/// What is seen of the state.
struct SeenState {
    hal::FirmwareTick tick;
    const Configuration* configuration = nullptr;  ///< nullptr: refused, and `configuration_words` says why
    std::string_view configuration_words;
    bool accepted = false;  ///< the guardian accepted this firmware's proof
    bool records_open = false;
    std::optional<PeopleSeen> people{};    ///< nothing: nobody can ask anything of this pump
    const TherapySlot* therapy = nullptr;  ///< nullptr: no bolus, rate or insulin on board is shown
};

/// Each answer is a list of bodies, at least one and at most link::max_replies, none longer than
/// longest_body.
using Bodies = std::vector<std::string>;
inline constexpr std::size_t longest_body = 1'500;

Bodies state_answer(const SeenState& state);
/// Rows from `from` on, as many as fit; each body says with next_seq (or next_row) and more where to go on.
Bodies log_answer(const std::vector<storage::LoggedEvent>& events, std::uint64_t from, std::size_t asked);
Bodies doses_answer(const std::vector<Dose>& doses, std::uint64_t from, std::size_t asked);
Bodies verify_answer(const Verified& verified);
/// A check that is not over: "checking" true, and no "ok".
Bodies checking_answer(std::uint64_t records, std::uint64_t of);

/// How many rows are read for one request: what surely fits is fewer, what never fits is more.
inline constexpr std::size_t rows_a_request = 192;

}  // namespace basalt::firmware
