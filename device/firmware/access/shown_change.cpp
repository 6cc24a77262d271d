#include "device/firmware/access/shown_change.h"

#include "device/firmware/access/names.h"
#include "device/firmware/hex.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace basalt::access {
namespace {
using firmware::array_of_hex, firmware::bytes_of_hex;
using nlohmann::json;

std::unexpected<Error> unreadable() {
    return fail(ErrorCode::unreadable, "The pump's answer about waiting changes cannot be read.",
                "Sign nothing. Use a program of the same version as the pump.");
}
std::unexpected<Error> another_change() {
    return fail(ErrorCode::refused,
                "The change that is shown is not the one that would be signed: somebody changed it on the way.",
                "Sign nothing. Tell IT security, and have the first person ask again at the pump.");
}

std::string_view text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_string()) return {};
    return found->get_ref<const std::string&>();
}
std::optional<std::uint64_t> number_of(const json& object, const char* key) {
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}
std::string_view name_of(const Bytes<32>& name) { return {reinterpret_cast<const char*>(name.data.data()), name.size}; }

struct Words {
    Language language;
    std::string say(std::string_view english, std::string_view french) const {
        return std::string{language == Language::french ? french : english};
    }
    std::string units(MilliUnits amount) const {
        std::string text = fmt::format("{}.{:03}", amount.count / 1'000, amount.count % 1'000);
        while (text.back() == '0') text.pop_back();
        if (text.back() == '.') text.pop_back();
        if (language == Language::french) std::ranges::replace(text, '.', ',');
        return text + say(" units", " unités");
    }
    std::string operator()(const link::MealWish& w) const {
        return fmt::format("{}.{} g {}", w.carbs_dg / 10, w.carbs_dg % 10, say("of carbohydrates", "de glucides"));
    }
    std::string operator()(const link::BolusWish& w) const {
        return units(w.amount) + say(", to be read back", ", à relire");
    }
    std::string operator()(const link::BolusYes& w) const { return units(w.amount); }
    std::string operator()(const link::BolusCancel&) const { return say("to cancel it", "pour l'annuler"); }
    std::string operator()(const link::TemporaryWish& w) const {
        return fmt::format("{} %, {} s", w.percent, w.seconds);
    }
    std::string operator()(const link::ContextWish& w) const {
        return std::string{word(static_cast<Context>(w.context)).in(language)};
    }
    std::string operator()(const link::ReviewWish& w) const { return fmt::format("{}", w.use); }
    std::string operator()(const link::AccountWish& w) const { return std::string{name_of(w.name)}; }
    std::string operator()(const link::BadgeWish& w) const {
        if (w.key == Digest{}) return say("all badges of ", "tous les badges de ") + std::string{name_of(w.name)};
        return fmt::format("{} {}, {} {}", say("the badge of", "le badge de"), name_of(w.name), say("key", "clé"),
                           firmware::hex(w.key));
    }
};

/// What a sentence can say without hiding anything: a name is one that accounts have, an amount is none below zero.
struct Sayable {
    bool operator()(const link::BolusWish& w) const { return w.amount >= 0_mU; }
    bool operator()(const link::BolusYes& w) const { return w.amount >= 0_mU; }
    bool operator()(const link::AccountWish& w) const { return short_name(name_of(w.name)).has_value(); }
    bool operator()(const link::BadgeWish& w) const { return short_name(name_of(w.name)).has_value(); }
    template <class T>
    bool operator()(const T&) const {
        return true;
    }
};
}  // namespace

Result<std::optional<ShownChange>> read_change(std::string_view body, const DeviceId& device) {
    const json answer = json::parse(body, nullptr, false);
    if (!answer.is_object() || number_of(answer, "schema") != 1U) return unreadable();
    const auto found = answer.find("change");
    if (found == answer.end()) return std::nullopt;
    const json& shown = *found;
    if (!shown.is_object()) return unreadable();
    const auto said = array_of_hex<32>(text_of(shown, "command")),
               challenge = array_of_hex<32>(text_of(shown, "challenge"));
    const auto values = bytes_of_hex(text_of(shown, "values"));
    const auto sequence = number_of(shown, "sequence"), until_s = number_of(shown, "until_s");
    const auto operation = find_operation(text_of(shown, "operation"));
    const auto role = find_role(text_of(shown, "role"));
    const std::string who{text_of(shown, "who")};
    if (!said || !challenge || !values || !sequence || !until_s || !operation || !role || !short_name(who))
        return unreadable();

    ShownChange change{.operation = *operation, .who = who, .role = *role, .until_s = *until_s};
    change.command = command_digest(
        {.device = device, .challenge = *challenge, .sequence = *sequence, .operation = *operation, .body = *values});
    if (!same_bytes(change.command, *said)) return another_change();
    if (values->empty()) return change;
    const auto understood = link::ValueFrames::decode(*values);
    if (!understood || !std::visit(Sayable{}, *understood))
        return fail(ErrorCode::refused, "This program cannot say in words what the change would do.",
                    "Sign nothing. Use a program of the same version as the pump.");
    change.values = *understood;
    return change;
}

std::string in_words(const ShownChange& change, Language language) {
    std::string text{word(change.operation).in(language)};
    if (change.values) text += ": " + std::visit(Words{language}, *change.values);
    return fmt::format("{}. {} {} ({}).", text, Words{language}.say("Asked by", "Demandé par"), change.who,
                       word(change.role).in(language));
}

}  // namespace basalt::access
