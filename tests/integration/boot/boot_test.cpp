// The real boot, started from its image, on a real software TPM; the test plays the guardian.
#include "tests/integration/boot/boot_rig.h"
#include "tpm/event_log.h"
#include "tpm/layout.h"
#include "tpm/nv.h"
#include "tpm/tpm.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <set>
#include <signal.h>

namespace basalt::test {
namespace {

using hal::Anchor, hal::GatewayState, hal::Slot;
using Verdict = ImageVerdict;

bool launched(const std::optional<hal::BootReport>& report) { return report && report->launched; }

/// Boot's word on the gateway after a tick; nothing when boot gave none.
std::optional<GatewayState> gateway_after(const std::optional<hal::BootDone>& done) {
    return done ? std::optional{done->gateway} : std::nullopt;
}

/// The stand-in firmware runs, with its arguments and without rights to anything else.
void hear_start(BootRig& rig) {
    EXPECT_EQ(hear(rig.dose), "firmware " + rig.flash() + " " + rig.chip().tcti());
    EXPECT_EQ(hear(rig.dose), "confined");
}

/// What the TPM holds is what the table says of this state, and the cap is still open.
void expect_measured(const BootRig& rig, const boot::MeasuredState& state) {
    const auto expected = boot::pcr_values(state);
    const auto found = rig.pcrs();
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(found[i], expected[i]) << "PCR " << i;
}

TEST(Boot, AGoodDeviceRunsFromSlotAAndTheTpmHoldsWhatTheTableSays) {
    BootRig rig;
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->launched);
    EXPECT_TRUE(report->tpm_ok);
    EXPECT_EQ(report->slot, Slot::a);
    EXPECT_EQ(report->anchor, Anchor::fresh);
    EXPECT_EQ(report->firmware_a, Verdict::accepted);
    EXPECT_EQ(report->firmware_b, Verdict::accepted);
    EXPECT_EQ(report->gateway, Verdict::accepted);
    EXPECT_EQ(report->configuration, Verdict::accepted);
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway") << "and the gateway has no other channel";
    EXPECT_EQ(hear(rig.screen), "shown");
    const auto done = rig.tick();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->gateway, GatewayState::up);
    EXPECT_FALSE(done->gateway_restarted);
    expect_measured(rig, rig.expected_state());

    const auto events = tpm::parse_event_log(rig.read("flash/boot/eventlog.bin"));
    ASSERT_TRUE(events);
    EXPECT_EQ(tpm::replay(*events), rig.pcrs()) << "the event log explains every PCR";
    EXPECT_FALSE(rig.exists("flash/boot/eventlog.tmp"));
}

TEST(Boot, BeforeItLaunchesItHasLetGoOfTheTpmAndClosedThePlatformHierarchy) {
    BootRig rig;
    rig.start();
    ASSERT_TRUE(rig.begin(1));
    auto tpm = tpm::Tpm::connect(rig.chip().tcti());  // gets an answer only when boot's connection is closed
    ASSERT_TRUE(tpm);
    EXPECT_FALSE(tpm::increment(*tpm, tpm::generation_counter));
    EXPECT_FALSE(tpm::increment(*tpm, tpm::version_counter));
    EXPECT_EQ(tpm::read_counter(*tpm, tpm::generation_counter).value(), 2U);
}

TEST(Boot, NeitherItNorItsChildrenHoldAByteFromTheDisk) {
    BootRig rig;
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1)));
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway");
    auto processes = children_of(rig.boot());
    processes.push_back(rig.boot());
    EXPECT_EQ(processes.size(), 3U);
    for (const pid_t process : processes) {
        std::ifstream maps{"/proc/" + std::to_string(process) + "/maps"};
        int seen = 0;
        for (std::string line; std::getline(maps, line); ++seen)
            if (const auto path = line.find('/'); path != std::string::npos) {
                EXPECT_EQ(line.find("/memfd:"), path) << line;
            }
        if (seen == 0) GTEST_SKIP() << "only root may look into a confined process";
    }
}

