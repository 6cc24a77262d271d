#include "storage/key.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace basalt::storage {

Key::Key(std::span<const std::uint8_t, size> bytes) noexcept { std::ranges::copy(bytes, bytes_.begin()); }

Key::~Key() { wipe(); }

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }

Key& Key::operator=(Key&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        other.wipe();
    }
    return *this;
}

void Key::wipe() noexcept { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

}  // namespace basalt::storage
