// The firmware and the attackers' programs as real processes, confined, on a real software TPM. The test is the
// guardian.
#include "device/factory/sign.h"
#include "device/firmware/configuration.h"
#include "device/hal/dose_frames.h"
#include "tests/attack/trust/attacked_device.h"
#include "tests/support/child.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace basalt::test {
namespace {

class Programs : public AttackedDevice {
  protected:
    Programs() {
        std::filesystem::create_directories(flash() / "db");
        firmware::Configuration configuration{.device_name = "Attacked", .glucose_unit = {}, .basal = {}};
        configuration.basal.fill({1'200});  // 100 mU in each basal slot
        const std::string toml = firmware::to_toml(configuration);
        const auto file = must(factory::make_signed_file(
            {.kind = FileKind::configuration, .version = 1, .device = {7}},
            {reinterpret_cast<const std::uint8_t*>(toml.data()), toml.size()}, dev_keys_.hospital));
        write_file(flash() / "config" / "device.cfg", file);
        codec::Reader reader{ByteView{file}.subspan(8)};
        SignedHeader header;
        header.fields(reader);
        configuration_ = header;
    }

    /// Power on: the TPM from zero, and boot measures `firmware` in the place of the approved one.
    void power_on(const SignedHeader& firmware) {
        running_.reset();
        reset();
        auto state = state_of(release_);
        state.firmware = firmware;
        state.configuration = configuration_;
        boot(state);
    }
    void start(const char* program) {
        auto dose = make_channel(), frame = make_channel(), hand_over = make_channel();
        std::vector<hal::Descriptor> given;
        given.push_back(std::move(dose.given));
        given.push_back(std::move(frame.given));
        given.push_back(std::move(hand_over.given));
        running_.emplace(program, std::vector<std::string>{flash().string(), simulator_.tcti()}, std::move(given));
        dose_ = std::move(dose.mine);
        frame_ = std::move(frame.mine);
        hand_over_ = std::move(hand_over.mine);
        tick_ = {};
        tick_.tick = {86'400};
    }

    template <class Frame>
    void say(const Frame& frame) {
        ASSERT_TRUE(dose_.send(hal::DoseFrames::encode(frame).view()));
    }
    template <class Frame>
    std::optional<Frame> hear() {
        const auto packet = next_packet(dose_);
        const auto decoded = hal::DoseFrames::decode(packet);
        if (!decoded) return std::nullopt;
        const auto* wanted = std::get_if<Frame>(&*decoded);
        return wanted == nullptr ? std::nullopt : std::optional<Frame>{*wanted};
    }

    /// The first slot, as the guardian plays it. Whether the proof fitted.
    bool welcome() {
        say(hal::Challenge{nonce_});
        say(tick_);
        if (!hear<hal::ShareRequest>()) return false;
        hal::Share share{.given = true, .share = {}};
        std::ranges::copy(share_.view(), share.share.begin());
        say(share);
        const auto packet = next_packet(dose_);
        const auto decoded = hal::DoseFrames::decode(packet);
        const auto* proof = decoded ? std::get_if<hal::Proof>(&*decoded) : nullptr;
        if (proof == nullptr) {
            EXPECT_TRUE(decoded && std::holds_alternative<hal::SlotEnd>(*decoded));  // none, and it goes on without
            return false;
        }
        proof_ = proof->signature;
        const bool fits = guardian_accepts(proof->signature);
        const hal::DoseLimits limits{10_U, 15_U, 10_U, 60_U, 24};
        say(hal::Welcome{fits, fits ? hal::Mode::normal : hal::Mode::start_up, fits ? limits : hal::DoseLimits{}});
        while (true) {  // it may report findings before the slot ends
            const auto next = hal::DoseFrames::decode(next_packet(dose_));
            if (!next) {
                ADD_FAILURE() << "the slot did not end";
                return fits;
            }
            if (const auto* report = std::get_if<hal::FindingReport>(&*next)) findings_.push_back(report->finding);
            if (std::holds_alternative<hal::SlotEnd>(*next)) return fits;
        }
    }
    /// A basal slot in which the guardian stands in normal mode. What was asked for; nothing: no request.
    std::optional<MilliUnits> basal_slot() {
        tick_.tick = tick_.tick + hal::basal_slot_s;
        tick_.mode = hal::Mode::normal;
        tick_.basal_due = true;
        say(tick_);
        const auto decoded = hal::DoseFrames::decode(next_packet(dose_));
        const auto* request = decoded ? std::get_if<hal::DoseRequest>(&*decoded) : nullptr;
        if (request == nullptr) {
            EXPECT_TRUE(decoded && std::holds_alternative<hal::SlotEnd>(*decoded));
            return std::nullopt;
        }
        say(hal::DoseAnswer{.request_id = request->request_id, .verdict = hal::DoseVerdict::over_hour});
        EXPECT_TRUE(hear<hal::SlotEnd>());
        return request->amount;
    }
    int key_thief() {
        return Child{KEY_THIEF_PROGRAM, {flash().string(), simulator_.tcti(), hex(share_.view())}, {}}.end();
    }
    static std::string hex(ByteView bytes) {
        std::string text;
        for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
        return text;
    }

    std::optional<SignedHeader> configuration_;
    std::optional<Child> running_;
    hal::Seqpacket dose_, frame_, hand_over_;
    hal::FirmwareTick tick_;
    Signature proof_{};
    std::vector<hal::Finding> findings_;
};

TEST_F(Programs, TheTrueFirmwareProvesItselfAndAsksForWhatIsConfigured) {
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    ASSERT_TRUE(welcome());
    EXPECT_EQ(basal_slot(), MilliUnits{100});
    EXPECT_TRUE(std::filesystem::exists(flash() / "db" / "log.db"));
    dose_.close();
    EXPECT_EQ(running_->end(), 0);
}

TEST_F(Programs, WhoTakesItsKeyFileAwayLeavesNoKeysOpenBehindIt) {
    power_on(release_.firmware);
    const auto aside = flash() / "keys" / "keys.aside";
    std::filesystem::rename(flash() / "keys" / "keys.bin", aside);
    start(FIRMWARE_PROGRAM);
    EXPECT_FALSE(welcome());
    running_.reset();  // killed; its connection to the TPM is free
    std::filesystem::rename(aside, flash() / "keys" / "keys.bin");
    auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
    EXPECT_NE(must(tpm::read_pcrs(tpm))[tpm::cap_pcr], tpm::Digest{});
    // Not even with the share that the guardian gave in this boot.
    auto trust = must(firmware::Trust::open(tpm, flash()));
    EXPECT_FALSE(trust.sign_challenge(nonce_));
    const auto opened = must(trust.open_class_keys(share_));
    EXPECT_FALSE(opened.configuration || opened.patient || opened.log);
}

TEST_F(Programs, APipeInPlaceOfAFileIsRefusedAndTheFirmwareGoesOn) {
    for (const auto& file : {flash() / "keys" / "keys.bin", flash() / "config" / "device.cfg"}) {
        SCOPED_TRACE(file);
        const auto aside = std::filesystem::path{file}.concat(".aside");
        std::filesystem::rename(file, aside);
        ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
        power_on(release_.firmware);
        start(FIRMWARE_PROGRAM);
        EXPECT_EQ(welcome(), file.filename() == "device.cfg");
        std::filesystem::rename(aside, file);
    }
}

TEST_F(Programs, WithoutAConfinementItEndsAndLeavesNoKeysOpen) {
    power_on(release_.firmware);
    std::filesystem::remove_all(flash() / "db");  // a granted path that is not there
    start(FIRMWARE_PROGRAM);
    EXPECT_EQ(running_->end(), 4);
    auto tpm = must(tpm::Tpm::connect(simulator_.tcti()));
    EXPECT_NE(must(tpm::read_pcrs(tpm))[tpm::cap_pcr], tpm::Digest{});
}

TEST_F(Programs, WhereTheKeysCannotBeClosedItEndsAndSendsNothing) {
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    say(hal::Challenge{nonce_});
    say(tick_);
    ASSERT_TRUE(hear<hal::ShareRequest>());
    {
        const tpm::Simulator gone = std::move(simulator_);
    }
    say(hal::Share{.given = true, .share = {}});
    EXPECT_EQ(running_->end(), 4);
    EXPECT_TRUE(next_packet(dose_).empty());
}

TEST_F(Programs, TheRecordsOpenAgainAfterAKillAndAReset) {
    for (int run = 0; run < 2; ++run) {
        power_on(release_.firmware);
        start(FIRMWARE_PROGRAM);
        ASSERT_TRUE(welcome());
        EXPECT_EQ(basal_slot(), MilliUnits{100});
        running_->kill();
    }
    for (const auto& entry : std::filesystem::directory_iterator{flash() / "db"})
        EXPECT_EQ(entry.path().string().find("damaged"), std::string::npos) << entry.path();
}

TEST_F(Programs,
       AttackedWithTenTimesTheRateUnderTheTrueStateItAsksForIt) {  // so the attack is one, wherever it gets in
    power_on(release_.firmware);
    start(TENFOLD_PROGRAM);
    ASSERT_TRUE(welcome());
    EXPECT_EQ(basal_slot(), MilliUnits{1'000});
}

TEST_F(Programs, TheSameProgramUnderAnotherMeasuredStateHasNoProofAndAsksForNothing) {
    for (const char* program : {WRONG_STATE_PROGRAM, TENFOLD_PROGRAM, FIRMWARE_PROGRAM}) {
        power_on(header_of(FileKind::firmware, 99));
        start(program);
        EXPECT_FALSE(welcome());
        EXPECT_EQ(proof_, Signature{});
        EXPECT_EQ(basal_slot(), std::nullopt);
    }
}

TEST_F(Programs, ARecordedProofDoesNotFitTheNextChallenge) {
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    ASSERT_TRUE(welcome());
    const Signature recorded = proof_;
    write_file(flash() / "recorded-proof.bin", recorded);
    power_on(header_of(FileKind::firmware, 99));
    nonce_[0] ^= 1;  // the guardian's next one
    start(REPLAYING_PROGRAM);
    EXPECT_FALSE(welcome());
    EXPECT_EQ(proof_, recorded);  // it did try
    EXPECT_EQ(basal_slot(), std::nullopt);
    nonce_[0] ^= 1;
    EXPECT_TRUE(guardian_accepts(recorded));  // and the recording was a good one
}

TEST_F(Programs, AfterTheFirmwareWasKilledTheChipOpensNothing) {
    power_on(release_.firmware);
    EXPECT_EQ(key_thief(), 0);  // before any firmware ran in this boot the thief, with the share, has everything
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    ASSERT_TRUE(welcome());
    running_->kill();
    EXPECT_EQ(key_thief(), 3);
}

TEST_F(Programs, AConfigurationThatIsChangedAfterBootLookedIsNotTaken) {
    power_on(release_.firmware);
    auto file = flash() / "config" / "device.cfg";
    std::fstream changed{file, std::ios::in | std::ios::out | std::ios::binary};
    changed.seekp(-10, std::ios::end);
    changed.put('9');
    changed.close();
    start(FIRMWARE_PROGRAM);
    EXPECT_TRUE(welcome());
    EXPECT_EQ(basal_slot(), std::nullopt);
}

TEST_F(Programs, ScribbledRecordsAreKeptAsideByTheConfinedProgramAndReported) {
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    ASSERT_TRUE(welcome());
    running_->kill();
    for (const char* name : {"patient.db", "patient.db-wal"}) {
        std::fstream file{flash() / "db" / name, std::ios::in | std::ios::out | std::ios::binary};
        file << std::string(4'096, 'x');
    }
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    EXPECT_TRUE(welcome());
    EXPECT_EQ(findings_, std::vector{hal::Finding::storage_damaged});
    EXPECT_TRUE(std::filesystem::exists(flash() / "db" / "patient.db.damaged-1"));
    EXPECT_TRUE(std::filesystem::exists(flash() / "db" / "patient.db"));
    EXPECT_EQ(basal_slot(), MilliUnits{100});  // it records again; whether it may still ask is the guardian's to say
}

TEST_F(Programs, AFloodFromTheGatewayHoldsUpNoSlotAndNoDose) {
    power_on(release_.firmware);
    start(FIRMWARE_PROGRAM);
    ASSERT_TRUE(welcome());
    // The attacker's program in the gateway's place, by boot's hand-over channel.
    auto flooded = make_channel();
    auto other = hal::make_seqpacket_pair();
    ASSERT_TRUE(other);
    const std::array<std::uint8_t, 1> news{'F'};
    const std::array descriptors{other->a.get()};
    ASSERT_TRUE(hand_over_.send_with(news, descriptors));
    std::vector<hal::Descriptor> given;
    given.push_back(std::move(other->b));
    other->a = hal::Descriptor{};
    Child attacker{FLOODING_PROGRAM, {}, std::move(given)};
    for (int slot = 0; slot < 50; ++slot) EXPECT_EQ(basal_slot(), MilliUnits{100}) << slot;
    running_->kill();
    EXPECT_EQ(attacker.end(), 0);  // it was still flooding when its reader ended
}

}  // namespace
}  // namespace basalt::test
