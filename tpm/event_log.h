// tpm/event_log.h: the TCG crypto-agile event log, SHA-256 only: what was measured, in order, next to the PCRs that
// hold its digests. tpm2_eventlog reads it. Source: TCG PC Client Platform Firmware Profile 1.06, 10.2 (structures).
#pragma once
#include "tpm/pcr.h"

#include <string_view>

namespace basalt::tpm {

enum class EventType : std::uint32_t {
    no_action = 3,  ///< the header only
    separator = 4,
    event_tag = 6,
    compact_hash = 12,
};

struct Event {
    std::uint32_t pcr = 0;
    std::uint32_t type = 0;  ///< not covered by any digest: never trust it
    Digest digest{};
    ByteVector data;
};

/// Grows in memory; the caller writes bytes() to boot/eventlog.bin.
class EventLog {
  public:
    EventLog();  ///< holds the header event
    /// One event whose digest is SHA-256(data), as it is extended.
    void add(std::uint32_t pcr, EventType type, ByteView data);
    const ByteVector& bytes() const noexcept { return bytes_; }

  private:
    ByteVector bytes_;
};

/// Limits of the reader: what is larger is refused.
inline constexpr std::size_t event_log_max = 64 * 1024;
inline constexpr std::size_t event_data_max = 4096;

/// Reads a whole log. Errors: unreadable (with the offset): truncated, other algorithms, PCR above 7, digest that is
/// not that of its data. A log cut between two events reads well: only comparing replay() with the TPM's PCRs notices.
Result<std::vector<Event>> parse_event_log(ByteView log);
/// The PCRs that these events give, from zeros.
PcrValues replay(const std::vector<Event>& events);

}  // namespace basalt::tpm
