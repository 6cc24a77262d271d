// Emergency access: the button, and the emergency badge or the sealed code.
#include "device/firmware/people/replies.h"

namespace basalt::firmware {
namespace {
using access::Language;
using link::Outcome;
using storage::EventId;
}  // namespace

std::vector<DeskAnswer> Desk::on(const link::OpenEmergency& what, const Asked& asked, const At& at) {
    Wanted wanted{.asked = asked, .operation = access::Operation::choose_emergency, .values = {}, .person = {}};
    wanted.digest = digest_of(asked, wanted.operation, {});
    wanted.opens_emergency = true;
    wanted.code = view_of(what.code);
    if (accounts_ == nullptr) return answer(asked, records_closed());
    if (const auto name = view_of(what.badge.name); !name.empty())
        wanted.emergency_badge = badge_that_signed(*accounts_, name, wanted.digest, what.badge.signature, true);
    // Looked at before anybody presses: who has neither badge nor code takes nobody's place at the button.
    if (const auto opens = access::open_emergency(emergency_, keys_of(wanted), at.now); !opens)
        return refuse_emergency(asked, opens.error(), at);
    return wait_for_press(wanted, at);
}

access::EmergencyKeyring Desk::keys_of(const Wanted& wanted) {
    access::EmergencyKeyring keys{.presence = true, .link = {}, .badge = {}, .code = wanted.code};
    if (wanted.emergency_badge) keys.badge = {wanted.emergency_badge->account, true};
    return keys;
}

std::vector<DeskAnswer> Desk::refuse_emergency(const Asked& asked, access::EmergencyRefusal why, const At& at) {
    const bool badge = why == access::EmergencyRefusal::no_emergency_badge;
    note_refusal(EventId::emergency_refused, at, nobody,
                 {link_name(asked.client), std::string{badge ? "no_emergency_badge" : "wrong_code"}});
    return answer(asked,
                  refused(std::string{in_words(why, Language::english)}, std::string{in_words(why, Language::french)}));
}

std::vector<DeskAnswer> Desk::open_emergency(const Wanted& wanted, const At& at) {
    if (accounts_ == nullptr) return answer(wanted.asked, records_closed());
    const std::string link = session_key(wanted.asked), from = link_name(wanted.asked.client);
    auto keys = keys_of(wanted);
    keys.link = link;
    // Whoever is logged in here is who used it, whatever badge or code opened it: they do not review themselves.
    const auto* session = session_of(wanted.asked, at);
    const std::string person = session != nullptr ? session->account : std::string{};
    keys.person = person;
    if (keys.badge && !person.empty()) keys.badge->holder = person;
    const auto opened = access::open_emergency(emergency_, keys, at.now);
    if (!opened) return refuse_emergency(wanted.asked, opened.error(), at);
    if (auto saved = save_emergency(opened->state); !saved) return answer(wanted.asked, could_not(saved.error()));
    const std::string who = !person.empty() ? person : keys.badge ? std::string{keys.badge->holder} : "emergency";
    emergency_shown_ = opened->use;  // its end comes to be on record, however soon
    // Care is not refused because a disk is full: the use itself is stored, and the record follows when it can.
    (void)note(EventId::emergency_opened, at, who, storage::Outcome::done,
               {static_cast<std::int64_t>(opened->use),
                std::string{opened->again ? "code_again"
                            : keys.badge  ? "badge"
                                          : "code"},
                from});
    if (opened->alert)
        (void)note(EventId::emergency_often, at, "firmware", storage::Outcome::done,
                   {static_cast<std::int64_t>(access::emergency_usual_uses + 1)});
    const auto minutes = (opened->until_s - at.now.seconds + 59) / 60;
    Done done{
        Outcome::done,
        {fmt::format(
             "Emergency access is open for {} minutes. Everything is on record, and somebody else reviews it by "
             "name.",
             minutes),
         fmt::format("L'accès d'urgence est ouvert pour {} minutes. Tout est enregistré, et une autre personne le "
                     "contrôlera nommément.",
                     minutes)}};
    done.more = {{"emergency_until_s", opened->until_s}, {"use", opened->use}};
    return answer(wanted.asked, done);
}

}  // namespace basalt::firmware
