// Every cell of the access table, with every subset of what somebody can show, held against a second spelling of the
// table. That one was typed in from the requirements by hand: nothing here is computed from policy.cpp, so that a slip
// of the pen in either shows.
#include "device/firmware/access/decide.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace basalt::access {
namespace {

/// who: those whose right it is. A cell: alternatives divided by '|'; each is factors, and `Xx:` in front narrows it to
/// some roles, `2Yy` asks for a second person's badge (`2Yy=BW`: badge and password), `?` for a condition.
struct Row {
    const char* operation;
    const char* who;
    const char *home, *ward, *emergency;
};
const std::vector<Row> spelled{
    {"see_glucose", "Pa Ca Nu Ph Bi", "all:A|W", "all:A|B", "all:A|B|all:G"},
    {"see_state", "Pa Ca Nu Ph Bi", "all:A|W", "all:A|B", "all:A|B|all:G"},
    {"see_alarms", "Pa Ca Nu Ph Bi", "all:A|W", "all:A|B", "all:A|B|all:G"},
    {"see_history", "Pa Ca Nu Ph", "P?o|W?o", "B?o", "B?o|all:G"},
    {"acknowledge_alarm", "", "all:P", "all:P", "all:P|all:G"},
    {"pause_audio", "", "all:P", "all:P", "all:P|all:G"},
    {"stop_delivery", "", "all:P", "all:P", "all:P|all:G"},
    {"resume_delivery", "Pa Ca Nu Ph", "PW", "BP", "PB|all:G"},
    {"bolus_within_limit", "Pa Ca Nu Ph", "PW", "BP", "BP|all:G"},
    {"bolus_above_limit", "Ph", "", "BWP 2Nu", "BP 2Nu"},
    {"temporary_basal_down", "Pa Ca Nu Ph", "PW", "BP", "BP|all:G"},
    {"temporary_basal_up", "Pa Ca Nu Ph", "PW", "BP", "BP"},
    {"change_therapy", "Nu Ph", "", "Nu:BW 2Ph|Ph:BW 2Nu", ""},
    {"choose_context", "Nu Ph Bi", "B", "B", "B"},
    {"choose_emergency", "Nu Ph Bi", "B|all:G", "B|all:G", "B|all:G"},
    {"new_patient", "Nu Ph", "", "BW", "B"},
    {"link_patient_record", "Nu Ph", "", "BW", "B"},
    {"change_reservoir", "Pa Ca Nu Bi", "P", "PB", "P"},
    {"prime", "Pa Ca Nu Bi", "P", "PB", "P"},
    {"isolate_network", "Pa Ca Nu Ph Bi IT", "P", "P", "P"},
    {"rejoin_network", "Pa Ca Nu Ph Bi IT", "PW", "IT:B|Bi:B", ""},
    {"pair_remote", "Pa Ca Nu Bi", "PW", "BP", ""},
    {"forget_remote", "Pa Ca Nu Bi", "PW", "BP", ""},
    {"enter_failsafe", "Pa Ca Nu Ph Bi", "P", "P", "P"},
    {"leave_failsafe", "Ph Bi", "", "Ph:BW 2Bi=BW|Bi:BW 2Ph=BW", ""},
    {"create_account", "Bi IT", "", "Bi:BW 2IT|IT:BW 2Bi", ""},
    {"disable_account", "Bi IT", "", "Bi:BW 2IT|IT:BW 2Bi", ""},
    {"issue_badge", "Bi IT", "", "Bi:BW 2IT|IT:BW 2Bi", ""},
    {"revoke_badge", "Bi IT", "", "BW", "BW"},
    {"set_access_policy", "IT", "", "BW 2Bi", ""},
    {"enrol_network", "Bi IT", "", "Bi:BW 2IT|IT:BW 2Bi", ""},
    {"rotate_key", "Bi IT", "", "Bi:BW 2IT|IT:BW 2Bi", ""},
    {"start_staged_update", "Pa", "PW", "", ""},
    {"install_update", "Bi Se", "", "Bi:BWP 2Se ?i|Se:BWP 2Bi ?i", ""},
    {"roll_back", "Bi Se", "", "Bi:BWP 2Se|Se:BWP 2Bi", ""},
    {"open_service_port", "Bi Se", "", "Bi:BWP 2Se|Se:BWP 2Bi", ""},
    {"set_clock", "Bi IT", "BW ?s", "BW ?s|Bi:BW 2IT|IT:BW 2Bi", ""},
    {"run_self_test", "Pa Ca Nu Ph Bi Se", "P", "P", "P"},
    {"attest", "Bi IT Se Au", "-", "B", "-"},
    {"read_versions", "Bi IT Se Au", "-", "B", "-"},
    {"read_log", "Bi IT Au", "", "BW", ""},
    {"export_log", "Au", "", "BW", ""},
    {"review_break_glass", "Ph IT Au", "", "BW ?n", ""},
    {"request_export", "Pa", "", "BW", ""},
    {"export_patient_data", "Ph", "", "BW 2Au ?d", ""},
    {"restore_onto_replacement", "Ph Bi", "", "Ph:BW 2Bi|Bi:BW 2Ph", ""},
    {"patient_changeover", "Nu Ph Bi", "", "Nu:BW 2Bi|Ph:BW 2Bi|Bi:BW 2Nu|Bi:BW 2Ph", ""},
    {"crypto_erase", "Bi", "", "BWP 2Au ?v", ""},
};

const std::vector<std::string> role_letters{"Pa", "Ca", "Nu", "Ph", "Bi", "IT", "Se", "Au", "--"};
const std::string factor_letters = "PWBAG";      // in the order of Factor
const std::string condition_letters = "oisdvn";  // in the order of Condition

/// One alternative of the second spelling, read.
struct Way {
    bool for_all = false;
    std::string role;  ///< empty: all of the row
    std::string factors;
    std::string second, second_factors;
    std::string condition;
};
std::vector<Way> read_cell(const std::string& cell) {
    std::vector<Way> ways;
    std::istringstream alternatives{cell};
    for (std::string text; std::getline(alternatives, text, '|');) {
        Way way;
        if (const auto colon = text.find(':'); colon != std::string::npos) {
            way.role = text.substr(0, colon);
            way.for_all = way.role == "all";
            text.erase(0, colon + 1);
        }
        if (const auto mark = text.find('?'); mark != std::string::npos) {
            way.condition = text.substr(mark + 1);
            text.erase(mark);
        }
        if (const auto two = text.find('2'); two != std::string::npos) {
            way.second = text.substr(two + 1, 2);
            const auto equals = text.find('=');
            way.second_factors = equals == std::string::npos ? "B" : text.substr(equals + 1, 2);
            text.erase(two);
        }
        for (const char c : text)
            if (c != ' ' && c != '-') way.factors += c;
        ways.push_back(way);
    }
    return ways;
}

struct Shown {
    std::string role, factors;
    std::string second, second_factors;  ///< no second person: both empty
    std::string conditions;
};
bool contains(const std::string& all, const std::string& these) {
    return std::ranges::all_of(these, [&](char c) { return all.find(c) != std::string::npos; });
}
bool opens(const Row& row, const Way& way, const Shown& shown) {
    const bool in_row = std::string{row.who}.find(shown.role) != std::string::npos && shown.role != "--";
    if (!way.for_all && !(way.role.empty() ? in_row : way.role == shown.role)) return false;
    std::string factors = shown.factors;
    if (factors.find('P') != std::string::npos) factors += 'A';  // whoever pressed the button stands at the pump
    if (!contains(factors, way.factors) || !contains(shown.conditions, way.condition)) return false;
    return way.second.empty() || (way.second == shown.second && contains(shown.second_factors, way.second_factors));
}

std::string letters_of(unsigned bits, const std::string& letters) {
    std::string text;
    for (std::size_t i = 0; i < letters.size(); ++i)
        if ((bits >> i & 1U) != 0) text += letters[i];
    return text;
}
template <class E>
Set<E> set_of(unsigned bits) {
    Set<E> set;
    set.bits = bits;
    return set;
}

const Row& row_of(Operation operation) {
    return *std::ranges::find(spelled, std::string{word(operation).key},
                              [](const Row& row) { return std::string{row.operation}; });
}

TEST(AccessTable, TheSecondSpellingHasEveryOperationOnce) {
    ASSERT_EQ(spelled.size(), operation_count);
    for (std::size_t i = 0; i < operation_count; ++i)
        EXPECT_EQ(word(static_cast<Operation>(i)).key, spelled[i].operation);
}

/// All cells with all second persons, and the subsets of factors and of conditions that are listed.
void hold_every_cell(const std::vector<unsigned>& factor_sets, const std::vector<unsigned>& conditions,
                     std::size_t& allowed, std::size_t& refused) {
    for (std::size_t o = 0; o < operation_count; ++o) {
        const auto operation = static_cast<Operation>(o);
        const Row& row = row_of(operation);
        for (std::size_t c = 0; c < context_count; ++c) {
            const auto ways = read_cell(std::vector<std::string>{row.home, row.ward, row.emergency}[c]);
            for (std::size_t r = 0; r < role_count; ++r)
                for (const unsigned f : factor_sets)
                    for (std::size_t second = 0; second <= role_count; ++second)  // the last: no second person
                        for (unsigned s = 0; s < (second == role_count ? 1U : 8U); ++s)
                            for (const unsigned met : conditions) {
                                Asker asker{.role = static_cast<Role>(r),
                                            .factors = set_of<Factor>(f),
                                            .met = set_of<Condition>(met)};
                                Shown shown{.role = role_letters[r],
                                            .factors = letters_of(f, factor_letters),
                                            .second = {},
                                            .second_factors = {},
                                            .conditions = letters_of(met, condition_letters)};
                                if (second < role_count) {
                                    asker.second = Second{static_cast<Role>(second), set_of<Factor>(s)};
                                    shown.second = role_letters[second];
                                    shown.second_factors = letters_of(s, factor_letters);
                                }
                                const bool expected =
                                    std::ranges::any_of(ways, [&](const Way& way) { return opens(row, way, shown); });
                                const bool is = decide(operation, static_cast<Context>(c), asker).allowed();
                                ASSERT_EQ(is, expected)
                                    << row.operation << ", " << word(static_cast<Context>(c)).key << ", " << shown.role
                                    << " shows [" << shown.factors << "], second " << shown.second << " ["
                                    << shown.second_factors << "], conditions [" << shown.conditions << "]";
                                ++(is ? allowed : refused);
                            }
        }
    }
}

TEST(AccessTable, EveryCellIsAllowedOrRefusedAsSpelledWhateverIsShown) {
    std::size_t allowed = 0, refused = 0;
    std::vector<unsigned> all_sets(32);
    std::iota(all_sets.begin(), all_sets.end(), 0U);
    hold_every_cell(all_sets, {(1U << condition_count) - 1}, allowed, refused);  // every condition met
    EXPECT_EQ(allowed + refused, operation_count * context_count * role_count * 32 * (8 * role_count + 1));
    EXPECT_GT(allowed, 100'000U);
    EXPECT_GT(refused, 1'000'000U);
}

TEST(AccessTable, AConditionThatNobodyLookedAtIsNotMet) {
    std::vector<unsigned> all_but_one{0};
    for (std::size_t i = 0; i < condition_count; ++i) all_but_one.push_back(((1U << condition_count) - 1) & ~(1U << i));
    std::size_t allowed = 0, refused = 0;
    hold_every_cell({6, 7, 15}, all_but_one, allowed, refused);  // password and badge; the button too; and at the pump
    EXPECT_GT(allowed, 100'000U);
}

TEST(AccessTable, WithoutAnAccountOnlyTheEmergencySetOpens) {
    // Stop, silence and see at the pump; with emergency access its fixed set. Nothing else, whatever is shown.
    const std::vector<std::string> open{"see_glucose",          "see_state",         "see_alarms",
                                        "see_history",          "acknowledge_alarm", "pause_audio",
                                        "stop_delivery",        "resume_delivery",   "bolus_within_limit",
                                        "temporary_basal_down", "choose_emergency"};
    const Conditions all_met = set_of<Condition>((1U << condition_count) - 1);
    for (std::size_t o = 0; o < operation_count; ++o) {
        const auto operation = static_cast<Operation>(o);
        bool any = false;
        for (const Context context : {Context::home, Context::ward, Context::emergency})
            any =
                any || decide(operation, context, {.role = Role::nobody, .factors = set_of<Factor>(31), .met = all_met})
                           .allowed();
        EXPECT_EQ(any, std::ranges::find(open, word(operation).key) != open.end()) << word(operation).key;
    }
    for (const Context context : {Context::home, Context::ward, Context::emergency})
        EXPECT_TRUE(decide(Operation::stop_delivery, context, {.factors = Factor::presence}).allowed());
}

TEST(AccessTable, WhatNoLineNamesIsRefused) {
    const Asker all{.role = Role::physician,
                    .factors = set_of<Factor>(~0U),
                    .second = Second{Role::biomedical, set_of<Factor>(~0U)},
                    .met = set_of<Condition>(~0U)};
    for (unsigned i = operation_count; i < 256; ++i) {
        const auto decision = decide(static_cast<Operation>(i), Context::ward, all);
        EXPECT_FALSE(decision.allowed());
        EXPECT_EQ(decision.refused().reason, Reason::unknown_operation);
    }
    for (unsigned i = context_count; i < 256; ++i)
        EXPECT_FALSE(decide(Operation::stop_delivery, static_cast<Context>(i), all).allowed());
    for (unsigned i = role_count; i < 256; ++i) {
        Asker asker = all;
        asker.role = static_cast<Role>(i);
        EXPECT_FALSE(decide(Operation::stop_delivery, Context::ward, asker).allowed());
        asker = all;
        asker.second->role = static_cast<Role>(i);
        EXPECT_FALSE(decide(Operation::leave_failsafe, Context::ward, asker).allowed());
    }
}

TEST(AccessTable, WhatReducesDangerNeedsLessThanWhatRaisesIt) {
    using enum Operation;
    const std::vector<std::pair<Operation, Operation>> pairs{{stop_delivery, resume_delivery},
                                                             {temporary_basal_down, temporary_basal_up},
                                                             {isolate_network, rejoin_network},
                                                             {enter_failsafe, leave_failsafe},
                                                             {revoke_badge, issue_badge}};
    const Conditions met = set_of<Condition>(~0U);
    for (const auto& [less, more] : pairs) {
        std::size_t less_opens = 0, more_opens = 0;
        for (std::size_t c = 0; c < context_count; ++c)
            for (std::size_t r = 0; r < role_count; ++r)
                for (unsigned f = 0; f < 32; ++f)
                    for (std::size_t s = 0; s < role_count; ++s) {
                        const Asker asker{static_cast<Role>(r), set_of<Factor>(f),
                                          Second{static_cast<Role>(s), set_of<Factor>(7)}, met};
                        const bool opens_less = decide(less, static_cast<Context>(c), asker).allowed();
                        const bool opens_more = decide(more, static_cast<Context>(c), asker).allowed();
                        // Cutting the network off and failsafe are done at the pump itself, their opposites at a desk.
                        const bool same_place = more != rejoin_network && more != leave_failsafe;
                        EXPECT_TRUE(opens_less || !opens_more || !same_place) << word(less).key;
                        less_opens += opens_less ? 1 : 0;
                        more_opens += opens_more ? 1 : 0;
                    }
        EXPECT_GT(less_opens, more_opens) << word(less).key;
    }
}

TEST(AccessTable, NobodyHoldsDutiesThatAreSeparated) {
    for (unsigned bits = 0; bits < (1U << role_count); ++bits) {
        const auto roles = set_of<Role>(bits);
        const bool au_bi = roles.has(Role::auditor) && roles.has(Role::biomedical);
        const bool bi_it = roles.has(Role::biomedical) && roles.has(Role::it_security);
        EXPECT_EQ(may_be_held_together(roles), bits != 0 && !au_bi && !bi_it && !roles.has(Role::nobody)) << bits;
    }
    EXPECT_FALSE(may_be_held_together(set_of<Role>(1U << 20 | 1U)));
}

TEST(AccessTable, EveryRefusalSaysWhatItMeansAndWhatToDoInBothLanguages) {
    for (std::size_t o = 0; o <= operation_count; ++o)
        for (std::size_t c = 0; c < context_count; ++c)
            for (std::size_t r = 0; r < role_count; ++r)
                for (unsigned f = 0; f < 32; ++f)
                    for (const bool two : {false, true}) {
                        Asker asker{.role = static_cast<Role>(r), .factors = set_of<Factor>(f)};
                        if (two) asker.second = Second{Role::patient, Factor::badge};
                        const auto decision = decide(static_cast<Operation>(o), static_cast<Context>(c), asker);
                        if (decision.allowed()) continue;
                        for (const Language language : {Language::english, Language::french}) {
                            const auto words = in_words(decision.refused(), language);
                            for (const std::string& sentence : {words.what, words.next_step}) {
                                ASSERT_GT(sentence.size(), 10U);
                                ASSERT_TRUE(sentence.ends_with('.')) << sentence;
                                ASSERT_EQ(sentence.find(" ."), std::string::npos) << sentence;
                                ASSERT_EQ(sentence.find(": ."), std::string::npos) << sentence;
                                ASSERT_EQ(sentence.find("  "), std::string::npos) << sentence;
                            }
                        }
                    }
}

TEST(AccessTable, TheNextStepIsTheOneThatHelps) {
    const auto said = [](Operation operation, Context context, Asker asker) {
        const auto words = in_words(decide(operation, context, asker).refused(), Language::english);
        return words.what + " " + words.next_step;
    };
    EXPECT_EQ(said(Operation::bolus_within_limit, Context::ward, {.role = Role::nurse, .factors = Factor::presence}),
              "To give a bolus up to the patient's limit, your badge is needed as well. Nothing was done. Present your "
              "badge.");
    EXPECT_EQ(said(Operation::resume_delivery, Context::emergency, {.role = Role::nurse, .factors = {}}),
              "To resume the insulin, the pump's button and your badge are needed as well. Nothing was done. "
              "Press the pump's button when it asks for it. Present your badge.");
    EXPECT_EQ(said(Operation::resume_delivery, Context::emergency, {.role = Role::nobody, .factors = {}}),
              "To resume the insulin, emergency access is needed as well. Nothing was done. In an emergency hold the "
              "pump's button and present the emergency badge, or enter the sealed code.");
    EXPECT_EQ(said(Operation::install_update, Context::ward, {.role = Role::nurse, .factors = {}}),
              "The role \"nurse\" may not install an update. Nothing was done. "
              "Ask one of these: biomedical engineer or manufacturer's service.");
    EXPECT_EQ(said(Operation::leave_failsafe, Context::home, {.role = Role::physician, .factors = {}}),
              "You cannot leave failsafe at home. Nothing was done. It is possible on the ward.");
    EXPECT_EQ(said(Operation::leave_failsafe, Context::ward,
                   {.role = Role::physician, .factors = Factor::badge | Factor::password}),
              "A second person has to agree to: leave failsafe. Nothing is done yet. Ask one of these: biomedical "
              "engineer, to "
              "read the change and to sign it with their badge and password within 10 minutes.");
    EXPECT_EQ(said(Operation::crypto_erase, Context::ward,
                   {.role = Role::biomedical, .factors = Factor::badge | Factor::password | Factors{Factor::presence}}),
              "You may erase and retire the pump only if the export was read back and is whole. Nothing was done. "
              "See to that, then ask again.");
}

}  // namespace
}  // namespace basalt::access