TEST(Boot, ARefusedSlotALeavesB) {
    BootRig rig;
    const std::size_t last = rig.read("flash/slot-a/firmware.img").size() - 1;
    rig.flip("flash/slot-a/firmware.img", last);
    rig.write("flash/slot-b/firmware.img", rig.image(FileKind::firmware, rig.firmware_payload, rig.maker, 2));
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->launched);
    EXPECT_EQ(report->slot, Slot::b);
    EXPECT_EQ(report->firmware_a, Verdict::bad_signature);
    EXPECT_EQ(report->firmware_b, Verdict::accepted);
    hear_start(rig);
    rig.flip("flash/slot-a/firmware.img", last);
    auto state = rig.expected_state();
    state.firmware->version = 2;
    expect_measured(rig, state);
}

TEST(Boot, WithBothSlotsRefusedNothingRuns) {
    BootRig rig;
    rig.flip("flash/slot-a/firmware.img", 500);
    rig.write("flash/slot-b/firmware.img", rig.image(FileKind::firmware, rig.firmware_payload, rig.stranger));
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->launched);
    EXPECT_TRUE(report->tpm_ok);
    EXPECT_EQ(report->slot, Slot::none);
    EXPECT_EQ(report->firmware_a, Verdict::bad_signature);
    EXPECT_EQ(report->firmware_b, Verdict::bad_signature);
    EXPECT_EQ(hear(rig.dose), "(ended)");
    EXPECT_TRUE(children_of(rig.boot()).empty());
    auto done = rig.tick();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->gateway, GatewayState::refused);
    rig.flip("flash/slot-a/firmware.img", 500);
    auto state = rig.expected_state();
    state.firmware.reset();
    state.gateway.reset();
    expect_measured(rig, state);
}

TEST(Boot, ARefusedGatewayCostsTheNetworkAlone) {
    BootRig rig;
    const auto good = rig.read("flash/slot-a/gateway.img");
    rig.flip("flash/slot-a/gateway.img", 300);
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->launched);
    EXPECT_EQ(report->slot, Slot::a);
    EXPECT_EQ(report->gateway, Verdict::bad_signature);
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "frame channel ended");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(gateway_after(rig.tick()), GatewayState::refused);
    EXPECT_EQ(children_of(rig.boot()).size(), 1U);
    rig.write("flash/slot-a/gateway.img", good);
    auto state = rig.expected_state();
    state.gateway.reset();
    expect_measured(rig, state);
}

TEST(Boot, ADamagedSpareIsToldOfAndWhatRunsAndWhatIsMeasuredStaysTheSame) {
    BootRig rig;
    rig.flip("flash/slot-b/firmware.img", SignedHeader::total + 1'000);
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->launched);
    EXPECT_EQ(report->slot, Slot::a);
    EXPECT_EQ(report->firmware_a, Verdict::accepted);
    EXPECT_EQ(report->firmware_b, Verdict::bad_signature);
    EXPECT_EQ(report->gateway, Verdict::accepted);
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway");
    expect_measured(rig, rig.expected_state());
}

TEST(Boot, AChangedConfigurationIsRefusedAndMeasuredAsAbsent) {
    BootRig rig;
    auto state = rig.expected_state();
    state.configuration.reset();
    rig.flip("flash/config/device.cfg", SignedHeader::total);
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->configuration, Verdict::bad_signature);
    EXPECT_TRUE(report->launched);
    expect_measured(rig, state);
}

TEST(Boot, AConfigurationOlderThanOneThatWasAcceptedIsRefusedHoweverWellItIsSigned) {
    BootRig rig;
    const auto put = [&rig](std::uint32_t version) {
        rig.write("flash/config/device.cfg",
                  rig.hospital.sign({.kind = FileKind::configuration, .version = version, .device = rig_device},
                                    Bytes{'x', ' ', '=', ' ', '1', '\n'}));
    };
    put(2);
    rig.start();
    auto report = rig.begin(1, false, 1);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->configuration, Verdict::accepted);
    EXPECT_EQ(report->configuration_version, 2U);
    put(1);
    auto state = rig.expected_state();
    state.configuration.reset();
    rig.start();
    report = rig.begin(2, false, 2);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->configuration, Verdict::older);
    EXPECT_EQ(report->configuration_version, 0U);
    expect_measured(rig, state);
}

