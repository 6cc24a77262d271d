#include "device/firmware/access/stored_password.h"

#include "device/common/secret.h"

#include <algorithm>
#include <argon2.h>

namespace basalt::access {
namespace {

bool can_be(const HashCost& cost) noexcept {
    return cost.lanes >= 1 && cost.lanes <= 4 && cost.passes >= 1 && cost.passes <= 16 &&
           cost.memory_kib >= 8 * cost.lanes && cost.memory_kib <= 256 * 1024;
}

Result<Digest> tag_of(const Password& password, const Salt& salt, const HashCost& cost, Pepper& pepper) {
    if (!can_be(cost))
        return fail(ErrorCode::unreadable, "An account's password was stored in a way that this pump does not know.",
                    "Have a new password given to the account.");
    Secret slow;
    const int rc =
        argon2id_hash_raw(cost.passes, cost.memory_kib, cost.lanes, password.text().data(), password.text().size(),
                          salt.data(), salt.size(), slow.bytes().data(), Secret::size);
    if (rc != ARGON2_OK)
        return fail(ErrorCode::missing, "The pump has no memory left to check a password.",
                    "Use your badge, or try again in a moment.");
    std::array<std::uint8_t, sizeof(Salt) + Secret::size> data;
    std::ranges::copy(slow.view(), std::ranges::copy(salt, data.begin()).out);
    auto tag = pepper.hmac(data);
    explicit_bzero(data.data(), data.size());
    return tag;
}

}  // namespace

Result<StoredPassword> store(const Password& password, const Salt& salt, const HashCost& cost, Pepper& pepper) {
    const auto tag = tag_of(password, salt, cost, pepper);
    if (!tag) return std::unexpected{tag.error()};
    return StoredPassword{cost, salt, *tag};
}

Result<bool> fits(const Password& password, const StoredPassword& stored, Pepper& pepper) {
    const auto tag = tag_of(password, stored.salt, stored.cost, pepper);
    if (!tag) return std::unexpected{tag.error()};
    return same_bytes(*tag, stored.tag);
}

}  // namespace basalt::access
