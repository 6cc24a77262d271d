#include "tpm/tpm.h"

#include "tpm/socket_tcti.h"
#include "tpm/tss.h"

#include <openssl/crypto.h>
#include <tss2/tss2_tcti_device.h>

#include <cstdlib>
#include <string>
#include <utility>

namespace basalt::tpm {
namespace {

// libtss2's macro casts in the old style.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
void finalize(TSS2_TCTI_CONTEXT* tcti) noexcept { Tss2_Tcti_Finalize(tcti); }
#pragma GCC diagnostic pop

/// A chip, by the kernel's device file, which libtss2 keeps open.
Result<TSS2_TCTI_CONTEXT*> connect_to_device(const std::string& path) {
    std::size_t size = 0;
    if (const auto rc = Tss2_Tcti_Device_Init(nullptr, &size, nullptr))
        return tpm_fail(rc, "The TPM library could not be prepared");
    auto* const tcti = static_cast<TSS2_TCTI_CONTEXT*>(std::calloc(1, size));
    if (tcti == nullptr) return fail(ErrorCode::io, "There is no memory left.", "Close other programs and try again.");
    if (const auto rc = Tss2_Tcti_Device_Init(tcti, &size, path.c_str())) {
        std::free(tcti);
        return fail(ErrorCode::missing, "No TPM answers at " + path + ".",
                    "Check that the chip is switched on and that you may use it (group tss).", rc);
    }
    return tcti;
}

struct Kind {
    std::string_view word;
    Result<TSS2_TCTI_CONTEXT*> (*connect)(const std::string& path);
};
constexpr Kind kinds[] = {{"swtpm:path=", connect_to_socket}, {"device:", connect_to_device}};

/// Before libtss2 touches OpenSSL: no openssl.cnf may name a provider or engine to be loaded. And libtss2 writes a line
/// to stderr for each refusal, also for those that are asked for on purpose: silent, unless a developer has set it.
void prepare_libraries() {
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    setenv("TSS2_LOG", "all+NONE", 0);
}

}  // namespace

Result<Tpm> Tpm::connect(std::string_view where) {
    const auto* kind =
        std::ranges::find_if(kinds, [&](const Kind& candidate) { return where.starts_with(candidate.word); });
    if (kind == std::end(kinds))
        return fail(ErrorCode::usage, "\"" + std::string{where} + "\" does not say where the TPM is.",
                    "Write swtpm:path=SOCKET for the simulator, or device:/dev/tpmrm0 for a chip.");
    prepare_libraries();
    const auto connected = kind->connect(std::string{where.substr(kind->word.size())});
    if (!connected) return std::unexpected{connected.error()};
    Tpm tpm{reinterpret_cast<TSS2_TCTI_OPAQUE_CONTEXT_BLOB*>(*connected), nullptr};  // closes it from here on
    if (const auto rc = Esys_Initialize(&tpm.context_, *connected, nullptr))
        return tpm_fail(rc, "The TPM library could not be started");
    return tpm;
}

Tpm::Tpm(Tpm&& from) noexcept
    : tcti_{std::exchange(from.tcti_, nullptr)}, context_{std::exchange(from.context_, nullptr)} {}

Tpm& Tpm::operator=(Tpm&& from) noexcept {
    if (this != &from) {
        close();
        tcti_ = std::exchange(from.tcti_, nullptr);
        context_ = std::exchange(from.context_, nullptr);
    }
    return *this;
}

Tpm::~Tpm() { close(); }

void Tpm::close() noexcept {
    if (context_ != nullptr) Esys_Finalize(&context_);
    if (tcti_ != nullptr) {
        auto* const tcti = reinterpret_cast<TSS2_TCTI_CONTEXT*>(tcti_);
        finalize(tcti);
        std::free(tcti);
    }
    tcti_ = nullptr;
}

Result<void> Tpm::start_up() {
    const auto rc = Esys_Startup(context_, TPM2_SU_CLEAR);
    if (rc != TSS2_RC_SUCCESS && rc != TPM2_RC_INITIALIZE) return tpm_fail(rc, "The TPM did not start");
    return {};
}

Result<void> Tpm::shut_down() {
    if (const auto rc = Esys_Shutdown(context_, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_SU_CLEAR))
        return tpm_fail(rc, "The TPM did not shut down in order");
    return {};
}

Result<void> Tpm::random(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        Answer<TPM2B_DIGEST> chunk;
        const auto wanted = static_cast<UINT16>(std::min<std::size_t>(bytes.size(), 32));
        if (const auto rc = Esys_GetRandom(context_, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, wanted, out(chunk)))
            return tpm_fail(rc, "The TPM gave no random number");
        if (chunk->size == 0 || chunk->size > bytes.size())
            return fail(ErrorCode::io, "The TPM gave no random number.", "Start the device again.");
        std::copy_n(chunk->buffer, chunk->size, bytes.begin());
        bytes = bytes.subspan(chunk->size);
    }
    return {};
}

Result<std::uint32_t> Tpm::reset_count() {
    Answer<TPMS_TIME_INFO> time;
    if (const auto rc = Esys_ReadClock(context_, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, out(time)))
        return tpm_fail(rc, "The TPM does not say how often it was reset");
    return time->clockInfo.resetCount;
}

}  // namespace basalt::tpm
