// device/firmware/access/decision_words.cpp: a refusal as sentences. What they name comes from the table itself.
#include "device/firmware/access/decide.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace basalt::access {
namespace {

/// "a, b and c".
std::string list(const std::vector<std::string_view>& words, std::string_view last_join) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? last_join : std::string_view{", "};
        text += words[i];
    }
    return text;
}

template <class E>
std::vector<std::string_view> words_of(Set<E> set, std::size_t count, Language language) {
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < count; ++i)
        if (set.has(static_cast<E>(i))) words.push_back(word(static_cast<E>(i)).in(language));
    return words;
}

constexpr std::array<Word, factor_count> how{{
    {"presence", "", "Press the pump's button when it asks for it.",
     "Appuyez sur le bouton de la pompe quand elle le demande."},
    {"password", "", "Log in with your password.", "Connectez-vous avec votre mot de passe."},
    {"badge", "", "Present your badge.", "Présentez votre badge."},
    {"at_pump", "", "Look at the pump itself.", "Regardez la pompe elle-même."},
    {"break_glass", "",
     "In an emergency hold the pump's button and present the emergency badge, or enter the sealed code.",
     "En cas d'urgence, maintenez le bouton de la pompe et présentez le badge d'urgence, ou saisissez le code scellé."},
}};

/// Whose own right the operation is, and where; what emergency access opens is left out.
struct Reach {
    Roles who;
    Contexts where;
};
Reach reach_of(const Refused& refused, bool of_this_role) {
    Reach reach;
    for (const Rule& rule : rules()) {
        if (rule.operation != refused.operation || rule.needs.has(Factor::break_glass)) continue;
        if (of_this_role && !rule.who.has(refused.role)) continue;
        reach.who = reach.who | rule.who;
        reach.where = reach.where | rule.where;
    }
    return reach;
}

}  // namespace

Sentences in_words(const Refused& refused, Language language) {
    const bool french = language == Language::french;
    const std::string_view act = word(refused.operation).in(language);
    const std::string_view any = french ? " ou " : " or ";
    const std::string_view all = french ? " et " : " and ";
    switch (refused.reason) {
        case Reason::unknown_operation:
            break;
        case Reason::not_this_role: {
            const auto who = list(words_of(reach_of(refused, false).who, role_count, language), any);
            return french ? Sentences{fmt::format("Rôle « {} » : « {} » ne lui est pas permis. Rien n'a été fait.",
                                                  word(refused.role).in(language), act),
                                      fmt::format("Demandez à : {}.", who)}
                          : Sentences{fmt::format("The role \"{}\" may not {}. Nothing was done.",
                                                  word(refused.role).in(language), act),
                                      fmt::format("Ask one of these: {}.", who)};
        }
        case Reason::not_here: {
            const auto where = list(words_of(reach_of(refused, true).where, context_count, language), any);
            return french ? Sentences{fmt::format("« {} » n'est pas possible {}. Rien n'a été fait.", act,
                                                  word(refused.context).in(language)),
                                      fmt::format("C'est possible {}.", where)}
                          : Sentences{fmt::format("You cannot {} {}. Nothing was done.", act,
                                                  word(refused.context).in(language)),
                                      fmt::format("It is possible {}.", where)};
        }
        case Reason::factors_missing: {
            const auto what = list(words_of(refused.missing, factor_count, language), all);
            std::string steps;
            for (std::size_t i = 0; i < how.size(); ++i)
                if (refused.missing.has(static_cast<Factor>(i)))
                    steps += (steps.empty() ? "" : " ") + std::string{how[i].in(language)};
            return french ? Sentences{fmt::format("« {} » demande aussi {}. Rien n'a été fait.", act, what), steps}
                          : Sentences{fmt::format("To {}, {} {} needed as well. Nothing was done.", act, what,
                                                  refused.missing.size() == 1 ? "is" : "are"),
                                      steps};
        }
        case Reason::second_missing:
        case Reason::second_unfit: {
            const auto who = list(words_of(refused.second, role_count, language), any);
            const bool with_password = refused.second_needs.has(Factor::password);
            const bool unfit = refused.reason == Reason::second_unfit;
            if (french)
                return {unfit ? fmt::format(
                                    "La deuxième personne ne peut pas approuver « {} » ainsi. Rien n'a été fait.", act)
                              : fmt::format("« {} » demande l'accord d'une deuxième personne. Rien n'est encore fait.",
                                            act),
                        fmt::format("Demandez à : {}, de lire le changement et de le signer avec son badge{} "
                                    "dans les 10 minutes.",
                                    who, with_password ? " et son mot de passe" : "")};
            return {unfit ? fmt::format("The second person cannot agree in this way to: {}. Nothing was done.", act)
                          : fmt::format("A second person has to agree to: {}. Nothing is done yet.", act),
                    fmt::format("Ask one of these: {}, to read the change and to sign it with their badge{} "
                                "within 10 minutes.",
                                who, with_password ? " and password" : "")};
        }
        case Reason::condition_unmet: {
            const auto what = list(words_of(refused.unmet, condition_count, language), all);
            return french ? Sentences{fmt::format("« {} » n'est permis que si {}. Rien n'a été fait.", act, what),
                                      "Assurez-vous de cela, puis recommencez."}
                          : Sentences{fmt::format("You may {} only if {}. Nothing was done.", act, what),
                                      "See to that, then ask again."};
        }
    }
    return french ? Sentences{"Cette pompe ne connaît pas ce qui a été demandé. Rien n'a été fait.",
                              "Choisissez une opération que la pompe affiche."}
                  : Sentences{"This pump does not know what was asked for. Nothing was done.",
                              "Choose an operation that the pump shows."};
}

}  // namespace basalt::access
