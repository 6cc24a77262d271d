// Every byte of a small image flipped in turn: each is refused before anything of it runs, or is even looked at.
#include "device/boot/rom.h"
#include "device/boot/slots.h"
#include "tests/unit/boot/signed_bytes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace basalt::boot {
namespace {

namespace fs = std::filesystem;
using test::Bytes;

constexpr DeviceId this_device{0xba, 0x5a, 0x17};

class Flips : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "basalt-boot-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        root_ = name;
        for (const char* folder : {"slot-a", "slot-b", "config"}) fs::create_directory(root_ / folder);
        authority_.image_key = key_.point();
        authority_.hospital_key = hospital_.point();
        payload_ = test::payload_of({{Role::program, "tiny", test::file_bytes(BOOT_TINY_PROGRAM)}});
        right_ = key_.sign({.kind = FileKind::firmware, .version = 3}, payload_);
    }
    void TearDown() override { fs::remove_all(root_); }

    void write(const char* name, const Bytes& bytes) const {
        std::ofstream{root_ / name, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                            static_cast<std::streamsize>(bytes.size()));
    }
    ImageVerdict verdict(const Bytes& bytes, FileKind kind = FileKind::firmware) const {
        write("slot-a/firmware.img", bytes);
        const Directory flash{root_.c_str()};
        const auto found = examine(flash, "slot-a/firmware.img", kind, rules());
        return found ? ImageVerdict::accepted : found.error();
    }
    SlotRules rules() const { return {authority_, this_device, lowest_version_, lowest_configuration_}; }
    Choice choose_now() const {
        const Directory flash{root_.c_str()};
        return choose(flash, rules());
    }

    fs::path root_;
    test::SigningKey key_, hospital_, stranger_;
    Authority authority_;
    std::uint64_t lowest_version_ = 1;
    std::uint32_t lowest_configuration_ = 0;
    Bytes payload_, right_;
};

TEST_F(Flips, TheImageAsItWasSignedMayRun) { EXPECT_EQ(verdict(right_), ImageVerdict::accepted); }

TEST_F(Flips, EveryByteFlippedInTurnIsRefused) {
    for (std::size_t i = 0; i < right_.size(); ++i)
        for (const std::uint8_t flip : {std::uint8_t{0x01}, std::uint8_t{0xff}}) {
            Bytes bytes = right_;
            bytes[i] = static_cast<std::uint8_t>(bytes[i] ^ flip);
            const ImageVerdict found = verdict(bytes);
            EXPECT_TRUE(found == ImageVerdict::malformed || found == ImageVerdict::bad_signature)
                << "byte " << i << ": " << in_words(found);
            // Past the header only the signature and the digest may speak: nothing of the payload was looked at.
            if (i >= SignedHeader::size) {
                EXPECT_EQ(found, ImageVerdict::bad_signature) << "byte " << i;
            }
        }
}

TEST_F(Flips, CutAtAnyByteOrGrownItIsRefused) {
    for (std::size_t size = 0; size < right_.size(); ++size)
        EXPECT_NE(verdict({right_.begin(), right_.begin() + static_cast<std::ptrdiff_t>(size)}), ImageVerdict::accepted)
            << size;
    Bytes longer = right_;
    longer.push_back(0);
    EXPECT_EQ(verdict(longer), ImageVerdict::bad_signature);
}

TEST_F(Flips, AnImageOfAnotherKindHardwareVariantOrDeviceIsRefused) {
    const auto signed_as = [&](SignedHeader header) { return verdict(key_.sign(header, payload_)); };
    EXPECT_EQ(signed_as({.kind = FileKind::gateway}), ImageVerdict::wrong_kind);
    EXPECT_EQ(signed_as({.kind = FileKind::profile}), ImageVerdict::wrong_kind);
    EXPECT_EQ(signed_as({.variant = Variant::training}), ImageVerdict::wrong_variant);
    EXPECT_EQ(signed_as({.hardware = 0x0B02}), ImageVerdict::wrong_hardware);
    EXPECT_EQ(signed_as({.device = {1, 2, 3}}), ImageVerdict::wrong_device);
    EXPECT_EQ(signed_as({.version = 1, .device = this_device}), ImageVerdict::accepted);
    EXPECT_EQ(verdict(stranger_.sign({.version = 1}, payload_)), ImageVerdict::bad_signature);
    EXPECT_EQ(verdict(hospital_.sign({.version = 1}, payload_)), ImageVerdict::bad_signature) << "one key, one use";
}

