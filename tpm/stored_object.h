// tpm/stored_object.h: making and loading an object under the storage root key; sealed secrets and signing keys share
// it.
#pragma once
#include "tpm/sealed.h"
#include "tpm/tss.h"

namespace basalt::tpm {

/// fixedTPM, fixedParent, noDA and `attributes`; with a policy no other way in, without one none needed, or `password`
/// (at most 32 bytes; it never crosses the bus when the object is used).
Result<Blob> create_object(SecureChannel& channel, TPM2B_PUBLIC area, TPMA_OBJECT attributes, const Lock& lock,
                           ByteView sensitive_data, const std::string& what, ByteView password = {});
Result<Object> load_object(SecureChannel& channel, const Blob& blob, const std::string& what);
Result<TPM2B_PUBLIC> public_area_of(const Blob& blob);

}  // namespace basalt::tpm
