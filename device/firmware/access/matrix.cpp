#include "device/firmware/access/matrix.h"

#include "device/firmware/access/carried_out.h"
#include "device/firmware/access/policy.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace basalt::access {
namespace {

template <class E>
std::vector<E> members(Set<E> set) {
    std::vector<E> all;
    for (unsigned i = 0; i < 32; ++i)
        if ((set.bits >> i & 1U) != 0) all.push_back(static_cast<E>(i));
    return all;
}

template <class E>
std::string letters(Set<E> set, std::string_view between) {
    std::string text;
    for (const E one : members(set))
        text += (text.empty() ? "" : std::string{between}) + std::string{word(one).letters};
    return text;
}

/// The factors in the order in which people are asked for them: badge, password, button.
std::string needs_text(Factors needs) {
    std::string text;
    for (const Factor factor :
         {Factor::at_pump, Factor::badge, Factor::password, Factor::presence, Factor::break_glass})
        if (needs.has(factor)) text += (text.empty() ? "" : "+") + std::string{word(factor).letters};
    return text;
}

/// One alternative of a cell. Two lines that differ only in who is first and who is second are one.
struct Way {
    Rule rule;
    bool either_first = false;
};

std::vector<Way> ways_of(Operation operation, Context context) {
    std::vector<Way> ways;
    for (const Rule& rule : rules()) {
        if (rule.operation != operation || !rule.where.has(context)) continue;
        const auto turned = std::ranges::find_if(ways, [&](const Way& way) {
            return !rule.second.empty() && way.rule.second == rule.who && way.rule.who == rule.second &&
                   way.rule.needs == rule.needs && way.rule.second_needs == rule.second_needs &&
                   way.rule.conditions == rule.conditions;
        });
        if (turned == ways.end())
            ways.push_back({rule});
        else
            turned->either_first = true;
    }
    return ways;
}

/// Those whose own right the operation is somewhere: what anybody may is left out.
Roles owners(Operation operation) {
    Roles who;
    for (const Rule& rule : rules())
        if (rule.operation == operation && rule.who != everyone) who = who | rule.who;
    return who;
}
Roles seconds(Operation operation) {
    Roles who;
    for (const Rule& rule : rules())
        if (rule.operation == operation) who = who | rule.second;
    return who;
}
/// Open, without emergency access, to those too who have no account.
bool for_anybody(Operation operation) {
    return std::ranges::any_of(rules(), [&](const Rule& rule) {
        return rule.operation == operation && rule.who == everyone && !rule.needs.has(Factor::break_glass);
    });
}

std::string way_text(const Way& way, Language language) {
    const Rule& rule = way.rule;
    std::string text = needs_text(rule.needs);
    if (text.empty()) text = language == Language::french ? "rien" : "none";
    if (!rule.second.empty()) {
        text +=
            fmt::format("+2 ({}{}{}", letters(rule.who, "/"), way.either_first ? "+" : ">", letters(rule.second, "/"));
        if (rule.second_needs != Factors{Factor::badge}) text += ": " + needs_text(rule.second_needs);
        text += ")";
    } else if (rule.who != everyone && rule.who != owners(rule.operation)) {
        text += fmt::format(" ({})", letters(rule.who, " "));
    }
    if (!rule.conditions.empty()) text += " *";
    return text;
}

std::string cell(Operation operation, Context context, Language language) {
    std::string text;
    for (const Way& way : ways_of(operation, context)) {
        if (!text.empty()) text += language == Language::french ? " ou " : " or ";
        text += way_text(way, language);
    }
    return text.empty() ? "." : text;
}

std::string_view mark(Operation operation, Role role) {
    if (owners(operation).has(role)) return "x";
    if (for_anybody(operation)) return "a";
    return seconds(operation).has(role) ? "2" : ".";
}

/// fmt counts a letter with an accent as one column.
std::string line(Operation operation, Language language) {
    std::string text = fmt::format("{} {:<38}", is_carried_out(operation) ? ' ' : '-', word(operation).in(language));
    for (const Role role : members(everyone)) text += fmt::format(" {:<2}", mark(operation, role));
    text += fmt::format("  {:<12} {:<26} {}", cell(operation, Context::home, language),
                        cell(operation, Context::ward, language), cell(operation, Context::emergency, language));
    Conditions conditions;
    for (const Rule& rule : rules())
        if (rule.operation == operation) conditions = conditions | rule.conditions;
    for (const Condition condition : members(conditions))
        text += fmt::format("\n{:<40}  * {} {}", "", language == Language::french ? "si" : "if",
                            word(condition).in(language));
    return text + "\n";
}

constexpr std::string_view legend_english =
    "\n"
    "- in front: who may is told that this pump does not do it over the link yet. At the pump: a short press silences, "
    "two\n"
    "   badges leave failsafe.\n"
    "x may ask; a only as anybody may, by A, P or G alone; 2 only as the second person; . refused, as is all that "
    "stands nowhere.\n"
    "A seen at the pump itself   P the pump's button   W password   B badge, which signs the command   none no further "
    "proof\n"
    "+2 (Ph>Nu) a second person too: the left one asks, the right one reads the same change and signs it with a badge\n"
    "   (\": B+W\": and a password). (Bi+IT) either may ask first. Two people, two accounts, two badges, within 10 "
    "min.\n"
    "G emergency access: the pump's button with the emergency badge or the sealed code, for anybody, 30 min, one "
    "bolus. It\n"
    "   makes the use an emergency. Holding the pump's button for 3 s stops the insulin in every mode; no account is "
    "asked.\n"
    "Pa patient, Ca caregiver, Nu nurse, Ph physician, Bi biomedical engineer, IT IT security, Se manufacturer's "
    "service,\n"
    "   Au auditor or data protection officer, -- somebody without an account.\n";
constexpr std::string_view legend_french =
    "\n"
    "- devant : à qui peut demander, la pompe répond qu'elle ne le fait pas encore par la liaison. Sur la pompe : un "
    "appui bref\n"
    "   coupe le son, deux badges font quitter le mode de repli.\n"
    "x peut demander ; a seulement comme tout le monde, par A, P ou G ; 2 seulement comme deuxième personne ; . "
    "refusé, comme tout\n"
    "   ce qui n'est nulle part.\n"
    "A vu sur la pompe elle-même   P bouton de la pompe   W mot de passe   B badge, qui signe la commande   rien : "
    "aucune preuve\n"
    "+2 (Ph>Nu) une deuxième personne : celle de gauche demande, celle de droite lit le même changement et le signe de "
    "son badge\n"
    "   (« : B+W » : et mot de passe). (Bi+IT) dans un ordre quelconque. Deux personnes, deux comptes, deux badges, en "
    "10 min.\n"
    "G accès d'urgence : bouton de la pompe avec le badge d'urgence ou le code scellé, pour tous, 30 min, un bolus. "
    "L'usage\n"
    "   devient « urgences ». Maintenir le bouton de la pompe 3 s arrête l'insuline dans tous les modes, sans compte.\n"
    "Pa patient, Ca aidant, Nu infirmier, Ph médecin, Bi ingénieur biomédical, IT sécurité informatique, Se service du "
    "fabricant,\n"
    "   Au auditeur ou délégué à la protection des données, -- personne sans compte.\n";

using Json = nlohmann::ordered_json;

template <class E>
Json keys(Set<E> set) {
    Json all = Json::array();
    for (const E one : members(set)) all.push_back(word(one).key);
    return all;
}

}  // namespace

