// device/link/tls_refusal.h: why a connection from the network ended, with words for people. One table; the gateway
// tells the firmware the number, and the log has the id.
#pragma once
#include <cstdint>
#include <string_view>
#include <utility>

namespace basalt::link {

enum class TlsRefusal : std::uint8_t {
    no_certificate,
    foreign_certificate,
    expired_certificate,
    early_certificate,
    wrong_purpose,
    old_version,
    not_tls,
    peer_refused,
    handshake_slow,
    silent,
    slow_reader,
    too_much,
    bad_frame,
    crowded_out,
    closed,
    failed,
};
inline constexpr std::size_t tls_refusal_count = std::to_underlying(TlsRefusal::failed) + 1;

struct TlsRefusalRow {
    TlsRefusal refusal;
    std::string_view id;  ///< for logs and programs
    std::string_view english, french;
};
/// Rely on: one row for each, in their order. `closed` alone is no fault of anybody.
const TlsRefusalRow& row_of(TlsRefusal refusal) noexcept;

}  // namespace basalt::link