TEST(Boot, AnOlderCopyOfTheGuardiansMemoryIsFoundOut) {
    BootRig rig;
    const auto anchor_of = [&](std::uint64_t generation) {
        rig.start();
        const auto report = rig.begin(generation);
        return report ? report->anchor : Anchor::unknown;
    };
    EXPECT_EQ(anchor_of(1), Anchor::fresh);
    EXPECT_EQ(anchor_of(2), Anchor::fresh);
    EXPECT_EQ(anchor_of(2), Anchor::stale) << "the same number again";
    EXPECT_EQ(anchor_of(1), Anchor::stale);
    EXPECT_EQ(anchor_of(0), Anchor::stale);
    EXPECT_EQ(anchor_of(7), Anchor::fresh) << "the guardian was reset without a TPM for a while";
    EXPECT_EQ(anchor_of(6), Anchor::stale);
    EXPECT_EQ(anchor_of(7 + 1001), Anchor::stale) << "no memory of this device";
    EXPECT_EQ(anchor_of(~std::uint64_t{0}), Anchor::stale);
    EXPECT_EQ(anchor_of(8), Anchor::fresh) << "a stale one counts nothing";
}

TEST(Boot, WithoutATpmNothingIsLaunched) {
    BootRig rig;
    rig.no_chip();
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->tpm_ok);
    EXPECT_FALSE(report->launched);
    EXPECT_EQ(report->anchor, Anchor::unknown);
    EXPECT_EQ(hear(rig.dose), "(ended)");
    EXPECT_TRUE(rig.tick());
    EXPECT_TRUE(children_of(rig.boot()).empty());
}

TEST(Boot, ATpmThatWasNeverProvisionedLaunchesNothing) {
    BootRig rig;
    auto tpm = tpm::Tpm::connect(rig.chip().tcti());
    ASSERT_TRUE(tpm && tpm::undefine(*tpm, tpm::version_counter));
    tpm = fail(ErrorCode::io, "let go", "");
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->tpm_ok);
    EXPECT_FALSE(report->launched);
}

TEST(Boot, AWithdrawnReleaseIsRefused) {
    BootRig rig;
    rig.write("flash/slot-b/firmware.img", rig.image(FileKind::firmware, rig.firmware_payload, rig.maker, 2));
    auto tpm = tpm::Tpm::connect(rig.chip().tcti());
    ASSERT_TRUE(tpm && tpm::increment(*tpm, tpm::version_counter));
    tpm = fail(ErrorCode::io, "let go", "");
    rig.start();
    const auto report = rig.begin(1);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->firmware_a, Verdict::withdrawn);
    EXPECT_EQ(report->firmware_b, Verdict::accepted);
    EXPECT_EQ(report->slot, Slot::b);
    EXPECT_EQ(report->gateway, Verdict::withdrawn);
}

TEST(Boot, ADeadGatewayComesBackFromItsVerifiedCopyAndTheFirmwareGetsTheNewChannel) {
    BootRig rig;
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1)));
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway");
    // Whatever stands in flash now was never verified.
    rig.write("flash/slot-a/gateway.img", rig.image(FileKind::gateway, {1, 2, 3}, rig.stranger));
    for (int life = 0; life < 3; ++life) {
        const auto children = children_of(rig.boot());
        ASSERT_EQ(children.size(), 2U);
        kill_and_wait(children.back());
        EXPECT_EQ(hear(rig.dose), "frame channel ended");
        const auto done = rig.tick();
        ASSERT_TRUE(done);
        EXPECT_EQ(done->gateway, GatewayState::up);
        EXPECT_TRUE(done->gateway_restarted);
        EXPECT_EQ(hear(rig.dose), "new frame channel");
        EXPECT_EQ(hear(rig.dose), "heard gateway");
            const auto next = rig.tick();
        EXPECT_TRUE(next && !next->gateway_restarted);
    }
}

