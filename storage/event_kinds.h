// storage/event_kinds.h: the one table of what the event log can say: key, fields, and words in English and French.
// Only ever grows, at its end: what stands in old logs must stay readable.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace basalt::storage {

enum class Language : std::uint8_t { english, french };

enum class Outcome : std::uint8_t { done, refused, failed };
std::string_view key_of(Outcome outcome) noexcept;

enum class EventId : std::uint8_t {
    log_started,
    records_opened,
    firmware_accepted,        // mode
    dose_asked,               // request kind amount_mu
    dose_accepted,            // request ring
    dose_refused,             // request reason
    request_found_given,      // request ring
    request_found_not_given,  // request
    dose_written,             // ring at_s source amount_mu target_mu
    dose_corrected,           // ring at_s amount_mu target_mu
    dose_unexplained,         // amount_mu target_mu
    dose_in_gap,              // amount_mu target_mu
    dose_before_records,      // amount_mu target_mu
    ring_gap,                 // first last
    ring_rolled_back,         // newest imported
    motor_moved,              // motor_mu
    trigger_raised,           // ring at_s trigger detail
    mode_entered,             // ring at_s mode
    boot_reported,            // ring at_s launched tpm slot memory firmware_a firmware_b gateway configuration
    setting_changed,          // name value
    rows_sealed,              // table first last digest
    finding_reported,         // finding
    data_read,                // data from
    log_verified,             // records
    frames_dropped,           // frames reason
    records_missing,          // ring at_s
    reads_counted,            // reads
    access_allowed,           // operation role context
    access_refused,           // operation role context reason
    logged_in,                // from reason failed
    login_refused,            // from reason
    logged_out,               // from reason
    password_changed,         // account
    change_waits,             // operation digest
    change_approved,          // operation account digest
    account_changed,          // account roles
    account_disabled,         // account
    badge_issued,             // account digest
    badge_revoked,            // account digest
    emergency_opened,         // use reason from
    emergency_refused,        // from reason
    emergency_often,          // uses
    emergency_ended,          // use
    emergency_reviewed,       // use
    emergency_code_sealed,
    bolus_taken_back,    // ring at_s amount_mu target_mu
    failsafe_released,   // ring at_s triggers first second
    bolus_confirmed,     // bolus amount_mu purpose
    bolus_cancelled,     // bolus
    bolus_ended,         // bolus how amount_mu given_mu count
    temporary_set,       // percent until_s
    temporary_ended,     // percent how
    basal_limited,       // wanted_mu asked_mu
    gateway_certified,   // digest
    connection_refused,  // connections reason
    refusals_counted,    // refusals
};

enum class FieldType : std::uint8_t { number, text };
struct FieldSpec {
    std::string_view name;  ///< the unit at its end: _mu, _s
    FieldType type = FieldType::number;
};

struct EventKind {
    EventId id;
    std::string_view key;  ///< how the log spells it
    std::span<const FieldSpec> fields;
    std::string_view english, french;  ///< a sentence; {name} stands for a field
};

/// All kinds, in the order of EventId.
std::span<const EventKind> event_kinds() noexcept;
const EventKind& kind_of(EventId id) noexcept;
/// nullptr for a key that this version does not know.
const EventKind* find_kind(std::string_view key) noexcept;

}  // namespace basalt::storage