TEST_F(Flips, ASignedPayloadThatIsNoImageIsRefused) {
    EXPECT_EQ(verdict(key_.sign({.version = 1}, {})), ImageVerdict::malformed);
    EXPECT_EQ(verdict(key_.sign({.version = 1}, ByteView{payload_}.first(payload_.size() - 1))),
              ImageVerdict::malformed);
    EXPECT_EQ(verdict(key_.sign({.version = 1}, test::payload_of({{Role::loader, "x", {1}}}))),
              ImageVerdict::malformed);
}

TEST_F(Flips, AReleaseBelowTheTpmsCounterIsWithdrawn) {
    lowest_version_ = 3;
    EXPECT_EQ(verdict(right_), ImageVerdict::accepted);
    lowest_version_ = 4;
    EXPECT_EQ(verdict(right_), ImageVerdict::withdrawn);
}

TEST_F(Flips, AFileThatIsNoPlainFileIsUnreadableAndHoldsNobodyUp) {
    const auto at = [&](const char* name) {
        const Directory flash{root_.c_str()};
        const auto found = examine(flash, name, FileKind::firmware, rules());
        return found ? ImageVerdict::accepted : found.error();
    };
    EXPECT_EQ(at("slot-a/none.img"), ImageVerdict::missing);
    EXPECT_EQ(at("slot-a"), ImageVerdict::unreadable);
    ASSERT_EQ(::mkfifo((root_ / "slot-a/pipe.img").c_str(), 0600), 0);
    EXPECT_EQ(at("slot-a/pipe.img"), ImageVerdict::unreadable);
    write("slot-b/firmware.img", right_);
    fs::create_symlink(root_ / "slot-b/firmware.img", root_ / "slot-a/link.img");
    EXPECT_EQ(at("slot-a/link.img"), ImageVerdict::unreadable);
    write("slot-a/huge.img", {});
    fs::resize_file(root_ / "slot-a/huge.img", max_image_file + 1);
    EXPECT_EQ(at("slot-a/huge.img"), ImageVerdict::unreadable);
    const Directory nowhere{(root_ / "nowhere").c_str()};
    EXPECT_EQ(examine(nowhere, "slot-a/firmware.img", FileKind::firmware, rules()).error(), ImageVerdict::unreadable);
}

TEST_F(Flips, SlotAIsTakenElseBAndTheGatewayIsOfTheSameSlot) {
    const Bytes gateway = key_.sign({.kind = FileKind::gateway, .version = 1}, payload_);
    Bytes bad = right_;
    bad.back() ^= 1;
    write("slot-a/firmware.img", right_);
    write("slot-b/firmware.img", right_);
    write("slot-a/gateway.img", gateway);

    Choice choice = choose_now();
    EXPECT_EQ(choice.slot, hal::Slot::a);
    EXPECT_EQ(choice.firmware_a, ImageVerdict::accepted);
    EXPECT_EQ(choice.firmware_b, ImageVerdict::accepted);
    EXPECT_EQ(choice.gateway, ImageVerdict::accepted);
    EXPECT_TRUE(choice.firmware_image && choice.gateway_image);

    write("slot-a/firmware.img", bad);
    choice = choose_now();
    EXPECT_EQ(choice.slot, hal::Slot::b);
    EXPECT_EQ(choice.firmware_a, ImageVerdict::bad_signature);
    EXPECT_EQ(choice.firmware_b, ImageVerdict::accepted);
    EXPECT_EQ(choice.gateway, ImageVerdict::missing);
    EXPECT_FALSE(choice.gateway_image);

    write("slot-b/firmware.img", bad);
    choice = choose_now();
    EXPECT_EQ(choice.slot, hal::Slot::none);
    EXPECT_EQ(choice.firmware_b, ImageVerdict::bad_signature);
    EXPECT_EQ(choice.gateway, ImageVerdict::not_needed);
    EXPECT_FALSE(choice.firmware_image || choice.gateway_image);
}

