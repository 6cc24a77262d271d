// scenarios/joined/fake_chip.h: a TPM for devices in one process: a real P-256 key that comes from a seed, and a cap.
#pragma once
#include "device/firmware/chip.h"

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>

namespace basalt::joined {

/// A P-256 key pair. The same seed gives the same key.
class SigningKey {
  public:
    explicit SigningKey(std::string_view seed);
    ~SigningKey();
    SigningKey(SigningKey&&) noexcept;
    const PublicKey& public_key() const noexcept { return public_; }
    Signature sign(const Digest& digest) const;

  private:
    EVP_PKEY* key_;
    PublicKey public_{};
};

/// Behaves like the TPM between two resets: it signs under the measured state, opens keys once, and then is closed.
class FakeChip final : public firmware::Chip {
  public:
    explicit FakeChip(std::string_view seed) : channel_key_(seed), identity_(std::string{seed} + " identity") {}

    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>& nonce) override;
    Result<firmware::RecordKeys> open_keys(const std::optional<Secret>& share) override;
    Result<PublicKey> identity() override;
    Result<Signature> sign_as_device(const Digest& digest) override;
    Result<Digest> pepper(ByteView data) override;
    bool answers() override { return !gone; }

    /// Power goes off and on: what the cap closed is open again.
    void reset() noexcept {
        capped_ = false;
        pepper_.reset();
    }
    const PublicKey& channel_key() const noexcept { return channel_key_.public_key(); }

    bool approved_state = true;  ///< false: another program, or another gateway, was measured
    bool gone = false;           ///< answers nothing any more
    int signatures = 0;          ///< given so far

  private:
    SigningKey channel_key_, identity_;
    bool capped_ = false;
    std::optional<Digest> pepper_;  ///< its key, once the configuration class is open
};

/// The keys that a FakeChip opens with this share, for tests that read the records themselves.
firmware::RecordKeys keys_for(ByteView share);

}  // namespace basalt::joined
