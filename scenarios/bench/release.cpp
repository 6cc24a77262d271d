#include "scenarios/bench/release.h"

#include "device/common/signed_file.h"
#include "device/factory/p256_key.h"
#include "device/guardian/alarms.h"
#include "device/guardian/memory.h"

#include <algorithm>
#include <utility>

namespace basalt::bench {
namespace {

using enum hal::ReleaseVerdict;
namespace layout = guardian::layout;
constexpr std::uint8_t no_place = 255;

constexpr std::array rows{
    ReleaseWords{released,
                 "released",
                 {"Failsafe was released.", "Le mode de repli a été levé."},
                 {"Check the glucose, and what the pump shows.", "Contrôlez la glycémie et l'affichage de la pompe."}},
    ReleaseWords{later,
                 "later",
                 {"The guardian looks at no badge at this moment: two were tried just now.",
                  "Le gardien ne lit aucun badge en ce moment : deux essais viennent d'avoir lieu."},
                 {"Try again in a moment.", "Réessayez dans un instant."}},
    ReleaseWords{not_in_failsafe,
                 "not_in_failsafe",
                 {"The pump is not in failsafe, so there is nothing to release.",
                  "La pompe n'est pas en mode de repli : il n'y a rien à lever."},
                 {"A pump that a person stopped is resumed by holding its button for 10 s.",
                  "Une pompe arrêtée par une personne reprend en maintenant son bouton 10 s."}},
    ReleaseWords{
        old_nonce,
        "old_nonce",
        {"What the badges signed was for an earlier moment: the pump has started anew since, or found something new.",
         "Ce que les badges ont signé valait pour un moment antérieur : la pompe a redémarré ou trouvé autre chose."},
        {"Look at what is shown now, and sign again.", "Regardez l'affichage actuel et signez à nouveau."}},
    ReleaseWords{
        other_device,
        "other_device",
        {"What the badges signed was for another device.", "Ce que les badges ont signé vaut pour un autre appareil."},
        {"Sign at this device.", "Signez sur cet appareil."}},
    ReleaseWords{other_triggers,
                 "other_triggers",
                 {"The badges signed another list of causes than the one that holds the pump in failsafe.",
                  "Les badges ont signé une autre liste de causes que celle qui maintient la pompe en mode de repli."},
                 {"Look at what is shown now, and sign again.", "Regardez l'affichage actuel et signez à nouveau."}},
    ReleaseWords{
        unknown_badge,
        "unknown_badge",
        {"A badge is not one of this pump's release badges.",
         "Un badge n'est pas autorisé à lever le repli de cette pompe."},
        {"Use the badges that the pump's profile names.", "Utilisez les badges que le profil de la pompe désigne."}},
    ReleaseWords{
        same_badge,
        "same_badge",
        {"The same badge was used twice.", "Le même badge a été utilisé deux fois."},
        {"A second person with another badge is needed.", "Il faut une seconde personne, avec un autre badge."}},
    ReleaseWords{
        same_role,
        "same_role",
        {"Both badges belong to the same role.", "Les deux badges sont du même rôle."},
        {"A physician and a biomedical engineer are needed.", "Il faut un médecin et un ingénieur biomédical."}},
    ReleaseWords{
        wrong_role,
        "wrong_role",
        {"The badges are not a physician's and a biomedical engineer's.",
         "Les badges ne sont pas ceux d'un médecin et d'un ingénieur biomédical."},
        {"A physician and a biomedical engineer are needed.", "Il faut un médecin et un ingénieur biomédical."}},
    ReleaseWords{day_unknown,
                 "day_unknown",
                 {"The pump does not know what day it is, so it cannot tell whether a badge is still good.",
                  "La pompe ignore la date : elle ne peut savoir si un badge est encore valable."},
                 {"Have the clock set, then try again.", "Faites régler l'horloge, puis réessayez."}},
    ReleaseWords{expired,
                 "expired",
                 {"A badge is no longer good.", "Un badge n'est plus valable."},
                 {"Use another badge, or have a new profile signed. Check the pump's date too.",
                  "Utilisez un autre badge ou faites signer un nouveau profil. Vérifiez aussi la date de la pompe."}},
    ReleaseWords{bad_signature,
                 "bad_signature",
                 {"A badge's signature does not fit.", "La signature d'un badge ne correspond pas."},
                 {"Sign again; if it happens once more, have the badge replaced.",
                  "Signez à nouveau ; si cela se répète, faites remplacer le badge."}},
    ReleaseWords{no_room,
                 "no_room",
                 {"The pump cannot put the release on record today, so it does not release.",
                  "La pompe ne peut pas enregistrer la levée aujourd'hui : elle ne la fait donc pas."},
                 {"Try again tomorrow. Insulin goes on at the programmed rates.",
                  "Réessayez demain. L'insuline continue aux débits programmés."}},
};
static_assert(
    [] {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (std::to_underlying(rows[i].verdict) != i) return false;
        return is_known(static_cast<hal::ReleaseVerdict>(rows.size() - 1)) &&
               !is_known(static_cast<hal::ReleaseVerdict>(rows.size()));
    }(),
    "words_of() finds a row by its number");

// Only where a badge stands is read here. Whether the profile is a physician's is the guardian's to judge.
std::optional<guardian::Profile> profile_in(MemoryStore& memory) {
    std::array<std::uint8_t, layout::profile_size> block{};
    if (!memory.read(layout::profile, block)) return std::nullopt;
    const std::size_t size = std::min<std::size_t>(block[0] + 256U * block[1], block.size() - 2);
    if (size < SignedHeader::total) return std::nullopt;
    const auto profile = guardian::read_profile(ByteView{block}.subspan(2, size).subspan(SignedHeader::total));
    return profile ? std::optional{*profile} : std::nullopt;
}

std::uint8_t place_of(const PublicKey& point, const std::optional<guardian::Profile>& profile) {
    if (!profile) return no_place;
    const auto& keys = profile->release_keys;
    const auto found = std::ranges::find(keys, point, &guardian::ReleaseKey::key);
    return found == keys.end() ? no_place : static_cast<std::uint8_t>(found - keys.begin());
}

Digest digest_of(const hal::ReleaseTerms& terms) {
    std::array<std::uint8_t, 56> bytes{};
    codec::Writer writer{bytes};
    writer(terms);
    const auto* domain = reinterpret_cast<const std::uint8_t*>(hal::release_domain.data());
    return sha256(ByteView{domain, hal::release_domain.size()}, bytes);
}

}  // namespace

const ReleaseWords& words_of(hal::ReleaseVerdict verdict) noexcept { return rows[std::to_underlying(verdict)]; }
std::vector<FailsafeCause> failsafe_causes(std::uint64_t alarms) {
    std::vector<FailsafeCause> causes;
    for (const guardian::AlarmRow& row : guardian::alarm_rows)
        if (row.response == guardian::Response::failsafe && (alarms & bit_of(row.trigger)) != 0)
            causes.push_back({row.id, {row.english.what, row.french.what}, {row.english.next, row.french.next}});
    return causes;
}

std::span<const ReleaseWords> release_words() noexcept { return rows; }

Result<ReleaseTry> release_by_badges(Simulation& simulation, MemoryStore& memory,
                                     const std::array<std::filesystem::path, 2>& badges, std::uint32_t day) {
    std::array<Result<factory::P256Key>, 2> keys{factory::P256Key::load(badges[0]), factory::P256Key::load(badges[1])};
    for (const auto& key : keys)
        if (!key)
            return fail(key.error().code, key.error().what,
                        "Name a badge's PEM file: device init makes two in host/badges of the device.");
    const auto terms = simulation.ask_release();
    if (!terms) return std::unexpected{terms.error()};
    const auto profile = profile_in(memory);
    hal::Release release{.terms = *terms, .day = day, .by = {}};
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto signature = keys[i]->sign(digest_of(*terms));
        if (!signature) return std::unexpected{signature.error()};
        release.by[i] = {place_of(keys[i]->point(), profile), *signature};
    }
    const auto verdict = simulation.release(release);
    if (!verdict) return std::unexpected{verdict.error()};
    return ReleaseTry{*verdict, terms->triggers};
}

}  // namespace basalt::bench
