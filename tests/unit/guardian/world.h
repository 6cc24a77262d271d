// tests/unit/guardian/world.h: a board, a boot and a firmware for one guardian, as small as they can be and still
// behave: the motor moves 25 mU a second and never back, the memory keeps what was written, power may go after any
// frame.
#pragma once
#include "device/guardian/guardian.h"
#include "device/guardian/provisioning.h"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace basalt::guardian::test {

/// BASALT_SEED=<number> in the environment replays that seed alone; else 1 to `count`.
std::vector<std::uint64_t> seeds(std::uint64_t count);

/// A seeded source of numbers.
class Rng {
  public:
    explicit Rng(std::uint64_t seed) : engine_(seed) {}
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool one_in(std::int64_t n) { return between(1, n) == 1; }

  private:
    std::mt19937_64 engine_;
};

/// A P-256 key made from a word, for signing in tests.
struct TestKey {
    std::array<std::uint8_t, 32> secret;
    PublicKey public_key;
    explicit TestKey(std::string_view word);
    Signature sign(const Digest& digest) const;
};
const TestKey& physician();
const TestKey& channel();
/// Whose badges some_profile() names: the physician's stands in place 0, the engineer's in place 1.
const TestKey& physicians_badge();
const TestKey& engineers_badge();

/// 1 U/h all day, limits 5 / 8 / 6 (beyond, 4 h) / 60 U, 30 doses an hour.
Profile some_profile();
std::vector<std::uint8_t> signed_profile(const Profile& profile, const TestKey& key = physician());
Provisioning provisioning_with(ByteView profile_file);
Authority some_authority();
hal::BootReport good_report();

/// What the firmware does in its slot; SlotEnd is sent for it unless it hangs.
struct World;
using FirmwareScript = std::function<void(World&, const hal::FirmwareTick&)>;
/// Proves itself, then asks for `basal` in each due slot (nothing: leaves the slot to the profile).
FirmwareScript good_firmware(std::optional<MilliUnits> basal = MilliUnits{100});

struct World {
    explicit World(const Profile& profile = some_profile());
    ~World();

    /// Starts a guardian on the present memory, as power or the watchdog does.
    void start();
    /// Power off: the motor stops where it is, the guardian is gone.
    void power_off();
    /// Lets time pass and plays the tick `at`. False: power went off on the way (cut_after).
    bool play(Tick at);
    /// Plays every tick that the guardian asks for, up to and with `until`.
    bool run_to(Tick until);
    bool run_for(std::uint64_t seconds) { return run_to(now + seconds); }
    /// From the first tick to normal mode.
    void become_normal();

    // For the firmware's script.
    void firmware_says(ByteView frame);
    template <class Frame>
    void say(const Frame& frame) {
        firmware_says(hal::DoseFrames::encode(frame).view());
    }
    hal::DoseVerdict ask(MilliUnits amount, hal::DoseKind kind);
    void prove(const Digest& nonce);

    // The board's own seams.
    /// A short press, as two ticks.
    void press();
    void hold(std::uint64_t seconds);
    template <class Frame>
    void board_says(const Frame& frame) {
        if (!guardian) return;
        guardian->on_board(hal::BoardFrames::encode(frame).view());
        settle();
    }
    hal::ReleaseTerms ask_release();
    /// What both badges of some_profile() sign, on a day before they expire.
    static hal::Release signed_by_both(const hal::ReleaseTerms& terms);
    hal::ReleaseVerdict release(const hal::Release& release);

    /// Every dose and correction of the ring, added: what the record says was given since the device was made.
    std::int64_t on_record() const;
    const State& state() const { return guardian->state(); }
    hal::Mode mode() const { return state().mode; }
    bool shows(Trigger trigger) const { return (signals.alarms & bit_of(trigger)) != 0; }
    /// What the memory holds at this moment, read as a new start would.
    std::unique_ptr<Kept> kept() const;

    // The board.
    Authority rom = some_authority();
    std::vector<std::uint8_t> memory;
    Tick now{86'400};
    Tick next{86'400};
    hal::TickFrame board;  ///< what the next tick says, but for tick, time of day and motor
    std::uint32_t second_of_day_at_0 = 0;
    std::int64_t motor = 0, motor_target = 0;
    std::int64_t motor_stuck_at = INT64_MAX;
    bool motor_on = true;
    bool syncs = true;  ///< false: the board never says that the memory is done
    hal::Signals signals;
    std::size_t resets = 0;
    std::size_t frames_obeyed = 0;
    std::size_t most_effects = 0;
    std::optional<std::size_t> cut_after;  ///< so many more board frames are obeyed, then power goes off

    // Boot and the firmware.
    hal::BootReport report = good_report();
    int boot_dies = 0, boot_hangs = 0;         ///< in so many of its next slots
    int boot_silent = 0;                       ///< in so many of its next slots it has no report yet
    std::optional<std::uint64_t> tpm_counter;  ///< when there is one, boot holds the generation against it and counts
    std::optional<hal::BootStart> boot_start;
    FirmwareScript firmware = good_firmware();
    int firmware_hangs = 0, firmware_dies = 0;  ///< in so many of its next slots
    Digest challenge{};
    std::optional<hal::Share> share;
    std::optional<hal::Welcome> welcome;
    std::optional<hal::DoseAnswer> answer;
    std::optional<hal::TakenBack> taken_back;
    std::optional<hal::ModeAnswer> mode_answer;
    std::optional<hal::ReleaseChallenge> release_challenge;
    std::optional<hal::ReleaseAnswer> release_answer;
    std::vector<hal::RingEntry> ring_given;
    std::optional<hal::RingEntries> ring_answer;
    hal::FirmwareTick last_slot;
    std::uint64_t firmware_wish_s = 300;
    bool emergency_access = false;                        ///< what the firmware says of it at the end of its slot
    std::function<void(const hal::RingEntry&)> on_entry;  ///< each ring entry as it is written

    std::unique_ptr<Guardian> guardian;

  private:
    enum class To : std::uint8_t { board, boot, firmware };
    struct Line final : hal::Port {
        bool send(ByteView frame) noexcept override;
        World* world = nullptr;
        To to = To::board;
    };
    struct Packet {
        To to;
        std::vector<std::uint8_t> bytes;
    };
    bool settle();
    void settle_side(To side);
    void obey_board(const Packet& packet);
    void hear_boot(const Packet& packet);
    void hear_firmware(const Packet& packet);
    void hear_answer(const hal::DoseAnswer& heard);
    void hear_answer(const hal::TakenBack& heard);
    void advance(std::uint64_t seconds);

    Line to_board_, to_boot_, to_firmware_;
    std::deque<Packet> packets_;
    bool done_ = false;
    bool reset_pulled_ = false;
};

}  // namespace basalt::guardian::test
