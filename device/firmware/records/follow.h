// device/firmware/records/follow.h: what each record of the event log does to the tables. The tables are nothing but
// this function applied to the log, record after record: at run time, after a crash, and when they are verified.
#pragma once
#include "device/common/result.h"
#include "device/hal/dose_frames.h"
#include "storage/doses.h"
#include "storage/event.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace basalt::firmware {

/// A dose request whose answer is not on record.
struct OpenRequest {
    std::uint32_t id = 0;
    hal::DoseKind kind = hal::DoseKind::basal;
    MilliUnits amount;
    Tick asked;
    template <class C>
    void fields(C& c) {
        c(id);
        c(kind);
        c(amount);
        c(asked);
    }
};
/// More than this and no further request is asked: something is wrong with the channel.
inline constexpr std::size_t open_requests_max = 8;

/// All that following the next record needs to know of the ones before it. Kept in patient.db, beside the position.
struct Standing {
    std::uint32_t ring_seq = 0;  ///< newest entry of the guardian's ring that is on record
    std::uint64_t dose_rows = 0;
    MotorCount target;                 ///< the sum of the dose table: where the motor was sent, as far as is on record
    MotorCount moved;                  ///< the motor's own count, when last noted
    bool in_gap = false;               ///< ring entries were lost, and nothing has yet said what was given in them
    std::uint64_t glucose_sealed = 0;  ///< rows of the glucose table that are under a seal
    std::uint8_t open_count = 0;
    std::array<OpenRequest, open_requests_max> open{};
    template <class C>
    void fields(C& c) {
        c(ring_seq);
        c(dose_rows);
        c(target);
        c(moved);
        c(in_gap);
        c(glucose_sealed);
        c(open_count);
        c(open);
    }
};
std::vector<std::uint8_t> to_bytes(const Standing& standing);
/// No bytes are a Standing at the log's begin. nullopt for bytes that are none.
std::optional<Standing> standing_from(ByteView bytes);

struct Effect {
    std::optional<storage::DoseRow> dose;
    std::optional<std::pair<std::string, std::string>> setting;
};

/// The setting that the event changes, if it changes one.
std::optional<std::pair<std::string, std::string>> setting_of(const storage::Event& event);

/// Applies the record `seq`. Kinds that move no table change nothing.
/// Errors: unreadable, when the record contradicts those before it (a dose that does not add up, a ring entry twice);
///         `standing` is then as it was.
Result<Effect> follow(Standing& standing, std::uint64_t seq, const storage::Event& event);

}  // namespace basalt::firmware
