// device/firmware/people/proof.h: who asks, and what they show with this one request.
#pragma once
#include "device/firmware/access/decide.h"
#include "device/firmware/access/session.h"
#include "device/firmware/access/stored_accounts.h"
#include "device/link/commands.h"
#include "device/link/device_sessions.h"

namespace basalt::firmware {

std::string_view view_of(ByteView bytes) noexcept;
template <std::size_t N>
std::string_view view_of(const Bytes<N>& bytes) noexcept {
    return view_of(bytes.view());
}

/// Somebody who asks.
struct Person {
    std::string account;  ///< empty: nobody that this device knows
    access::Asker asker;  ///< role and factors; presence is added when the button is pressed
    PublicKey badge{};    ///< that signed this command; zeros: none
};

/// The badge of `name` that signed `digest`, revoked and emergency badges left out unless `for_emergencies`.
std::optional<access::Badge> badge_that_signed(access::StoredAccounts& accounts, std::string_view name,
                                               const Digest& digest, const Signature& signature, bool for_emergencies);

/// There is such an account, and it is not disabled.
bool is_at_work(access::StoredAccounts& accounts, std::string_view name);

/// A badge of somebody else than who is logged in speaks for its owner alone: nobody's password counts for another.
Person person_behind(access::StoredAccounts& accounts, const access::Session* session, const link::BadgeShown& badge,
                     std::uint8_t wanted_role, const Digest& digest);

/// The role that was asked for where the account has it, else its first.
access::Role first_role(access::Roles roles, std::uint8_t wanted) noexcept;

/// Under this name the throttle and the log know a client's address.
std::string link_name(const link::Identifier& client);

}  // namespace basalt::firmware
