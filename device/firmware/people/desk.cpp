#include "device/firmware/people/desk.h"

#include "device/firmware/people/first_people.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {
namespace {
using access::Factor;
using access::Language;
using link::Outcome;
using storage::EventId;

/// Nobody's name, in a record: a command that no account stands behind.
constexpr std::string_view nobody = "nobody";

const Done& records_closed() {
    static const Done done{
        Outcome::not_done,
        {"The pump has no records open, so it knows no accounts. Its button still stops the insulin. Tell biomedical "
         "service.",
         "Les données de la pompe ne sont pas ouvertes : elle ne connaît aucun compte. Son bouton arrête toujours "
         "l'insuline. Prévenez le service biomédical."}};
    return done;
}

Done could_not(const Error& why) {
    const std::string words = why.what + " " + why.next_step;
    return {Outcome::not_done, {words, words}};
}

Done refused(std::string english, std::string french) {
    return {Outcome::refused, {std::move(english), std::move(french)}};
}

std::string hex(ByteView bytes) {
    std::string text;
    for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

/// One log-in belongs to one session of one client: to what both ends of it alone have in common.
std::string session_key(const link::DeviceSessions::Asked& asked) { return hex(ByteView{asked.binding}.first(12)); }

/// Presence is asked where insulin begins to flow, or a setting to hold: not to calculate, to read back or to cancel.
/// Of a bolus alone: the same values beside another operation excuse nobody from the button.
bool only_prepares(access::Operation operation, const Values& values) {
    const bool bolus =
        operation == access::Operation::bolus_within_limit || operation == access::Operation::bolus_above_limit;
    return bolus && (value_of<link::MealWish>(values) != nullptr || value_of<link::BolusWish>(values) != nullptr ||
                     value_of<link::BolusCancel>(values) != nullptr);
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
    if (!take_token(at.now))
        return answer(asked, {Outcome::not_done,
                              {"The pump was asked too often. Nothing was done. Ask again in a few seconds.",
                               "La pompe a reçu trop de demandes. Rien n'a été fait. Réessayez dans quelques "
                               "secondes."}});
    const auto command = link::CommandFrames::decode(asked.command.body.view());
    if (!command)
        return answer(asked, {Outcome::not_done,
                              {"The pump did not understand this. Nothing was done. Use a program of the same version.",
                               "La pompe n'a pas compris. Rien n'a été fait. Utilisez un programme de la même "
                               "version."}});
    return std::visit([&](const auto& what) { return on(what, asked, at); }, *command);
}

std::vector<DeskAnswer> Desk::on_tick(const At& at) {
    Answers said;
    if (emergency_shown_ != 0 && access::open_use(emergency(), at.now) == nullptr)
        if (note(EventId::emergency_ended, at, "firmware", storage::Outcome::done,
                 {static_cast<std::int64_t>(emergency_shown_)}))
            emergency_shown_ = 0;
    if (!press_) return said;
    if (at.presses != press_->presses) {
        const Wanted wanted = std::move(press_->wanted);
        press_.reset();
        return decide_and_do(wanted, true, at);
    }
    if (at.now < press_->until) return said;
    const Asked asked = press_->wanted.asked;
    press_.reset();
    return answer(asked, {Outcome::not_done,
                          {"Nobody pressed the pump's button in time. Nothing was done. Ask again, then press it.",
                           "Personne n'a appuyé à temps sur le bouton de la pompe. Rien n'a été fait. Redemandez, puis "
                           "appuyez."}});
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
    sessions_ = {};
}

std::optional<AwaitsPress> Desk::awaits_press() const {
    if (!press_) return std::nullopt;
    return AwaitsPress{press_->wanted.operation, press_->wanted.person.account, press_->until};
}

// ---- who is there ----

std::vector<DeskAnswer> Desk::on(const link::LogIn& what, const Asked& asked, const At& at) {
    auto tools = login_tools();
    if (!tools) return answer(asked, records_closed());
    const std::string link = link_name(asked.client);
    const auto in = access::log_in(
        *tools, {.name = view_of(what.name), .password = view_of(what.password), .link = link}, {}, at.now);
    if (!in) {
        using enum access::LoginRefused::Reason;
        const auto reason = in.error().reason;
        (void)note(EventId::login_refused, at, nobody, storage::Outcome::refused,
                   {link, std::string{reason == wrong  ? "wrong"
                                      : reason == hold ? "hold"
                                                       : "failure"}});
        return answer(asked, refused(in_words(in.error(), Language::english), in_words(in.error(), Language::french)));
    }
    access::Session session{.account = in->name,
                            .link = session_key(asked),
                            .role = first_role(in->roles, what.role),
                            .by_password = true,
                            .must_change = in->must_change};
    if (auto noted = note(EventId::logged_in, at, in->name, storage::Outcome::done,
                          {link, std::string{"password"}, static_cast<std::int64_t>(in->failed_since)});
        !noted)
        return answer(asked, could_not(noted.error()));
    Done done{Outcome::done,
              {fmt::format("You are logged in as {}.", in->shown), fmt::format("Vous êtes connecté : {}.", in->shown)}};
    done.more = {{"account", in->name},
                 {"shown", in->shown},
                 {"role", access::word(session.role).key},
                 {"failed_since", in->failed_since},
                 {"must_change", in->must_change}};
    if (in->last_login_s) {
        done.more["last_login_s"] = *in->last_login_s;
        done.more["last_login_from"] = in->last_login_from;
    }
    sessions_.open(std::move(session), at.now);
    return answer(asked, done);
}

std::vector<DeskAnswer> Desk::on(const link::LogOut&, const Asked& asked, const At& at) {
    if (const auto* session = session_of(asked, at)) {
        (void)note(EventId::logged_out, at, session->account, storage::Outcome::done,
                   {link_name(asked.client), std::string{"left"}});
        sessions_.close(session_key(asked));
    }
    return answer(asked, {Outcome::done, {"You are logged out.", "Vous êtes déconnecté."}});
}

std::vector<DeskAnswer> Desk::on(const link::ChoosePassword& what, const Asked& asked, const At& at) {
    auto tools = login_tools();
    if (!tools) return answer(asked, records_closed());
    const auto* session = session_of(asked, at);
    if (session == nullptr || !session->by_password)
        return answer(asked, refused("Nobody is logged in here by password. Log in, then choose another.",
                                     "Personne n'est connecté ici par mot de passe. Connectez-vous, puis changez-le."));
    auto password = access::Password::typed(view_of(what.password));
    if (!password) return answer(asked, could_not(password.error()));
    auto account = accounts_->find(session->account);
    if (!account) return answer(asked, could_not(account.error()));
    if (!*account || (*account)->disabled) return answer(asked, records_closed());
    const std::string name = session->account;
    if (auto chosen = access::choose_password(*tools, **account, *password, {}, false, {}, at.now); !chosen)
        return answer(asked, could_not(chosen.error()));
    (void)note(EventId::password_changed, at, name, storage::Outcome::done, {name});
    sessions_.close_all_of(name);
    return answer(asked, {Outcome::done,
                          {"The password was changed. Log in with the new one.",
                           "Le mot de passe est changé. Connectez-vous avec le nouveau."}});
}

std::vector<DeskAnswer> Desk::on(const link::FirstPassword& what, const Asked& asked, const At& at) {
    auto tools = login_tools();
    if (!tools) return answer(asked, records_closed());
    const std::string_view name = view_of(what.name);
    auto account = accounts_->find(name);
    if (!account) return answer(asked, could_not(account.error()));
    const auto code = tools_.first_code(name);
    // The code holds 80 random bits: who guesses it has no chance, so it needs no throttle, and nobody waits for it.
    const bool fits = *account && !(*account)->disabled && (*account)->password.tag == Digest{} && code &&
                      same_bytes(*code, digest_of_first_code(view_of(what.code)));
    if (!fits) {
        (void)note(EventId::login_refused, at, nobody, storage::Outcome::refused,
                   {link_name(asked.client), std::string{"wrong_code"}});
        return answer(asked,
                      refused("This is not the first code of an account without a password. Read it again on the sheet "
                              "that came with the pump; an account that has a password logs in with it.",
                              "Ce n'est pas le premier code d'un compte sans mot de passe. Relisez-le sur la feuille "
                              "livrée avec la pompe ; un compte qui a un mot de passe se connecte avec."));
    }
    auto password = access::Password::typed(view_of(what.password));
    if (!password) return answer(asked, could_not(password.error()));
    if (auto chosen = access::choose_password(*tools, **account, *password, {}, false, {}, at.now); !chosen)
        return answer(asked, could_not(chosen.error()));
    (void)note(EventId::password_changed, at, name, storage::Outcome::done, {std::string{name}});
    return answer(
        asked,
        {Outcome::done, {"The password is set. Log in with it.", "Le mot de passe est choisi. Connectez-vous avec."}});
}

// ---- what is to be seen and done ----

std::vector<DeskAnswer> Desk::on(const link::See& what, const Asked& asked, const At& at) {
    using access::Operation;
    const Operation operation = what.what == link::Shown::log     ? Operation::read_log
                                : what.what == link::Shown::doses ? Operation::see_history
                                                                  : Operation::see_state;
    Wanted wanted{.asked = asked, .operation = operation, .values = {}, .person = {}};
    wanted.digest = digest_of(asked, operation, {});
    const auto* session = session_of(asked, at, what.what != link::Shown::state);
    if (accounts_ != nullptr)
        wanted.person = person_behind(*accounts_, session, what.badge, link::any_role, wanted.digest);
    wanted.person.asker.met = access::Condition::own_patient;
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
    asker.met = access::Condition::own_patient;
    if (at.mode == hal::Mode::failsafe) asker.met = asker.met | access::Condition::pump_idle;
    if (const auto* review = value_of<link::ReviewWish>(wanted.values)) {
        const auto uses = emergency().uses;
        const auto use = std::ranges::find(uses, review->use, &access::EmergencyUse::number);
        if (use != uses.end() && view_of(use->holder) != wanted.person.account)
            asker.met = asker.met | access::Condition::not_own_use;
    }
    return decide_and_do(wanted, false, at);
}

access::Asker Desk::asker_of(const Wanted& wanted, bool pressed, const At& at) const {
    access::Asker asker = wanted.person.asker;
    asker.factors = asker.factors |
                    access::emergency_factors(emergency(), wanted.operation, session_key(wanted.asked), false, at.now);
    if (pressed || only_prepares(wanted.operation, wanted.values)) asker.factors = asker.factors | Factor::presence;
    return asker;
}

access::Decision Desk::decide_on(const Wanted& wanted, bool pressed, const At& at) const {
    return access::decide(wanted.operation, context_at(at.now), asker_of(wanted, pressed, at));
}

std::vector<DeskAnswer> Desk::decide_and_do(const Wanted& wanted, bool pressed, const At& at) {
    if (wanted.opens_emergency) return open_emergency(wanted, at);
    const auto decision = decide_on(wanted, pressed, at);
    if (decision.allowed()) return carry_out(wanted, *decision.rule(), at);
    // Would the button make the difference? Then it is asked for; a refusal that it cannot mend is said at once.
    if (!pressed) {
        const auto with_press = decide_on(wanted, true, at);
        const bool second_next = with_press.refused().reason == access::Reason::second_missing &&
                                 decision.refused().reason != access::Reason::second_missing;
        if (with_press.allowed() || second_next) return wait_for_press(wanted, at);
    }
    if (decision.refused().reason == access::Reason::second_missing) return keep_for_second(wanted, pressed, at);
    return refuse(wanted.asked, decision.refused(), wanted.person.account, at);
}

std::vector<DeskAnswer> Desk::wait_for_press(const Wanted& wanted, const At& at) {
    // Otherwise whoever reaches the network could keep the button busy, or have it pressed for something of theirs.
    const bool known = !wanted.person.account.empty() || wanted.opens_emergency;
    const bool gives_way = !press_ || wanted.opens_emergency ||
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
    press_ = Pressed{wanted, at.presses, {at.now.seconds + press_within_s}};
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

std::vector<DeskAnswer> Desk::keep_for_second(const Wanted& wanted, bool pressed, const At& at) {
    std::erase_if(changes_, [&](const Change& change) {
        return change.wanted.person.account == wanted.person.account ||
               at.now.seconds - change.pending.asked_s > access::second_within_s;
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
    const bool known = account && *account && !(*account)->disabled;
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
        (void)note(EventId::access_refused, at, known ? name : nobody, storage::Outcome::refused,
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
    return carry_out(wanted, *decision.rule(), at);
}

std::vector<DeskAnswer> Desk::carry_out(const Wanted& wanted, const access::Rule& rule, const At& at) {
    const std::string who = wanted.person.account.empty() ? rule.needs.has(Factor::break_glass) ? "emergency" : "nobody"
                                                          : wanted.person.account;
    if (auto noted = note(
            EventId::access_allowed, at, who, storage::Outcome::done,
            {std::string{access::word(wanted.operation).key}, std::string{access::word(wanted.person.asker.role).key},
             std::string{access::word(context_at(at.now)).key}});
        !noted)
        return answer(wanted.asked, could_not(noted.error()));
    if (rule.needs.has(Factor::break_glass) && value_of<link::BolusYes>(wanted.values) != nullptr &&
        accounts_ != nullptr)
        if (auto saved = accounts_->save(access::with_bolus_given(emergency(), at.now)); !saved)
            return answer(wanted.asked, could_not(saved.error()));
    if (const auto here = do_here(wanted, at)) return answer(wanted.asked, *here);
    if (!tools_.hands.knows(wanted.operation, wanted.values))
        return answer(wanted.asked, {Outcome::not_done,
                                     {"This pump cannot do that yet. Nothing was done.",
                                      "Cette pompe ne sait pas encore le faire. Rien n'a été fait."}});
    const std::uint32_t number = ++last_number_;
    const auto result =
        tools_.hands.carry_out({.number = number,
                                .operation = wanted.operation,
                                .values = wanted.values,
                                .who = who,
                                .above_patient_limit = wanted.operation == access::Operation::bolus_above_limit});
    if (const auto* done = std::get_if<Done>(&result)) return answer(wanted.asked, *done);
    under_way_.push_back({number, wanted.asked});
    return {};
}

/// What the access layer itself holds.
std::optional<Done> Desk::do_here(const Wanted& wanted, const At& at) {
    using access::Operation;
    const bool context =
        wanted.operation == Operation::choose_context || wanted.operation == Operation::choose_emergency;
    if (context && value_of<link::ContextWish>(wanted.values) != nullptr) {
        const auto chosen = static_cast<access::Context>(value_of<link::ContextWish>(wanted.values)->context);
        const bool fits = wanted.operation == Operation::choose_emergency
                              ? chosen == access::Context::emergency
                              : chosen == access::Context::home || chosen == access::Context::ward;
        if (!fits)
            return refused("There is no such place of use. Nothing was changed.",
                           "Ce lieu d'usage n'existe pas. Rien n'est changé.");
        chosen_ = chosen;
        const auto& word = access::word(chosen);
        return Done{Outcome::done,
                    {fmt::format("From now on the pump is used {}.", word.in(Language::english)),
                     fmt::format("Désormais, la pompe est utilisée {}.", word.in(Language::french))}};
    }
    if (wanted.operation == Operation::review_break_glass && value_of<link::ReviewWish>(wanted.values) != nullptr) {
        if (accounts_ == nullptr) return records_closed();
        const auto use = value_of<link::ReviewWish>(wanted.values)->use;
        const auto reviewed = access::review_emergency(emergency(), use, wanted.person.account, at.now);
        if (!reviewed)
            return refused(std::string{in_words(reviewed.error(), Language::english)},
                           std::string{in_words(reviewed.error(), Language::french)});
        if (auto saved = accounts_->save(*reviewed); !saved) return could_not(saved.error());
        (void)note(EventId::emergency_reviewed, at, wanted.person.account, storage::Outcome::done,
                   {static_cast<std::int64_t>(use)});
        return Done{
            Outcome::done,
            {"The emergency access is reviewed, in your name.", "L'accès d'urgence est contrôlé, à votre nom."}};
    }
    return std::nullopt;
}

// ---- emergency access ----

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
    const auto opened = access::open_emergency(emergency(), keys, at.now);
    if (!opened) {
        using enum access::EmergencyRefusal;
        (void)note(EventId::emergency_refused, at, nobody, storage::Outcome::refused,
                   {from, std::string{opened.error() == no_emergency_badge ? "no_emergency_badge" : "wrong_code"}});
        return answer(wanted.asked, refused(std::string{in_words(opened.error(), Language::english)},
                                            std::string{in_words(opened.error(), Language::french)}));
    }
    if (auto saved = accounts_->save(opened->state); !saved) return answer(wanted.asked, could_not(saved.error()));
    const std::string who = keys.badge ? std::string{keys.badge->holder} : "emergency";
    // Care is not refused because a disk is full: the use itself is stored, and the record follows when it can.
    (void)note(EventId::emergency_opened, at, who, storage::Outcome::done,
               {static_cast<std::int64_t>(opened->use), std::string{keys.badge ? "badge" : "code"}, from});
    if (opened->alert)
        (void)note(EventId::emergency_often, at, "firmware", storage::Outcome::done,
                   {static_cast<std::int64_t>(access::emergency_usual_uses + 1)});
    emergency_shown_ = opened->use;
    Done done{
        Outcome::done,
        {"Emergency access is open for 30 minutes. Everything is on record, and somebody else reviews it by name.",
         "L'accès d'urgence est ouvert pour 30 minutes. Tout est enregistré, et une autre personne le contrôlera "
         "nommément."}};
    done.more = {{"emergency_until_s", at.now.seconds + access::emergency_lasts_s}, {"use", opened->use}};
    return answer(wanted.asked, done);
}

// ---- what all of it needs ----

std::vector<DeskAnswer> Desk::refuse(const Asked& asked, const access::Refused& why, std::string_view who,
                                     const At& at) {
    (void)note(EventId::access_refused, at, who.empty() ? nobody : who, storage::Outcome::refused,
               {std::string{access::word(why.operation).key}, std::string{access::word(why.role).key},
                std::string{access::word(why.context).key}, std::string{access::key_of(why.reason)}});
    const auto english = access::in_words(why, Language::english), french = access::in_words(why, Language::french);
    Done done = refused(english.what + " " + english.next_step, french.what + " " + french.next_step);
    done.more = {{"reason", access::key_of(why.reason)}};
    return answer(asked, done);
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

access::EmergencyAccess Desk::emergency() const {
    if (accounts_ == nullptr) return {};
    return accounts_->emergency().value_or(access::EmergencyAccess{});
}

access::Context Desk::context_at(Tick now) const { return access::context_now(chosen_, emergency(), now); }

Result<void> Desk::note(EventId id, const At& at, std::string_view who, storage::Outcome outcome,
                        std::initializer_list<storage::Value> values) const {
    return tools_.note(storage::make_event(id, at.now.seconds, who, outcome, values));
}

std::optional<access::LoginTools> Desk::login_tools() {
    if (accounts_ == nullptr) return std::nullopt;
    return access::LoginTools{*accounts_, tools_.pepper, tools_.fresh_salt, tools_.cost};
}

bool Desk::take_token(Tick now) noexcept {
    const std::uint64_t new_tokens = (now.seconds - refilled_.seconds) / command_every_s;
    tokens_ = std::min(command_burst, tokens_ + new_tokens);
    refilled_.seconds += new_tokens * command_every_s;
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
}

}  // namespace basalt::firmware
