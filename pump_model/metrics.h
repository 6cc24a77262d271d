// pump_model/metrics.h: how a run was for the patient, in the numbers that clinics use.
#pragma once
#include <cstddef>
#include <span>

namespace basalt::pump_model {

/// Shares are % of all readings. Sources: Battelino et al., Diabetes Care 42(8):1593, 2019, unless said.
struct Metrics {
    std::size_t readings = 0;
    double mean_mg_dl = 0;
    double sd_mg_dl = 0;    ///< with N-1
    double cv_percent = 0;  ///< 100 SD / mean; stable up to 36
    double gmi_percent =
        0;  ///< 3.31 + 0.02392 mean (Bergenstal et al., Diabetes Care 41(11):2275, 2018); meant for 14 days
    double tir_percent = 0;     ///< 70 <= g <= 180
    double tbr70_percent = 0;   ///< g < 70
    double tbr54_percent = 0;   ///< g < 54
    double tar180_percent = 0;  ///< g > 180
    double tar250_percent = 0;  ///< g > 250
    double lbgi = 0,
           hbgi = 0;  ///< low and high blood glucose index (Kovatchev et al., Diabetes Care 20(11):1655, 1997)
    double min_mg_dl = 0, max_mg_dl = 0;
};

/// Readings outside count as its border in LBGI and HBGI: a logarithm fails at 0, and the scale was made for 20 to 600
/// mg/dL, so that no reading weighs more than about 100. Shares, mean and SD take every reading as it is.
struct RiskRange {
    double low_mg_dl = 20, high_mg_dl = 600;
};

/// Over equally spaced readings in mg/dL, none of which is NaN. No reading: all zero.
Metrics measure(std::span<const double> glucose_mg_dl, RiskRange range = {}) noexcept;

/// Time between the first and the last reading of the longest unbroken run below `limit_mg_dl`, in minutes. So it never
/// claims more than was seen: one single low reading is 0 minutes.
double longest_below_min(std::span<const double> glucose_mg_dl, double limit_mg_dl, double minutes_apart) noexcept;

/// Same, above.
double longest_above_min(std::span<const double> glucose_mg_dl, double limit_mg_dl, double minutes_apart) noexcept;

/// Harm by a low: plasma glucose below 54 mg/dL (level 2 of the ADA) for 15 minutes or longer (length of an event:
/// Danne et al., Diabetes Care 40(12):1631, 2017). Takes plasma, not the sensor's reading: harm happens in the body.
inline constexpr double hypo_mg_dl = 54;
inline constexpr double hypo_min = 15;
bool harmed_by_low(std::span<const double> plasma_mg_dl, double minutes_apart) noexcept;

}  // namespace basalt::pump_model