TEST(Boot, AnIsolatedNetworkHasNoGatewayUntilItIsJoinedAgain) {
    BootRig rig;
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1, true)));
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "frame channel ended");
    EXPECT_EQ(gateway_after(rig.tick(true)), GatewayState::isolated);
    EXPECT_EQ(children_of(rig.boot()).size(), 1U);

    EXPECT_EQ(gateway_after(rig.tick(false)), GatewayState::up);
    EXPECT_EQ(hear(rig.dose), "new frame channel");
    EXPECT_EQ(hear(rig.dose), "heard gateway");

    EXPECT_EQ(gateway_after(rig.tick(true)), GatewayState::isolated);
    EXPECT_EQ(hear(rig.dose), "frame channel ended");
    EXPECT_EQ(children_of(rig.boot()).size(), 1U);
}

TEST(Boot, ADeadFirmwareEndsTheDoseChannelAndIsNotRestarted) {
    BootRig rig;
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1)));
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway");
    kill_and_wait(children_of(rig.boot()).front());
    EXPECT_EQ(hear(rig.dose), "(ended)") << "neither boot nor the gateway holds a copy of it";
    EXPECT_EQ(gateway_after(rig.tick()), GatewayState::down);
    EXPECT_TRUE(children_of(rig.boot()).empty());
    EXPECT_EQ(gateway_after(rig.tick()), GatewayState::down);
}

