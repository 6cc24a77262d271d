#include "storage/event.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace basalt::storage {
namespace {

std::unexpected<Error> cannot_be_written(std::string_view why) {
    return fail(ErrorCode::usage, fmt::format("An event cannot be written to the log: {}.", why),
                "Report this as a fault of the program.");
}

std::unexpected<Error> no_record(std::string_view why) {
    return fail(ErrorCode::unreadable, fmt::format("This is no record of the event log: {}.", why),
                "The log was changed or damaged; compare it with the signed head of the log.");
}

bool is_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == ':' || c == '-';
    });
}

bool is_printable(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

void quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

/// The one spelling. Its caller has checked the characters.
std::string spell(std::uint64_t seq, const Event& event) {
    std::string out =
        fmt::format("{{\"seq\":{},\"tick_s\":{},\"who\":\"{}\",\"what\":\"{}\",\"outcome\":\"{}\",\"fields\":{{", seq,
                    event.tick_s, event.who, event.what, key_of(event.outcome));
    bool first = true;
    for (const Field& field : event.fields) {
        if (!first) out += ',';
        first = false;
        quoted(out, field.name);
        out += ':';
        if (const auto* number = std::get_if<std::int64_t>(&field.value))
            out += std::to_string(*number);
        else
            quoted(out, std::get<std::string>(field.value));
    }
    return out += "}}";
}

Result<void> fits_its_kind(const Event& event) {
    const EventKind* kind = find_kind(event.what);
    if (kind == nullptr) return cannot_be_written(fmt::format("there is no kind \"{}\"", event.what));
    if (event.fields.size() != kind->fields.size())
        return cannot_be_written(fmt::format("{} has other fields", event.what));
    for (std::size_t i = 0; i < kind->fields.size(); ++i) {
        const bool is_number = std::holds_alternative<std::int64_t>(event.fields[i].value);
        if (event.fields[i].name != kind->fields[i].name || is_number != (kind->fields[i].type == FieldType::number))
            return cannot_be_written(fmt::format("{} has another field in place {}", event.what, i + 1));
    }
    return {};
}

using Json = nlohmann::ordered_json;

std::optional<std::int64_t> number_of(const Json& json) {
    if (json.is_number_unsigned()) {
        const auto value = *json.get_ptr<const Json::number_unsigned_t*>();
        if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(value);
    }
    if (json.is_number_integer()) return *json.get_ptr<const Json::number_integer_t*>();
    return std::nullopt;
}

std::optional<Outcome> outcome_of(std::string_view key) noexcept {
    for (const Outcome outcome : {Outcome::done, Outcome::refused, Outcome::failed})
        if (key_of(outcome) == key) return outcome;
    return std::nullopt;
}

}  // namespace

std::string_view key_of(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::done:
            return "done";
        case Outcome::refused:
            return "refused";
        case Outcome::failed:
            return "failed";
    }
    return "failed";
}

const std::int64_t* Event::number(std::string_view name) const noexcept {
    const auto field = std::ranges::find(fields, name, &Field::name);
    return field == fields.end() ? nullptr : std::get_if<std::int64_t>(&field->value);
}

const std::string* Event::text(std::string_view name) const noexcept {
    const auto field = std::ranges::find(fields, name, &Field::name);
    return field == fields.end() ? nullptr : std::get_if<std::string>(&field->value);
}

Event make_event(EventId what, std::uint64_t tick_s, std::string_view who, Outcome outcome,
                 std::initializer_list<Value> values) {
    const EventKind& kind = kind_of(what);
    Event event{tick_s, std::string{who}, std::string{kind.key}, outcome, {}};
    std::size_t i = 0;
    for (const Value& value : values) {
        event.fields.push_back({i < kind.fields.size() ? std::string{kind.fields[i].name} : std::string{}, value});
        ++i;
    }
    return event;
}

Result<std::string> canonical(std::uint64_t seq, const Event& event) {
    if (!is_name(event.who)) return cannot_be_written("who did it has no short name");
    if (auto fits = fits_its_kind(event); !fits) return std::unexpected{fits.error()};
    if (seq > INT64_MAX || event.tick_s > INT64_MAX) return cannot_be_written("a number is too large");
    for (const Field& field : event.fields)
        if (const auto* text = std::get_if<std::string>(&field.value); text != nullptr && !is_printable(*text))
            return cannot_be_written(fmt::format("{} holds a control character", field.name));
    std::string bytes = spell(seq, event);
    if (bytes.size() > max_record_size) return cannot_be_written("it is too long");
    if (!Json::accept(bytes))
        return cannot_be_written("a text in it is not UTF-8");  // what cannot be read is not written
    return bytes;
}

Result<NumberedEvent> read_canonical(std::string_view bytes) {
    if (bytes.size() > max_record_size) return no_record("it is too long");
    const Json json = Json::parse(bytes, nullptr, false);
    if (!json.is_object() || json.size() != 6) return no_record("it is not an object of six fields");
    const auto string_at = [&](const char* name) -> const std::string* {
        const auto at = json.find(name);
        return at == json.end() ? nullptr : at->get_ptr<const std::string*>();
    };
    const auto number_at = [&](const char* name) -> std::optional<std::int64_t> {
        const auto at = json.find(name);
        return at == json.end() ? std::nullopt : number_of(*at);
    };
    const auto seq = number_at("seq");
    const auto tick = number_at("tick_s");
    const std::string* who = string_at("who");
    const std::string* what = string_at("what");
    const std::string* outcome_key = string_at("outcome");
    const auto outcome = outcome_key != nullptr ? outcome_of(*outcome_key) : std::nullopt;
    const auto fields = json.find("fields");
    if (!seq || *seq < 0 || !tick || *tick < 0 || who == nullptr || !is_name(*who) || what == nullptr ||
        !is_name(*what) || !outcome || fields == json.end() || !fields->is_object())
        return no_record("a field is missing or has another type");
    NumberedEvent read{static_cast<std::uint64_t>(*seq),
                       {static_cast<std::uint64_t>(*tick), *who, *what, *outcome, {}}};
    for (const auto& [name, value] : fields->items()) {
        if (const auto number = number_of(value))
            read.event.fields.push_back({name, *number});
        else if (const auto* text = value.get_ptr<const std::string*>())
            read.event.fields.push_back({name, *text});
        else
            return no_record(fmt::format("{} is neither a number nor a text", name));
    }
    // One record has one spelling: spaces, other orders, repeated names and escapes that we do not use end here.
    if (spell(read.seq, read.event) != bytes) return no_record("it is spelled in another way than this device spells");
    return read;
}

}  // namespace basalt::storage
