// storage/key.h: the key of one data class (configuration, patient, log): 32 bytes that wipe themselves.
#pragma once
#include <array>
#include <cstdint>
#include <span>

namespace basalt::storage {

/// A key lives in one place: it moves, it does not copy, it prints nothing, and what it leaves behind is zeros.
/// What it cannot wipe: the copy that SQLCipher holds for as long as its database is open.
class Key {
  public:
    static constexpr std::size_t size = 32;

    explicit Key(std::span<const std::uint8_t, size> bytes) noexcept;
    ~Key();
    Key(Key&& other) noexcept;
    Key& operator=(Key&& other) noexcept;
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;

    std::span<const std::uint8_t, size> bytes() const noexcept { return bytes_; }

  private:
    void wipe() noexcept;
    std::array<std::uint8_t, size> bytes_;
};

}  // namespace basalt::storage
