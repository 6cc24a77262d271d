// device/firmware/trust/key_file.h: flash/keys/keys.bin: the TPM objects of one device. Useless without its TPM, and
// without the guardian's share. Page: docs/formats/key-file.md.
#pragma once
#include "device/common/authority.h"
#include "device/common/result.h"
#include "tpm/layout.h"
#include "tpm/sealed.h"

#include <array>
#include <filesystem>

namespace basalt::firmware {

struct ClassKeyRecord {
    tpm::KeyUse use = tpm::KeyUse::configuration;
    std::uint64_t alive = 0;  ///< what alive_counter(use) holds as long as the class is not erased
    tpm::Blob sealed_half;
};

struct KeyFile {
    tpm::Name storage_root{};        ///< pinned: SecureChannel::open compares
    PublicKey policy_key{};          ///< named in the policies of the device's keys and indexes
    std::uint32_t switched_off = 0;  ///< the authority's, as the factory saw it; only the training build looks at it
    tpm::Blob channel_key;
    tpm::Blob identity_key;                 ///< signs as the device; no policy: at any time of a boot
    tpm::Blob pepper;                       ///< HMAC key; its password comes from the configuration class's key
    std::array<ClassKeyRecord, 3> classes;  ///< in the order of tpm::data_classes
};

/// Longer is refused.
inline constexpr std::size_t key_file_max = 8 * 1024;

tpm::ByteVector encode(const KeyFile& keys);
Result<KeyFile> decode_key_file(ByteView file);
/// Errors: missing, unreadable; each names the file.
Result<KeyFile> read_key_file(const std::filesystem::path& file);

}  // namespace basalt::firmware
