// tests/unit/access/soft_pepper.h: a pepper whose key stands in memory. The device's stands in its TPM, and is tried in
// tests/integration/access; what is shown with this one is what happens around it.
#pragma once
#include "device/firmware/access/account.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <map>

namespace basalt::test {

class SoftPepper final : public access::Pepper {
  public:
    explicit SoftPepper(std::uint8_t key) { key_.fill(key); }
    Result<Digest> hmac(ByteView data) override {
        ++calls;
        if (gone) return fail(ErrorCode::io, "The TPM does not answer.", "Start the pump again.");
        Digest tag{};
        unsigned size = 0;
        HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), data.data(), data.size(), tag.data(), &size);
        return tag;
    }
    int calls = 0;
    bool gone = false;

  private:
    std::array<std::uint8_t, 32> key_{};
};

/// Accounts in memory, which writes down in what order it was asked.
class MemoryAccounts final : public access::AccountStore {
  public:
    Result<std::optional<access::Account>> find(std::string_view name) override {
        trace += 'f';
        const auto found = accounts.find(std::string{name});
        return found == accounts.end() ? std::nullopt : std::optional{found->second};
    }
    Result<void> save(const access::Account& account) override {
        trace += 's';
        if (full) return fail(ErrorCode::io, "The disk is full.", "Make room.");
        accounts.insert_or_assign(account.name, account);
        return {};
    }
    Result<access::Door> door(access::DoorId id) override {
        trace += 'd';
        return doors[id.number()];
    }
    Result<void> save_doors(std::span<const std::pair<access::DoorId, access::Door>> changed) override {
        trace += 'D';
        if (full) return fail(ErrorCode::io, "The disk is full.", "Make room.");
        for (const auto& [id, door] : changed) doors[id.number()] = door;
        return {};
    }
    Result<void> save(const access::Account& account,
                      std::span<const std::pair<access::DoorId, access::Door>> changed) override {
        if (auto saved = save(account); !saved) return saved;
        return save_doors(changed);
    }
    std::map<std::string, access::Account> accounts;
    std::map<std::uint16_t, access::Door> doors;
    std::string trace;
    bool full = false;
};

}  // namespace basalt::test
