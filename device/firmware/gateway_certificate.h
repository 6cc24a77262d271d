// device/firmware/gateway_certificate.h: what the firmware does for its gateway: certifies the TLS key of this boot,
// and puts on record whom the gateway sent away. The gateway may be an attacker's.
#pragma once
#include "device/firmware/chip.h"
#include "device/hal/port.h"
#include "device/link/certificate.h"
#include "device/link/frame_channel.h"
#include "device/link/tls_refusal.h"

#include <functional>

namespace basalt::firmware {

/// What a device has that can be reached over a network.
struct NetworkPapers {
    link::Der identity;                  ///< flash/keys/identity.der: the certificate of its identity key
    std::function<std::int64_t()> date;  ///< the device's date, Unix seconds
};

/// Bounds:  at most 4 certificates at once and one in an hour after that; the latest Certify alone is answered, within
/// a
///          tick; each reason of NetworkRefusal makes at most one row an hour, with its number.
/// Rely on: what is signed is a server's certificate, valid from 24 h before to 24 h after the device's date, whose
/// subject
///          names the device: nothing of it is the gateway's choice but the key. It leaves after it is on record.
/// Attacker: a hostile gateway gets a certificate for its key, and can be this device to any client, for 24 h, also
/// from
///          another machine. It learns nothing and changes nothing by it: every message is protected from end to end.
class GatewayCertificate {
  public:
    static constexpr std::uint64_t burst = 4, one_every_s = 3'600, row_every_s = 3'600;
    static constexpr std::int64_t valid_s = 24 * 3'600;  ///< before the device's date, and after it

    /// `chip` outlives this. `client_authority`: from the signed configuration; empty: nobody is let in.
    GatewayCertificate(Chip& chip, std::optional<NetworkPapers> papers, link::Der client_authority)
        : chip_(chip), papers_(std::move(papers)), client_authority_(std::move(client_authority)) {}

    /// True: the frame was the gateway's own.
    bool take(const link::LinkFrames::Any& frame);
    /// Within a tick. `journal`: nullptr when there are no records: then nothing is certified.
    void serve(std::uint64_t now, Journal* journal);
    /// After the commit. An answer that the gateway does not take is lost: it asks again.
    void send_answer(hal::Port& gateway, bool on_record);
    void gateway_gone() noexcept;

  private:
    Result<link::Certified> certify(const PublicKey& key, std::uint64_t now, Journal* journal);
    Result<link::Der> leaf_for(const PublicKey& key, std::int64_t date);
    bool take_token(std::uint64_t now);
    void log_refusals(std::uint64_t now, Journal& journal);

    struct Refused {
        std::uint64_t count = 0;
        std::optional<std::uint64_t> logged_at;
    };
    Chip& chip_;
    std::optional<NetworkPapers> papers_;
    link::Der client_authority_;
    std::optional<PublicKey> asked_;
    std::optional<link::Certified> answer_;
    std::uint64_t tokens_ = burst;
    std::optional<std::uint64_t> refilled_at_;
    std::array<Refused, link::tls_refusal_count> refused_{};
};

}  // namespace basalt::firmware
