#include "device/firmware/people/desk.h"

#include "device/firmware/people/done_by.h"
#include "device/firmware/people/replies.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {
namespace {
using access::Factor;
using access::Language;
using link::Outcome;
using storage::EventId;

/// Presence is asked where insulin begins to flow, or a setting to hold: not to calculate, to read back or to cancel.
/// Of a bolus alone: the same values beside another operation excuse nobody from the button.
bool only_prepares(access::Operation operation, const Values& values) {
    const bool bolus =
        operation == access::Operation::bolus_within_limit || operation == access::Operation::bolus_above_limit;
    return bolus && (value_of<link::MealWish>(values) != nullptr || value_of<link::BolusWish>(values) != nullptr ||
                     value_of<link::BolusCancel>(values) != nullptr);
}

/// The pump has one patient and holds no record of another: the accounts of patient and caregivers are that patient's.
/// It knows nobody's ward: nurses and physicians are all whom the signed configuration names. The clock's step, the
/// destination of an export and its being whole nobody looks at: never met, and nothing that needs them is built.
constexpr access::Conditions always_met = access::Condition::own_patient;

Done too_often() {
    return {Outcome::not_done,
            {"The pump was asked too often. Nothing was done. Ask again in a few seconds.",
             "La pompe a reçu trop de demandes. Rien n'a été fait. Réessayez dans quelques secondes."}};
}

bool costs_a_hash(const link::CommandFrames::Any& command) {
    return std::holds_alternative<link::LogIn>(command) || std::holds_alternative<link::ChoosePassword>(command) ||
           std::holds_alternative<link::FirstPassword>(command);
}

/// What no flood may keep out: a stop, a cancel, emergency access.
bool is_urgent(const link::CommandFrames::Any& command) {
    if (std::holds_alternative<link::OpenEmergency>(command)) return true;
    const auto* act = std::get_if<link::Act>(&command);
    if (act == nullptr) return false;
    if (act->operation == std::to_underlying(access::Operation::stop_delivery)) return true;
    const auto values = link::ValueFrames::decode(act->values.view());
    return values && std::holds_alternative<link::BolusCancel>(*values);
}

/// What makes insulin less dangerous is not refused because a disk is full or the records are closed.
bool reduces_danger(access::Operation operation, const Values& values) {
    return operation == access::Operation::stop_delivery || value_of<link::BolusCancel>(values) != nullptr;
}

}  // namespace

// ---- in and out ----

std::vector<DeskAnswer> Desk::answer(const Asked& asked, const Done& done) const {
    nlohmann::ordered_json body{{"schema", 1}};
    for (const auto& [key, value] : done.more.items()) body[key] = value;
    body["words"] = {{"en", done.words.english}, {"fr", done.words.french}};
    std::string text = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    if (text.size() > link::max_reply_size) {  // the words say enough
        body = {{"schema", 1}, {"words", {{"en", done.words.english}, {"fr", done.words.french}}}};
        text = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }
    return {DeskAnswer{asked, done.outcome, std::move(text), true}};
}

std::vector<DeskAnswer> Desk::take(const Asked& asked, const At& at) {
    const auto command = link::CommandFrames::decode(asked.command.body.view());
    if (!take_token(asked, at.now) && !(command && is_urgent(*command))) return answer(asked, too_often());
    if (!command)
        return answer(asked, {Outcome::not_done,
                              {"The pump did not understand this. Nothing was done. Use a program of the same version.",
                               "La pompe n'a pas compris. Rien n'a été fait. Utilisez un programme de la même "
                               "version."}});
    if (!costs_a_hash(*command)) return std::visit([&](const auto& what) { return on(what, asked, at); }, *command);
    if (hashes_.size() >= max_hashes) return answer(asked, too_often());
    hashes_.push_back(asked);
    return hash_one(at);
}

/// A slow hash takes a part of the slot that nobody else may have: one a tick, the others wait behind it.
std::vector<DeskAnswer> Desk::hash_one(const At& at) {
    if (hashed_at_ == at.now || hashes_.empty()) return {};
    hashed_at_ = at.now;
    const Asked asked = hashes_.front();
    hashes_.pop_front();
    const auto command = link::CommandFrames::decode(asked.command.body.view());
    return std::visit([&](const auto& what) { return on(what, asked, at); }, *command);
}

