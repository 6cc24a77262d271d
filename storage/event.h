// storage/event.h: one record of the event log: who, what, when, with which outcome, and small typed fields.
// Its text form is its canonical form: docs/formats/log-record.md.
#pragma once
#include "storage/event_kinds.h"
#include "tpm/result.h"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace basalt::storage {

using Digest = std::array<std::uint8_t, 32>;
using Value = std::variant<std::int64_t, std::string>;

struct Field {
    std::string name;
    Value value;
    friend bool operator==(const Field&, const Field&) = default;
};

/// An event as it is written and read back. Holds no secret and no random value: the same acts give the same bytes.
struct Event {
    std::uint64_t tick_s = 0;  ///< device time at which it was recorded, seconds since the device was made
    std::string who;           ///< "guardian", "firmware", or a person's short name: 1 to 32 of a-z 0-9 . _ : -
    std::string what;          ///< key of the event's kind (event_kinds.h)
    Outcome outcome = Outcome::done;
    std::vector<Field> fields;
    friend bool operator==(const Event&, const Event&) = default;

    /// The field's value, or nullptr when there is none of that name and type.
    const std::int64_t* number(std::string_view name) const noexcept;
    const std::string* text(std::string_view name) const noexcept;
};

/// An event of a kind of the table, its values in the order of the kind's fields. Whether they fit is checked when it
/// is appended to a log.
Event make_event(EventId what, std::uint64_t tick_s, std::string_view who, Outcome outcome,
                 std::initializer_list<Value> values);

/// An event that stands in the log.
struct LoggedEvent {
    std::uint64_t seq = 0;  ///< 1, 2, 3 ... without a gap
    Event event;
    Digest hash{};  ///< SHA-256(hash of seq - 1 || canonical bytes); before the first record stand 32 zeros
    friend bool operator==(const LoggedEvent&, const LoggedEvent&) = default;
};

/// The longest canonical form, in bytes. A longer event is refused.
inline constexpr std::size_t max_record_size = 1280;

/// The canonical bytes: one JSON object, one spelling, no line break.
/// Errors: usage, when the event cannot be written so (unknown kind, wrong fields, control characters, not UTF-8, too
/// long).
Result<std::string> canonical(std::uint64_t seq, const Event& event);

struct NumberedEvent {
    std::uint64_t seq = 0;
    Event event;
};
/// Reads canonical bytes back. Kinds that this version does not know are read too: a log outlives an update.
/// Errors: unreadable, for anything that canonical() would have spelled in another way.
Result<NumberedEvent> read_canonical(std::string_view bytes);

/// The event as one sentence for a person. Units are written out: 1250 mU as "1.25 U", in French "1,25 U".
std::string in_words(const Event& event, Language language);

}  // namespace basalt::storage
