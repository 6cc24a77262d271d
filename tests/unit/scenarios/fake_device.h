// tests/unit/scenarios/fake_device.h: a small closed simulation behind the seam of a scenario: real patient, real
// motor, and a pump of a few lines that gives the profile's dose in each slot, checks images or does not, and keeps the
// limits.
#pragma once
#include "device/common/authority.h"
#include "pump_model/motor.h"
#include "pump_model/patient.h"
#include "scenarios/engine/device_under_test.h"

#include <algorithm>
#include <deque>

namespace basalt::scenarios::test {

/// How a fake misbehaves, so that each check can be seen failing.
struct Faults {
    bool attacker_is_tame = false;     ///< the attacker's program asks for what the profile gives
    bool production_runs_all = false;  ///< the production build does not look at signatures either
    bool training_gives_more = false;  ///< the training build gives 1 mU more in one slot
    bool training_is_silent = false;   ///< the training build raises no alarm
    bool forgets_a_minute = false;     ///< one sample is not told
    bool goes_back = false;            ///< something of the beginning is told at the end
    bool alarm_goes_off = false;       ///< the alarm does not stay
    bool machine_is_broken = false;    ///< power_on fails
};

class FakeDevice : public DeviceUnderTest {
  public:
    FakeDevice(const Setting& setting, const Build& build, const Faults& faults, Observer& observer)
        : setting_(setting),
          build_(build),
          faults_(faults),
          observer_(observer),
          patient_(**pump_model::find_person(setting.patient)),
          motor_(0, setting.reservoir.count) {}

    Result<void> power_on() override {
        if (faults_.machine_is_broken) return fail(ErrorCode::missing, "There is no TPM.", "Install swtpm.");
        on_ = true;
        observer_.hear(Event{now_, "powered_on", ""});
        mode(hal::Mode::start_up);
        const bool checks = build_.variant == Variant::production
                                ? !faults_.production_runs_all
                                : (build_.switched_off & std::to_underlying(Defence::image_check)) == 0;
        if (strange_a_ && strange_b_ && checks) {
            for (const auto slot : {hal::Slot::a, hal::Slot::b})
                observer_.hear(Event{now_, "image_refused", "", slot, ImageVerdict::bad_signature});
            if (!faults_.training_is_silent || build_.variant == Variant::production)
                observer_.hear(Alarm{now_, "both_slots_refused", hal::Priority::high});
            if (faults_.alarm_goes_off) observer_.hear(Alarm{now_, "both_slots_refused", hal::Priority::none, false});
            mode(hal::Mode::failsafe);
        } else {
            hostile_ = strange_a_ && strange_b_;
            observer_.hear(Event{now_, "image_started", "", hal::Slot::a});
            mode(hal::Mode::normal);
        }
        return {};
    }
    Result<void> power_off() override {
        on_ = false;
        motor_.power_off();
        observer_.hear(Event{now_, "powered_off", ""});
        return {};
    }
    Result<void> run_until(Moment until) override {
        for (; now_ < until; now_ = now_ + 1) {
            if (now_.seconds % 60 == 0) minute();
            if (on_ && now_.seconds % 300 == 0) slot();
            motor_.advance(1);
        }
        if (faults_.goes_back && until.seconds == setting_.hours * 3600) observer_.hear(Event{Moment{}, "reset", ""});
        return {};
    }
    Result<void> eat(double carbs_g) override {
        carbs_g_ += carbs_g;
        return {};
    }
    Result<void> replace_image(hal::Slot slot, std::string_view attacker) override {
        if (on_ || attacker != "tenfold") return fail(ErrorCode::usage, "No such attack.", "Switch the device off.");
        (slot == hal::Slot::a ? strange_a_ : strange_b_) = true;
        observer_.hear(Event{now_, "image_replaced", "", slot});
        return {};
    }

  private:
    void minute() {
        if (now_.seconds > 0) {
            const auto given = motor_.count_mu() - counted_mu_;
            counted_mu_ = motor_.count_mu();
            if (!patient_.advance_minute(static_cast<double>(given) / 1000, carbs_g_)) std::abort();
            carbs_g_ = 0;
        }
        if (faults_.forgets_a_minute && now_.seconds == 600 * 60) return;
        observer_.hear(Sample{now_, patient_.plasma_mg_dl(), patient_.cgm_mg_dl(), motor_.count_mu()});
    }
    void slot() {
        const std::int32_t rate = setting_.basal.count;
        remainder_ += rate * 300;
        std::int32_t amount = remainder_ / 3600;
        remainder_ %= 3600;
        if (faults_.training_gives_more && build_.variant == Variant::training && now_.seconds == 7200) ++amount;
        if (hostile_ && !faults_.attacker_is_tame) {
            std::erase_if(beyond_, [this](const auto& d) { return d.at + 4 * 3600 <= now_; });
            std::int32_t beyond = 0;
            for (const auto& d : beyond_) beyond += d.amount.count;
            const std::int32_t more = amount * 9;
            if (beyond + more <= setting_.limits.beyond_profile_in_4_h.count) {
                beyond_.push_back({now_, {more}});
                amount += more;
            }
        }
        observer_.hear(
            Dose{now_, {amount}, hostile_ || mode_ == hal::Mode::normal ? Dose::By::firmware : Dose::By::profile});
        motor_.move_to(motor_.target_mu() + amount);
    }
    void mode(hal::Mode mode) {
        mode_ = mode;
        observer_.hear(ModeChange{now_, mode});
    }

    Setting setting_;
    Build build_;
    Faults faults_;
    Observer& observer_;
    pump_model::Patient patient_;
    pump_model::Motor motor_;
    Moment now_;
    bool on_ = false, strange_a_ = false, strange_b_ = false, hostile_ = false;
    hal::Mode mode_ = hal::Mode::start_up;
    std::int64_t counted_mu_ = 0;
    double carbs_g_ = 0;
    std::int32_t remainder_ = 0;
    std::deque<Dose> beyond_;
};

class FakeMaker : public DeviceMaker {
  public:
    explicit FakeMaker(Faults faults = {}) : faults_(faults) {}
    Result<std::unique_ptr<DeviceUnderTest>> make(const Setting& setting, const Build& build,
                                                  Observer& observer) override {
        builds.push_back(build);
        seeds.push_back(setting.seed);
        return std::make_unique<FakeDevice>(setting, build, faults_, observer);
    }
    std::vector<Build> builds;
    std::vector<std::uint64_t> seeds;

  private:
    Faults faults_;
};

}  // namespace basalt::scenarios::test
