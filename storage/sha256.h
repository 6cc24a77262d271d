// storage/sha256.h: SHA-256 from OpenSSL, for the log's chain and the seals of the tables.
#pragma once
#include "storage/event.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace basalt::storage {

/// Hashes what it is fed. OpenSSL fails here only without memory: finish() then says so, and nothing before it.
class Sha256 {
  public:
    Sha256();
    Sha256& add(std::string_view bytes);
    Sha256& add(std::span<const std::uint8_t> bytes);
    Result<Digest> finish();

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_;
    bool ok_ = false;
};

std::string to_hex(std::span<const std::uint8_t> bytes);
/// Lower case only, exactly 64 digits.
std::optional<Digest> digest_from_hex(std::string_view hex);

}  // namespace basalt::storage