std::vector<DeskAnswer> Desk::on_tick(const At& at) {
    Answers said = hash_one(at);
    count_refusals(at);
    if (const auto* use = access::open_use(emergency_, at.now))
        emergency_shown_ = use->number;
    else if (emergency_shown_ != 0)
        if (note(EventId::emergency_ended, at, "firmware", storage::Outcome::done,
                 {static_cast<std::int64_t>(emergency_shown_)}))
            emergency_shown_ = 0;
    const auto with = [&said](Answers more) {
        std::ranges::move(more, std::back_inserter(said));
        return std::move(said);
    };
    if (!press_) return said;
    if (press_->begun_before) {
        press_->presses = at.presses;
        press_->begun_before = at.pressed;
    }
    if (at.presses != press_->presses) {
        Wanted wanted = std::move(press_->wanted);
        press_.reset();
        if (!still_stands(wanted, at)) {
            if (!reduces_danger(wanted.operation, wanted.values))
                return with(
                    answer(wanted.asked, refused("Whoever asked for this is not logged in any more, or the badge "
                                                 "was revoked. Nothing was done.",
                                                 "La personne qui l'a demandé n'est plus connectée, ou le badge "
                                                 "est révoqué. Rien n'a été fait.")));
            wanted.person = {};  // a stop is open to anybody
        }
        if (wanted.log_in) return with(log_in_at_pump(wanted, at));
        return with(decide_and_do(wanted, true, at));
    }
    if (at.now < press_->until) return said;
    const Asked asked = press_->wanted.asked;
    press_.reset();
    return answer(asked, {Outcome::not_done,
                          {"Nobody pressed the pump's button in time. Nothing was done. Ask again, then press it.",
                           "Personne n'a appuyé à temps sur le bouton de la pompe. Rien n'a été fait. Redemandez, puis "
                           "appuyez."}});
}

/// Who logged out meanwhile, was disabled, or whose badge was revoked asks for nothing any more.
bool Desk::still_stands(const Wanted& wanted, const At& at) {
    const auto good = [this](const PublicKey& key) {
        if (accounts_ == nullptr) return false;
        const auto badge = accounts_->badge(key);
        return badge && *badge && !(*badge)->revoked;
    };
    if (wanted.emergency_badge && !good(wanted.emergency_badge->key)) return false;
    if (wanted.person.account.empty()) return true;
    if (accounts_ == nullptr || !is_at_work(*accounts_, wanted.person.account)) return false;
    if (wanted.person.badge != PublicKey{} && !good(wanted.person.badge)) return false;
    if (!wanted.person.asker.factors.has(Factor::password)) return true;
    const auto* session = session_of(wanted.asked, at, false);
    return session != nullptr && session->account == wanted.person.account;
}

std::vector<DeskAnswer> Desk::finish(std::uint32_t number, const Done& done) {
    const auto found = std::ranges::find(under_way_, number, &Running::number);
    if (found == under_way_.end()) return {};
    const Asked asked = found->asked;
    under_way_.erase(found);
    return answer(asked, done);
}

void Desk::forget_sessions() noexcept {
    press_.reset();
    under_way_.clear();
    hashes_.clear();
    sessions_ = {};
}

PeopleSeen Desk::seen(Tick now) const {
    PeopleSeen seen{.context = context_at(now), .press = {}, .emergency_until = {}};
    if (press_) seen.press = AwaitsPress{press_->wanted.operation, press_->wanted.person.account, press_->until};
    const auto state = emergency_;
    if (const auto* use = access::open_use(state, now))
        seen.emergency_until = {use->opened_at_s + access::emergency_lasts_s};
    return seen;
}

// ---- what is to be seen and done ----

