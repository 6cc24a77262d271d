// A board for boot alone: a real swtpm, a ROM, a flash, the three channels, and a boot that is started from its image.
// The test plays the guardian.
#pragma once
#include "device/boot/measurements.h"
#include "device/common/authority.h"
#include "device/hal/boot_frames.h"
#include "device/hal/seqpacket.h"
#include "tests/unit/boot/signed_bytes.h"
#include "tpm/pcr.h"
#include "tpm/simulator.h"

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace basalt::test {

inline constexpr DeviceId rig_device{0xba, 0x5a, 0x17};

class BootRig {
  public:
    /// A complete device: slots A and B with the same stand-ins, configuration, a provisioned TPM. No boot runs yet.
    explicit BootRig(Variant variant = Variant::production);
    BootRig(const BootRig&) = delete;
    BootRig& operator=(const BootRig&) = delete;
    ~BootRig();

    // ---- what stands where ----
    void write(const std::string& name, const Bytes& bytes) const;  ///< below the device's directory
    Bytes read(const std::string& name) const;
    bool exists(const std::string& name) const;
    void flip(const std::string& name, std::size_t byte, std::uint8_t mask = 1) const;
    void write_authority() const;
    Bytes image(FileKind kind, const Bytes& payload, const SigningKey& key, std::uint32_t version = 1) const;
    const std::filesystem::path& root() const { return root_; }
    std::string flash() const { return (root_ / "flash").string(); }

    SigningKey maker, hospital, stranger;
    Authority authority;
    Bytes firmware_payload, gateway_payload;

    // ---- the TPM ----
    tpm::Simulator& chip() { return *chip_; }
    void no_chip();  ///< takes the TPM out
    tpm::PcrValues pcrs() const;
    /// Of a device as it was made, to be changed by the test.
    boot::MeasuredState expected_state() const;

    // ---- boot ----
    enum class Program { production, training };
    std::string tpm_for_boot;  ///< another way to the TPM than the chip's own; empty: the chip's
    /// Starts boot on new channels, as the board does at the reset line: the TPM starts from zero too.
    void start(Program program = Program::production);
    pid_t boot() const { return boot_; }
    /// BootStart, and what boot answered; nothing when it ended instead.
    std::optional<hal::BootReport> begin(std::uint64_t generation, bool isolated = false,
                                         std::uint32_t configuration_version = 0);
    std::optional<hal::BootDone> tick(bool isolated = false);
    /// Boot's exit status, waited for; 128 + N when signal N ended it.
    int end_of_boot();
    void kill_boot();

    hal::Seqpacket guardian;  ///< the other end of the boot channel
    hal::Seqpacket dose;      ///< the guardian's end of the dose channel
    hal::Seqpacket screen;    ///< the board's end of the screen channel

    Digest profile{1, 2, 3};

  private:
    void provision_chip();
    std::filesystem::path root_;
    std::optional<tpm::Simulator> chip_;
    std::string tcti_;
    pid_t boot_ = -1;
    std::uint64_t now_ = 0;
};

/// The next text packet of a stand-in; "(ended)" when the channel ended. Waits at most some seconds.
std::string hear(hal::Seqpacket& from);

/// SIGKILL, and returns when the process has ended, so that its parent can bury it. (Its channels end a moment
/// earlier.)
void kill_and_wait(pid_t process);

/// The process ids of all children of `parent`.
std::vector<pid_t> children_of(pid_t parent);

}  // namespace basalt::test
