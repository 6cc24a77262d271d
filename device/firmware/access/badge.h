// device/firmware/access/badge.h: a badge is a P-256 key that signs exactly one command. The device keeps its public
// half. The private half is in the badge: a token file, which device/factory/p256_key.h makes, reads and signs with, on
// the person's side and never on a device.
#pragma once
#include "device/common/signed_file.h"  // DeviceId
#include "device/firmware/access/operation.h"

#include <string>

namespace basalt::access {

/// A badge as the device knows it.
struct Badge {
    PublicKey key{};
    std::string account;
    bool for_emergencies = false;
    bool revoked = false;
    friend bool operator==(const Badge&, const Badge&) = default;
};

/// One command, whole: what the badge signs says which device, which session, which place in it, and what.
struct Command {
    DeviceId device{};
    Digest challenge{};          ///< what binds it to this session of this link: fresh from both ends, used in no other
    std::uint64_t sequence = 0;  ///< the link's number of this message: a signature serves once
    Operation operation{};
    ByteView body;  ///< its values, as they travel
};
/// SHA-256("basalt command 1\n" || device || challenge || sequence (8 bytes) || operation (1) || size of body (8) ||
/// body), little endian.
Digest command_digest(const Command& command);
/// What a second person signs: the first person's command, and who approves it: SHA-256("basalt approval 1\n" ||
/// command digest || name). No approval can be taken for a command, or the other way round.
Digest approval_digest(const Digest& command, std::string_view approver);

/// True when the badge is not revoked and signed that digest. By OpenSSL. False for anything else, a key that is no
/// point of the curve included.
bool signed_by(const Badge& badge, const Digest& digest, const Signature& signature);

}  // namespace basalt::access