std::vector<DeskAnswer> Desk::on(const link::See& what, const Asked& asked, const At& at) {
    using access::Operation;
    if (what.what == link::Shown::changes) return show_changes(what, asked, at);
    const Operation operation = what.what == link::Shown::log     ? Operation::read_log
                                : what.what == link::Shown::doses ? Operation::see_history
                                                                  : Operation::see_state;
    Wanted wanted{.asked = asked, .operation = operation, .values = {}, .person = {}};
    wanted.digest = digest_of(asked, operation, {});
    const auto* session = session_of(asked, at, what.what != link::Shown::state);
    if (accounts_ != nullptr)
        wanted.person = person_behind(*accounts_, session, what.badge, link::any_role, wanted.digest);
    wanted.person.asker.met = always_met;
    const auto decision = decide_on(wanted, false, at);
    if (!decision.allowed()) return refuse(asked, decision.refused(), wanted.person.account, at);
    auto shown = tools_.hands.show(what.what, what.from,
                                   wanted.person.account.empty() ? nobody : std::string_view{wanted.person.account});
    if (const auto* done = std::get_if<Done>(&shown)) return answer(asked, *done);
    Answers said;
    auto& bodies = std::get<Bodies>(shown);
    for (std::size_t i = 0; i < bodies.size(); ++i)
        said.push_back({asked, Outcome::done, std::move(bodies[i]), i + 1 == bodies.size()});
    return said;
}

std::vector<DeskAnswer> Desk::on(const link::Act& what, const Asked& asked, const At& at) {
    const auto operation = static_cast<access::Operation>(what.operation);
    Wanted wanted{.asked = asked, .operation = operation, .values = {}, .person = {}};
    wanted.digest = digest_of(asked, operation, what.values.view());
    if (what.values.size != 0) {
        const auto values = link::ValueFrames::decode(what.values.view());
        if (!values)
            return answer(asked, {Outcome::not_done,
                                  {"The pump did not understand what is wanted. Nothing was done.",
                                   "La pompe n'a pas compris ce qui est demandé. Rien n'a été fait."}});
        wanted.values = *values;
    }
    if (accounts_ != nullptr)
        wanted.person = person_behind(*accounts_, session_of(asked, at), what.badge, what.role, wanted.digest);
    access::Asker& asker = wanted.person.asker;
    asker.met = always_met;
    if (at.mode == hal::Mode::failsafe) asker.met = asker.met | access::Condition::pump_idle;
    if (const auto* review = value_of<link::ReviewWish>(wanted.values)) {
        const auto uses = emergency_.uses;
        const auto use = std::ranges::find(uses, review->use, &access::EmergencyUse::number);
        if (use != uses.end() && view_of(use->holder) != wanted.person.account)
            asker.met = asker.met | access::Condition::not_own_use;
    }
    return decide_and_do(wanted, false, at);
}

access::Asker Desk::asker_of(const Wanted& wanted, bool pressed, const At& at) const {
    access::Asker asker = wanted.person.asker;
    // Whoever gave the one bolus may take it back: that is a stop.
    const auto in_an_emergency =
        value_of<link::BolusCancel>(wanted.values) != nullptr ? access::Operation::stop_delivery : wanted.operation;
    asker.factors = asker.factors |
                    access::emergency_factors(emergency_, in_an_emergency, session_key(wanted.asked), false, at.now);
    if (pressed || only_prepares(wanted.operation, wanted.values)) asker.factors = asker.factors | Factor::presence;
    return asker;
}

access::Decision Desk::decide_on(const Wanted& wanted, bool pressed, const At& at) const {
    return access::decide(wanted.operation, context_at(at.now), asker_of(wanted, pressed, at));
}

