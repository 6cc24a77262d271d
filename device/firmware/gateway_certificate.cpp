#include "device/firmware/gateway_certificate.h"

#include "device/common/free_by.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

namespace basalt::firmware {
namespace {

using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;

struct Issuer {
    link::Der name;           ///< the certificate's subject
    std::string common_name;  ///< up to its first comma
    PublicKey key{};
};

/// Who the identity certificate is for. It stands in flash, where an attacker may have put another.
std::optional<Issuer> issuer_in(const link::Der& identity) {
    const unsigned char* at = identity.data();
    const Certificate certificate{d2i_X509(nullptr, &at, static_cast<long>(identity.size()))};
    if (!certificate || at != identity.data() + identity.size()) return std::nullopt;
    Issuer issuer;
    std::size_t size = 0;
    EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
    if (key == nullptr ||
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, issuer.key.data(), issuer.key.size(), &size) !=
            1 ||
        size != issuer.key.size())
        return std::nullopt;
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    const int length = i2d_X509_NAME(subject, nullptr);
    if (length <= 0) return std::nullopt;
    issuer.name.resize(static_cast<std::size_t>(length));
    unsigned char* out = issuer.name.data();
    i2d_X509_NAME(subject, &out);
    std::array<char, 65> text{};
    if (X509_NAME_get_text_by_NID(subject, NID_commonName, text.data(), static_cast<int>(text.size())) <= 0)
        return std::nullopt;
    issuer.common_name = text.data();
    issuer.common_name.resize(std::min({issuer.common_name.find(','), issuer.common_name.size(), std::size_t{40}}));
    return issuer;
}

}  // namespace

bool GatewayCertificate::take(const link::LinkFrames::Any& frame) {
    if (const auto* certify = std::get_if<link::Certify>(&frame)) {
        asked_ = certify->key;
        return true;
    }
    const auto* refusal = std::get_if<link::NetworkRefusal>(&frame);
    if (refusal == nullptr) return false;
    // A reason from beyond the table is the doing of a gateway that is none of ours: counted, as what broke.
    const auto reason = std::min<std::size_t>(refusal->reason, refused_.size() - 1);
    refused_[reason].count += refusal->count;
    return true;
}

void GatewayCertificate::gateway_gone() noexcept {
    asked_.reset();
    answer_.reset();
}

void GatewayCertificate::serve(std::uint64_t now, Journal* journal) {
    if (journal != nullptr) log_refusals(now, *journal);
    if (!asked_) return;
    const PublicKey key = *asked_;
    asked_.reset();
    auto certified = certify(key, now, journal);
    if (certified) {
        answer_ = std::move(*certified);
        return;
    }
    answer_.emplace();
    const std::string words = certified.error().what + " " + certified.error().next_step;
    const std::string_view cut = std::string_view{words}.substr(0, answer_->refusal.data.size());
    answer_->refusal.assign({reinterpret_cast<const std::uint8_t*>(cut.data()), cut.size()});
}

Result<link::Certified> GatewayCertificate::certify(const PublicKey& key, std::uint64_t now, Journal* journal) {
    if (!papers_ || client_authority_.empty())
        return fail(ErrorCode::missing, "This pump is enrolled in no network.", "Enrol it, and start it again.");
    if (journal == nullptr)
        return fail(ErrorCode::refused, "The pump cannot put a certificate on record.", "Tell biomedical service.");
    if (!take_token(now))
        return fail(ErrorCode::refused, "The network part asked for too many certificates.", "Wait for an hour.");
    link::Certified out;
    out.now_unix_s = papers_->date();
    const auto leaf = leaf_for(key, out.now_unix_s);
    if (!leaf) return std::unexpected{leaf.error()};
    if (!out.leaf.assign(*leaf) || !out.identity.assign(papers_->identity) ||
        !out.client_authority.assign(client_authority_))
        return fail(ErrorCode::unreadable, "A certificate of this pump is too long.", "Enrol the pump again.");
    const Digest digest = sha256(key);
    const auto noted =
        journal->note(storage::make_event(storage::EventId::gateway_certified, now, "firmware", storage::Outcome::done,
                                          {fmt::format("{:02x}", fmt::join(std::span{digest}.first(8), ""))}));
    if (!noted) return std::unexpected{noted.error()};
    return out;
}

Result<link::Der> GatewayCertificate::leaf_for(const PublicKey& key, std::int64_t date) {
    const auto issuer = issuer_in(papers_->identity);
    const auto own = chip_.identity();
    if (!own) return std::unexpected{own.error()};
    if (!issuer || issuer->key != *own)
        return fail(ErrorCode::refused, "The pump's certificate is not for the key in its security chip.",
                    "Enrol the pump again.");
    const link::Der body = link::to_be_signed({.issuer = issuer->name,
                                               .subject = issuer->common_name + ", network part",
                                               .key = key,
                                               .use = link::CertificateUse::server,
                                               .from_unix_s = date - valid_s,
                                               .until_unix_s = date + valid_s});
    const auto signature = chip_.sign_as_device(sha256(body));
    if (!signature) return std::unexpected{signature.error()};
    return link::certificate(body, *signature);
}

void GatewayCertificate::send_answer(hal::Port& gateway, bool on_record) {
    if (!answer_) return;
    if (answer_->refusal.size != 0 || on_record) gateway.send(link::LinkFrames::encode(*answer_).view());
    answer_.reset();
}

bool GatewayCertificate::take_token(std::uint64_t now) {
    if (!refilled_at_) refilled_at_ = now;
    const std::uint64_t earned = (now - *refilled_at_) / one_every_s;
    tokens_ = std::min(burst, tokens_ + earned);
    *refilled_at_ += earned * one_every_s;
    if (tokens_ == 0) return false;
    --tokens_;
    return true;
}

void GatewayCertificate::log_refusals(std::uint64_t now, Journal& journal) {
    for (std::size_t i = 0; i < refused_.size(); ++i) {
        Refused& refused = refused_[i];
        if (refused.count == 0 || (refused.logged_at && now - *refused.logged_at < row_every_s)) continue;
        const auto& row = link::row_of(static_cast<link::TlsRefusal>(i));
        const auto count = static_cast<std::int64_t>(std::min<std::uint64_t>(refused.count, INT64_MAX));
        if (!journal.note(storage::make_event(storage::EventId::connection_refused, now, "gateway",
                                              storage::Outcome::refused, {count, std::string{row.id}})))
            return;  // the disk is full: the numbers wait
        refused.count = 0;
        refused.logged_at = now;
    }
}

}  // namespace basalt::firmware
