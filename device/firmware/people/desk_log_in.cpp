// Who is there: log-in, log-out, passwords.
#include "device/firmware/people/first_person.h"
#include "device/firmware/people/replies.h"

namespace basalt::firmware {
namespace {
using access::Language;
using link::Outcome;
using storage::EventId;
}  // namespace

std::vector<DeskAnswer> Desk::on(const link::LogIn& what, const Asked& asked, const At& at) {
    return log_in(what, false, asked, at);
}

std::vector<DeskAnswer> Desk::log_in_at_pump(const Wanted& wanted, const At& at) {
    return log_in(*wanted.log_in, true, wanted.asked, at);
}

std::vector<DeskAnswer> Desk::log_in(const link::LogIn& what, bool presence, const Asked& asked, const At& at) {
    auto tools = login_tools();
    if (!tools) return answer(asked, records_closed());
    const std::string link = link_name(asked.client);
    const auto in = access::log_in(
        *tools, {.name = view_of(what.name), .password = view_of(what.password), .link = link, .presence = presence},
        {}, at.now);
    if (!in) {
        using enum access::LoginRefused::Reason;
        const auto reason = in.error().reason;
        // Wrong passwords over the network slow the network alone: at the pump's button this person is not kept
        // waiting.
        if (reason == hold && !presence && !press_) {
            Wanted wanted{.asked = asked, .operation = access::Operation::see_state, .values = {}, .person = {}};
            wanted.log_in = what;
            return wait_for_press(wanted, at);
        }
        if (reason == hold && !presence && press_->wanted.log_in)
            return answer(asked,
                          refused("Somebody is logging in at the pump's button. Nothing was done. Wait until they have "
                                  "pressed it, or 20 seconds, then try again. A badge, the pump's own stop button and "
                                  "emergency access still work.",
                                  "Quelqu'un se connecte au bouton de la pompe. Rien n'a été fait. Attendez qu'il "
                                  "ait appuyé, ou 20 secondes, puis réessayez. Un badge, le bouton d'arrêt de la pompe "
                                  "et l'accès d'urgence restent possibles."));
        note_refusal(EventId::login_refused, at, nobody,
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
        if (press_ && press_->wanted.asked.binding == asked.binding) press_.reset();
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
        note_refusal(EventId::login_refused, at, nobody, {link_name(asked.client), std::string{"wrong_code"}});
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

std::optional<access::LoginTools> Desk::login_tools() {
    if (accounts_ == nullptr) return std::nullopt;
    return access::LoginTools{*accounts_, tools_.pepper, tools_.fresh_salt, tools_.cost};
}

}  // namespace basalt::firmware
