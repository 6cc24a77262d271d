#include "device/firmware/access/vocabulary.h"

#include <array>

namespace basalt::access {
namespace {

constexpr Word unknown{"unknown", "?", "unknown", "inconnu"};

// Each in the order of its enum; the words for roles and contexts stand in storage/access_words.h.
static_assert(storage::role_words.size() == role_count && storage::context_words.size() == context_count);
constexpr std::array<Word, factor_count> factors{{
    {"presence", "P", "the pump's button", "le bouton de la pompe"},
    {"password", "W", "your password", "votre mot de passe"},
    {"badge", "B", "your badge", "votre badge"},
    {"at_pump", "A", "the pump's own screen", "l'écran de la pompe"},
    {"break_glass", "G", "emergency access", "l'accès d'urgence"},
}};
constexpr std::array<Word, condition_count> conditions{{
    {"own_patient", "own patient", "the record is of this pump's patient",
     "le dossier est celui du patient de cette pompe"},
    {"pump_idle", "pump off or failsafe", "the pump is off the patient or in failsafe",
     "la pompe est déconnectée du patient ou en mode de repli"},
    {"small_drift", "small drift", "the clock moves only a little", "l'horloge ne bouge que peu"},
    {"fit_destination", "fit destination", "the destination may hold health data",
     "la destination peut héberger des données de santé"},
    {"export_verified", "export verified", "the export was read back and is whole",
     "l'export a été relu et est complet"},
    {"not_own_use", "not own use", "somebody else used the emergency access",
     "l'accès d'urgence a été utilisé par quelqu'un d'autre"},
}};

template <std::size_t N, class E>
const Word& row(const std::array<Word, N>& words, E value) noexcept {
    const auto at = static_cast<std::size_t>(std::to_underlying(value));
    return at < N ? words[at] : unknown;
}

}  // namespace

const Word& word(Role role) noexcept { return row(storage::role_words, role); }
const Word& word(Context context) noexcept { return row(storage::context_words, context); }
const Word& word(Factor factor) noexcept { return row(factors, factor); }
const Word& word(Condition condition) noexcept { return row(conditions, condition); }

std::optional<Role> find_role(std::string_view key) noexcept {
    for (std::size_t i = 0; i < storage::role_words.size(); ++i)
        if (storage::role_words[i].key == key) return static_cast<Role>(i);
    return std::nullopt;
}

}  // namespace basalt::access
