// device/factory/p256_key.h: a P-256 private key in the memory and files of the computer that signs. Never on a device.
#pragma once
#include "device/common/digest.h"
#include "device/common/result.h"

#include <filesystem>
#include <memory>

struct evp_pkey_st;

namespace basalt::factory {

class P256Key {
  public:
    static Result<P256Key> generate();
    /// A PEM file as save() writes it. Errors: missing, unreadable (no P-256 private key).
    static Result<P256Key> load(const std::filesystem::path& file);
    /// Unencrypted PEM, mode 0600, whole or not at all. A file that is there stays as it is, and that is no error:
    /// load() it afterwards. Errors: io.
    Result<void> save(const std::filesystem::path& file) const;

    const PublicKey& point() const noexcept { return point_; }
    /// r||s over the digest.
    Result<Signature> sign(const Digest& digest) const;

  private:
    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;
    };
    using Handle = std::unique_ptr<evp_pkey_st, Free>;
    static Result<P256Key> from(Handle key);
    P256Key(Handle key, const PublicKey& point) noexcept : key_{std::move(key)}, point_{point} {}
    Handle key_;
    PublicKey point_;
};

}  // namespace basalt::factory
