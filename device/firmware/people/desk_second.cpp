// A change that waits for its second person, and that person's word.
#include "device/firmware/people/replies.h"

#include <algorithm>

namespace basalt::firmware {
namespace {
using access::Factor;
using access::Language;
using link::Outcome;
using storage::EventId;
bool is_late(const access::PendingChange& pending, Tick now) {
    return now.seconds - pending.asked_s > access::second_within_s;
}
}  // namespace

std::vector<DeskAnswer> Desk::keep_for_second(const Wanted& wanted, bool pressed, const At& at) {
    std::erase_if(changes_, [&](const Change& change) {
        return change.wanted.person.account == wanted.person.account || is_late(change.pending, at.now);
    });
    if (changes_.size() >= max_changes) changes_.erase(changes_.begin());
    Wanted kept = wanted;
    kept.person.asker = asker_of(wanted, pressed, at);
    if (auto noted = note(EventId::change_waits, at, wanted.person.account, storage::Outcome::done,
                          {std::string{access::word(wanted.operation).key}, hex(wanted.digest)});
        !noted)
        return answer(wanted.asked, could_not(noted.error()));
    changes_.push_back({kept,
                        {.command = wanted.digest,
                         .operation = wanted.operation,
                         .account = wanted.person.account,
                         .badge = wanted.person.badge,
                         .role = kept.person.asker.role,
                         .factors = kept.person.asker.factors,
                         .met = kept.person.asker.met,
                         .asked_s = at.now.seconds}});
    Done done{Outcome::done,
              {"The change waits for a second person, for 10 minutes. Nothing was changed yet.",
               "Le changement attend une deuxième personne, pendant 10 minutes. Rien n'est encore changé."}};
    done.more = {{"waits_for", "second"}, {"command", hex(wanted.digest)}, {"within_s", access::second_within_s}};
    return answer(wanted.asked, done);
}

/// What a second person signs they have to see first, whole: who may approve a change, or asked for it, reads it.
std::vector<DeskAnswer> Desk::show_changes(const link::See& what, const Asked& asked, const At& at) {
    if (accounts_ == nullptr) return answer(asked, records_closed());
    using access::Operation;
    const auto person = person_behind(*accounts_, session_of(asked, at, false), what.badge, link::any_role,
                                      digest_of(asked, Operation::see_state, {}));
    const auto account = accounts_->find(person.account);
    if (person.account.empty() || !account || !*account)
        return refuse(asked,
                      {.reason = access::Reason::factors_missing,
                       .operation = Operation::see_state,
                       .context = context_at(at.now),
                       .missing = Factor::badge},
                      {}, at);
    Answers said;
    for (const auto& [wanted, pending] : changes_) {
        const access::Asker first{pending.role, pending.factors, std::nullopt, pending.met};
        const auto fit = access::decide(pending.operation, context_at(at.now), first).refused().second;
        const bool own = pending.account == person.account;
        if (is_late(pending, at.now) || (!own && (fit & (*account)->roles).empty())) continue;
        const auto act = link::CommandFrames::decode(wanted.asked.command.body.view());
        Done done{Outcome::done,
                  {"A change waits for a second person.", "Un changement attend une deuxième personne."}};
        done.more["change"] = {{"command", hex(pending.command)},
                               {"challenge", hex(wanted.asked.binding)},
                               {"sequence", wanted.asked.command.sequence},
                               {"operation", access::word(pending.operation).key},
                               {"values", hex(std::get<link::Act>(*act).values.view())},
                               {"who", pending.account},
                               {"role", access::word(pending.role).key},
                               {"until_s", pending.asked_s + access::second_within_s}};
        std::ranges::move(answer(asked, done), std::back_inserter(said));
    }
    if (said.empty())
        return answer(asked, {Outcome::done,
                              {"No change waits that you could approve.",
                               "Aucun changement n'attend que vous pourriez approuver."}});
    for (DeskAnswer& one : said) one.last = &one == &said.back();
    return said;
}

std::vector<DeskAnswer> Desk::on(const link::Approve& what, const Asked& asked, const At& at) {
    if (accounts_ == nullptr) return answer(asked, records_closed());
    const auto change = std::ranges::find(changes_, what.command, [](const Change& c) { return c.pending.command; });
    if (change == changes_.end())
        return answer(asked, refused("No such change waits. Nothing was done. The first person has to ask again.",
                                     "Aucun changement de ce genre n'attend. Rien n'a été fait. La première personne "
                                     "doit redemander."));
    const auto* session = session_of(asked, at);
    const std::string_view name = view_of(what.badge.name);
    const auto account = accounts_->find(name);
    const bool known = account && *account && !(*account)->disabled && is_at_work(*accounts_, change->pending.account);
    const auto badge = known ? badge_that_signed(*accounts_, name, access::approval_digest(what.command, name),
                                                 what.badge.signature, false)
                             : std::nullopt;
    std::expected<access::Asker, access::ApprovalRefusal> with_second =
        std::unexpected{access::ApprovalRefusal::not_signed};
    if (badge) {
        const bool by_password =
            session != nullptr && session->account == name && session->factors().has(Factor::password);
        with_second = access::with_second(change->pending,
                                          {.account = name,
                                           .role = first_role((*account)->roles, what.role),
                                           .by_password = by_password,
                                           .command = what.command,
                                           .signature = what.badge.signature},
                                          *badge, at.now);
    }
    if (!with_second) {
        note_refusal(EventId::access_refused, at, known ? name : nobody,
                     {std::string{access::word(change->pending.operation).key}, std::string{"nobody"},
                      std::string{access::word(context_at(at.now)).key}, std::string{"second_unfit"}});
        return answer(asked, refused(std::string{in_words(with_second.error(), Language::english)},
                                     std::string{in_words(with_second.error(), Language::french)}));
    }
    const auto decision = access::decide(change->pending.operation, context_at(at.now), *with_second);
    if (!decision.allowed()) return refuse(asked, decision.refused(), name, at);
    if (auto noted = note(EventId::change_approved, at, name, storage::Outcome::done,
                          {std::string{access::word(change->pending.operation).key}, change->pending.account,
                           hex(change->pending.command)});
        !noted)
        return answer(asked, could_not(noted.error()));
    Wanted wanted = change->wanted;
    wanted.asked = asked;  // the answer goes to who approves; the first person sees the pump change
    changes_.erase(change);
    return carry_out(wanted, decision.rule()->needs, at);
}

}  // namespace basalt::firmware
