#include "device/link/tls_refusal.h"

#include <array>

namespace basalt::link {
namespace {
using enum TlsRefusal;
// clang-format off
constexpr std::array<TlsRefusalRow, tls_refusal_count> rows{{
    {no_certificate, "no_certificate",
     "A computer without a certificate tried to connect. It was refused. Enrol it if it belongs here.",
     "Un ordinateur sans certificat a essayé de se connecter. Il a été refusé. Enregistrez-le s'il a sa place ici."},
    {foreign_certificate, "foreign_certificate",
     "A computer with a certificate that this pump does not trust tried to connect. It was refused. Enrol it if it belongs here, else tell IT security.",
     "Un ordinateur dont le certificat n'est pas reconnu par cette pompe a essayé de se connecter. Il a été refusé. Enregistrez-le s'il a sa place ici, sinon prévenez la sécurité informatique."},
    {expired_certificate, "expired_certificate",
     "A computer's certificate has expired. It was refused. Renew its certificate.",
     "Le certificat d'un ordinateur a expiré. Il a été refusé. Renouvelez son certificat."},
    {early_certificate, "early_certificate",
     "A computer's certificate is not valid yet. It was refused. Check the clocks of both.",
     "Le certificat d'un ordinateur n'est pas encore valable. Il a été refusé. Vérifiez les deux horloges."},
    {wrong_purpose, "wrong_purpose",
     "A computer's certificate was not made for connecting to a pump. It was refused. Issue it the right one.",
     "Le certificat d'un ordinateur n'est pas fait pour se connecter à une pompe. Il a été refusé. Délivrez-lui le bon."},
    {old_version, "old_version",
     "A computer tried to connect by a version of TLS that is too old. It was refused. Update its program.",
     "Un ordinateur a essayé de se connecter avec une version de TLS trop ancienne. Il a été refusé. Mettez son programme à jour."},
    {not_tls, "not_tls",
     "Somebody connected and did not speak TLS. The connection was ended. Look who scans this network.",
     "Quelqu'un s'est connecté sans parler TLS. La connexion a été coupée. Cherchez qui explore ce réseau."},
    {peer_refused, "peer_refused",
     "The other side refused this pump's certificate. Enrol this pump there.",
     "L'autre côté a refusé le certificat de cette pompe. Enregistrez-y cette pompe."},
    {handshake_slow, "handshake_slow",
     "A connection took too long to begin. It was ended. Try again.",
     "Une connexion a mis trop de temps à s'établir. Elle a été coupée. Réessayez."},
    {silent, "silent",
     "Nothing was heard on a connection for too long. It was ended. Connect again.",
     "Rien n'a été reçu sur une connexion pendant trop longtemps. Elle a été coupée. Reconnectez-vous."},
    {slow_reader, "slow_reader",
     "A computer did not take what it had asked for. The connection was ended. Connect again.",
     "Un ordinateur n'a pas pris ce qu'il avait demandé. La connexion a été coupée. Reconnectez-vous."},
    {too_much, "too_much",
     "A computer sent more than a connection needs to begin. It was ended. Look who scans this network.",
     "Un ordinateur a envoyé plus qu'il n'en faut pour établir une connexion. Elle a été coupée. Cherchez qui explore ce réseau."},
    {bad_frame, "bad_frame",
     "A computer sent something longer than any message. The connection was ended. Update its program.",
     "Un ordinateur a envoyé quelque chose de plus long que tout message. La connexion a été coupée. Mettez son programme à jour."},
    {crowded_out, "crowded_out",
     "More computers wanted to connect than this pump has room for. One without a certificate was ended. Look who fills the room.",
     "Plus d'ordinateurs voulaient se connecter que cette pompe n'a de places. Un sans certificat a été coupé. Cherchez qui occupe les places."},
    {closed, "closed",
     "A connection was closed by the other side. Connect again when there is need.",
     "Une connexion a été fermée par l'autre côté. Reconnectez-vous au besoin."},
    {failed, "failed",
     "A connection broke or was tampered with. It was ended. Connect again.",
     "Une connexion s'est rompue ou a été altérée. Elle a été coupée. Reconnectez-vous."},
}};
// clang-format on
static_assert(
    [] {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (std::to_underlying(rows[i].refusal) != i) return false;
        return true;
    }(),
    "row_of() finds a row by its number");
}  // namespace

const TlsRefusalRow& row_of(TlsRefusal refusal) noexcept { return rows[std::to_underlying(refusal)]; }

}  // namespace basalt::link
