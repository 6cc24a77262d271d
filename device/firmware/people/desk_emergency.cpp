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
    return wait_for_press(wanted, at);
}

std::vector<DeskAnswer> Desk::open_emergency(const Wanted& wanted, const At& at) {
    if (accounts_ == nullptr) return answer(wanted.asked, records_closed());
    const std::string link = session_key(wanted.asked), from = link_name(wanted.asked.client);
    access::EmergencyKeyring keys{.presence = true, .link = link, .badge = {}, .code = wanted.code};
    if (wanted.emergency_badge) keys.badge = {wanted.emergency_badge->account, true};
    const auto opened = access::open_emergency(emergency_, keys, at.now);
    if (!opened) {
        using enum access::EmergencyRefusal;
        (void)note(EventId::emergency_refused, at, nobody, storage::Outcome::refused,
                   {from, std::string{opened.error() == no_emergency_badge ? "no_emergency_badge" : "wrong_code"}});
        return answer(wanted.asked, refused(std::string{in_words(opened.error(), Language::english)},
                                            std::string{in_words(opened.error(), Language::french)}));
    }
    if (auto saved = save_emergency(opened->state); !saved) return answer(wanted.asked, could_not(saved.error()));
    const std::string who = keys.badge ? std::string{keys.badge->holder} : "emergency";
    // Care is not refused because a disk is full: the use itself is stored, and the record follows when it can.
    (void)note(EventId::emergency_opened, at, who, storage::Outcome::done,
               {static_cast<std::int64_t>(opened->use), std::string{keys.badge ? "badge" : "code"}, from});
    if (opened->alert)
        (void)note(EventId::emergency_often, at, "firmware", storage::Outcome::done,
                   {static_cast<std::int64_t>(access::emergency_usual_uses + 1)});
    Done done{
        Outcome::done,
        {"Emergency access is open for 30 minutes. Everything is on record, and somebody else reviews it by name.",
         "L'accès d'urgence est ouvert pour 30 minutes. Tout est enregistré, et une autre personne le contrôlera "
         "nommément."}};
    done.more = {{"emergency_until_s", at.now.seconds + access::emergency_lasts_s}, {"use", opened->use}};
    return answer(wanted.asked, done);
}

}  // namespace basalt::firmware
