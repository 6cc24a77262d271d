#include "device/firmware/access/break_glass.h"

#include <algorithm>

namespace basalt::access {
namespace {

constexpr std::uint64_t day_s = 24 * 60 * 60;

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
std::string_view text_of(const Bytes<32>& bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data.data()), bytes.size};
}

/// Crockford's alphabet: no I, L, O, U.
constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

EmergencyUse* newest(EmergencyAccess& state) noexcept {
    const auto last = std::ranges::find(state.uses, state.last_number, &EmergencyUse::number);
    return state.last_number == 0 || last == state.uses.end() ? nullptr : &*last;
}

/// An empty place, else the oldest that was reviewed, else the oldest.
EmergencyUse& place_for_next(EmergencyAccess& state) noexcept {
    const auto before = [](const EmergencyUse& a, const EmergencyUse& b) {
        const auto rank = [](const EmergencyUse& use) { return use.number == 0 ? 0 : use.reviewer.size > 0 ? 1 : 2; };
        return rank(a) != rank(b) ? rank(a) < rank(b) : a.number < b.number;
    };
    EmergencyUse& place = *std::ranges::min_element(state.uses, before);
    if (place.number != 0 && place.reviewer.size == 0) ++state.unreviewed_dropped;
    return place;
}

EmergencyOpened taken_up_again(const EmergencyAccess& state, const EmergencyKeyring& keys) {
    EmergencyOpened opened{.state = state, .again = true};
    EmergencyUse* use = newest(opened.state);
    const bool somebody_else = use->holder.size > 0 && !keys.person.empty() && text_of(use->holder) != keys.person;
    if (somebody_else || use->reviewer.size > 0) {  // what was reviewed was what its holder did until then
        EmergencyUse next = *use;
        next.number = ++opened.state.last_number;
        next.holder = next.reviewer = {};
        next.reviewed_at_s = 0;
        place_for_next(opened.state) = next;
        use = newest(opened.state);
    }
    if (use->holder.size == 0) use->holder.assign(bytes_of(keys.person));
    use->link = {};
    use->link.assign(bytes_of(keys.link));
    opened.use = use->number;
    opened.until_s = use->opened_at_s + emergency_lasts_s;
    return opened;
}

}  // namespace

std::string spelled_code(std::string_view typed) {
    std::string letters;
    for (char c : typed) {
        if (c == ' ' || c == '-') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (c == 'O') c = '0';
        if (c == 'I' || c == 'L') c = '1';
        letters += c;
    }
    return letters;
}

Digest digest_of_emergency_code(std::string_view code) {
    return sha256(bytes_of("basalt emergency code 1\n"), bytes_of(spelled_code(code)));
}

std::expected<EmergencyOpened, EmergencyRefusal> open_emergency(const EmergencyAccess& state,
                                                                const EmergencyKeyring& keys, Tick now) {
    if (!keys.presence) return std::unexpected{EmergencyRefusal::no_presence};
    const bool by_badge = keys.badge && keys.badge->for_emergencies;
    if (!by_badge) {
        if (keys.code.empty()) return std::unexpected{EmergencyRefusal::no_emergency_badge};
        const bool fits = same_bytes(digest_of_emergency_code(keys.code), state.code);
        if (!state.code_sealed && fits && open_use(state, now) != nullptr) return taken_up_again(state, keys);
        if (!state.code_sealed) return std::unexpected{EmergencyRefusal::no_code};
        if (!fits) return std::unexpected{EmergencyRefusal::wrong_code};
    }
    EmergencyUse use{.number = state.last_number + 1, .opened_at_s = now.seconds};
    // A name that is too long was never given to an account or a link: it stays empty, and care is not refused for it.
    use.holder.assign(bytes_of(by_badge ? keys.badge->holder : keys.person));
    use.link.assign(bytes_of(keys.link));

    EmergencyOpened opened{.state = state, .use = use.number, .until_s = now.seconds + emergency_lasts_s};
    if (!by_badge) opened.state.code_sealed = false;
    if (by_badge && !state.code_sealed) opened.state.code = {};  // its use is not the newest any more
    place_for_next(opened.state) = use;
    opened.state.last_number = use.number;
    auto& last = opened.state.last_opened_s;
    const std::uint64_t third_last = last.back();
    opened.alert =
        state.last_number >= emergency_usual_uses && third_last <= now.seconds && now.seconds - third_last < day_s;
    std::ranges::rotate(last, last.end() - 1);
    last.front() = now.seconds;
    return opened;
}

const EmergencyUse* open_use(const EmergencyAccess& state, Tick now) noexcept {
    for (const EmergencyUse& use : state.uses)
        if (use.number != 0 && use.number == state.last_number && !use.closed && use.opened_at_s <= now.seconds &&
            now.seconds - use.opened_at_s < emergency_lasts_s)
            return &use;
    return nullptr;
}

Factors emergency_factors(const EmergencyAccess& state, Operation operation, std::string_view link, bool at_pump,
                          Tick now) noexcept {
    const EmergencyUse* use = open_use(state, now);
    if (use == nullptr || (!at_pump && (link.empty() || link != text_of(use->link)))) return {};
    if (operation == Operation::bolus_within_limit && use->bolus_given) return {};
    return Factor::break_glass;
}

