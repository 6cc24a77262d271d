#include "device/firmware/therapy/temporary_basal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace basalt::firmware {
namespace {
using enum TemporaryFault;

constexpr std::array fault_words{
    Words{"A temporary rate is 30 to 100 % less, or 10 to 30 % more, in steps of 10 %. Choose one of these.",
          "Un débit temporaire est de 30 à 100 % en moins, ou de 10 à 30 % en plus, par pas de 10 %. Choisissez l'un "
          "d'eux."},
    Words{"A temporary rate lasts 15 minutes to 4 hours, in steps of 15 minutes. Choose another time.",
          "Un débit temporaire dure de 15 minutes à 4 heures, par pas de 15 minutes. Choisissez une autre durée."},
    Words{"It is not known who asks. Log in, and ask again.",
          "On ne sait pas qui demande. Connectez-vous et recommencez."},
    Words{"The pump is not in normal mode, so no temporary rate would hold. It was not set. Look at the pump's alarms.",
          "La pompe n'est pas en mode normal, aucun débit temporaire ne tiendrait. Il n'est pas réglé. Regardez les "
          "alarmes de la pompe."},
    Words{"With the doses of the last hours this rate would pass the pump's limits. It was not set. Measure the "
          "glucose and wait.",
          "Avec les doses des dernières heures, ce débit dépasserait les limites de la pompe. Il n'est pas réglé. "
          "Mesurez la glycémie et attendez."},
    Words{"No temporary rate is set, so there is none to end.",
          "Aucun débit temporaire n'est réglé, il n'y a rien à terminer."},
};
static_assert(fault_words.size() == std::to_underlying(not_set) + 1U);
}  // namespace

Words in_words(TemporaryFault fault) noexcept { return fault_words[std::to_underlying(fault)]; }

std::expected<TemporaryBasal, TemporaryFault> set_temporary(std::int32_t percent, std::uint32_t seconds,
                                                            std::string_view who, Tick now, hal::Mode mode,
                                                            const Room& with_it) {
    if (!is_settable_percent(percent)) return std::unexpected{not_settable};
    if (seconds == 0 || seconds > longest_temporary_s || seconds % temporary_step_s != 0)
        return std::unexpected{bad_duration};
    const auto by = account_name(who);
    if (!by) return std::unexpected{bad_name};
    if (mode != hal::Mode::normal) return std::unexpected{not_normal};
    if (percent > 0 && std::min({with_it.hour, with_it.day, with_it.beyond}) <= MilliUnits{})
        return std::unexpected{no_room};
    return TemporaryBasal{percent, now, now + seconds, *by};
}

std::expected<TemporaryBasal, TemporaryFault> end_temporary(const TemporaryBasal& active, std::string_view who,
                                                            Tick now) {
    if (!is_active(active, now)) return std::unexpected{not_set};
    const auto by = account_name(who);
    if (!by) return std::unexpected{bad_name};
    return TemporaryBasal{active.percent, active.from, now, *by};
}

MilliUnits basal_due(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds, Tick now,
                     const TemporaryBasal& temporary) noexcept {
    // Seconds of this span at which the temporary rate begins and ends.
    const auto into = [&](Tick at) {
        return static_cast<std::uint32_t>(std::clamp(at, now, now + seconds).seconds - now.seconds);
    };
    const std::uint32_t begin = temporary.percent == 0 ? 0 : into(temporary.from);
    const std::uint32_t end = temporary.percent == 0 ? 0 : std::max(begin, into(temporary.until));
    const auto later = [&](std::uint32_t by) { return SecondOfDay{from.seconds % 86'400 + by}; };
    return basal_amount(rates, from, begin) + basal_share(rates, later(begin), end - begin, 100 + temporary.percent) +
           basal_amount(rates, later(end), seconds - end);
}

MilliUnits most_basal_slot(const BasalRates& rates, std::int32_t percent) noexcept {
    const std::int64_t rate = std::ranges::max(rates).count;
    const std::int64_t share = 100 + std::max(percent, 0);
    // One more, because both ends of a span are rounded on the line from midnight.
    return {static_cast<std::int32_t>(rate * share * static_cast<std::int64_t>(hal::basal_slot_s) / 360'000 + 1)};
}

BasalToCome basal_to_come(const BasalRates& rates, const TemporaryBasal& temporary, bool due) noexcept {
    const MilliUnits most = most_basal_slot(rates, temporary.percent);
    return {most, due, most - most_basal_slot(rates, 0), temporary.until};
}

Sentence in_words(const TemporaryBasal& t, Tick now) {
    if (!is_active(t, now)) return {};
    const Sentence left = duration_in_words(t.until.seconds - now.seconds);
    const std::string who = text_of(t.who);
    const std::int32_t size = std::abs(t.percent);
    return {fmt::format("Basal rate {} % {} for another {}, set by {}. Then the plan goes on by itself.", size,
                        t.percent < 0 ? "lower" : "higher", left.english, who),
            fmt::format("Débit basal {} de {} % encore {}, réglé par {}. Ensuite le plan reprend tout seul.",
                        t.percent < 0 ? "réduit" : "augmenté", size, left.french, who)};
}

}  // namespace basalt::firmware
