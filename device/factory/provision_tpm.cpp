#include "device/factory/provision_tpm.h"

#include "device/firmware/access/tpm_pepper.h"
#include "device/firmware/trust/class_key.h"
#include "device/firmware/trust/locks.h"
#include "tpm/hierarchy.h"
#include "tpm/signing_key.h"

#include <openssl/rand.h>

namespace basalt::factory {
namespace {

/// A new counter, counted once: that makes it readable.
Result<std::uint64_t> new_counter(tpm::Tpm& tpm, const tpm::Index& counter) {
    if (const auto defined = tpm::define(tpm, counter); !defined) return std::unexpected{defined.error()};
    if (const auto counted = tpm::increment(tpm, counter); !counted) return std::unexpected{counted.error()};
    return tpm::read_counter(tpm, counter);
}

Result<void> make_version_counter(tpm::Tpm& tpm) {
    const auto there = tpm::exists(tpm, tpm::version_counter);
    if (!there) return std::unexpected{there.error()};
    if (*there)
        return fail(ErrorCode::refused, "This TPM belongs to a provisioned device already.",
                    "Use another TPM, or erase that device first.");
    const auto version = new_counter(tpm, tpm::version_counter);
    if (!version) return std::unexpected{version.error()};
    if (*version == 1) return {};
    // A policy is signed once for all devices, so the version has to begin at 1 on all of them.
    if (const auto undone = tpm::undefine(tpm, tpm::version_counter); !undone) return std::unexpected{undone.error()};
    return fail(ErrorCode::refused, "This TPM has held counters before, so its versions do not begin at 1.",
                "Use a fresh TPM.");
}

struct NewClass {
    firmware::ClassKeyRecord record;
    Secret key;
};

Result<NewClass> make_class_key(tpm::Tpm& tpm, tpm::SecureChannel& channel, firmware::Protection protection,
                                const PublicKey& policy_key, tpm::KeyUse use, const Secret& share) {
    const auto alive = new_counter(tpm, tpm::alive_counter(use));
    if (!alive) return std::unexpected{alive.error()};

    const auto sealed_half = fresh_secret();
    if (!sealed_half) return std::unexpected{sealed_half.error()};
    auto blob =
        tpm::create_sealed(channel, *sealed_half, firmware::sealed_half_lock(protection, policy_key, use, *alive));
    if (!blob) return std::unexpected{blob.error()};

    const auto nv_half = fresh_secret();
    if (!nv_half) return std::unexpected{nv_half.error()};
    const tpm::Index index = tpm::nv_half(use, firmware::nv_half_lock(protection, policy_key, use));
    if (const auto defined = tpm::define(tpm, index); !defined) return std::unexpected{defined.error()};
    if (const auto written = tpm::write_secret(channel, index, *nv_half); !written)
        return std::unexpected{written.error()};
    auto key = firmware::class_key(*sealed_half, *nv_half, share, use);
    if (!key) return std::unexpected{key.error()};
    return NewClass{.record = {.use = use, .alive = *alive, .sealed_half = std::move(*blob)}, .key = std::move(*key)};
}

}  // namespace

Result<Secret> fresh_secret() {
    Secret secret;
    if (RAND_priv_bytes(secret.bytes().data(), Secret::size) != 1)
        return fail(ErrorCode::io, "The computer gave no random number.", "Try again.");
    return secret;
}

Result<ProvisionedTpm> provision_tpm(tpm::Tpm& tpm, const PublicKey& policy_key, std::uint32_t switched_off,
                                     const Secret& share) {
    if (const auto started = tpm.start_up(); !started) return std::unexpected{started.error()};
    if (const auto version = make_version_counter(tpm); !version) return std::unexpected{version.error()};
    if (const auto generation = new_counter(tpm, tpm::generation_counter); !generation)
        return std::unexpected{generation.error()};

    ProvisionedTpm out;
    out.keys.policy_key = policy_key;
    out.keys.switched_off = switched_off;
    const auto root = tpm::make_storage_root(tpm);
    if (!root) return std::unexpected{root.error()};
    out.keys.storage_root = *root;
    auto channel = tpm::SecureChannel::open(tpm, *root);
    if (!channel) return std::unexpected{channel.error()};

    const firmware::Protection protection = firmware::protection(switched_off);
    for (std::size_t i = 0; i < tpm::data_classes.size(); ++i) {
        auto made = make_class_key(tpm, *channel, protection, policy_key, tpm::data_classes[i], share);
        if (!made) return std::unexpected{made.error()};
        out.keys.classes[i] = std::move(made->record);
        if (tpm::data_classes[i] != tpm::KeyUse::configuration) continue;
        auto pepper = access::TpmPepper::make(*channel, access::pepper_password(made->key.view()));
        if (!pepper) return std::unexpected{pepper.error()};
        out.keys.pepper = std::move(*pepper);
    }
    auto channel_key = tpm::create_signing_key(*channel, firmware::channel_key_lock(protection, policy_key));
    if (!channel_key) return std::unexpected{channel_key.error()};
    out.channel_key = channel_key->point;
    out.keys.channel_key = std::move(channel_key->blob);

    // No policy: it says which device speaks, after the cap and after the data are erased too.
    auto identity = tpm::create_signing_key(*channel, {});
    if (!identity) return std::unexpected{identity.error()};
    out.identity = identity->point;
    out.keys.identity_key = std::move(identity->blob);

    if (const auto forbidden = tpm::allow_clear(tpm, false); !forbidden) return std::unexpected{forbidden.error()};
    return out;
}

}  // namespace basalt::factory
