// scenarios/engine/device_under_test.h: the one seam between a scenario and the device that it is played on. The engine
// calls it; the bench implements it with real processes, unit tests with a small closed simulation.
#pragma once
#include "device/common/result.h"
#include "device/common/signed_file.h"
#include "device/common/units.h"
#include "device/guardian/dose_limits.h"
#include "device/hal/board_frames.h"
#include "device/hal/boot_frames.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace basalt::scenarios {

/// Seconds since the scenario began. Not the device's Tick, which counts since the device was made: a scenario may be
/// played on a device that has lived before.
struct Moment {
    std::int64_t seconds = 0;
    friend constexpr auto operator<=>(Moment, Moment) = default;
    friend constexpr Moment operator+(Moment m, std::int64_t s) noexcept { return {m.seconds + s}; }
    constexpr double minutes() const noexcept { return static_cast<double>(seconds) / 60.0; }
};

/// In what world a scenario is played: the same for every run of a twin.
struct Setting {
    std::string patient;                      ///< of pump_model::all_people(); begins in the fasting steady state
    std::int64_t hours = 24;                  ///< how long the scenario lasts, 1 to 72
    SecondOfDay start;                        ///< time of day at Moment 0
    MilliUnitsPerHour basal = 1000_mU_per_h;  ///< of the profile, and of the therapy that the firmware follows, all day
    MilliUnits reservoir = 300_U;             ///< at the beginning
    guardian::DoseLimits limits{10_U, 15_U, 10_U, 60_U, 24};  ///< of the signed profile
    std::uint64_t seed = 1;  ///< of everything that is drawn in this run: device keys, nonces, noise
};

/// Which device: a freshly provisioned one, never the user's own.
struct Build {
    Variant variant = Variant::production;
    std::uint32_t switched_off = 0;  ///< Defence bits (device/common/authority.h); 0 unless variant is training
};

// ---- what is seen from outside ------------------------------------------------------------

/// The world at a whole minute, the first at Moment 0. Also while the device is off.
struct Sample {
    Moment at;
    double plasma_mg_dl = 0;        ///< in the body: harm is judged by this
    double cgm_mg_dl = 0;           ///< at the sensor, without noise
    std::int64_t delivered_mu = 0;  ///< by the motor since Moment 0: what really left the reservoir
};

/// One dose that the guardian sent the motor for.
struct Dose {
    Moment at;
    MilliUnits amount;  ///< > 0
    enum class By : std::uint8_t { unknown, profile, firmware } by = By::unknown;
    friend constexpr bool operator==(const Dose&, const Dose&) = default;
};

struct ModeChange {
    Moment at;
    hal::Mode mode = hal::Mode::start_up;
    friend constexpr bool operator==(const ModeChange&, const ModeChange&) = default;
};

/// A row of the guardian's table (device/guardian/alarms.h) came on. Its words are found by its id.
struct Alarm {
    Moment at;
    std::string id;  ///< AlarmRow::id
    hal::Priority priority = hal::Priority::none;
    bool on = true;  ///< false: it went off again
    friend bool operator==(const Alarm&, const Alarm&) = default;
};

/// Something worth a line in the story. `id` is for expectations and programs, from this list or a new one with its
/// sentence in words.cpp:
///   powered_on, powered_off   the board's switch
///   image_replaced            the attacker wrote `slot`
///   image_refused             boot's report: the firmware of `slot`, and why in `verdict`
///   gateway_refused           the network part's image, why in `verdict`
///   configuration_refused     the device configuration, why in `verdict`
///   image_started             boot's report: the firmware of `slot` runs
///   reset                     the guardian pulled the reset line
///   program_ended             `detail` names it: "firmware", "gateway", "boot", "guardian"
///   slot_budget               the host was too slow: the run's trace holds it
struct Event {
    Moment at;
    std::string id;
    std::string detail;  ///< a name or empty; never a path of the host, a process number or a random value
    hal::Slot slot = hal::Slot::none;
    ImageVerdict verdict = ImageVerdict::accepted;
    friend bool operator==(const Event&, const Event&) = default;
};

/// Hears everything, in the order of time (moments never go back). Called from inside DeviceUnderTest's calls.
class Observer {
  public:
    virtual ~Observer() = default;
    virtual void hear(const Sample&) = 0;
    virtual void hear(const Dose&) = 0;
    virtual void hear(const ModeChange&) = 0;
    virtual void hear(const Alarm&) = 0;
    virtual void hear(const Event&) = 0;

  protected:
    Observer() = default;
    Observer(const Observer&) = default;
    Observer& operator=(const Observer&) = default;
};

// ---- what can be done ------------------------------------------------------------

/// One device with its patient. It begins switched off at Moment 0; the patient is already alive. Destroying it ends
/// every process of it and removes its files. An Error means that the simulator or the machine failed, never that the
/// device behaved badly: that is heard by the Observer.
class DeviceUnderTest {
  public:
    virtual ~DeviceUnderTest() = default;

    /// Battery in: TPM, guardian and boot start. The first tick is played by the next run_until().
    virtual Result<void> power_on() = 0;
    /// Battery out, at this moment: every process ends as a power loss ends it. Files and the chips' memory stay.
    virtual Result<void> power_off() = 0;
    /// Plays the world (and the device, when it is on) until `until`: everything before that moment has happened,
    /// nothing at it. A moment that is not later than now is reached at once.
    virtual Result<void> run_until(Moment until) = 0;

    /// The patient begins to eat: 0 to 500 g of carbohydrate. The pump is not told.
    virtual Result<void> eat(double carbs_g) = 0;

    /// The attacker's hand on the flash, only while the device is off: puts the image of the program
    /// `<attacker>_firmware` of scenarios/attackers/ (attacker: "tenfold") into firmware.img of a slot, signed by the
    /// attacker's own key. Slot::none and an unknown attacker are usage errors.
    virtual Result<void> replace_image(hal::Slot slot, std::string_view attacker) = 0;

  protected:
    DeviceUnderTest() = default;
    DeviceUnderTest(const DeviceUnderTest&) = default;
    DeviceUnderTest& operator=(const DeviceUnderTest&) = default;
};

/// Makes devices: each a fresh copy of its own, provisioned with the setting's profile and the build's authority. Two
/// made with the same setting differ in nothing that the build does not demand.
class DeviceMaker {
  public:
    virtual ~DeviceMaker() = default;
    /// `observer` outlives the device.
    virtual Result<std::unique_ptr<DeviceUnderTest>> make(const Setting& setting, const Build& build,
                                                          Observer& observer) = 0;

  protected:
    DeviceMaker() = default;
    DeviceMaker(const DeviceMaker&) = default;
    DeviceMaker& operator=(const DeviceMaker&) = default;
};

}  // namespace basalt::scenarios
