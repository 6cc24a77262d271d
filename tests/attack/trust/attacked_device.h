// tests/attack/trust/attacked_device.h: a provisioned device without its programs: TPM, flash/, and what the guardian
// knows.
#pragma once
#include "device/boot/measurements.h"
#include "device/factory/dev_keys.h"
#include "device/factory/provision_tpm.h"
#include "device/factory/release.h"
#include "device/firmware/trust/trust.h"
#include "tests/integration/tpm/fresh_tpm.h"
#include "tpm/event_log.h"

#include <filesystem>
#include <fstream>

namespace basalt::test {

inline SignedHeader header_of(FileKind kind, std::uint8_t content, std::uint32_t version = 1) {
    SignedHeader header{.kind = kind, .version = version, .payload_size = 1};
    header.payload_digest[0] = content;
    return header;
}

inline void write_file(const std::filesystem::path& file, tpm::ByteView bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                static_cast<std::streamsize>(bytes.size()));
}

class AttackedDevice : public testing::Test {
  protected:
    explicit AttackedDevice(std::uint32_t switched_off = 0)
        : authority_{must(factory::authority_of(dev_keys_, switched_off == 0 ? Variant::production : Variant::training,
                                                switched_off))} {
        {
            auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
            provisioned_ = must(factory::provision_tpm(tpm, dev_keys_.policy.point(), switched_off, share_));
        }
        write_file(flash() / "keys" / "keys.bin", firmware::encode(provisioned_.keys));
        install("slot-a", release_);
        install("slot-b", release_);
    }

    std::filesystem::path flash() const { return directory_.path() / "flash"; }
    void install(const char* slot, const factory::Release& release) {
        write_file(flash() / slot / "policy.bin", encode(must(factory::approve(release, dev_keys_.policy))));
    }

    boot::MeasuredState state_of(const factory::Release& release) const {
        boot::MeasuredState state;
        state.guardian = release.guardian;
        state.boot = release.boot;
        state.firmware = release.firmware;
        state.gateway = release.gateway;
        state.configuration = header_of(FileKind::configuration, 6);
        state.authority = release.authority;
        state.profile = measurement(7);
        return state;
    }

    /// Boot's part: measure, close the platform hierarchy, let go of the TPM. The events are public (flash/boot/).
    tpm::EventLog boot(const boot::MeasuredState& state) {
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        must(tpm.start_up());
        tpm::EventLog log;
        for (const boot::Measurement& event : boot::measurements(state)) {
            must(tpm::extend(tpm, static_cast<unsigned>(event.pcr), event.digest()));
            log.add(static_cast<std::uint32_t>(event.pcr), tpm::EventType::compact_hash, event.data.view());
        }
        must(tpm::close_platform(tpm));
        return log;
    }
    void reset() { must(simulator_.power_cycle()); }

    /// The true firmware, or a program that does what it does. `share`: what the guardian gave it.
    struct Opened {
        Result<Signature> proof;
        Result<firmware::ClassKeys> keys;
    };
    Opened open_as_firmware(const Secret& share) {
        auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
        auto trust = firmware::Trust::open(tpm, flash());
        if (!trust) return {std::unexpected{trust.error()}, std::unexpected{trust.error()}};
        auto proof = trust->sign_challenge(nonce_);
        return {std::move(proof), trust->open_class_keys(share)};
    }
    bool guardian_accepts(const Result<Signature>& proof) const {
        return proof && signature_fits(firmware::challenge_digest(nonce_), *proof, provisioned_.channel_key);
    }

    static bool any_key(const Opened& opened) {
        return opened.keys && (opened.keys->configuration || opened.keys->patient || opened.keys->log);
    }

    TemporaryDirectory directory_;
    factory::DevKeys dev_keys_ = must(factory::make_or_load(directory_.path() / "dev-keys", Variant::production));
    Authority authority_;
    tpm::Simulator simulator_ =
        must(tpm::Simulator::start({.state = directory_.path() / "tpm-state", .run = directory_.path()}));
    factory::ProvisionedTpm provisioned_;
    factory::Release release_{.guardian = header_of(FileKind::guardian, 1),
                              .boot = header_of(FileKind::boot, 2),
                              .firmware = header_of(FileKind::firmware, 3),
                              .gateway = header_of(FileKind::gateway, 4),
                              .authority = authority_};
    Secret share_ = sevens();
    std::array<std::uint8_t, 32> nonce_ = measurement(0x4E);
};

}  // namespace basalt::test
