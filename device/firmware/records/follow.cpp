#include "device/firmware/records/follow.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {
namespace {

using storage::DoseOrigin;
using storage::EventId;

std::unexpected<Error> contradiction(std::uint64_t seq, std::string_view what) {
    return fail(ErrorCode::unreadable,
                fmt::format("Record {} of the event log contradicts those before it: {}.", seq, what),
                "Report the damage; compare the log with its signed head.");
}

std::optional<DoseOrigin> origin_of(std::string_view key) noexcept {
    for (const auto origin :
         {DoseOrigin::profile, DoseOrigin::firmware_basal, DoseOrigin::firmware_bolus, DoseOrigin::failsafe_bolus})
        if (storage::key_of(origin) == key) return origin;
    return std::nullopt;
}

/// The amounts are 32 bits wide where they come from, so sums of them do not overflow in a device's life.
bool is_amount(std::int64_t amount) noexcept { return amount >= INT32_MIN && amount <= INT32_MAX; }

void close_request(Standing& standing, std::int64_t id) {
    const auto begin = standing.open.begin();
    const auto end = begin + standing.open_count;
    const auto kept = std::remove_if(begin, end, [id](const OpenRequest& r) { return r.id == id; });
    std::fill(kept, end, OpenRequest{});
    standing.open_count = static_cast<std::uint8_t>(kept - begin);
}

/// Kinds that bring an entry of the ring: the one after the last, and no other.
bool is_of_the_ring(EventId kind) noexcept {
    return kind == EventId::dose_written || kind == EventId::dose_corrected || kind == EventId::trigger_raised ||
           kind == EventId::mode_entered || kind == EventId::boot_reported || kind == EventId::bolus_taken_back ||
           kind == EventId::failsafe_released;
}

std::optional<DoseOrigin> moves_the_sum(EventId kind, const storage::Event& event) noexcept {
    switch (kind) {
        case EventId::dose_written: {
            const std::string* source = event.text("source");
            return source != nullptr ? origin_of(*source) : std::nullopt;
        }
        case EventId::dose_corrected:
        case EventId::bolus_taken_back:
            return DoseOrigin::correction;
        case EventId::dose_in_gap:
            return DoseOrigin::gap;
        case EventId::dose_unexplained:
            return DoseOrigin::unexplained;
        case EventId::dose_before_records:
            return DoseOrigin::before_records;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::vector<std::uint8_t> to_bytes(const Standing& standing) {
    std::array<std::uint8_t, 512> buffer{};
    codec::Writer writer{buffer};
    writer(standing);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(writer.size())};
}

std::optional<Standing> standing_from(ByteView bytes) {
    Standing standing;
    if (bytes.empty()) return standing;
    codec::Reader reader{bytes};
    reader(standing);
    if (!reader.ok() || reader.rest() != 0 || standing.open_count > open_requests_max) return std::nullopt;
    return standing;
}

std::optional<std::pair<std::string, std::string>> setting_of(const storage::Event& event) {
    const std::string* name = event.text("name");
    const std::string* value = event.text("value");
    if (event.what != storage::kind_of(EventId::setting_changed).key || name == nullptr || value == nullptr)
        return std::nullopt;
    return std::pair{*name, *value};
}

Result<Effect> follow(Standing& standing, std::uint64_t seq, const storage::Event& event) {
    const storage::EventKind* kind = storage::find_kind(event.what);
    if (kind == nullptr) return Effect{};
    const auto number = [&event](std::string_view name) {
        const std::int64_t* value = event.number(name);
        return value != nullptr ? *value : -1;
    };
    Standing next = standing;
    Effect effect;

    const std::int64_t ring = number("ring");
    if (is_of_the_ring(kind->id)) {
        if (ring != static_cast<std::int64_t>(next.ring_seq) + 1)
            return contradiction(seq, "an entry of the ring is missing or there twice");
        next.ring_seq = static_cast<std::uint32_t>(ring);
    }
    if (const auto origin = moves_the_sum(kind->id, event)) {
        const std::int64_t amount = number("amount_mu");
        const bool carried_over = *origin == DoseOrigin::before_records;
        const std::int64_t target = event.number("target_mu") != nullptr ? *event.number("target_mu") : INT64_MIN;
        if ((!carried_over && !is_amount(amount)) || target != next.target.milli_units + amount)
            return contradiction(seq, "a dose does not add up with the motor's count");
        next.target = {target};
        next.in_gap = false;
        const std::int64_t at = is_of_the_ring(kind->id) ? number("at_s") : static_cast<std::int64_t>(event.tick_s);
        if (at < 0) return contradiction(seq, "a dose has no time");
        effect.dose = storage::DoseRow{++next.dose_rows,
                                       seq,
                                       static_cast<std::uint64_t>(at),
                                       *origin,
                                       is_of_the_ring(kind->id) ? std::optional{next.ring_seq} : std::nullopt,
                                       amount,
                                       target};
    } else if (kind->id == EventId::dose_written) {
        return contradiction(seq, "a dose has no source");
    }

    switch (kind->id) {
        case EventId::dose_asked: {
            if (next.open_count == open_requests_max) return contradiction(seq, "too many requests have no answer");
            const std::string* asked_kind = event.text("kind");
            next.open[next.open_count++] = {
                static_cast<std::uint32_t>(number("request")),
                asked_kind != nullptr && *asked_kind == "bolus" ? hal::DoseKind::bolus : hal::DoseKind::basal,
                {static_cast<std::int32_t>(number("amount_mu"))},
                {event.tick_s}};
            break;
        }
        case EventId::dose_accepted:
        case EventId::dose_refused:
        case EventId::request_found_given:
        case EventId::request_found_not_given:
            close_request(next, number("request"));
            break;
        case EventId::ring_gap: {
            const std::int64_t first = number("first");
            const std::int64_t last = number("last");
            if (first != static_cast<std::int64_t>(next.ring_seq) + 1 || last < first || last > UINT32_MAX)
                return contradiction(seq, "a gap in the ring is not where it can be");
            next.ring_seq = static_cast<std::uint32_t>(last);
            next.in_gap = true;
            break;
        }
        case EventId::motor_moved:
            next.moved = {number("motor_mu")};
            break;
        case EventId::setting_changed:
            effect.setting = setting_of(event);
            break;
        case EventId::rows_sealed:
            if (number("first") != static_cast<std::int64_t>(next.glucose_sealed) + 1 ||
                number("last") < number("first"))
                return contradiction(seq, "a seal is not where it can be");
            next.glucose_sealed = static_cast<std::uint64_t>(number("last"));
            break;
        default:
            break;
    }
    standing = next;
    return effect;
}

}  // namespace basalt::firmware
