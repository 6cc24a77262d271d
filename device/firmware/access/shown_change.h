// device/firmware/access/shown_change.h: a change that waits for its second person, on that person's side: as the pump
// shows it, held against the digest that a badge would sign. Nobody signs what was not read here.
#pragma once
#include "device/firmware/access/badge.h"
#include "device/link/commands.h"
#include "tpm/result.h"

#include <optional>

namespace basalt::access {

/// `command` was reckoned here, from what the words are made of; `who`, `role` and `until_s` are the pump's word alone.
struct ShownChange {
    Digest command{};
    Operation operation{};
    std::optional<link::ValueFrames::Any> values{};  ///< nothing: the operation has none
    std::string who;                                 ///< the first person's short name
    Role role = Role::nobody;
    std::uint64_t until_s = 0;  ///< device time
};

/// One body of the answer to See, changes. `device`: the enrolled pump, never what the answer says.
/// Returns:  nothing where no change waits.
/// Errors:   unreadable: not an answer of that kind; refused: the digest is of another change than the one that is
///           shown, or the values are none that these words can say: sign nothing.
/// Rely on:  total for any bytes. A change that comes out is, but for who asked, exactly what approval_digest(command,
///           name) approves.
/// Source:   R9 (what is signed is what was seen).
Result<std::optional<ShownChange>> read_change(std::string_view body, const DeviceId& device);

/// Everything that is signed, in one sentence: "give a bolus above the patient's limit: 12.5 units. Asked by dr.roy
/// (physician)."
std::string in_words(const ShownChange& change, Language language);

}  // namespace basalt::access