std::vector<DeskAnswer> Desk::decide_and_do(Wanted wanted, bool pressed, const At& at) {
    if (wanted.opens_emergency) return open_emergency(wanted, at);
    // Again after a press: what lowered the rate when it was asked for may raise it now.
    wanted.operation = tools_.hands.judged(wanted.operation, wanted.values);
    const auto decision = decide_on(wanted, pressed, at);
    // Would it come to be carried out? Then somebody must be there who does it, before anybody presses or signs.
    const auto pressed_too = decide_on(wanted, true, at);
    const bool may_come_to_it =
        decision.allowed() || pressed_too.allowed() || pressed_too.refused().reason == access::Reason::second_missing;
    if (may_come_to_it && !is_done_here(wanted) && !tools_.hands.knows(wanted.operation, wanted.values))
        return not_built(wanted, at);
    if (decision.allowed()) return carry_out(wanted, decision.rule()->needs, at);
    // What is read back goes to nobody yet: the second person signs the bolus itself, when it is confirmed.
    if (decision.refused().reason == access::Reason::second_missing && only_prepares(wanted.operation, wanted.values))
        return carry_out(wanted, {}, at);
    // Would the button make the difference? Then it is asked for; a refusal that it cannot mend is said at once.
    if (!pressed) {
        const bool second_next = pressed_too.refused().reason == access::Reason::second_missing &&
                                 decision.refused().reason != access::Reason::second_missing;
        if (pressed_too.allowed() || second_next) return wait_for_press(wanted, at);
    }
    if (decision.refused().reason == access::Reason::second_missing) return keep_for_second(wanted, pressed, at);
    return refuse(wanted.asked, decision.refused(), wanted.person.account, at);
}

std::vector<DeskAnswer> Desk::wait_for_press(const Wanted& wanted, const At& at) {
    // Otherwise whoever reaches the network could keep the button busy, or have it pressed for something of theirs.
    const bool known = !wanted.person.account.empty() || wanted.opens_emergency;
    const bool gives_way = !press_ || (wanted.opens_emergency && !press_->wanted.opens_emergency) ||
                           (press_->wanted.person.account.empty() && !press_->wanted.opens_emergency && known);
    if (!gives_way)
        return answer(
            wanted.asked,
            refused("The pump's button is awaited for something else. Nothing was done. Ask again in a moment.",
                    "Le bouton de la pompe est attendu pour autre chose. Rien n'a été fait. Redemandez dans un "
                    "instant."));
    Answers said;
    if (press_)
        said = answer(press_->wanted.asked, refused("Something more urgent needs the pump's button. Nothing was done.",
                                                    "Une demande plus urgente attend le bouton. Rien n'a été fait."));
    press_ = Pressed{wanted, at.presses, at.pressed, {at.now.seconds + press_within_s}};
    const auto& operation = access::word(wanted.operation);
    Done wait{Outcome::unknown,
              {fmt::format("Press the pump's button now, shortly: {}.", operation.in(Language::english)),
               fmt::format("Appuyez maintenant, brièvement, sur le bouton de la pompe : {}.",
                           operation.in(Language::french))}};
    wait.more = {{"waits_for", "press"}, {"within_s", press_within_s}};
    auto first = answer(wanted.asked, wait);
    first.back().last = false;
    std::ranges::move(first, std::back_inserter(said));
    return said;
}

std::vector<DeskAnswer> Desk::carry_out(const Wanted& wanted, access::Factors needs, const At& at) {
    const std::string who =
        wanted.person.account.empty() ? needs.has(Factor::break_glass) ? "emergency" : "nobody" : wanted.person.account;
    if (auto noted = note(
            EventId::access_allowed, at, who, storage::Outcome::done,
            {std::string{access::word(wanted.operation).key}, std::string{access::word(wanted.person.asker.role).key},
             std::string{access::word(context_at(at.now)).key}});
        !noted && !reduces_danger(wanted.operation, wanted.values))
        return answer(wanted.asked, could_not(noted.error()));
    const access::EmergencyAccess before = emergency_;
    const bool takes_the_bolus = needs.has(Factor::break_glass) && value_of<link::BolusYes>(wanted.values) != nullptr;
    if (takes_the_bolus)
        if (auto saved = save_emergency(access::with_bolus_given(emergency_, at.now)); !saved)
            return answer(wanted.asked, could_not(saved.error()));
    if (is_done_here(wanted)) return answer(wanted.asked, do_here(wanted, at));
    const std::uint32_t number = ++last_number_;
    const auto result =
        tools_.hands.carry_out({.number = number,
                                .operation = wanted.operation,
                                .values = wanted.values,
                                .who = who,
                                .above_patient_limit = wanted.operation == access::Operation::bolus_above_limit});
    if (const auto* done = std::get_if<Done>(&result)) {
        // Nothing was given of it: the one bolus of this emergency access is still to be had.
        if (takes_the_bolus && done->outcome != Outcome::done) (void)save_emergency(before);
        return answer(wanted.asked, *done);
    }
    under_way_.push_back({number, wanted.asked});
    return {};
}

