// eol/core/device_key.h: the device identity key as OpenSSL sees it: a public point, and a private half that answers
// digests from somewhere else, a TPM.
#pragma once
#include "eol/core/container.h"

#include <optional>

struct evp_pkey_st;
extern "C" void EVP_PKEY_free(evp_pkey_st* key);

namespace basalt::eol {

using Key = std::unique_ptr<evp_pkey_st, FreeBy<EVP_PKEY_free>>;

/// A key that signs through a DeviceSigner's function. It refers to `signer` and to `error`, which both outlive it;
/// what the signer could not do stands in `error` after OpenSSL failed.
Key device_key(const x509_st& certificate, const DeviceSigner& signer, std::optional<Error>& error);

}  // namespace basalt::eol
