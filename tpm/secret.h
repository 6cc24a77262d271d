// tpm/secret.h: 32 bytes of key material that cannot be copied or printed, and that wipe themselves. Every symmetric
// secret of the device has this size. Device code includes it as device/common/secret.h.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string.h>  // explicit_bzero

namespace basalt {

class Secret {
  public:
    static constexpr std::size_t size = 32;

    /// Zeros: to be filled through bytes().
    Secret() noexcept = default;
    /// Takes the bytes over and wipes where they came from.
    static Secret take(std::array<std::uint8_t, size>& from) noexcept {
        Secret secret;
        secret.bytes_ = from;
        explicit_bzero(from.data(), from.size());
        return secret;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& from) noexcept : bytes_{from.bytes_} { from.wipe(); }
    Secret& operator=(Secret&& from) noexcept {
        if (this != &from) {
            bytes_ = from.bytes_;
            from.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    std::span<const std::uint8_t, size> view() const noexcept { return bytes_; }
    std::span<std::uint8_t, size> bytes() noexcept { return bytes_; }
    /// After this all bytes are zero, whatever the compiler thinks of it.
    void wipe() noexcept { explicit_bzero(bytes_.data(), bytes_.size()); }

  private:
    std::array<std::uint8_t, size> bytes_{};
};

}  // namespace basalt