std::string matrix_text(Language language) {
    const bool french = language == Language::french;
    std::string text = fmt::format("  {:<38}", french ? "opération" : "operation");
    for (const Role role : members(everyone)) text += fmt::format(" {}", word(role).letters);
    text += fmt::format("  {:<12} {:<26} {}\n", french ? "domicile" : "home", french ? "service" : "ward",
                        french ? "urgences" : "emergency");
    for (std::size_t i = 0; i < operation_count; ++i) text += line(static_cast<Operation>(i), language);
    text += french ? legend_french : legend_english;
    return text;
}

std::string matrix_json() {
    Json operations = Json::array();
    for (std::size_t i = 0; i < operation_count; ++i) {
        const auto operation = static_cast<Operation>(i);
        Json lines = Json::array();
        for (const Rule& rule : rules()) {
            if (rule.operation != operation) continue;
            lines.push_back({{"roles", keys(rule.who)},
                             {"contexts", keys(rule.where)},
                             {"factors", keys(rule.needs)},
                             {"second_roles", keys(rule.second)},
                             {"second_factors", keys(rule.second_needs)},
                             {"conditions", keys(rule.conditions)}});
        }
        operations.push_back({{"operation", word(operation).key},
                              {"text", word(operation).in(Language::english)},
                              {"carried_out", is_carried_out(operation)},
                              {"rules", std::move(lines)}});
    }
    const Json all{
        {"schema", 1}, {"roles", keys(everyone)}, {"contexts", keys(anywhere)}, {"operations", std::move(operations)}};
    return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace basalt::access
