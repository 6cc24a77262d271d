#include "device/firmware/trust/trust.h"

#include "device/firmware/trust/bounded_file.h"
#include "device/firmware/trust/class_key.h"
#include "device/firmware/trust/locks.h"
#include "device/firmware/trust/sealing.h"
#include "tpm/signing_key.h"

#include <optional>
#include <string_view>
#include <utility>

namespace basalt::firmware {
namespace {

constexpr std::string_view challenge_domain = "basalt channel 1";
/// What PCR 6 is extended with: any value closes it; this one says in the event log what it was.
constexpr std::string_view cap_words = "basalt cap 1";

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The releases of both slots. One may be missing or damaged, as an image may.
Result<std::vector<tpm::ReleasePolicy>> read_releases(const std::filesystem::path& flash) {
    std::vector<tpm::ReleasePolicy> releases;
    std::optional<Error> last;
    for (const char* slot : {"slot-a", "slot-b"}) {
        const auto bytes = read_bounded(flash / slot / "policy.bin", tpm::release_policy_size);
        auto release =
            bytes ? tpm::decode_release_policy(*bytes) : Result<tpm::ReleasePolicy>{std::unexpected{bytes.error()}};
        if (release)
            releases.push_back(*release);
        else
            last = std::move(release.error());
    }
    if (releases.empty()) return std::unexpected{std::move(*last)};
    return releases;
}

/// A session for one use of one key; none where the keys have no policy. Without the right one the TPM refuses.
struct Permission {
    std::optional<tpm::Session> session;
    const tpm::Session* get() const noexcept { return session ? &*session : nullptr; }
};

Result<Permission> permission_for(tpm::Tpm& tpm, const std::vector<tpm::ReleasePolicy>& releases, Protection wanted,
                                  tpm::KeyUse use) {
    if (wanted == Protection::none) return Permission{};
    std::optional<Error> first;
    for (const tpm::ReleasePolicy& release : releases) {
        auto session = tpm::open_policy(tpm, release, use);
        if (session) return Permission{std::move(*session)};
        if (!first) first = std::move(session.error());
    }
    return std::unexpected{std::move(*first)};
}

}  // namespace

Digest challenge_digest(const std::array<std::uint8_t, 32>& nonce) noexcept {
    return sha256(bytes_of(challenge_domain), nonce);
}

Result<void> close_keys(tpm::Tpm& tpm) { return tpm::extend(tpm, tpm::cap_pcr, sha256(bytes_of(cap_words))); }

Result<Trust> Trust::open(tpm::Tpm& tpm, const std::filesystem::path& flash) {
    auto keys = read_key_file(flash / "keys" / "keys.bin");
    if (!keys) return std::unexpected{keys.error()};
    auto releases = read_releases(flash);
    if (!releases) return std::unexpected{releases.error()};
    auto channel = tpm::SecureChannel::open(tpm, keys->storage_root);
    if (!channel) return std::unexpected{channel.error()};
    return Trust{tpm, std::move(*keys), std::move(*releases), std::move(*channel)};
}

Result<Signature> Trust::sign_challenge(const std::array<std::uint8_t, 32>& nonce) {
    const auto permission = permission_for(*tpm_, releases_, protection(keys_.switched_off), tpm::KeyUse::channel);
    if (!permission) return std::unexpected{permission.error()};
    return tpm::sign(channel_, keys_.channel_key, challenge_digest(nonce), permission->get());
}

Result<Secret> Trust::open_sealed_half(const ClassKeyRecord& record) {
    const auto permission = permission_for(*tpm_, releases_, protection(keys_.switched_off), record.use);
    if (!permission) return std::unexpected{permission.error()};
    if (permission->session) {
        const auto alive =
            tpm::require_alive(*tpm_, *permission->session, tpm::alive_counter(record.use), record.alive);
        if (!alive) return std::unexpected{alive.error()};
    }
    return tpm::unseal(channel_, record.sealed_half, permission->get());
}

Result<Secret> Trust::open_nv_half(const ClassKeyRecord& record) {
    const auto permission = permission_for(*tpm_, releases_, protection(keys_.switched_off), record.use);
    if (!permission) return std::unexpected{permission.error()};
    const tpm::Index index =
        tpm::nv_half(record.use, nv_half_lock(protection(keys_.switched_off), keys_.policy_key, record.use));
    return tpm::read_secret(channel_, index, permission->get());
}

Result<Secret> Trust::open_class(const ClassKeyRecord& record, const Secret& share) {
    const auto sealed_half = open_sealed_half(record);
    if (!sealed_half) return std::unexpected{sealed_half.error()};
    const auto nv_half = open_nv_half(record);
    if (!nv_half) return std::unexpected{nv_half.error()};
    return class_key(*sealed_half, *nv_half, share, record.use);
}

Result<PublicKey> Trust::identity() const { return tpm::point_of(keys_.identity_key); }

Result<Signature> Trust::sign_as_device(const Digest& digest) {
    return tpm::sign(channel_, keys_.identity_key, digest, nullptr);
}

access::TpmPepper Trust::pepper(Secret password) { return {channel_, keys_.pepper, std::move(password)}; }

Result<ClassKeys> Trust::open_class_keys(const Secret& share) {
    const auto& [configuration, patient, log] = keys_.classes;
    ClassKeys keys{open_class(configuration, share), open_class(patient, share), open_class(log, share)};
    // In every case: what did not open now must not open later in this boot either, for whoever asks.
    if (const auto capped = close_keys(*tpm_); !capped) return std::unexpected{capped.error()};
    return keys;
}

}  // namespace basalt::firmware
