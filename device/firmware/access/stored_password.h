// device/firmware/access/stored_password.h: what is kept of a password: a tag that says nothing without the pepper.
//
//     tag = HMAC(pepper key, salt || Argon2id(password, salt, cost))
//
// The slow hash comes first: it costs who guesses on the device as much as who guesses elsewhere. The pepper comes
// after it: a stolen table has nothing to try guesses against.
#pragma once
#include "device/firmware/access/password.h"
#include "device/firmware/access/pepper.h"

namespace basalt::access {

/// Argon2id's parameters, stored beside each tag, so that they can be raised.
struct HashCost {
    std::uint32_t memory_kib = 19 * 1024;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
    friend bool operator==(const HashCost&, const HashCost&) = default;
};
/// 19 MiB, 2 passes, 1 lane: the least that the OWASP password storage cheat sheet names; a pump has little memory.
inline constexpr HashCost present_cost{};

using Salt = std::array<std::uint8_t, 16>;

struct StoredPassword {
    HashCost cost;
    Salt salt{};
    Digest tag{};
    friend bool operator==(const StoredPassword&, const StoredPassword&) = default;
};

/// `salt`: fresh random bytes. Errors: the pepper's; missing (no memory for the hash); unreadable (a cost beyond 256
/// MiB, 16 passes or 4 lanes, or none: a damaged table must not stop the device).
Result<StoredPassword> store(const Password& password, const Salt& salt, const HashCost& cost, Pepper& pepper);

/// Whether it is the password. Takes the same work for a wrong one. Errors as store().
Result<bool> fits(const Password& password, const StoredPassword& stored, Pepper& pepper);

}  // namespace basalt::access
