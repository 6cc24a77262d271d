// device/factory/provision.h: an empty place becomes a device: its flash, its chips, and the other side's record of it.
#pragma once
#include "device/factory/dev_keys.h"
#include "device/factory/state_file.h"
#include "device/firmware/configuration.h"
#include "device/guardian/profile.h"

#include <filesystem>

namespace basalt::factory {

struct DeviceOrder {
    std::filesystem::path state;     ///< what is made: docs/formats/state-directory.md
    std::filesystem::path images;    ///< guardian.img boot.img firmware.img gateway.img, of `variant`
    std::filesystem::path dev_keys;  ///< folder of make_or_load()
    std::filesystem::path run;       ///< a private directory with a short path, for swtpm's sockets meanwhile
    Variant variant = Variant::production;
    std::uint32_t switched_off = 0;  ///< bits of Defence; a training device's alone
    std::uint64_t seed = 0;          ///< the device's identity follows from it; its secrets never do
    firmware::Configuration
        configuration;          ///< its client authority and people are filled in: host/clients, host/people
    guardian::Profile profile;  ///< its release keys are filled in: those of two people in host/badges
};

/// The identity of the device with that seed.
DeviceId device_with_seed(std::uint64_t seed) noexcept;

/// Makes the device, whole or not at all. About a second.
/// Errors:  refused: a device is there already, also one of a newer Basalt; the place is not empty; an image, the
/// profile
///          or the switches are not what a device of this variant may have. missing: an image, swtpm. io: the place is
///          read-only or full. Each is one sentence with its remedy, and leaves the place as it was.
/// Rely on: call it from the main thread (see tpm::Simulator). What the PCRs will hold is taken from the images'
/// headers
///          by the function that boot measures with.
Result<StateFile> provision(const DeviceOrder& order);

}  // namespace basalt::factory
