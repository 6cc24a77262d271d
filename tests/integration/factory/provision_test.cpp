#include "device/factory/provision.h"

#include "device/boot/measurements.h"
#include "device/boot/rom.h"
#include "device/boot/tpm_steps.h"
#include "device/common/free_by.h"
#include "device/firmware/trust/trust.h"
#include "device/guardian/memory.h"
#include "tests/integration/factory/order.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

namespace basalt {
namespace {

using namespace test;

class AMadeDevice : public DeviceOrders {
  protected:
    void make(const factory::DeviceOrder& order) {
        state_ = must(factory::provision(order));
        authority_ = *read_authority(file_bytes(pump() / "chip/rom/authority.bin"));
    }
    std::filesystem::path pump() const { return directory_.path() / "pump"; }
    SignedHeader header_of(const char* file, FileKind kind, const PublicKey& key) {
        const auto bytes = file_bytes(pump() / file);
        const auto verified = verify(bytes, {kind, authority_.variant, state_.device}, key);
        EXPECT_TRUE(verified) << file << ": " << in_words(verified.error());
        return verified->header();
    }
    /// Boot's part on what stands in the state directory.
    void boot(tpm::Tpm& tpm, const char* slot) {
        const std::string firmware = std::string{"flash/"} + slot + "/firmware.img",
                          gateway = std::string{"flash/"} + slot + "/gateway.img";
        boot::MeasuredState measured;
        measured.guardian = header_of("chip/rom/guardian.img", FileKind::guardian, authority_.image_key);
        measured.boot = header_of("chip/rom/boot.img", FileKind::boot, authority_.image_key);
        measured.firmware = header_of(firmware.c_str(), FileKind::firmware, authority_.image_key);
        measured.gateway = header_of(gateway.c_str(), FileKind::gateway, authority_.image_key);
        measured.configuration = header_of("flash/config/device.cfg", FileKind::configuration, authority_.hospital_key);
        measured.authority = authority_;
        for (const boot::Measurement& event : boot::measurements(measured))
            must(tpm::extend(tpm, static_cast<unsigned>(event.pcr), event.digest()));
    }