bool Desk::is_done_here(const Wanted& wanted) { return done_by(wanted.operation, wanted.values) == DoneBy::desk; }

std::vector<DeskAnswer> Desk::not_built(const Wanted& wanted, const At& at) {
    note_refusal(
        EventId::access_refused, at, wanted.person.account,
        {std::string{access::word(wanted.operation).key}, std::string{access::word(wanted.person.asker.role).key},
         std::string{access::word(context_at(at.now)).key}, std::string{"not_built"}});
    Done done = refused(
        "This pump cannot do that yet, or not with these values. Nothing was done. The printed table "
        "(user matrix) marks what it does.",
        "Cette pompe ne sait pas encore le faire, ou pas avec ces valeurs. Rien n'a été fait. Le "
        "tableau imprimé (user matrix) indique ce qu'elle fait.");
    done.more = {{"reason", "not_built"}};
    return answer(wanted.asked, done);
}

/// What the access layer itself holds: the rows of done_by() that say so.
Done Desk::do_here(const Wanted& wanted, const At& at) {
    using access::Operation;
    if (const auto* place = value_of<link::ContextWish>(wanted.values)) {
        const auto chosen = static_cast<access::Context>(place->context);
        const bool fits = wanted.operation == Operation::choose_emergency
                              ? chosen == access::Context::emergency
                              : chosen == access::Context::home || chosen == access::Context::ward;
        if (!fits)
            return refused("There is no such place of use. Nothing was changed.",
                           "Ce lieu d'usage n'existe pas. Rien n'est changé.");
        // Whoever may say that it is used at home or on the ward again says that the emergency is over.
        if (wanted.operation == Operation::choose_context && access::open_use(emergency_, at.now) != nullptr)
            if (auto saved = save_emergency(access::close_emergency(emergency_, at.now)); !saved)
                return could_not(saved.error());
        chosen_ = chosen;
        const auto& word = access::word(chosen);
        return Done{Outcome::done,
                    {fmt::format("From now on the pump is used {}.", word.in(Language::english)),
                     fmt::format("Désormais, la pompe est utilisée {}.", word.in(Language::french))}};
    }
    if (const auto* review = value_of<link::ReviewWish>(wanted.values)) {
        if (accounts_ == nullptr) return records_closed();
        const auto use = review->use;
        const auto reviewed = access::review_emergency(emergency_, use, wanted.person.account, at.now);
        if (!reviewed)
            return refused(std::string{in_words(reviewed.error(), Language::english)},
                           std::string{in_words(reviewed.error(), Language::french)});
        if (auto saved = save_emergency(*reviewed); !saved) return could_not(saved.error());
        (void)note(EventId::emergency_reviewed, at, wanted.person.account, storage::Outcome::done,
                   {static_cast<std::int64_t>(use)});
        return Done{
            Outcome::done,
            {"The emergency access is reviewed, in your name.", "L'accès d'urgence est contrôlé, à votre nom."}};
    }
    if (const auto* account = value_of<link::AccountWish>(wanted.values))
        return disable_account(view_of(account->name), wanted, at);
    return revoke_badge(*value_of<link::BadgeWish>(wanted.values), wanted, at);
}

// ---- what all of it needs ----

std::vector<DeskAnswer> Desk::refuse(const Asked& asked, const access::Refused& why, std::string_view who,
                                     const At& at) {
    note_refusal(EventId::access_refused, at, who,
                 {std::string{access::word(why.operation).key}, std::string{access::word(why.role).key},
                  std::string{access::word(why.context).key}, std::string{access::key_of(why.reason)}});
    const auto english = access::in_words(why, Language::english), french = access::in_words(why, Language::french);
    Done done = refused(english.what + " " + english.next_step, french.what + " " + french.next_step);
    done.more = {{"reason", access::key_of(why.reason)}};
    return answer(asked, done);
}

