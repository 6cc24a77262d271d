#include "eol/core/recipient.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>
#include <string>

namespace basalt::eol {
namespace {

using Store = std::unique_ptr<X509_STORE, FreeBy<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, FreeBy<X509_STORE_CTX_free>>;
using RevocationList = std::unique_ptr<X509_CRL, FreeBy<X509_CRL_free>>;
using ExtendedUse = std::unique_ptr<EXTENDED_KEY_USAGE, FreeBy<EXTENDED_KEY_USAGE_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), FreeBy<[](STACK_OF(X509) * all) { sk_X509_pop_free(all, X509_free); }>>;

constexpr std::array<RecipientFaultRow, recipient_fault_count> rows{{
    {RecipientFault::unreadable, "unreadable", "The receiver's file is not a certificate.",
     "Ask the receiver for their certificate as a PEM or DER file.",
     "Le fichier du destinataire n'est pas un certificat.",
     "Demandez au destinataire son certificat en fichier PEM ou DER."},
    {RecipientFault::early, "early", "The receiver's certificate is not valid yet.",
     "Check the pump's date; otherwise wait, or ask for another certificate.",
     "Le certificat du destinataire n'est pas encore valable.",
     "Vérifiez la date de la pompe ; sinon attendez ou demandez un autre certificat."},
    {RecipientFault::expired, "expired", "The receiver's certificate has expired.",
     "Ask the receiver for a new certificate.", "Le certificat du destinataire a expiré.",
     "Demandez au destinataire un nouveau certificat."},
    {RecipientFault::foreign, "foreign", "The receiver's certificate was not issued by this hospital's authority.",
     "Ask the hospital's IT security for a receiver whom they vouch for.",
     "Le certificat du destinataire n'est pas délivré par l'autorité de cet hôpital.",
     "Demandez à la sécurité informatique un destinataire dont elle se porte garante."},
    {RecipientFault::revoked, "revoked", "The receiver's certificate was revoked.",
     "Send nothing to this receiver; ask the hospital's IT security.", "Le certificat du destinataire est révoqué.",
     "N'envoyez rien à ce destinataire ; demandez à la sécurité informatique."},
    {RecipientFault::stale_list, "stale_list",
     "The list of revoked certificates cannot be relied on: it is old or foreign.",
     "Fetch the authority's present list, and try again.",
     "La liste des certificats révoqués n'est pas fiable : ancienne ou étrangère.",
     "Procurez-vous la liste actuelle de l'autorité et recommencez."},
    {RecipientFault::authority, "authority", "This certificate belongs to an authority, which reads no data.",
     "Ask for the certificate of the person or system that receives the data.",
     "Ce certificat est celui d'une autorité, qui ne lit pas de données.",
     "Demandez le certificat de la personne ou du système qui reçoit les données."},
    {RecipientFault::weak, "weak", "The receiver's key is too weak for health data.",
     "Ask for a certificate with an elliptic key (P-256, P-384) or RSA of 3072 bits or more.",
     "La clé du destinataire est trop faible pour des données de santé.",
     "Demandez un certificat à clé elliptique (P-256, P-384) ou RSA d'au moins 3072 bits."},
    {RecipientFault::other_use, "other_use", "The receiver's certificate was issued for another use.",
     "Ask for a certificate for encrypted mail or for receiving data.",
     "Le certificat du destinataire est délivré pour un autre usage.",
     "Demandez un certificat pour le courrier chiffré ou la réception de données."},
    {RecipientFault::own_key, "own_key", "This is the pump's own key: after the erasure nobody could read the export.",
     "Choose the hospital's receiver.",
     "C'est la clé de la pompe elle-même : après l'effacement, personne ne lirait l'export.",
     "Choisissez le destinataire de l'hôpital."},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (std::to_underlying(rows[i].fault) != i) return false;
    return true;
}
static_assert(in_order());

Certificate certificate_in(BytesView der) {
    const unsigned char* at = der.data();
    Certificate certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    if (certificate && at != der.data() + der.size()) certificate.reset();
    return certificate;
}

RevocationList list_in(BytesView der) {
    const unsigned char* at = der.data();
    RevocationList list{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
    if (list && at != der.data() + der.size()) list.reset();
    return list;
}

RecipientFault fault_of(int error) noexcept {
    switch (error) {
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return RecipientFault::early;
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return RecipientFault::expired;
        case X509_V_ERR_CERT_REVOKED:
            return RecipientFault::revoked;
        case X509_V_ERR_UNABLE_TO_GET_CRL:
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_CRL_NOT_YET_VALID:
        case X509_V_ERR_CRL_SIGNATURE_FAILURE:
        case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
        case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
        case X509_V_ERR_DIFFERENT_CRL_SCOPE:
            return RecipientFault::stale_list;
        case X509_V_ERR_EE_KEY_TOO_SMALL:
        case X509_V_ERR_CA_KEY_TOO_SMALL:
        case X509_V_ERR_CA_MD_TOO_WEAK:
            return RecipientFault::weak;
        default:
            return RecipientFault::foreign;
    }
}

/// nullopt: it chains to the hospital's authority, now, and is not revoked.
std::optional<RecipientFault> chain_fault(X509& certificate, const RecipientRules& rules) {
    const Certificate authority = certificate_in(rules.hospital_authority);
    const Store store{X509_STORE_new()};
    const StoreContext context{X509_STORE_CTX_new()};
    const Stack between{sk_X509_new_null()};
    if (!authority || !store || !context || !between || rules.between.size() > 3) return RecipientFault::foreign;
    for (const Bytes& der : rules.between) {
        Certificate one = certificate_in(der);
        if (!one || sk_X509_push(between.get(), one.get()) == 0) return RecipientFault::foreign;
        static_cast<void>(one.release());  // the stack's now
    }
    X509_STORE_add_cert(store.get(), authority.get());
    if (X509_STORE_CTX_init(context.get(), store.get(), &certificate, between.get()) != 1)
        return RecipientFault::foreign;
    X509_VERIFY_PARAM* const rule = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_auth_level(rule, 2);
    X509_VERIFY_PARAM_set_time(rule, static_cast<time_t>(rules.now_unix_s));
    X509_VERIFY_PARAM_set_flags(rule, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
    if (!rules.revoked.empty()) {
        RevocationList list = list_in(rules.revoked);
        if (!list || X509_STORE_add_crl(store.get(), list.get()) != 1) return RecipientFault::stale_list;
        X509_VERIFY_PARAM_set_flags(rule, X509_V_FLAG_CRL_CHECK);
    }
    if (X509_verify_cert(context.get()) == 1) return std::nullopt;
    return fault_of(X509_STORE_CTX_get_error(context.get()));
}

bool strong(X509& certificate, EVP_PKEY& key) {
    int digest = NID_undef, bits = 0;
    if (X509_get_signature_info(&certificate, &digest, nullptr, &bits, nullptr) != 1) return false;
    if (EVP_PKEY_get_security_bits(&key) < 128 || bits < 128) return false;
    if (EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA) return true;
    std::array<char, 32> curve{};
    return EVP_PKEY_get_base_id(&key) == EVP_PKEY_EC &&
           EVP_PKEY_get_group_name(&key, curve.data(), curve.size(), nullptr) == 1 &&
           (std::string_view{curve.data()} == SN_X9_62_prime256v1 || std::string_view{curve.data()} == SN_secp384r1);
}

/// Key usage, where it stands, must allow what the container does with the key; extended key usage, where it stands,
/// must name mail or everything.
bool made_for_reading(X509& certificate, bool elliptic) {
    const std::uint32_t usage = X509_get_key_usage(&certificate);  // UINT32_MAX: none stands there
    if ((usage & (elliptic ? KU_KEY_AGREEMENT : KU_KEY_ENCIPHERMENT)) == 0) return false;
    const ExtendedUse extended{
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(&certificate, NID_ext_key_usage, nullptr, nullptr))};
    if (!extended) return X509_get_ext_by_NID(&certificate, NID_ext_key_usage, -1) < 0;
    for (int i = 0; i < sk_ASN1_OBJECT_num(extended.get()); ++i) {
        const int use = OBJ_obj2nid(sk_ASN1_OBJECT_value(extended.get(), i));
        if (use == NID_email_protect || use == NID_anyExtendedKeyUsage) return true;
    }
    return false;
}

bool is_key(EVP_PKEY& key, std::span<const std::uint8_t, 65> point) {
    std::array<std::uint8_t, 97> own{};
    std::size_t size = 0;
    return EVP_PKEY_get_octet_string_param(&key, OSSL_PKEY_PARAM_PUB_KEY, own.data(), own.size(), &size) == 1 &&
           std::ranges::equal(std::span{own}.first(size), point);
}

}  // namespace

const RecipientFaultRow& row_of(RecipientFault fault) noexcept { return rows[std::to_underlying(fault)]; }

std::expected<Recipient, RecipientFault> Recipient::judge(BytesView der, const RecipientRules& rules) {
    if (der.size() > max_certificate_size) return std::unexpected{RecipientFault::unreadable};
    Certificate certificate = certificate_in(der);
    EVP_PKEY* const key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
    if (key == nullptr) return std::unexpected{RecipientFault::unreadable};
    // The plainest reason first: a person is told the one that they can do something about.
    const bool elliptic = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
    if (elliptic && is_key(*key, rules.device_key)) return std::unexpected{RecipientFault::own_key};
    if (X509_check_ca(certificate.get()) != 0) return std::unexpected{RecipientFault::authority};
    if (const auto fault = chain_fault(*certificate, rules)) return std::unexpected{*fault};
    if (!strong(*certificate, *key)) return std::unexpected{RecipientFault::weak};
    if (!made_for_reading(*certificate, elliptic)) return std::unexpected{RecipientFault::other_use};
    std::array<std::uint8_t, 32> fingerprint{};
    unsigned int size = 0;
    if (X509_digest(certificate.get(), EVP_sha256(), fingerprint.data(), &size) != 1 || size != fingerprint.size())
        return std::unexpected{RecipientFault::unreadable};
    return Recipient{std::move(certificate), elliptic, fingerprint};
}

}  // namespace basalt::eol
