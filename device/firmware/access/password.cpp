#include "device/firmware/access/password.h"

#include "device/firmware/access/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string.h>  // explicit_bzero
#include <vector>

namespace basalt::access {
namespace {

constexpr std::size_t most_characters = 128;

/// What people choose first, in the languages of this pump; longer ones before those that they hold. Case and accents
/// do not count. It is short on purpose: length carries the rest, and throttle and pepper leave an attacker few
/// guesses.
constexpr std::array<std::string_view, 74> common{
    "0123456789", "1234567890", "123456789", "987654321", "motdepasse", "passw0rd", "password",  "qwertyuiop",
    "azertyuiop", "qsdfghjklm", "asdfghjkl", "1q2w3e4r",  "12345678",   "87654321", "11111111",  "00000000",
    "iloveyou",   "jetaime",    "princess",  "princesse", "sunshine",   "football", "baseball",  "superman",
    "starwars",   "trustno1",   "whatever",  "dragon",    "monkey",     "letmein",  "welcome",   "bienvenue",
    "bonjour",    "soleil",     "chocolat",  "doudou",    "loulou",     "nicolas",  "marseille", "qwerty",
    "azerty",     "qwertz",     "123123",    "654321",    "123456",     "abcdef",   "abc123",    "admin",
    "root",       "user",       "guest",     "default",   "changeme",   "secret",   "insulin",   "insuline",
    "diabetes",   "diabete",    "glucose",   "basalt",    "pump",       "pompe",    "hospital",  "hopital",
    "clinic",     "clinique",   "nurse",     "infirmier", "infirmiere", "doctor",   "docteur",   "medecin",
    "patient",    "service",
};

/// A piece of the password in the making: wiped like it.
class Folded {
  public:
    explicit Folded(std::string_view text) {
        const auto size = normalise(text, NormalForm::folded, text_);
        size_ = size.value_or(0);
    }
    Folded(const Folded&) = delete;
    Folded& operator=(const Folded&) = delete;
    ~Folded() { explicit_bzero(text_.data(), text_.size()); }

    std::string_view text() const noexcept { return {text_.data(), size_}; }
    /// Puts a mark in the place of each `word`, so that what stood around it makes no new word.
    void take_out(std::string_view word) noexcept {
        if (word.empty()) return;
        for (std::size_t at = text().find(word); at != std::string_view::npos; at = text().find(word, at))
            std::fill_n(text_.data() + at, word.size(), '\x01');
    }
    /// Different runs count: "aaaaaaaa" and "abcdefgh" and "13579" are one character each.
    std::size_t characters_left() const noexcept {
        std::size_t count = 0;
        int step = 0;
        char before = '\x01';
        for (const char c : text()) {
            if ((static_cast<unsigned char>(c) & 0xC0U) == 0x80U) continue;  // inside a character
            if (c != '\x01') {
                const int to_here = c - before;
                const bool goes_on = before != '\x01' && to_here == step && to_here >= -2 && to_here <= 2;
                count += goes_on ? 0 : 1;
                step = to_here;
            }
            before = c;
        }
        return count;
    }

  private:
    std::array<char, 2048> text_{};
    std::size_t size_ = 0;
};

std::string folded(std::string_view word) {
    std::array<char, 2048> text;
    return {text.data(), normalise(word, NormalForm::folded, text).value_or(0)};
}

/// The words of this place as they are looked for, longest first.
std::vector<std::string> parts_of(ContextWords words) {
    std::vector<std::string> parts;
    for (const std::string& word : words) {
        const std::string whole = folded(word);
        std::string part;
        const auto keep = [&](const std::string& one) {
            if (characters(one) >= 4) parts.push_back(one);
        };
        keep(whole);
        for (const char c : whole + " ") {
            if (c != ' ' && c != '.' && c != '-' && c != '_')
                part += c;
            else if (part != whole)
                keep(std::exchange(part, {}));
        }
    }
    std::ranges::sort(parts, std::ranges::greater{}, &std::string::size);
    return parts;
}

bool is_mixed(std::string_view text) noexcept {
    bool small = false, capital = false, digit = false, other = false;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            small = true;
        else if (c >= 'A' && c <= 'Z')
            capital = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    return small && capital && digit && other;
}

}  // namespace

Result<Password> Password::typed(std::string_view utf8) {
    constexpr const char* next = "Type another one.";
    const Looks looks = looks_of(utf8);
    if (looks == Looks::not_utf8) return fail(ErrorCode::usage, "The password is not valid text.", next);
    if (looks == Looks::control)
        return fail(ErrorCode::usage, "The password is empty, or holds characters that cannot be seen.", next);
    Password password;
    const auto size = normalise(utf8, NormalForm::compatible_composed, password.text_);
    password.size_ = size.value_or(0);
    if (!size || password.characters() > most_characters)
        return fail(ErrorCode::usage, "The password is longer than 128 characters.", "Type a shorter one.");
    return password;
}

std::size_t Password::characters() const noexcept { return access::characters(text()); }

void Password::wipe() noexcept {
    explicit_bzero(text_.data(), text_.size());
    size_ = 0;
}

Result<void> may_be_chosen(const Password& password, const PasswordRules& rules, bool only_factor, ContextWords words) {
    const std::uint32_t least = only_factor ? rules.least_alone : rules.least_with_other;
    if (password.characters() < least)
        return fail(ErrorCode::refused, fmt::format("The password has fewer than {} characters.", least),
                    "Take several words that come to your mind together, with spaces if you like.");
    Folded rest{password.text()};
    for (const std::string& part : parts_of(words)) rest.take_out(part);
    for (const std::string_view word : common) rest.take_out(word);
    if (2 * rest.characters_left() < least)
        return fail(
            ErrorCode::refused,
            "The password rests on words that are guessed first: common ones, your name, the pump's or the hospital's.",
            "Take several words that nobody connects with you or this place.");
    if (rules.mixed && !is_mixed(password.text()))
        return fail(ErrorCode::refused,
                    "The password needs small and capital letters, a digit and another character here.",
                    "Add what is missing.");
    return {};
}

}  // namespace basalt::access
