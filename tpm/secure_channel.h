// tpm/secure_channel.h: how secrets cross the bus between processor and TPM: one salted session, AES-128-CFB.
#pragma once
#include "tpm/handle.h"
#include "tpm/tpm.h"

namespace basalt::tpm {

/// Which parameters of a command cross the bus encrypted.
struct Encrypt {
    bool command = false, response = false;
};

/// Makes the storage root key and keeps it at storage_root_handle, if it is not there yet. Gives its Name, to be
/// pinned. Once, in the factory.
Result<Name> make_storage_root(Tpm& tpm);

/// The storage root key and a session salted with it. The session's key never crosses the bus, so whoever listens there
/// sees no secret. One session serves every command (starting one costs about 3 ms).
/// An attacker who sits in the bus and answers for the TPM would offer a key of their own: its Name differs from the
/// pinned one, and open() refuses. An attacker who can also rewrite the pin (it stands in flash) learns what this TPM
/// unseals; so every data key needs the guardian's share as well, which does not cross this bus.
class SecureChannel {
  public:
    /// Errors: refused when the key at storage_root_handle is not the pinned one, missing when there is none.
    static Result<SecureChannel> open(Tpm& tpm, const Name& pinned_root);

    SecureChannel(SecureChannel&&) noexcept = default;
    SecureChannel& operator=(SecureChannel&&) noexcept = default;

    // For the files of this folder.
    ESYS_CONTEXT* context() const noexcept { return context_; }
    std::uint32_t root() const noexcept { return root_; }  ///< ESYS_TR of the storage root key
    /// ESYS_TR of the session, set to encrypt what the next command has. A command without a sized buffer in a
    /// direction refuses the wish for it (0x982), so each call says what its command has.
    std::uint32_t session(Encrypt what) const noexcept;

  private:
    SecureChannel(ESYS_CONTEXT* context, std::uint32_t root, Session session) noexcept
        : context_{context}, root_{root}, session_{std::move(session)} {}
    ESYS_CONTEXT* context_;
    std::uint32_t root_;  // persistent: never flushed, and closed with the connection
    Session session_;
};

}  // namespace basalt::tpm
