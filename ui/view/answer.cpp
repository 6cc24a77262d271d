#include "ui/view/answer.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace basalt::view {
namespace {
using nlohmann::json;

std::string text_in(const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_string() ? harmless(found->get_ref<const std::string&>()) : std::string{};
}
std::optional<double> number_in(const json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end() || !found->is_number()) return std::nullopt;
    const auto value = found->get<double>();
    constexpr double absurd = 1e6;  // units, percent: what is beyond is no answer of a pump
    return std::abs(value) < absurd ? std::optional{value} : std::nullopt;
}
std::optional<std::uint64_t> count_in(const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_number_unsigned() ? std::optional{found->get<std::uint64_t>()}
                                                              : std::nullopt;
}
std::optional<MilliUnits> amount_in(const json& from, const char* name) {
    const auto found = from.find(name);
    if (found == from.end() || !found->is_number_integer()) return std::nullopt;
    const auto value = found->get<std::int64_t>();
    constexpr std::int64_t absurd = 1'000'000;
    if (value < -absurd || value > absurd) return std::nullopt;
    return MilliUnits{static_cast<std::int32_t>(value)};
}
bool is_true(const json& from, const char* name) {
    const auto found = from.find(name);
    return found != from.end() && found->is_boolean() && found->get<bool>();
}
scenarios::Text words_in(const json& from) {
    if (!from.is_object()) return {};
    scenarios::Text words{text_in(from, "en"), text_in(from, "fr")};
    if (words.french.empty()) words.french = words.english;
    if (words.english.empty()) words.english = words.french;
    return words;
}

/// The character that begins at `at` and its length; nothing: no UTF-8.
struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;
};
Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[at + i]); };
    const std::uint8_t first = byte(0);
    const std::size_t size = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : first >> 3 == 30 ? 4 : 0;
    if (size == 0 || at + size > text.size()) return {};
    std::uint32_t code = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if (byte(i) >> 6 != 2) return {};
        code = code << 6 | (byte(i) & 0x3FU);
    }
    return {code, size};
}
bool may_be_shown(std::uint32_t code) {
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    const bool direction = (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
                           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code == 0x61C;
    return !control && !direction;
}
}  // namespace

std::string harmless(std::string_view text, std::size_t most) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, size] = character_at(text, at);
        if (out.size() + std::max<std::size_t>(size, 1) > most) break;
        if (size != 0 && may_be_shown(code))
            out += text.substr(at, size);
        else
            out += '?';
        at += std::max<std::size_t>(size, 1);
    }
    return out;
}

std::optional<Answer> read_answer(std::string_view text) {
    const auto from = json::parse(text.begin(), text.end(), nullptr, false);
    if (!from.is_object()) return std::nullopt;
    Answer answer;
    if (const auto words = from.find("words"); words != from.end()) answer.words = words_in(*words);
    const auto waits_for = text_in(from, "waits_for");
    answer.waits_for_press = waits_for == "press";
    answer.waits_for_second = waits_for == "second";
    answer.account = text_in(from, "account");
    answer.shown = text_in(from, "shown");
    answer.failed_since = static_cast<std::int64_t>(number_in(from, "failed_since").value_or(0));
    answer.must_change = is_true(from, "must_change");
    answer.last_login_s = count_in(from, "last_login_s");
    answer.emergency_until_s = count_in(from, "emergency_until_s");
    answer.amount = amount_in(from, "amount_mu");
    if (const auto suggested = amount_in(from, "suggested_mu")) {
        Suggestion suggestion{*suggested,
                              amount_in(from, "for_carbs_mu").value_or(0_mU),
                              amount_in(from, "correction_mu").value_or(0_mU),
                              amount_in(from, "on_board_mu").value_or(0_mU),
                              {}};
        constexpr std::size_t most_advice = 6;
        if (const auto advice = from.find("advice"); advice != from.end() && advice->is_array())
            for (const auto& one : *advice)
                if (suggestion.advice.size() < most_advice) suggestion.advice.push_back(words_in(one));
        answer.suggestion = std::move(suggestion);
    }
    return answer;
}

std::optional<Told> read_state(std::string_view text, std::uint64_t now_s) {
    const auto from = json::parse(text.begin(), text.end(), nullptr, false);
    if (!from.is_object()) return std::nullopt;
    Told told{now_s, number_in(from, "rate_u_per_h")};
    told.on_board_u = number_in(from, "insulin_on_board_u");
    told.on_board_complete = is_true(from, "insulin_on_board_complete");
    if (const auto temporary = from.find("temporary_rate"); temporary != from.end() && temporary->is_object())
        told.temporary = Told::Temporary{static_cast<int>(number_in(*temporary, "percent").value_or(0)),
                                         count_in(*temporary, "until_s").value_or(0), text_in(*temporary, "who")};
    const auto bolus = [&](const char* name) -> std::optional<Told::Bolus> {
        const auto found = from.find(name);
        if (found == from.end() || !found->is_object()) return std::nullopt;
        return Told::Bolus{number_in(*found, "amount_u").value_or(0),
                           number_in(*found, "given_u").value_or(0),
                           text_in(*found, "state"),
                           text_in(*found, "who"),
                           count_in(*found, "at_s").value_or(0),
                           is_true(*found, "exact")};
    };
    told.bolus = bolus("bolus");
    told.last_bolus = bolus("last_bolus");
    return told;
}

}  // namespace basalt::view