    factory::StateFile state_;
    Authority authority_;
};

TEST_F(AMadeDevice, BootsFromEitherSlotAndItsFirmwareOpensItsKeys) {
    make(order());
    for (const char* slot : {"slot-a", "slot-b"}) {
        auto simulator = must(tpm::Simulator::start({.state = pump() / "chip/tpm", .run = run_.path()}));
        auto tpm = must(tpm::Tpm::connect(simulator.tcti()));
        boot(tpm, slot);
        auto trust = must(firmware::Trust::open(tpm, pump() / "flash"));
        must(trust.sign_challenge({}));
        const auto keys = must(trust.open_class_keys(Secret{}));
        EXPECT_TRUE(keys.configuration && keys.patient && keys.log);
    }
}

TEST_F(AMadeDevice, ItsGuardianFindsItsIdentityProfileAndChannelKey) {
    make(order());
    const auto memory = file_bytes(pump() / "chip/guardian.mem");
    ASSERT_EQ(memory.size(), hal::memory_size);
    guardian::Identity identity;
    codec::Reader reader{ByteView{memory}.first(guardian::layout::identity_size)};
    reader(identity);
    EXPECT_EQ(identity.device, state_.device);
    EXPECT_NE(identity.share, (std::array<std::uint8_t, 32>{}));
    EXPECT_NE(identity.share, identity.nonce_secret);

    const std::size_t size = memory[guardian::layout::profile] | memory[guardian::layout::profile + 1] << 8;
    const ByteView file = ByteView{memory}.subspan(guardian::layout::profile + 2, size);
    const auto verified =
        verify(file, {FileKind::profile, Variant::production, state_.device}, authority_.physician_key);
    ASSERT_TRUE(verified) << in_words(verified.error());
    const auto profile = guardian::read_profile(verified->payload());
    ASSERT_TRUE(profile) << in_words(profile.error());
    EXPECT_EQ(profile->rates[0].count, 900);
    EXPECT_EQ(profile->release_keys[0].key, must(factory::P256Key::load(pump() / "host/badges/physician.pem")).point());

    auto simulator = must(tpm::Simulator::start({.state = pump() / "chip/tpm", .run = run_.path()}));
    auto tpm = must(tpm::Tpm::connect(simulator.tcti()));
    boot(tpm, "slot-a");
    auto trust = must(firmware::Trust::open(tpm, pump() / "flash"));
    const auto proof = must(trust.sign_challenge({}));
    EXPECT_TRUE(signature_fits(firmware::challenge_digest({}), proof, identity.channel_key));
}

TEST_F(AMadeDevice, TheFirstGenerationOfItsGuardianIsFreshAndAnOlderOneIsNot) {
    make(order());
    auto simulator = must(tpm::Simulator::start({.state = pump() / "chip/tpm", .run = run_.path()}));
    auto tpm = must(tpm::Tpm::connect(simulator.tcti()));
    EXPECT_EQ(boot::check_anchor(tpm, 1), hal::Anchor::fresh);
    EXPECT_EQ(boot::check_anchor(tpm, 2), hal::Anchor::fresh);
    EXPECT_EQ(boot::check_anchor(tpm, 1), hal::Anchor::stale);
}

TEST_F(AMadeDevice, ItsConfigurationSaysWhatWasOrdered) {
    make(order());
    const auto bytes = file_bytes(pump() / "flash/config/device.cfg");
    const auto verified =
        verify(bytes, {FileKind::configuration, Variant::production, state_.device}, authority_.hospital_key);
    ASSERT_TRUE(verified);
    const std::string text{verified->payload().begin(), verified->payload().end()};
    const auto configuration = must(firmware::read_configuration(text, "device.cfg"));
    EXPECT_EQ(configuration.device_name, "Ward 3, pump 7");
    EXPECT_EQ(configuration.basal[47].count, 900);
}

TEST_F(AMadeDevice, ItsIdentityCertificateIsForTheKeyInItsTpmAndItsConfigurationNamesWhoSignedTheConsole) {
    make(order());
    const auto certificate = [](ByteView der) {
        const unsigned char* at = der.data();
        return std::unique_ptr<X509, FreeBy<X509_free>>{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
    };
    const auto from_pem = [this](const char* file) {
        std::unique_ptr<BIO, FreeBy<BIO_free_all>> bio{BIO_new_file((pump() / file).c_str(), "r")};
        return std::unique_ptr<X509, FreeBy<X509_free>>{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    };
    const auto identity = certificate(file_bytes(pump() / "flash/keys/identity.der"));
    const auto ca = from_pem("host/clients/ca.pem"), enrolled = from_pem("host/clients/device.pem"),
               console = from_pem("host/clients/console.pem");
    ASSERT_TRUE(identity && ca && enrolled && console);
    EXPECT_EQ(X509_cmp(identity.get(), enrolled.get()), 0);
    EXPECT_EQ(X509_verify(identity.get(), X509_get0_pubkey(ca.get())), 1);
    char subject[256];
    for (X509* const each : {identity.get(), ca.get(), console.get()})
        EXPECT_NE(std::string{X509_NAME_oneline(X509_get_subject_name(each), subject, sizeof subject)}.find(
                      "DEVELOPMENT ONLY"),
                  std::string::npos);

    const auto file = file_bytes(pump() / "flash/config/device.cfg");
    const std::string text{file.begin() + SignedHeader::total, file.end()};
    const auto authority = certificate(must(firmware::read_configuration(text, "device.cfg")).client_authority);
    ASSERT_TRUE(authority);
    EXPECT_EQ(X509_verify(console.get(), X509_get0_pubkey(authority.get())), 1);
    EXPECT_EQ(X509_verify(identity.get(), X509_get0_pubkey(authority.get())), 0);

    auto simulator = must(tpm::Simulator::start({.state = pump() / "chip/tpm", .run = run_.path()}));
    auto tpm = must(tpm::Tpm::connect(simulator.tcti()));
    const auto trust = must(firmware::Trust::open(tpm, pump() / "flash"));
    PublicKey point{};
    std::size_t size = 0;
    EVP_PKEY_get_octet_string_param(X509_get0_pubkey(identity.get()), "pub", point.data(), point.size(), &size);
    EXPECT_EQ(point, must(trust.identity()));
}

TEST_F(AMadeDevice, NobodyElseOnTheComputerReadsAnyOfIt) {
    make(order());
    struct stat status{};
    ASSERT_EQ(::stat(pump().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{pump()}) {
        ASSERT_EQ(::stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0077U, 0U) << entry.path();
    }
}

TEST_F(AMadeDevice, HasNothingOfItsSecretsInFlash) {
    make(order());
    const auto memory = file_bytes(pump() / "chip/guardian.mem");
    guardian::Identity identity;
    codec::Reader reader{ByteView{memory}.first(guardian::layout::identity_size)};
    reader(identity);
    for (const auto& entry : std::filesystem::recursive_directory_iterator{pump() / "flash"}) {
        if (!entry.is_regular_file()) continue;
        const auto bytes = file_bytes(entry.path());
        EXPECT_TRUE(std::ranges::search(bytes, identity.share).empty()) << entry.path();
        EXPECT_TRUE(std::ranges::search(bytes, identity.nonce_secret).empty()) << entry.path();
    }
}

TEST_F(AMadeDevice, LeavesNoProcessNoSocketAndNoOtherFileBehind) {
    make(order());
    EXPECT_EQ(beside_device(), std::vector<std::string>{"pump"});
    EXPECT_TRUE(std::filesystem::is_empty(run_.path()));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
}

TEST_F(AMadeDevice, OfTheSameSeedHasTheSameIdentityAndOtherSecrets) {
    make(order());
    auto again = order();
    again.state = directory_.path() / "second-pump";
    const auto second = must(factory::provision(again));
    EXPECT_EQ(second.device, state_.device);
    EXPECT_NE(file_bytes(directory_.path() / "second-pump/chip/guardian.mem"),
              file_bytes(pump() / "chip/guardian.mem"));
    EXPECT_NE(second.device, factory::device_with_seed(43));
}

TEST_F(AMadeDevice, SaysInItsStateFileWhatItIs) {
    auto training = order(Variant::training);
    training.switched_off = static_cast<std::uint32_t>(Defence::sealing);
    make(training);
    const auto read = must(factory::read_state_file(pump()));
    EXPECT_EQ(read.variant, Variant::training);
    EXPECT_EQ(read.switched_off, training.switched_off);
    EXPECT_EQ(read.seed, 42U);
    EXPECT_EQ(read.device, state_.device);
    EXPECT_EQ(authority_.switched_off, training.switched_off);
}

}  // namespace
}  // namespace basalt
