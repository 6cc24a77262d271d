// scenarios/bench/glucose_sensor.h: what the glucose sensor under the skin says: the glucose there, and its own error.
#pragma once
#include <array>
#include <cstdint>

namespace basalt::bench {

/// One reading every five minutes. The same seed gives the same errors.
/// The error is the sum of two autoregressive processes of order 2, with the values of a present sensor (Dexcom G6:
/// Vettoretti et al., EMBC 2019, doi 10.1109/embc.2019.8856790, as LoopInsighT1 transcribes them), without that model's
/// drift over days: a standard deviation of about 8 mg/dL.
class GlucoseSensor {
  public:
    explicit GlucoseSensor(std::uint64_t seed) noexcept : state_(seed) {}

    /// Takes the glucose at the sensor. Returns whole mg/dL, 40 to 400: a meter says LOW and HIGH beyond.
    std::uint16_t read(double glucose_mg_dl) noexcept;

  private:
    double normal() noexcept;  ///< mean 0, standard deviation 1
    std::uint64_t state_;
    std::array<double, 2> shared_{}, own_{};  ///< the last two of each process
};

}  // namespace basalt::bench