Context context_now(Context chosen, const EmergencyAccess& state, Tick now) noexcept {
    return open_use(state, now) != nullptr ? Context::emergency : chosen;
}

EmergencyAccess with_bolus_given(const EmergencyAccess& state, Tick now) noexcept {
    EmergencyAccess next = state;
    if (open_use(state, now) != nullptr) newest(next)->bolus_given = true;
    return next;
}

EmergencyAccess close_emergency(const EmergencyAccess& state, Tick now) noexcept {
    EmergencyAccess next = state;
    if (open_use(state, now) != nullptr) newest(next)->closed = true;
    return next;
}

std::expected<EmergencyAccess, EmergencyRefusal> review_emergency(const EmergencyAccess& state, std::uint32_t use,
                                                                  std::string_view reviewer, Tick now) {
    EmergencyAccess next = state;
    const auto found = std::ranges::find(next.uses, use, &EmergencyUse::number);
    if (use == 0 || found == next.uses.end()) return std::unexpected{EmergencyRefusal::no_such_use};
    if (found->reviewer.size > 0) return std::unexpected{EmergencyRefusal::reviewed};
    if (reviewer.empty() || !found->reviewer.assign(bytes_of(reviewer)))
        return std::unexpected{EmergencyRefusal::no_name};
    if (text_of(found->holder) == reviewer) return std::unexpected{EmergencyRefusal::own_use};
    found->reviewed_at_s = now.seconds;
    return next;
}

std::vector<OpenReview> open_reviews(const EmergencyAccess& state, Tick now) {
    std::vector<OpenReview> open;
    for (const EmergencyUse& use : state.uses)
        if (use.number != 0 && use.reviewer.size == 0)
            open.push_back(
                {use, now.seconds > use.opened_at_s && now.seconds - use.opened_at_s > emergency_review_within_s});
    std::ranges::sort(open, {}, [](const OpenReview& one) { return one.use.number; });
    return open;
}

std::string emergency_code(const std::array<std::uint8_t, 10>& random) {
    std::string code;
    for (std::size_t i = 0; i < 16; ++i) {  // 16 letters of 5 bits
        unsigned letter = 0;
        for (std::size_t bit = 5 * i; bit < 5 * i + 5; ++bit)
            letter = letter << 1 | (random[bit / 8] >> (7 - bit % 8) & 1U);
        if (i > 0 && i % 4 == 0) code += '-';
        code += alphabet[letter];
    }
    return code;
}

EmergencyAccess with_code(const EmergencyAccess& state, std::string_view code) {
    EmergencyAccess next = state;
    next.code = digest_of_emergency_code(code);
    next.code_sealed = true;
    return next;
}

std::string_view in_words(EmergencyRefusal refusal, Language language) noexcept {
    const bool french = language == Language::french;
    switch (refusal) {
        case EmergencyRefusal::no_presence:
            return french ? "L'accès d'urgence s'ouvre à la pompe même. Maintenez son bouton, puis recommencez."
                          : "Emergency access opens at the pump itself. Hold its button, then try again.";
        case EmergencyRefusal::no_emergency_badge:
            return french ? "Ce badge n'est pas un badge d'urgence. Prenez le badge d'urgence du service, ou le code "
                            "scellé."
                          : "This is no emergency badge. Take the ward's emergency badge, or the sealed code.";
        case EmergencyRefusal::wrong_code:
            return french ? "Ce code n'est pas celui qui est scellé. Relisez-le, ou prenez le badge d'urgence. Vous "
                            "pouvez "
                            "réessayer tout de suite."
                          : "This is not the sealed code. Read it again, or take the emergency badge. You may try "
                            "again at once.";
        case EmergencyRefusal::no_code:
            return french ? "Aucun code n'est scellé : il a déjà servi. Prenez le badge d'urgence, et faites sceller "
                            "un nouveau code."
                          : "No code is sealed: it was used. Take the emergency badge, and have a new code sealed.";
        case EmergencyRefusal::no_such_use:
            return french ? "Cet accès d'urgence n'attend aucun contrôle. Choisissez-en un de la liste."
                          : "No such emergency access waits for a review. Choose one of the list.";
        case EmergencyRefusal::own_use:
            return french ? "Un accès d'urgence est contrôlé par une autre personne que celle qui l'a ouvert. Demandez "
                            "à une autre."
                          : "An emergency access is reviewed by somebody other than who opened it. Ask somebody else.";
        case EmergencyRefusal::reviewed:
            return french ? "Cet accès d'urgence est déjà contrôlé. Il n'y a rien à faire."
                          : "This emergency access was reviewed already. There is nothing to do.";
        case EmergencyRefusal::no_name:
            return french
                       ? "Un contrôle porte le nom de qui l'a fait. Connectez-vous avec votre compte, puis recommencez."
                       : "A review bears the name of who made it. Log in with your account, then try again.";
    }
    return french ? "L'accès d'urgence n'a pas été ouvert. Réessayez." : "Emergency access was not opened. Try again.";
}

}  // namespace basalt::access
