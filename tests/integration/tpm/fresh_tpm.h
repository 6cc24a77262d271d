// tests/integration/tpm/fresh_tpm.h: a swtpm with an empty memory, and the smallest release for it.
#pragma once
#include "device/factory/p256_key.h"
#include "tpm/hierarchy.h"
#include "tpm/policy_session.h"
#include "tpm/signing_key.h"
#include "tpm/simulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace basalt::test {

/// The value, or a failed test that shows the sentence.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().what + " " + result.error().next_step);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A directory that goes away with its owner.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name = (std::filesystem::temp_directory_path() / "basalt-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline tpm::Digest measurement(std::uint8_t what) {
    tpm::Digest digest{};
    digest[0] = what;
    return digest;
}

/// What a test measures: one digest for each of PCRs 0 to 3.
struct Measured {
    std::uint8_t rom = 1, authority = 2, firmware = 3, gateway = 4;
};

inline tpm::PcrValues values_after(const Measured& measured) {
    tpm::PcrValues values{};
    values[0] = tpm::sha256(values[0], measurement(measured.rom));
    values[1] = tpm::sha256(values[1], measurement(measured.authority));
    values[2] = tpm::sha256(values[2], measurement(measured.firmware));
    values[3] = tpm::sha256(values[3], measurement(measured.gateway));
    return values;
}

inline constexpr std::uint8_t no_gateway = 0xA0;

/// A release that approves `measured`, and the same without a gateway.
inline tpm::ReleasePolicy release_for(const factory::P256Key& policy_key, Measured measured, std::uint64_t version) {
    tpm::ReleasePolicy release;
    release.version = version;
    release.policy_key = policy_key.point();
    for (std::size_t gateway = 0; gateway < tpm::gateway_image_count; ++gateway) {
        if (gateway == 1) measured.gateway = no_gateway;
        auto& [approved, signatures] = release.states[gateway];
        approved = tpm::approved_digest(values_after(measured), version);
        for (const tpm::KeyUse use : tpm::all_key_uses)
            signatures[static_cast<std::size_t>(use)] = must(policy_key.sign(tpm::signed_digest(approved, use)));
    }
    return release;
}

class FreshTpm : public testing::Test {
  protected:
    /// Measures as boot would, after a reset.
    void measure(const Measured& measured) {
        must(tpm::extend(tpm_, 0, measurement(measured.rom)));
        must(tpm::extend(tpm_, 1, measurement(measured.authority)));
        must(tpm::extend(tpm_, 2, measurement(measured.firmware)));
        must(tpm::extend(tpm_, 3, measurement(measured.gateway)));
    }
    /// The board's reset line: the TPM starts from zero, and nobody is connected any more.
    void reset() {
        must(simulator_.power_cycle());
        tpm_ = must(tpm::Tpm::connect(simulator_.tcti()));
    }
    void reset_and_measure(const Measured& measured) {
        reset();
        measure(measured);
    }
    /// The version counter, which every release's policy asks for.
    void provision_version() {
        must(tpm::define(tpm_, tpm::version_counter));
        must(tpm::increment(tpm_, tpm::version_counter));
    }

    TemporaryDirectory directory_;
    tpm::Simulator simulator_ =
        must(tpm::Simulator::start({.state = directory_.path() / "state", .run = directory_.path()}));
    tpm::Tpm tpm_ = must(tpm::Tpm::connect(simulator_.tcti()));
};

/// The secret 7, 7, 7 ...
inline Secret sevens() {
    Secret secret;
    std::ranges::fill(secret.bytes(), std::uint8_t{7});
    return secret;
}

inline bool is_sevens(const Secret& secret) {
    return std::ranges::all_of(secret.view(), [](std::uint8_t b) { return b == 7; });
}

}  // namespace basalt::test
