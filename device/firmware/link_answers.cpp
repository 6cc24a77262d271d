#include "device/firmware/link_answers.h"

#include "device/firmware/hex.h"
#include "device/firmware/records/ring_events.h"
#include "device/guardian/alarms.h"
#include "device/hal/screen_frames.h"
#include "device/link/messages.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace basalt::firmware {
namespace {
using nlohmann::ordered_json;

constexpr std::size_t body_size = longest_body;
static_assert(body_size <= sizeof(hal::ScreenReply::body.data) && body_size <= link::max_reply_size &&
              link::max_replies <= hal::max_screen_replies);

double in_units(std::int64_t milli_units) { return static_cast<double>(milli_units) / 1000.0; }

std::string_view key_of(hal::GatewayState gateway) {
    switch (gateway) {
        case hal::GatewayState::down:
            return "down";
        case hal::GatewayState::up:
            return "up";
        case hal::GatewayState::refused:
            return "refused";
        case hal::GatewayState::isolated:
            return "isolated";
    }
    return "unknown";
}

std::string_view key_of(BolusState how) {
    switch (how) {
        case BolusState::none:
            return "none";
        case BolusState::proposed:
            return "proposed";
        case BolusState::running:
            return "running";
        case BolusState::done:
            return "done";
        case BolusState::cancelled:
            return "cancelled";
        case BolusState::refused:
            return "refused";
        case BolusState::interrupted:
            return "interrupted";
        case BolusState::expired:
            return "expired";
    }
    return "unknown";
}

void put_therapy(ordered_json& json, const TherapySeen& seen) {
    if (seen.rate) json["rate_u_per_h"] = in_units(seen.rate->count);
    if (seen.temporary)
        json["temporary_rate"] = {{"percent", seen.temporary->percent},
                                  {"until_s", seen.temporary->until.seconds},
                                  {"who", text_of(seen.temporary->who)}};
    if (seen.running)
        json["bolus"] = {{"id", seen.running->id},
                         {"state", key_of(seen.running->confirmed ? BolusState::running : BolusState::proposed)},
                         {"amount_u", in_units(seen.running->amount.count)},
                         {"given_u", in_units(seen.running->given.count)},
                         {"still_moving_u", in_units(seen.running->still_moving.count)},
                         {"who", seen.running->who}};
    if (seen.last)
        json["last_bolus"] = {{"amount_u", in_units(seen.last->amount.count)},
                              {"given_u", in_units(seen.last->given.count)},
                              {"exact", seen.last->exact},
                              {"state", key_of(seen.last->how)},
                              {"at_s", seen.last->at.seconds},
                              {"who", seen.last->who}};
    json["insulin_on_board_u"] = in_units(seen.on_board.amount.count);
    json["insulin_on_board_complete"] = seen.on_board.complete;
}

/// Text from a record or a file may hold bytes that are no UTF-8: they are shown as replacement characters.
std::string spelled(const ordered_json& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Puts rows into as few bodies as hold them. `number_of` is a row's own number, `row_text` its JSON.
template <class Row, class NumberOf, class RowText>
Bodies paged(const std::vector<Row>& rows, std::uint64_t from, std::size_t asked, std::string_view next_name,
             NumberOf number_of, RowText row_text) {
    constexpr std::size_t frame_around_rows = 96;  // what page() below writes besides the rows, at most
    Bodies bodies;
    std::string line;
    std::uint64_t next = from;
    const auto page = [&](bool more) {
        bodies.push_back(fmt::format(R"({{"schema":1,"rows":[{}],"{}":{},"more":{}}})", line, next_name, next, more));
        line.clear();
    };
    for (const Row& row : rows) {
        std::string text = row_text(row);
        if (line.size() + 1 + text.size() + frame_around_rows > body_size) {
            if (bodies.size() + 1 == static_cast<std::size_t>(link::max_replies)) break;
            if (!line.empty()) page(true);
            if (text.size() + frame_around_rows > body_size)  // a record of an older version: said, not hidden
                text = fmt::format(R"({{"{}":{},"too_long":true}})", next_name == "next_seq" ? "seq" : "row",
                                   number_of(row));
        }
        if (!line.empty()) line += ',';
        line += text;
        next = number_of(row) + 1;
    }
    const bool all = rows.empty() || next == number_of(rows.back()) + 1;
    page(!all || rows.size() == asked);
    return bodies;
}

void put_people(ordered_json& json, const PeopleSeen& seen) {
    json["context"] = access::word(seen.context).key;
    if (seen.press)
        json["waits_for_press"] = {{"operation", access::word(seen.press->operation).key},
                                   {"who", seen.press->who},
                                   {"until_s", seen.press->until.seconds}};
    if (seen.emergency_until) json["emergency_until_s"] = seen.emergency_until->seconds;
}
}  // namespace

Bodies state_answer(const SeenState& state) {
    const hal::FirmwareTick& t = state.tick;
    ordered_json json{{"schema", 1},
                      {"mode", key_of(t.mode)},
                      {"firmware_accepted", state.accepted},
                      {"tick_s", t.tick.seconds},
                      {"second_of_day_s", t.second_of_day.seconds},
                      {"clock_ok", t.clock_ok},
                      {"network", key_of(t.gateway)},
                      {"records_open", state.records_open}};
    if (state.configuration != nullptr) {
        json["device_name"] = state.configuration->device_name;
        json["glucose_unit"] = state.configuration->glucose_unit == GlucoseUnit::mg_dl ? "mg/dL" : "mmol/L";
    } else {
        json["configuration"] = state.configuration_words;
    }
    if (t.sensors.glucose_mg_dl != 0) {
        json["glucose_mg_dl"] = t.sensors.glucose_mg_dl;
        json["glucose_age_s"] = t.sensors.glucose_age_s;
    }
    if (state.therapy != nullptr) put_therapy(json, state.therapy->seen());
    if (state.people) put_people(json, *state.people);
    json["insulin_total_u"] = in_units(t.motor.milli_units);
    json["reservoir_u"] = in_units(t.sensors.reservoir.count);
    json["battery_percent"] = t.sensors.battery_percent;
    ordered_json alarms = ordered_json::array();
    for (const auto& row : guardian::alarm_rows)
        if ((t.alarms & guardian::bit_of(row.trigger)) != 0) alarms.push_back(row.id);
    json["alarms"] = std::move(alarms);
    std::string text = spelled(json);
    if (text.size() > body_size) {  // many alarms at once: their number instead of their names
        json["alarms"] = ordered_json::array();
        json["alarm_bits"] = t.alarms;
        if (json.contains("configuration")) json["configuration"] = "refused";
        text = spelled(json);
    }
    return {text};
}

Bodies log_answer(const std::vector<storage::LoggedEvent>& events, std::uint64_t from, std::size_t asked) {
    return paged(
        events, from, asked, "next_seq", [](const storage::LoggedEvent& e) { return e.seq; },
        [](const storage::LoggedEvent& e) {
            const auto record = storage::canonical(e.seq, e.event);
            return fmt::format(R"({{"hash":"{}","record":{}}})", hex(e.hash), record ? *record : "null");
        });
}

Bodies doses_answer(const std::vector<Dose>& doses, std::uint64_t from, std::size_t asked) {
    return paged(
        doses, from, asked, "next_row", [](const Dose& d) { return d.row.row; },
        [](const Dose& d) {
            ordered_json json{{"row", d.row.row},
                              {"log_seq", d.row.log_seq},
                              {"at_s", d.row.at_s},
                              {"origin", key_of(d.row.origin)},
                              {"amount_mu", d.row.amount_mu},
                              {"target_mu", d.row.target_mu},
                              {"moved_mu", d.moved_mu}};
            if (d.row.ring_seq) json["ring_seq"] = *d.row.ring_seq;
            return spelled(json);
        });
}

Bodies verify_answer(const Verified& verified) {
    return {spelled(ordered_json{{"schema", 1},
                                 {"ok", !verified.finding.has_value()},
                                 {"records", verified.records},
                                 {"words", verified.words.substr(0, 1'000)}})};
}

Bodies checking_answer(std::uint64_t records, std::uint64_t of) {
    return {spelled(ordered_json{
        {"schema", 1},
        {"checking", true},
        {"records", records},
        {"of", of},
        {"words",
         fmt::format("The log is being checked: {} of {} records so far. Ask again in a few minutes.", records, of)}})};
}

}  // namespace basalt::firmware
