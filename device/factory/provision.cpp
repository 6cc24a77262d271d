#include "device/factory/provision.h"

#include "device/factory/certificates.h"
#include "device/factory/people.h"
#include "device/factory/provision_tpm.h"
#include "device/factory/release.h"
#include "device/factory/sign.h"
#include "device/factory/staged_directory.h"
#include "device/guardian/provisioning.h"
#include "tpm/simulator.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

namespace basalt::factory {
namespace {

using FileBytes = std::vector<std::uint8_t>;

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Result<void> check_place(const std::filesystem::path& place) {
    const auto there = read_state_file(place);
    if (there)
        return fail(ErrorCode::refused, fmt::format("There is a device in {} already.", place.string()),
                    "Use it, or choose another place with --state DIR.");
    if (there.error().code != ErrorCode::missing) return std::unexpected{there.error()};
    std::error_code error;
    if (std::filesystem::exists(place, error) && !std::filesystem::is_empty(place, error))
        return fail(ErrorCode::refused, fmt::format("{} holds other things than a device.", place.string()),
                    "Choose an empty place with --state DIR.");
    return {};
}

struct Image {
    FileBytes bytes;
    SignedHeader header;
};

/// An image that devices of this authority will accept: the factory makes no device that refuses its own programs.
Result<Image> read_image(const std::filesystem::path& folder, const char* name, FileKind kind,
                         const Authority& authority) {
    const auto path = folder / name;
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return fail(ErrorCode::missing, fmt::format("The image {} is missing.", path.string()),
                    "Build Basalt first: ./basalt builds it.");
    Image image{.bytes = FileBytes{std::istreambuf_iterator<char>{in}, {}}, .header = {}};
    const auto verified = verify(image.bytes, {kind, authority.variant, any_device}, authority.image_key);
    if (!verified)
        return fail(ErrorCode::refused,
                    fmt::format("The image {} is refused: {}.", path.string(), in_words(verified.error())),
                    "Build the images again with the keys of this variant.");
    image.header = verified->header();
    return image;
}

struct Images {
    Image guardian, boot, firmware, gateway;
};

Result<Images> read_images(const std::filesystem::path& folder, const Authority& authority) {
    auto guardian = read_image(folder, "guardian.img", FileKind::guardian, authority);
    if (!guardian) return std::unexpected{guardian.error()};
    auto boot = read_image(folder, "boot.img", FileKind::boot, authority);
    if (!boot) return std::unexpected{boot.error()};
    auto firmware = read_image(folder, "firmware.img", FileKind::firmware, authority);
    if (!firmware) return std::unexpected{firmware.error()};
    auto gateway = read_image(folder, "gateway.img", FileKind::gateway, authority);
    if (!gateway) return std::unexpected{gateway.error()};
    return Images{std::move(*guardian), std::move(*boot), std::move(*firmware), std::move(*gateway)};
}

/// A swtpm that lives as long as this function provisions it; its memory stays in chip/tpm.
Result<ProvisionedTpm> provision_simulated_tpm(const DeviceOrder& order, const StagedDirectory& staged,
                                               const DevKeys& keys, const Secret& share) {
    auto simulator = tpm::Simulator::start({.state = staged.path() / "chip" / "tpm", .run = order.run});
    if (!simulator) return std::unexpected{simulator.error()};
    auto provisioned = [&]() -> Result<ProvisionedTpm> {
        auto tpm = tpm::Tpm::connect(simulator->tcti());
        if (!tpm) return std::unexpected{tpm.error()};
        return provision_tpm(*tpm, keys.policy.point(), order.switched_off, share);
    }();
    if (!provisioned) return provisioned;
    if (const auto stopped = simulator->stop(); !stopped) return std::unexpected{stopped.error()};
    return provisioned;
}

Result<FileBytes> signed_profile(const DeviceOrder& order, const DeviceId& device, const DevKeys& keys,
                                 const DevPeople& people) {
    guardian::Profile profile = order.profile;
    profile.release_keys = {};
    std::ranges::copy(people.releases_failsafe, profile.release_keys.begin());
    if (const auto fault = guardian::fault_of(profile); fault != guardian::ProfileFault::none)
        return fail(ErrorCode::refused, fmt::format("No device can have this profile: {}.", guardian::in_words(fault)),
                    "Correct the profile's values.");
    const auto payload = guardian::ProfileFrames::encode(profile);
    return make_signed_file(
        {.kind = FileKind::profile, .variant = order.variant, .version = profile.generation, .device = device},
        payload.view(), keys.physician);
}

/// A client of the hospital: its key belongs to the other side, as the badges' do.
Result<P256Key> make_console_key(const StagedDirectory& staged) {
    auto key = P256Key::generate();
    if (!key) return key;
    if (const auto saved = key->save(staged.path() / "host" / "clients" / "console.key"); !saved)
        return std::unexpected{saved.error()};
    return key;
}

/// The device keeps its own certificate; the other side keeps it too, because that is how it knows the device.
Result<void> write_certificates(StagedDirectory& staged, const DeviceCertificates& certificates) {
    if (auto made = staged.file("flash/keys/identity.der", certificates.identity); !made) return made;
    const std::filesystem::path clients{"host/clients"};
    for (const auto& [file, certificate] :
         {std::pair{"ca.pem", &certificates.manufacturer}, std::pair{"device.pem", &certificates.identity},
          std::pair{"console.pem", &certificates.console}})
        if (auto made = staged.file(clients / file, bytes_of(to_pem(*certificate))); !made) return made;
    return {};
}

Result<FileBytes> signed_configuration(const DeviceOrder& order, const DeviceId& device, const DevKeys& keys,
                                       const link::Der& client_authority, const DevPeople& people) {
    firmware::Configuration configuration = order.configuration;
    configuration.people = people.people;
    configuration.client_authority = client_authority;
    const std::string text = firmware::to_toml(configuration);
    if (const auto checked = firmware::read_configuration(text, "device.cfg"); !checked)
        return std::unexpected{checked.error()};
    return make_signed_file({.kind = FileKind::configuration, .variant = order.variant, .version = 1, .device = device},
                            bytes_of(text), keys.hospital);
}

Result<void> write_slot(StagedDirectory& staged, std::string_view slot, const Images& images, ByteView policy) {
    const auto folder = std::filesystem::path{"flash"} / slot;
    if (auto made = staged.file(folder / "firmware.img", images.firmware.bytes); !made) return made;
    if (auto made = staged.file(folder / "gateway.img", images.gateway.bytes); !made) return made;
    return staged.file(folder / "policy.bin", policy);
}

Result<void> write_rom(StagedDirectory& staged, const Images& images, const Authority& authority) {
    if (auto made = staged.file("chip/rom/guardian.img", images.guardian.bytes); !made) return made;
    if (auto made = staged.file("chip/rom/boot.img", images.boot.bytes); !made) return made;
    return staged.file("chip/rom/authority.bin", AuthorityFrames::encode(AuthorityFile{authority}).view());
}

Result<FileBytes> guardian_memory(const DeviceId& device, const Secret& share, const PublicKey& channel_key,
                                  ByteView profile_file) {
    const auto nonce_secret = fresh_secret();
    if (!nonce_secret) return std::unexpected{nonce_secret.error()};
    guardian::Provisioning order{
        .device = device, .share = {}, .nonce_secret = {}, .channel_key = channel_key, .profile_file = profile_file};
    std::ranges::copy(share.view(), order.share.begin());
    std::ranges::copy(nonce_secret->view(), order.nonce_secret.begin());
    auto memory = guardian::new_memory(order);
    explicit_bzero(order.share.data(), order.share.size());
    explicit_bzero(order.nonce_secret.data(), order.nonce_secret.size());
    return memory;
}

}  // namespace

DeviceId device_with_seed(std::uint64_t seed) noexcept {
    const Digest digest = sha256(bytes_of("basalt device 1"), bytes_of(std::to_string(seed)));
    DeviceId device;
    std::copy_n(digest.begin(), device.size(), device.begin());
    return device;
}

Result<StateFile> provision(const DeviceOrder& order) {
    if (const auto free = check_place(order.state); !free) return std::unexpected{free.error()};
    const auto keys = make_or_load(order.dev_keys, order.variant);
    if (!keys) return std::unexpected{keys.error()};
    const auto authority = authority_of(*keys, order.variant, order.switched_off);
    if (!authority) return std::unexpected{authority.error()};
    const auto images = read_images(order.images, *authority);
    if (!images) return std::unexpected{images.error()};

    auto staged = StagedDirectory::for_place(order.state);
    if (!staged) return std::unexpected{staged.error()};
    for (const char* directory : {"flash/config", "flash/keys", "flash/db", "flash/boot", "chip/tpm", "host/badges",
                                  "host/clients", "host/people"})
        if (const auto made = staged->directory(directory); !made) return std::unexpected{made.error()};
    const auto share = fresh_secret();
    if (!share) return std::unexpected{share.error()};
    const auto tpm = provision_simulated_tpm(order, *staged, *keys, *share);
    if (!tpm) return std::unexpected{tpm.error()};

    const auto policy = approve({.guardian = images->guardian.header,
                                 .boot = images->boot.header,
                                 .firmware = images->firmware.header,
                                 .gateway = images->gateway.header,
                                 .authority = *authority},
                                keys->policy);
    if (!policy) return std::unexpected{policy.error()};
    const StateFile state{.variant = order.variant,
                          .switched_off = order.switched_off,
                          .seed = order.seed,
                          .device = device_with_seed(order.seed)};
    const auto people = make_people(*staged);
    if (!people) return std::unexpected{people.error()};
    const auto profile = signed_profile(order, state.device, *keys, *people);
    if (!profile) return std::unexpected{profile.error()};
    const auto console = make_console_key(*staged);
    if (!console) return std::unexpected{console.error()};
    const auto certificates = make_certificates(*keys, order.variant, state.device, tpm->identity, console->point());
    if (!certificates) return std::unexpected{certificates.error()};
    if (const auto made = write_certificates(*staged, *certificates); !made) return std::unexpected{made.error()};
    const auto configuration =
        signed_configuration(order, state.device, *keys, certificates->client_authority, *people);
    if (!configuration) return std::unexpected{configuration.error()};
    const auto memory = guardian_memory(state.device, *share, tpm->channel_key, *profile);
    if (!memory) return std::unexpected{memory.error()};

    for (const char* slot : {"slot-a", "slot-b"})
        if (const auto made = write_slot(*staged, slot, *images, encode(*policy)); !made)
            return std::unexpected{made.error()};
    if (const auto made = write_rom(*staged, *images, *authority); !made) return std::unexpected{made.error()};
    if (const auto made = staged->file("flash/keys/keys.bin", firmware::encode(tpm->keys)); !made)
        return std::unexpected{made.error()};
    if (const auto made = staged->file("flash/config/device.cfg", *configuration); !made)
        return std::unexpected{made.error()};
    if (const auto made = staged->file("chip/guardian.mem", *memory); !made) return std::unexpected{made.error()};
    if (const auto made = staged->file("state.toml", bytes_of(to_toml(state))); !made)
        return std::unexpected{made.error()};
    if (const auto published = staged->publish(); !published) return std::unexpected{published.error()};
    return state;
}

}  // namespace basalt::factory
