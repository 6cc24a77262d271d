#include "device/firmware/access/two_person.h"

namespace basalt::access {

std::expected<Asker, ApprovalRefusal> with_second(const PendingChange& pending, const Approval& approval,
                                                  const Badge& badge, Tick now) {
    using enum ApprovalRefusal;
    if (now.seconds < pending.asked_s || now.seconds - pending.asked_s > second_within_s)
        return std::unexpected{too_late};
    if (!same_bytes(approval.command, pending.command)) return std::unexpected{other_change};
    if (approval.account == pending.account) return std::unexpected{same_person};
    if (badge.key == pending.badge) return std::unexpected{same_badge};
    if (approval.role == pending.role) return std::unexpected{same_role};
    if (badge.account != approval.account || badge.for_emergencies ||
        !signed_by(badge, approval_digest(approval.command, approval.account), approval.signature))
        return std::unexpected{not_signed};
    const Factors shown = approval.by_password ? Factor::badge | Factor::password : Factors{Factor::badge};
    return Asker{pending.role, pending.factors, Second{approval.role, shown}, pending.met};
}

std::string_view in_words(ApprovalRefusal refusal, Language language) noexcept {
    const bool french = language == Language::french;
    switch (refusal) {
        case ApprovalRefusal::too_late:
            return french ? "Plus de 10 minutes sont passées. Rien n'a été fait. La première personne doit redemander."
                          : "More than 10 minutes have passed. Nothing was done. The first person has to ask again.";
        case ApprovalRefusal::other_change:
            return french ? "Ce n'est pas ce changement qui attend. Rien n'a été fait. Relisez celui qui est affiché."
                          : "This is not the change that waits. Nothing was done. Read the one on the screen again.";
        case ApprovalRefusal::same_person:
            return french ? "Une personne ne compte qu'une fois. Rien n'a été fait. Demandez à quelqu'un d'autre."
                          : "One person counts once. Nothing was done. Ask somebody else.";
        case ApprovalRefusal::same_badge:
            return french ? "C'est le badge de la première personne. Rien n'a été fait. Prenez le vôtre."
                          : "This is the first person's badge. Nothing was done. Use your own.";
        case ApprovalRefusal::same_role:
            return french
                       ? "Les deux personnes ont le même rôle. Rien n'a été fait. Demandez à quelqu'un d'un autre rôle."
                       : "Both people have the same role. Nothing was done. Ask somebody of another role.";
        case ApprovalRefusal::not_signed:
            break;
    }
    return french ? "Le badge n'a pas signé ce changement à votre nom. Rien n'a été fait. Présentez votre propre badge."
                  : "The badge did not sign this change in your name. Nothing was done. Present your own badge.";
}

}  // namespace basalt::access