TEST_F(Flips, WhileSlotARunsEveryFaultOfSlotBIsFound) {
    write("slot-a/firmware.img", right_);
    const auto spare = [&](const Bytes& bytes) {
        write("slot-b/firmware.img", bytes);
        const Choice choice = choose_now();
        EXPECT_EQ(choice.slot, hal::Slot::a);
        EXPECT_EQ(choice.firmware_a, ImageVerdict::accepted);
        EXPECT_TRUE(choice.firmware_image);
        return choice.firmware_b;
    };
    EXPECT_EQ(choose_now().firmware_b, ImageVerdict::missing);
    EXPECT_EQ(spare(right_), ImageVerdict::accepted);
    Bytes bad = right_;
    bad.back() ^= 1;
    EXPECT_EQ(spare(bad), ImageVerdict::bad_signature);
    EXPECT_EQ(spare(stranger_.sign({.version = 3}, payload_)), ImageVerdict::bad_signature);
    EXPECT_EQ(spare(key_.sign({.kind = FileKind::gateway, .version = 3}, payload_)), ImageVerdict::wrong_kind);
    EXPECT_EQ(spare(key_.sign({.version = 3}, ByteView{payload_}.first(payload_.size() - 1))), ImageVerdict::malformed);
    lowest_version_ = 3;
    EXPECT_EQ(spare(key_.sign({.version = 2}, payload_)), ImageVerdict::withdrawn);
    EXPECT_EQ(choose_now().firmware_image->header.version, 3U) << "what runs is A's";
}

TEST_F(Flips, AConfigurationIsTheHospitalsAndOfThisDeviceAlone) {
    const Bytes text{'x', ' ', '=', ' ', '1'};
    const auto found = [&](const Bytes& bytes) {
        write("config/device.cfg", bytes);
        const auto answer = check_configuration(Directory{root_.c_str()}, rules());
        return answer ? ImageVerdict::accepted : answer.error();
    };
    const SignedHeader right{.kind = FileKind::configuration, .device = this_device};
    EXPECT_EQ(found(hospital_.sign(right, text)), ImageVerdict::accepted);
    EXPECT_EQ(found(key_.sign(right, text)), ImageVerdict::bad_signature);
    EXPECT_EQ(found(hospital_.sign({.kind = FileKind::configuration, .device = any_device}, text)),
              ImageVerdict::wrong_device);
    EXPECT_EQ(found(hospital_.sign({.kind = FileKind::configuration, .device = {1}}, text)),
              ImageVerdict::wrong_device);
    EXPECT_EQ(found(hospital_.sign({.kind = FileKind::profile, .device = this_device}, text)),
              ImageVerdict::wrong_kind);
    const SignedHeader third{.kind = FileKind::configuration, .version = 3, .device = this_device};
    lowest_configuration_ = 3;
    EXPECT_EQ(found(hospital_.sign(third, text)), ImageVerdict::accepted);
    lowest_configuration_ = 4;
    EXPECT_EQ(found(hospital_.sign(third, text)), ImageVerdict::older);
    EXPECT_EQ(found(key_.sign(third, text)), ImageVerdict::bad_signature) << "a stranger's file has no version";
    lowest_configuration_ = 0;
    Bytes changed = hospital_.sign(right, text);
    changed.back() ^= 1;
    EXPECT_EQ(found(changed), ImageVerdict::bad_signature);
}

TEST_F(Flips, AReplacedFileIsWholeAndTheDiskKeepsTheOldOneOtherwise) {
    const Directory flash{root_.c_str()};
    EXPECT_TRUE(flash.replace("config/log", "config/log.tmp", Bytes{1, 2, 3}));
    EXPECT_TRUE(flash.replace("config/log", "config/log.tmp", Bytes{4}));
    EXPECT_EQ(test::file_bytes((root_ / "config/log").string()), Bytes{4});
    EXPECT_FALSE(fs::exists(root_ / "config/log.tmp"));
    EXPECT_FALSE(flash.replace("nowhere/log", "nowhere/log.tmp", Bytes{5}));
    fs::create_directory(root_ / "config/taken");
    EXPECT_FALSE(flash.replace("config/taken", "config/log.tmp", Bytes{5}));
}

}  // namespace
}  // namespace basalt::boot
