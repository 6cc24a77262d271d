// device/firmware/people/replies.h: what the parts of the desk say alike. Private to the desk.
#pragma once
#include "device/firmware/hex.h"
#include "device/firmware/people/desk.h"

#include <fmt/format.h>

namespace basalt::firmware {

/// Nobody's name, in a record: a command that no account stands behind.
inline constexpr std::string_view nobody = "nobody";

inline const Done& records_closed() {
    static const Done done{
        link::Outcome::not_done,
        {"The pump has no records open, so it knows no accounts. Its button still stops the insulin. Tell biomedical "
         "service.",
         "Les données de la pompe ne sont pas ouvertes : elle ne connaît aucun compte. Son bouton arrête toujours "
         "l'insuline. Prévenez le service biomédical."}};
    return done;
}

inline Done could_not(const Error& why) {
    const std::string words = why.what + " " + why.next_step;
    return {link::Outcome::not_done, {words, words}};
}

inline Done refused(std::string english, std::string french) {
    return {link::Outcome::refused, {std::move(english), std::move(french)}};
}

/// One log-in belongs to one session of one client: to what both ends of it alone have in common.
inline std::string session_key(const Digest& binding) { return hex(ByteView{binding}.first(12)); }
inline std::string session_key(const link::DeviceSessions::Asked& asked) { return session_key(asked.binding); }

}  // namespace basalt::firmware
