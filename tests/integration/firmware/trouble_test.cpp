// What goes wrong inside the device: who notices, who is told, and that insulin goes on.
#include "device/guardian/alarms.h"
#include "tests/integration/firmware/accounts.h"
#include "tests/powercut/crash_disk/crash_disk.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>

#include <fstream>

namespace basalt::test {
namespace {

constexpr Tick begin{86'400};
constexpr Tick after(std::uint64_t seconds) { return {begin.seconds + seconds}; }

bool shows(const JoinedDevice& device, guardian::Trigger trigger) {
    return (device.signals().alarms & guardian::bit_of(trigger)) != 0;
}

/// What the profile of some_profile() gives in whole slots.
std::int64_t profile_gives(std::uint64_t slots) { return static_cast<std::int64_t>(slots) * 700 / 12; }

/// Writes nonsense over the beginning of a database and of its journal: one alone may be covered by the other.
void scribble(const std::filesystem::path& database) {
    for (const char* suffix : {"", "-wal"}) {
        std::fstream file{database.string() + suffix, std::ios::in | std::ios::out | std::ios::binary};
        if (file) file << std::string(4'096, 'x');
    }
}

bool kept_aside(const std::filesystem::path& directory) {
    for (const char* name : {"config.db.damaged-1", "patient.db.damaged-1", "log.db.damaged-1"})
        if (!std::filesystem::exists(directory / name)) return false;
    return true;
}

TEST(Trouble, UnderAnotherMeasuredStateNothingIsGivenButTheProfile) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.chip().approved_state = false;
    device.run_to(after(3'590));
    EXPECT_TRUE(shows(device, guardian::Trigger::firmware_not_proven));
    EXPECT_NE(device.signals().mode, hal::Mode::normal);
    EXPECT_TRUE(device.dose_requests().empty());
    EXPECT_NEAR(static_cast<double>(device.motor().milli_units - 1'000), static_cast<double>(profile_gives(12)), 1.0);
    EXPECT_FALSE(device.told().empty());
}

TEST(Trouble, TenTimesTheRateIsRefusedAndEndsInFailsafe) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path(),
                         .plan = [](const firmware::BasalRates& rates, SecondOfDay from, std::uint32_t seconds) {
                             return MilliUnits{firmware::basal_amount(rates, from, seconds).count * 10};
                         }}};
    device.run_to(after(6 * 3'600));
    EXPECT_GT(device.dose_requests().size(), 5U);  // it is no attack if it does not ask
    const auto& limits = some_profile().limits;
    EXPECT_LE(device.motor().milli_units - 1'000, profile_gives(6 * 12) + 2 * limits.beyond_profile_in_4_h.count);
    EXPECT_TRUE(device.signals().mode == hal::Mode::failsafe || shows(device, guardian::Trigger::dose_over_cap));
}

TEST(Trouble, ARefusedConfigurationAsksForNothing) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path(), .configured = false}};
    device.run_to(after(3'590));
    EXPECT_TRUE(device.dose_requests().empty());
    EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Trouble, ALostClockLeavesTheDoseToTheGuardian) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(590));
    const auto asked = device.dose_requests().size();
    EXPECT_GT(asked, 0U);
    device.set_clock_ok(false);
    device.run_to(after(3'590));
    EXPECT_EQ(device.dose_requests().size(), asked);
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Trouble, ASilentChipIsNoticedWithinAboutAnHour) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(610));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    device.chip().gone = true;
    device.run_to(after(610 + 3'900));
    EXPECT_EQ(device.findings(), std::vector{hal::Finding::tpm_gone});
    EXPECT_TRUE(shows(device, guardian::Trigger::tpm_gone));
    EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    // The latch brought a reset, and without the chip no key opens again: the records wait, and the insulin does not.
    const MotorCount motor = device.motor();
    const int resets = device.resets();
    device.run_to(after(610 + 3'900 + 3'600));
    EXPECT_NEAR(static_cast<double>(device.motor().milli_units - motor.milli_units),
                static_cast<double>(profile_gives(12)), 1.0);
    EXPECT_EQ(device.resets(), resets) << "what is latched already pulls nothing";
    for (const auto finding : device.findings()) EXPECT_EQ(finding, hal::Finding::tpm_gone);
    const auto found = device.findings().size();
    // A chip that answers again gets them whole: what was given meanwhile stood in the guardian's ring.
    device.chip().gone = false;
    device.restart_guardian();
    device.run_to(after(610 + 3'900 + 3'600 + 600));
    EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    EXPECT_EQ(device.findings().size(), found) << "nothing is found any more";
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Trouble, DamagedRecordsAreKeptAsideSaidInWordsAndInsulinGoesOn) {
    for (const char* name : {"config.db", "patient.db", "log.db"}) {
        SCOPED_TRACE(name);
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path()}};
        device.run_to(after(1'810));
        device.kill_firmware();
        scribble(scratch.path() / name);
        device.run_to(after(3'590));
        EXPECT_FALSE(device.findings().empty());
        EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
        EXPECT_TRUE(kept_aside(scratch.path()));
        EXPECT_FALSE(device.told().empty());
        EXPECT_NEAR(static_cast<double>(device.motor().milli_units - 1'000), static_cast<double>(profile_gives(12)),
                    300.0);
        // What happens from now on is on record again.
        auto journal = device.records();
        ASSERT_TRUE(journal) << journal.error().what;
        const auto doses = journal->doses(1, 100);
        ASSERT_TRUE(doses);
        EXPECT_FALSE(doses->empty());
        EXPECT_EQ(doses->back().row.target_mu, device.motor().milli_units);
    }
}

TEST(Trouble, ARecordChangedByWhoeverHoldsTheKeyIsFoundAtTheNextStart) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path()}};
    device.run_to(after(1'810));
    device.kill_firmware();
    {
        auto keys = device.keys();
        const std::array<std::string_view, 1> as_it_is{""};
        auto log = storage::Database::open(scratch.path() / "log.db", keys.log, as_it_is);
        ASSERT_TRUE(log) << log.error().what;
        // One dose ten times smaller on record than it was.
        ASSERT_TRUE(log->run("UPDATE events SET record = replace(record, '\"amount_mu\":58', '\"amount_mu\":5')"));
    }
    device.run_to(after(2'710));
    // Once by the start that follows, and once more by the one after the reset that anchors the latch; no more often,
    // because what is latched already pulls nothing.
    EXPECT_EQ(device.findings(), (std::vector{hal::Finding::log_broken, hal::Finding::log_broken}));
    EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    EXPECT_FALSE(device.told().empty());
    EXPECT_TRUE(std::filesystem::exists(scratch.path() / "log.db"));  // it is evidence: nothing of it is taken away
}

TEST(Trouble, ADatabaseThatIsTakenAwayIsFoundOut) {
    for (const char* name : {"config.db", "patient.db", "log.db"}) {
        SCOPED_TRACE(name);
        Scratch scratch;
        JoinedDevice device{{.records = scratch.path()}};
        device.run_to(after(1'810));
        device.kill_firmware();
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(scratch.path() / (std::string{name} + suffix));
        device.run_to(after(2'710));
        EXPECT_FALSE(device.findings().empty());
        EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    }
}

TEST(Trouble, RecordsThatCannotBeOpenedLeaveTheDoseToTheGuardian) {
    Scratch scratch;
    JoinedDevice device{{.records = scratch.path() / "nowhere"}};
    device.run_to(after(3'590));
    EXPECT_TRUE(device.dose_requests().empty());  // what cannot be put on record is not asked for
    EXPECT_NEAR(static_cast<double>(device.motor().milli_units - 1'000), static_cast<double>(profile_gives(12)), 1.0);
    EXPECT_EQ(device.signals().mode, hal::Mode::failsafe);
    EXPECT_FALSE(device.told().empty());
}

TEST(Trouble, ADiskThatIsFullForTwoHoursIsSaidAloudEndsInNoFailsafeAndIsForgottenWhenThereIsRoom) {
    CrashDisk disk;
    JoinedDevice device{{.records = "records", .file_layer = disk.name()}};
    device.run_to(after(1'810));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    disk.full_after(0);
    const auto asked_before = device.dose_requests().size();
    device.run_to(after(1'810 + 7'200));
    EXPECT_EQ(device.dose_requests().size(), asked_before);  // what cannot be put on record is not asked for
    EXPECT_TRUE(shows(device, guardian::Trigger::storage_full));
    EXPECT_FALSE(shows(device, guardian::Trigger::storage_damaged));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);

    disk.full_after(std::nullopt);
    device.run_to(after(1'810 + 7'200 + 3'900));
    EXPECT_GT(device.dose_requests().size(), asked_before + 10);
    EXPECT_FALSE(shows(device, guardian::Trigger::storage_full));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    expect_no_dose_twice_and_none_missing(device, begin);
}

TEST(Trouble, AFirmwareThatStartsOnAFullDiskOpensItsRecordsWhenThereIsRoom) {
    CrashDisk disk;
    JoinedDevice device{{.records = "records", .file_layer = disk.name()}};
    device.run_to(after(1'810));
    disk.full_after(0);
    device.kill_firmware();
    device.run_to(after(1'810 + 7'200));
    EXPECT_TRUE(shows(device, guardian::Trigger::storage_full));
    EXPECT_EQ(device.signals().mode, hal::Mode::normal);
    const auto asked_before = device.dose_requests().size();
    disk.full_after(std::nullopt);
    device.run_to(after(1'810 + 7'200 + 3'900));
    EXPECT_GT(device.dose_requests().size(), asked_before + 10);
    EXPECT_FALSE(shows(device, guardian::Trigger::storage_full));
    expect_no_dose_twice_and_none_missing(device, begin);
}

}  // namespace
}  // namespace basalt::test
