#include "device/firmware/access/throttle.h"

#include "device/common/digest.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::access {
namespace {

std::uint32_t failures_now(const Door& door, DoorKind kind, std::uint64_t quiet_s) noexcept {
    if (kind != DoorKind::link) return door.failures;
    const std::uint64_t wait = wait_after(door.failures);
    const std::uint64_t forgiven = quiet_s > wait ? (quiet_s - wait) / longest_wait_s : 0;
    return static_cast<std::uint32_t>(door.failures - std::min<std::uint64_t>(forgiven, door.failures));
}

}  // namespace

DoorId door_of(DoorKind kind, std::string_view name) noexcept {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(name.data());
    return {kind, sha256(ByteView{bytes, name.size()})[0]};
}

std::expected<Door, Hold> charge(const Door& door, DoorKind kind, Tick now) noexcept {
    const std::uint64_t quiet_s = now.seconds > door.charged_at_s ? now.seconds - door.charged_at_s : 0;
    const std::uint64_t wait_s = wait_after(door.failures);
    if (quiet_s < wait_s) return std::unexpected{Hold{.wait_s = wait_s - quiet_s}};
    const std::uint32_t failures = failures_now(door, kind, quiet_s);
    if (kind == DoorKind::account && failures >= most_remote_failures)
        return std::unexpected{Hold{.only_at_pump = true}};
    return Door{failures == UINT32_MAX ? failures : failures + 1, now.seconds};
}

Door after_success(const Door& before, DoorKind kind) noexcept { return kind == DoorKind::link ? before : Door{}; }

std::string in_words(Hold hold, Language language) {
    const bool french = language == Language::french;
    if (hold.only_at_pump)
        return french ? "Trop de mots de passe faux par le réseau pour ce compte. Connectez-vous à la pompe même, en "
                        "appuyant "
                        "sur son bouton."
                      : "Too many wrong passwords over the network for this account. Log in at the pump itself and "
                        "press its "
                        "button.";
    return french ? fmt::format(
                        "Plusieurs mots de passe étaient faux. Attendez {} s, puis réessayez. Le bouton de la pompe et "
                        "l'accès d'urgence fonctionnent toujours.",
                        hold.wait_s)
                  : fmt::format(
                        "Several passwords were wrong. Wait {} s, then try again. The pump's button and emergency "
                        "access still work.",
                        hold.wait_s);
}

}  // namespace basalt::access