void Desk::note_refusal(EventId id, const At& at, std::string_view who, std::initializer_list<storage::Value> values) {
    if (!refusals_since_) refusals_since_ = at.now;
    if (++refusals_ <= refusals_an_hour)
        (void)note(id, at, who.empty() ? nobody : who, storage::Outcome::refused, values);
}

void Desk::count_refusals(const At& at) {
    if (!refusals_since_ || at.now.seconds - refusals_since_->seconds < 3'600) return;
    if (refusals_ > refusals_an_hour && !note(EventId::refusals_counted, at, "people", storage::Outcome::refused,
                                              {static_cast<std::int64_t>(refusals_ - refusals_an_hour)}))
        return;  // the disk is full: the number waits
    refusals_since_.reset();
    refusals_ = 0;
}

const access::Session* Desk::session_of(const Asked& asked, const At& at, bool by_a_person) {
    const auto context = context_at(at.now);
    return by_a_person ? sessions_.use(session_key(asked), context, at.now)
                       : sessions_.look(session_key(asked), context, at.now);
}

Digest Desk::digest_of(const Asked& asked, access::Operation operation, ByteView values) const {
    return access::command_digest({.device = tools_.device,
                                   .challenge = asked.binding,
                                   .sequence = asked.command.sequence,
                                   .operation = operation,
                                   .body = values});
}

void Desk::accounts(access::StoredAccounts* accounts) {
    accounts_ = accounts;
    // Nobody else writes it, so it is read once. What cannot be read is a fresh one: the emergency badge still opens.
    emergency_ =
        accounts_ != nullptr ? accounts_->emergency().value_or(access::EmergencyAccess{}) : access::EmergencyAccess{};
}

Result<void> Desk::save_emergency(const access::EmergencyAccess& next) {
    if (accounts_ != nullptr)
        if (auto saved = accounts_->save(next); !saved) return saved;
    emergency_ = next;
    return {};
}

bool Desk::keeps(const Digest& binding, Tick now) const {
    const std::string key = session_key(binding);
    const auto* use = access::open_use(emergency_, now);
    // One place for each person: one account that is logged in everywhere is not to hold all places.
    return (sessions_.stands(key, context_at(now), now) && sessions_.is_newest_of_its_account(key)) ||
           (use != nullptr && view_of(use->link) == key) || (press_ && press_->wanted.asked.binding == binding) ||
           std::ranges::any_of(under_way_, [&](const Running& one) { return one.asked.binding == binding; });
}

access::Context Desk::context_at(Tick now) const { return access::context_now(chosen_, emergency_, now); }

Result<void> Desk::note(EventId id, const At& at, std::string_view who, storage::Outcome outcome,
                        std::initializer_list<storage::Value> values) const {
    return tools_.note(storage::make_event(id, at.now.seconds, who, outcome, values));
}

bool Desk::take_token(const Asked& asked, Tick now) {
    auto bucket = std::ranges::find(buckets_, asked.binding, &Bucket::binding);
    if (bucket == buckets_.end()) {
        // More than the sessions that there can be: the one that was quiet for longest is over.
        if (buckets_.size() >= 2 * link::DeviceSessions::max_sessions)
            buckets_.erase(std::ranges::min_element(buckets_, {}, [](const Bucket& b) { return b.refilled.seconds; }));
        bucket = buckets_.insert(buckets_.end(), Bucket{asked.binding, command_burst, now});
    }
    const std::uint64_t new_tokens = (now.seconds - bucket->refilled.seconds) / command_every_s;
    bucket->tokens = std::min(command_burst, bucket->tokens + new_tokens);
    bucket->refilled.seconds += new_tokens * command_every_s;
    if (bucket->tokens == 0) return false;
    --bucket->tokens;
    return true;
}

}  // namespace basalt::firmware
