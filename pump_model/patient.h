// pump_model/patient.h: one virtual person with type 1 diabetes, minute by minute: insulin and food in, glucose out.
//
// What the model leaves out, and every report should say: no counter-regulation in a low, no ketones, no exercise, no
// dawn effect (one basal rate holds all day), and no variation of sensitivity. Not for decisions about real people.
#pragma once
#include "pump_model/patients.h"

#include <cstdint>
#include <optional>
#include <span>

namespace basalt::pump_model {

/// Whether the model can be believed. A meter shows LOW and HIGH there, never a number.
enum class Validity : std::uint8_t { valid, low, high };
inline constexpr double lowest_valid_mg_dl = 40;
inline constexpr double highest_valid_mg_dl = 600;

/// Step of the solver. Chosen by what it costs against an adaptive solver of order 8 over the ten trajectories of
/// tests/data/glucose: 0.25 min: worst difference 0.001 mg/dL; 0.5 min: 0.02; 1 min: 0.3. All three are fast.
inline constexpr int steps_a_minute = 4;

/// What a person can eat in a minute; announced food waits until it is its turn.
inline constexpr double eaten_g_per_min = 5;

class Patient {
  public:
    /// Begins in the fasting steady state: with the person's own basal and no food, glucose stays where it is.
    explicit Patient(const Person& person) noexcept : person_(&person), state_(person.start) {}

    const Person& person() const noexcept { return *person_; }

    /// Lets one minute pass. Both inputs are spread evenly over it.
    /// insulin_u: delivered within this minute, 0 to 1000 U. carbs_g: announced at its start, 0 to 1000 g.
    /// Returns:   false, and no time passes, when an input is outside its range or no number.
    [[nodiscard]] bool advance_minute(double insulin_u, double carbs_g) noexcept;

    std::int64_t minute() const noexcept { return minute_; }  ///< since the start
    double plasma_mg_dl() const noexcept { return state_[Compartment::gp] / person_->parameters.Vg; }
    double cgm_mg_dl() const noexcept {
        return state_[Compartment::gs] / person_->parameters.Vg;
    }  ///< at the sensor, without its noise
    double insulin_pmol_l() const noexcept { return state_[Compartment::ip] / person_->parameters.Vi; }
    double food_waiting_g() const noexcept { return waiting_g_; }
    const State& state() const noexcept { return state_; }

    /// By plasma glucose: low below 40 mg/dL, high above 600 mg/dL.
    Validity validity() const noexcept;

    /// Everything that a later run needs to go on exactly here: 8 bytes "PATIENT1", the name padded with zeros to 16,
    /// the minute, then 17 doubles, all little endian. The order is that of visit() in patient.cpp.
    static constexpr std::size_t saved_size = 8 + 16 + 8 + (compartments + 4) * 8;
    using Saved = std::array<std::uint8_t, saved_size>;
    Saved save() const noexcept;
    /// Returns nothing when the bytes are not what save() writes: wrong size, unknown person, a value that is no number
    /// or, where only X may be, below zero.
    static std::optional<Patient> restore(std::span<const std::uint8_t> bytes) noexcept;

    friend bool operator==(const Patient&, const Patient&) = default;

  private:
    const Person* person_;  ///< a row of all_people(), which outlives every patient
    State state_;
    std::int64_t minute_ = 0;
    double waiting_g_ = 0;        ///< announced, not yet eaten
    double left_before_mg_ = 0;   ///< in the stomach when this meal began
    double eaten_g_ = 0;          ///< of this meal, so far
    double ate_last_minute_ = 0;  ///< grams; a meal is new when this was 0
};

}  // namespace basalt::pump_model
