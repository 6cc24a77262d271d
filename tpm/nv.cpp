#include "tpm/nv.h"

#include "tpm/nv_reference.h"
#include "tpm/policy.h"
#include "tpm/secure_channel.h"

#include <tss2/tss2_mu.h>

#include <string.h>  // explicit_bzero

namespace basalt::tpm {
namespace {

TPMS_NV_PUBLIC public_area_of(const Index& index) noexcept {
    TPMS_NV_PUBLIC area{};
    area.nvIndex = index.handle;
    area.nameAlg = TPM2_ALG_SHA256;
    area.attributes = index.attributes;
    if (index.policy) area.authPolicy = buffer_of<TPM2B_DIGEST>(*index.policy);
    area.dataSize = index.size;
    return area;
}

Name name_of_area(const TPMS_NV_PUBLIC& area) {
    std::array<std::uint8_t, sizeof(TPMS_NV_PUBLIC)> bytes;  // what is marshalled is never longer than the structure
    std::size_t size = 0;
    Tss2_MU_TPMS_NV_PUBLIC_Marshal(&area, bytes.data(), bytes.size(), &size);
    return sha256_name(sha256(ByteView{bytes}.first(size)));
}

std::string words(const Index& index, std::string_view what) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "The TPM's memory index 0x";
    for (int shift = 28; shift >= 0; shift -= 4) text += digits[index.handle >> shift & 0xFU];
    return text.append(" ").append(what);
}

ESYS_TR hierarchy_of(const Index& index) noexcept {
    return index.hierarchy == Hierarchy::platform ? ESYS_TR_RH_PLATFORM : ESYS_TR_RH_OWNER;
}

}  // namespace

Result<NvReference> NvReference::open(ESYS_CONTEXT* context, const Index& index) {
    ESYS_TR handle = ESYS_TR_NONE;
    if (const auto rc = Esys_TR_FromTPMPublic(context, index.handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &handle))
        return tpm_fail(rc, words(index, "is not there"));
    NvReference reference{context, handle};
    Answer<TPM2B_NAME> name;
    if (const auto rc = Esys_TR_GetName(context, handle, out(name))) return tpm_fail(rc, words(index, "has no name"));
    const ByteView found{name->name, name->size};
    const bool ours =
        std::ranges::equal(found, name_of(index)) || std::ranges::equal(found, name_of_area(public_area_of(index)));
    if (!ours)
        return fail(ErrorCode::refused, words(index, "was replaced by another."),
                    "Take the device out of use and have it examined: somebody reached its TPM.");
    return reference;
}

Name name_of(const Index& index) {
    TPMS_NV_PUBLIC area = public_area_of(index);
    area.attributes |= TPMA_NV_WRITTEN;
    return name_of_area(area);
}

Result<void> define(Tpm& tpm, const Index& index) {
    const TPM2B_AUTH no_password{};
    TPM2B_NV_PUBLIC area{};
    area.nvPublic = public_area_of(index);
    ESYS_TR handle = ESYS_TR_NONE;
    if (const auto rc = Esys_NV_DefineSpace(tpm.context(), hierarchy_of(index), ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                            ESYS_TR_NONE, &no_password, &area, &handle))
        return tpm_fail(rc, words(index, "was not made"));
    Esys_TR_Close(tpm.context(), &handle);
    return {};
}

Result<void> undefine(Tpm& tpm, const Index& index) {
    auto reference = NvReference::open(tpm.context(), index);
    if (!reference) {
        if (reference.error().code == ErrorCode::missing) return {};
        return std::unexpected{reference.error()};
    }
    if (const auto rc = Esys_NV_UndefineSpace(tpm.context(), hierarchy_of(index), reference->get(), ESYS_TR_PASSWORD,
                                              ESYS_TR_NONE, ESYS_TR_NONE))
        return tpm_fail(rc, words(index, "was not taken away"));
    reference->forget();
    return {};
}

Result<bool> exists(Tpm& tpm, const Index& index) {
    const auto reference = NvReference::open(tpm.context(), index);
    if (reference) return true;
    if (reference.error().code == ErrorCode::missing) return false;
    return std::unexpected{reference.error()};
}

Result<void> increment(Tpm& tpm, const Index& counter) {
    const auto reference = NvReference::open(tpm.context(), counter);
    if (!reference) return std::unexpected{reference.error()};
    const ESYS_TR who = counter.hierarchy == Hierarchy::platform ? ESYS_TR_RH_PLATFORM : reference->get();
    if (const auto rc =
            Esys_NV_Increment(tpm.context(), who, reference->get(), ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE))
        return tpm_fail(rc, words(counter, "did not count"));
    return {};
}

Result<std::uint64_t> read_counter(Tpm& tpm, const Index& counter) {
    const auto reference = NvReference::open(tpm.context(), counter);
    if (!reference) return std::unexpected{reference.error()};
    Answer<TPM2B_MAX_NV_BUFFER> data;
    if (const auto rc = Esys_NV_Read(tpm.context(), reference->get(), reference->get(), ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                     ESYS_TR_NONE, counter.size, 0, out(data)))
        return tpm_fail(rc, words(counter, "did not give its count"));
    if (data->size != 8)
        return fail(ErrorCode::unreadable, words(counter, "is no counter."), "Provision the device again.");
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < 8; ++i) count = count << 8 | data->buffer[i];
    return count;
}

Result<void> write_secret(SecureChannel& channel, const Index& index, const Secret& secret) {
    const auto reference = NvReference::open(channel.context(), index);
    if (!reference) return std::unexpected{reference.error()};
    auto data = buffer_of<TPM2B_MAX_NV_BUFFER>(secret.view());
    const auto rc = Esys_NV_Write(channel.context(), hierarchy_of(index), reference->get(),
                                  channel.session({.command = true}), ESYS_TR_NONE, ESYS_TR_NONE, &data, 0);
    explicit_bzero(&data, sizeof data);
    if (rc != TSS2_RC_SUCCESS) return tpm_fail(rc, words(index, "was not written"));
    return {};
}

Result<Secret> read_secret(SecureChannel& channel, const Index& index, const Session* policy) {
    const auto reference = NvReference::open(channel.context(), index);
    if (!reference) return std::unexpected{reference.error()};
    Answer<TPM2B_MAX_NV_BUFFER> data;
    const ESYS_TR encrypting = channel.session({.response = true});
    const ESYS_TR first = policy != nullptr ? policy->get() : encrypting;
    const ESYS_TR second = policy != nullptr ? encrypting : ESYS_TR_NONE;
    if (const auto rc = Esys_NV_Read(channel.context(), reference->get(), reference->get(), first, second, ESYS_TR_NONE,
                                     index.size, 0, out(data)))
        return tpm_fail(rc, words(index, "was not read"));
    Secret secret;
    const bool fits = data->size == Secret::size;
    if (fits) std::copy_n(data->buffer, Secret::size, secret.bytes().begin());
    explicit_bzero(data->buffer, sizeof(data->buffer));
    if (!fits) return fail(ErrorCode::unreadable, words(index, "holds no key."), "Provision the device again.");
    return secret;
}

}  // namespace basalt::tpm
