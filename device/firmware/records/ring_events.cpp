#include "device/firmware/records/ring_events.h"

#include "device/firmware/hex.h"
#include "device/guardian/alarms.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace basalt::firmware {
namespace {

using storage::Event;
using storage::EventId;
using storage::Outcome;
using storage::Value;

constexpr std::string_view guardian = "guardian";

Value number(std::integral auto value) { return static_cast<std::int64_t>(value); }
Value text(std::string_view value) { return std::string{value}; }

Event dose(Tick now, const hal::RingEntry& e) {
    const auto source = static_cast<hal::DoseSource>(e.code);
    return make_event(EventId::dose_written, now.seconds, guardian, Outcome::done,
                      {number(e.seq), number(e.tick.seconds), text(is_known(source) ? key_of(source) : "unknown"),
                       number(e.amount.count), number(e.target.milli_units)});
}

Event correction(Tick now, const hal::RingEntry& e) {
    const bool taken_back = e.code == std::to_underlying(hal::CorrectionCause::taken_back);
    return make_event(taken_back ? EventId::bolus_taken_back : EventId::dose_corrected, now.seconds, guardian,
                      taken_back ? Outcome::done : Outcome::failed,
                      {number(e.seq), number(e.tick.seconds), number(e.amount.count), number(e.target.milli_units)});
}

Event trigger(Tick now, const hal::RingEntry& e) {
    const bool known = e.code < guardian::trigger_count;
    return make_event(
        EventId::trigger_raised, now.seconds, guardian, Outcome::done,
        {number(e.seq), number(e.tick.seconds),
         known ? text(guardian::alarm_table::rows[e.code].id) : text(fmt::format("trigger_{}", e.code)), hex(e.detail)});
}

Event mode(Tick now, const hal::RingEntry& e) {
    const auto entered = static_cast<hal::Mode>(e.code);
    return make_event(EventId::mode_entered, now.seconds, guardian, Outcome::done,
                      {number(e.seq), number(e.tick.seconds), text(is_known(entered) ? key_of(entered) : "unknown")});
}

std::string_view key_of(hal::Slot slot) noexcept {
    switch (slot) {
        case hal::Slot::none:
            return "none";
        case hal::Slot::a:
            return "a";
        case hal::Slot::b:
            return "b";
    }
    return "unknown";
}

std::string_view key_of(hal::Anchor anchor) noexcept {
    switch (anchor) {
        case hal::Anchor::fresh:
            return "fresh";
        case hal::Anchor::stale:
            return "stale";
        case hal::Anchor::unknown:
            return "unknown";
    }
    return "unknown";
}

Event boot(Tick now, const hal::RingEntry& e) {
    hal::BootReport report;
    codec::Reader reader{e.detail};
    reader(report);
    const auto verdict = [&](ImageVerdict v) { return reader.ok() ? text(firmware::key_of(v)) : text("unknown"); };
    return make_event(
        EventId::boot_reported, now.seconds, "boot", report.launched ? Outcome::done : Outcome::refused,
        {number(e.seq), number(e.tick.seconds), number(report.launched ? 1 : 0), number(report.tpm_ok ? 1 : 0),
         text(key_of(report.slot)), text(key_of(report.anchor)), verdict(report.firmware_a), verdict(report.firmware_b),
         verdict(report.gateway), verdict(report.configuration)});
}

Event release(Tick now, const hal::RingEntry& e) {
    hal::ReleaseDetail detail;
    codec::Reader reader{e.detail};
    reader(detail);
    std::string released;
    for (const basalt::guardian::AlarmRow& row : basalt::guardian::alarm_rows)
        if ((detail.triggers & basalt::guardian::bit_of(row.trigger)) != 0)
            released += (released.empty() ? "" : " ") + std::string{row.id};
    return make_event(
        EventId::failsafe_released, now.seconds, guardian, Outcome::done,
        {number(e.seq), number(e.tick.seconds), released, number(detail.keys[0] + 1), number(detail.keys[1] + 1)});
}

constexpr std::array rows{
    RingRow{hal::RingKind::dose, EventId::dose_written, true, dose},
    RingRow{hal::RingKind::trigger, EventId::trigger_raised, false, trigger},
    RingRow{hal::RingKind::mode, EventId::mode_entered, false, mode},
    RingRow{hal::RingKind::boot, EventId::boot_reported, false, boot},
    RingRow{hal::RingKind::correction, EventId::dose_corrected, true, correction},
    RingRow{hal::RingKind::release, EventId::failsafe_released, false, release},
};
static_assert(
    [] {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (std::to_underlying(rows[i].kind) != i + 1) return false;
        return is_known(static_cast<hal::RingKind>(rows.size())) &&
               !is_known(static_cast<hal::RingKind>(rows.size() + 1));
    }(),
    "ring_row() finds a row by its kind, and each kind has one");

}  // namespace

