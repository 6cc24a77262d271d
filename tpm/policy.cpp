#include "tpm/policy.h"

#include "tpm/tss.h"

#include <openssl/evp.h>
#include <tss2/tss2_mu.h>

#include <bit>

namespace basalt::tpm {
namespace {

template <std::unsigned_integral T>
std::array<std::uint8_t, sizeof(T)> big_endian(T value) noexcept {
    std::array<std::uint8_t, sizeof(T)> bytes;
    for (std::size_t i = 0; i < sizeof(T); ++i) bytes[sizeof(T) - 1 - i] = static_cast<std::uint8_t>(value >> (8 * i));
    return bytes;
}

}  // namespace

Digest sha256(ByteView a, ByteView b, ByteView c) {
    Digest digest{};
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
    for (const ByteView part : {a, b, c}) EVP_DigestUpdate(context, part.data(), part.size());
    EVP_DigestFinal_ex(context, digest.data(), nullptr);
    EVP_MD_CTX_free(context);
    return digest;
}

PolicyDigest& PolicyDigest::step(std::uint32_t command, ByteView arguments) {
    digest_ = sha256(digest_, big_endian(command), arguments);
    return *this;
}

PolicyDigest& PolicyDigest::pcrs(PcrSet set, const PcrValues& values) {
    ByteVector chosen;
    for (std::size_t pcr = 0; pcr < pcr_max; ++pcr)
        if (set.has(pcr)) chosen.insert(chosen.end(), values[pcr].begin(), values[pcr].end());
    // TPML_PCR_SELECTION of one bank: count, algorithm, bytes of the mask, mask.
    const std::array<std::uint8_t, 10> selection{0, 0, 0, 1, 0x00, 0x0B, 3, set.bits, 0, 0};
    const Digest of_values = sha256(chosen);
    std::array<std::uint8_t, selection.size() + of_values.size()> arguments;
    std::ranges::copy(of_values, std::ranges::copy(selection, arguments.begin()).out);
    return step(TPM2_CC_PolicyPCR, arguments);
}

PolicyDigest& PolicyDigest::counter_is(const Index& counter, std::uint64_t value, std::uint16_t comparison) {
    constexpr std::array<std::uint8_t, 2> offset{};
    const Digest condition = sha256(big_endian(value), offset, big_endian(comparison));
    const Name name = name_of(counter);
    std::array<std::uint8_t, condition.size() + name.size()> arguments;
    std::ranges::copy(name, std::ranges::copy(condition, arguments.begin()).out);
    return step(TPM2_CC_PolicyNV, arguments);
}

PolicyDigest& PolicyDigest::counter_at_most(const Index& counter, std::uint64_t value) {
    return counter_is(counter, value, TPM2_EO_UNSIGNED_LE);
}
PolicyDigest& PolicyDigest::counter_equals(const Index& counter, std::uint64_t value) {
    return counter_is(counter, value, TPM2_EO_EQ);
}

PolicyDigest& PolicyDigest::authorize(const Name& key, ByteView ref) {
    digest_ = {};
    step(TPM2_CC_PolicyAuthorize, key);
    digest_ = sha256(digest_, ref);
    return *this;
}

Name name_of_key(const Point& key) {
    const TPM2B_PUBLIC area = public_area(key);
    std::array<std::uint8_t, sizeof(TPMT_PUBLIC)> bytes;  // what is marshalled is never longer than the structure
    std::size_t size = 0;
    Tss2_MU_TPMT_PUBLIC_Marshal(&area.publicArea, bytes.data(), bytes.size(), &size);
    return sha256_name(sha256(ByteView{bytes}.first(size)));
}

}  // namespace basalt::tpm