/// Boot ends in the given way; its children must then end by SIGKILL.
void expect_children_end_with_boot(void (*end)(BootRig&)) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);  // orphans come to this process
    BootRig rig;
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1)));
    hear_start(rig);
    EXPECT_EQ(hear(rig.dose), "heard gateway");
    const auto children = children_of(rig.boot());
    ASSERT_EQ(children.size(), 2U);
    for (const pid_t child : children) ::kill(child, SIGSTOP);  // so that none ends by itself when its channels end
    end(rig);
    for (const pid_t child : children) {
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    EXPECT_EQ(hear(rig.dose), "(ended)");
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(Boot, KilledItTakesItsChildrenWithIt) {
    expect_children_end_with_boot([](BootRig& rig) { rig.kill_boot(); });
}

TEST(Boot, TheGuardiansEndIsItsEndAndItsChildrens) {
    expect_children_end_with_boot([](BootRig& rig) {
        rig.guardian.close();
        EXPECT_EQ(rig.end_of_boot(), 0);
    });
}

TEST(Boot, AGenuineFirmwareThatCannotBeExecutedIsReportedWithItsCause) {
    BootRig rig;
    const Bytes no_program = payload_of({{boot::Role::program, "text", {'n', 'o', '\n'}}});
    rig.write("flash/slot-a/firmware.img", rig.image(FileKind::firmware, no_program, rig.maker));
    testing::internal::CaptureStderr();
    rig.start();
    const auto report = rig.begin(1);
    const std::string said = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(report);
    EXPECT_FALSE(report->launched);
    EXPECT_EQ(report->slot, Slot::a);
    EXPECT_EQ(report->firmware_a, Verdict::not_executable);
    EXPECT_EQ(report->firmware_b, Verdict::accepted);
    EXPECT_NE(said.find("it is genuine, but it could not be executed"), std::string::npos) << said;
    EXPECT_EQ(hear(rig.dose), "(ended)");
}

TEST(Boot, ARomImageOrAuthorityThatCannotBeReadIsSaidInASentence) {
    const auto said_of = [](const char* file, bool taken_away) {
        BootRig rig;
        if (taken_away)
            std::filesystem::remove(rig.root() / file);
        else
            rig.write(file, {1, 2, 3});
        testing::internal::CaptureStderr();
        rig.start();
        EXPECT_EQ(rig.begin(1).has_value(), std::string_view{file} != "rom/authority.bin");
        return testing::internal::GetCapturedStderr();
    };
    for (const char* name : {"guardian.img", "boot.img"}) {
        const std::string begin = std::string{"basalt-boot: The ROM's "} + name + " was refused: ";
        const std::string file = std::string{"rom/"} + name;
        EXPECT_TRUE(said_of(file.c_str(), true).starts_with(begin + "there is none. "));
        EXPECT_TRUE(said_of(file.c_str(), false).starts_with(begin + "it is no image. "));
    }
    const std::string begin = "basalt-boot: The ROM's authority file was refused: ";
    EXPECT_TRUE(said_of("rom/authority.bin", true).starts_with(begin + "there is none. "));
    EXPECT_TRUE(said_of("rom/authority.bin", false).starts_with(begin + "it is none for this model and variant. "));
}

TEST(Boot, AFrameThatItDoesNotKnowEndsIt) {
    BootRig rig;
    const auto start = hal::BootFrames::encode(hal::BootStart{1, rig.profile, rig_device, false});
    const auto end_after = [&](ByteView frame) {
        rig.start();
        rig.guardian.send(frame);
        return rig.end_of_boot();
    };
    EXPECT_EQ(end_after(start.view().first(start.size - 1)), 1);
    EXPECT_EQ(end_after(hal::BootFrames::encode(hal::BootDone{}).view()), 1);
    EXPECT_EQ(end_after(Bytes(max_frame_size, 'B')), 1);
    rig.start();
    ASSERT_TRUE(rig.begin(5));
    EXPECT_FALSE(rig.begin(6)) << "a second BootStart";
    EXPECT_EQ(rig.end_of_boot(), 1);
    rig.start();
    EXPECT_EQ(gateway_after(rig.tick()), GatewayState::down) << "a tick before BootStart is answered";
}

TEST(Boot, FlippedImagesNeverRun) {
    BootRig rig;
    const Bytes tiny = payload_of({{boot::Role::program, "tiny", file_bytes(BOOT_TINY_PROGRAM)}});
    const Bytes good = rig.image(FileKind::firmware, tiny, rig.maker);
    rig.write("flash/slot-a/firmware.img", good);
    rig.start();
    ASSERT_TRUE(launched(rig.begin(1)));
    EXPECT_EQ(hear(rig.dose), "ran") << "the marker tells that it ran";

    const char* const given = std::getenv("BASALT_SEED");
    const auto seed = given != nullptr ? std::stoul(given) : std::random_device{}();
    SCOPED_TRACE("BASALT_SEED=" + std::to_string(seed));
    std::mt19937_64 random{seed};
    for (std::uint64_t run = 0; run < 20; ++run) {
        for (const char* slot : {"flash/slot-a/firmware.img", "flash/slot-b/firmware.img"}) {
            Bytes bad = good;
            bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
            rig.write(slot, bad);
        }
        rig.start();
        const auto report = rig.begin(run + 2);
        ASSERT_TRUE(report);
        EXPECT_FALSE(report->launched);
        EXPECT_NE(report->firmware_a, Verdict::accepted);
        EXPECT_NE(report->firmware_b, Verdict::accepted);
        EXPECT_EQ(hear(rig.dose), "(ended)");
    }
}

TEST(Boot, AnAuthorityThatIsNoneEndsItBeforeItHearsAnybody) {
    BootRig rig;
    rig.authority.switched_off = 1;
    rig.write_authority();
    rig.start();
    EXPECT_EQ(rig.end_of_boot(), 3) << "a production authority with a switch";
    rig.start(BootRig::Program::training);
    EXPECT_EQ(rig.end_of_boot(), 3) << "for the training program too";
    rig.write("rom/authority.bin", {});
    rig.start();
    EXPECT_EQ(rig.end_of_boot(), 3);
}

TEST(Boot, OnlyTheTrainingProgramWithItsSwitchOffRunsWhatNobodySigned) {
    const auto tampered = [](std::uint32_t switched_off, BootRig::Program program) {
        BootRig rig{Variant::training};
        rig.authority.switched_off = switched_off;
        rig.write_authority();
        for (const char* slot : {"flash/slot-a/firmware.img", "flash/slot-b/firmware.img"})
            rig.write(slot, rig.image(FileKind::firmware, rig.firmware_payload, rig.stranger));
        rig.start(program);
        const auto report = rig.begin(1);
        return launched(report);
    };
    constexpr auto off = static_cast<std::uint32_t>(Defence::image_check);
    EXPECT_TRUE(tampered(off, BootRig::Program::training)) << "the attack itself works";
    EXPECT_FALSE(tampered(0, BootRig::Program::training));
    EXPECT_FALSE(tampered(static_cast<std::uint32_t>(Defence::sealing), BootRig::Program::training));
    EXPECT_FALSE(tampered(off, BootRig::Program::production));
}

}  // namespace
}  // namespace basalt::test