std::span<const RingRow> ring_rows() noexcept { return rows; }

const RingRow& ring_row(hal::RingKind kind) noexcept { return rows[std::to_underlying(kind) - 1U]; }

std::string_view key_of(hal::DoseKind kind) noexcept { return kind == hal::DoseKind::bolus ? "bolus" : "basal"; }

std::string_view key_of(hal::DoseSource source) noexcept {
    switch (source) {
        case hal::DoseSource::profile:
            return "profile";
        case hal::DoseSource::firmware_basal:
            return "firmware_basal";
        case hal::DoseSource::firmware_bolus:
            return "firmware_bolus";
        case hal::DoseSource::failsafe_bolus:
            return "failsafe_bolus";
    }
    return "unknown";
}

std::string_view key_of(hal::DoseVerdict verdict) noexcept {
    switch (verdict) {
        case hal::DoseVerdict::accepted:
            return "accepted";
        case hal::DoseVerdict::not_positive:
            return "not_positive";
        case hal::DoseVerdict::over_dose:
            return "over_dose";
        case hal::DoseVerdict::over_hour:
            return "over_hour";
        case hal::DoseVerdict::over_cap:
            return "over_cap";
        case hal::DoseVerdict::over_day:
            return "over_day";
        case hal::DoseVerdict::too_many:
            return "too_many";
        case hal::DoseVerdict::twice_in_slot:
            return "twice_in_slot";
        case hal::DoseVerdict::not_due:
            return "not_due";
        case hal::DoseVerdict::wrong_mode:
            return "wrong_mode";
        case hal::DoseVerdict::motor_behind:
            return "motor_behind";
    }
    return "unknown";
}

std::string_view key_of(hal::Mode mode) noexcept {
    switch (mode) {
        case hal::Mode::start_up:
            return "start_up";
        case hal::Mode::normal:
            return "normal";
        case hal::Mode::failsafe:
            return "failsafe";
        case hal::Mode::stopped:
            return "stopped";
    }
    return "unknown";
}

std::string_view key_of(hal::Finding finding) noexcept {
    switch (finding) {
        case hal::Finding::tpm_gone:
            return "tpm_gone";
        case hal::Finding::storage_damaged:
            return "storage_damaged";
        case hal::Finding::log_broken:
            return "log_broken";
        case hal::Finding::ring_rolled_back:
            return "ring_rolled_back";
        case hal::Finding::storage_full:
            return "storage_full";
    }
    return "unknown";
}

std::string_view key_of(ImageVerdict verdict) noexcept {
    switch (verdict) {
        case ImageVerdict::accepted:
            return "accepted";
        case ImageVerdict::missing:
            return "missing";
        case ImageVerdict::unreadable:
            return "unreadable";
        case ImageVerdict::malformed:
            return "malformed";
        case ImageVerdict::bad_signature:
            return "bad_signature";
        case ImageVerdict::wrong_kind:
            return "wrong_kind";
        case ImageVerdict::wrong_hardware:
            return "wrong_hardware";
        case ImageVerdict::wrong_variant:
            return "wrong_variant";
        case ImageVerdict::wrong_device:
            return "wrong_device";
        case ImageVerdict::not_needed:
            return "not_needed";
        case ImageVerdict::withdrawn:
            return "withdrawn";
        case ImageVerdict::older:
            return "older";
        case ImageVerdict::no_memory:
            return "no_memory";
        case ImageVerdict::no_process:
            return "no_process";
        case ImageVerdict::not_executable:
            return "not_executable";
    }
    return "unknown";
}

}  // namespace basalt::firmware
