#include "pump_model/model.h"

#include <algorithm>
#include <cmath>

namespace basalt::pump_model {
namespace {

using enum Compartment::Index;

// The names of the equations are those of the papers; a reader compares them line by line.

/// How fast the stomach empties: fast when it is full or nearly empty, slow in between [2].
double emptying(const Parameters& p, double stomach, double meal) noexcept {
    if (meal <= 0) return p.kmax;
    const double a = 5 / (2 * meal * (1 - p.b));
    const double c = 5 / (2 * meal * p.d);
    return p.kmin +
           (p.kmax - p.kmin) / 2 * (std::tanh(a * (stomach - p.b * meal)) - std::tanh(c * (stomach - p.d * meal)) + 2);
}

/// Those that hold glucose outside the gut: the only ones that the equations could drive below zero.
constexpr std::array glucose_compartments{gp, gt, gs};

}  // namespace

State rate_of_change(const Parameters& p, const State& s, const Inflow& in) noexcept {
    State d{};
    const double kempt = emptying(p, s[qsto1] + s[qsto2], in.meal);
    d[qsto1] = in.carbs - p.kmax * s[qsto1];
    d[qsto2] = p.kmax * s[qsto1] - kempt * s[qsto2];
    d[qgut] = kempt * s[qsto2] - p.kabs * s[qgut];

    const double appearance = p.f * p.kabs * s[qgut] / p.BW;
    const double production = std::max(0.0, p.kp1 - p.kp2 * s[gp] - p.kp3 * s[id]);
    const double excretion = std::max(0.0, p.ke1 * (s[gp] - p.ke2));
    // Below zero for some patients without insulin: use then becomes production and the value runs away, which is one
    // reason why numbers above 600 mg/dL are called invalid. Kept, to stay equal to the published model.
    const double use = (p.Vm0 + p.Vmx * s[x]) * s[gt] / (p.Km0 + s[gt]);
    d[gp] = production + appearance - p.Fcns - excretion - p.k1 * s[gp] + p.k2 * s[gt];
    d[gt] = -use + p.k1 * s[gp] - p.k2 * s[gt];
    d[gs] = p.ksc * (s[gp] - s[gs]);

    const double insulin = s[ip] / p.Vi;
    d[ip] = -(p.m2 + p.m4) * s[ip] + p.m1 * s[il] + p.ka1 * s[isc1] + p.ka2 * s[isc2];
    d[il] = -(p.m1 + p.m3) * s[il] + p.m2 * s[ip];
    d[x] = p.p2u * (insulin - p.Ib - s[x]);
    d[i1] = p.ki * (insulin - s[i1]);
    d[id] = p.ki * (s[i1] - s[id]);
    d[isc1] = in.insulin - (p.kd + p.ka1) * s[isc1];
    d[isc2] = p.kd * s[isc1] - p.ka2 * s[isc2];

    for (const auto c : glucose_compartments)
        if (s[c] <= 0) d[c] = std::max(0.0, d[c]);
    return d;
}

State step(const Parameters& p, const State& s, const Inflow& in, double minutes) noexcept {
    const auto ahead = [&s](const State& slope, double by) {
        State to;
        for (std::size_t c = 0; c < compartments; ++c) to[c] = s[c] + by * slope[c];
        return to;
    };
    const State a = rate_of_change(p, s, in);
    const State b = rate_of_change(p, ahead(a, minutes / 2), in);
    const State c = rate_of_change(p, ahead(b, minutes / 2), in);
    const State d = rate_of_change(p, ahead(c, minutes), in);
    State slope;
    for (std::size_t k = 0; k < compartments; ++k) slope[k] = (a[k] + 2 * b[k] + 2 * c[k] + d[k]) / 6;
    State to = ahead(slope, minutes);
    for (const auto k : glucose_compartments) to[k] = std::max(0.0, to[k]);
    return to;
}

}  // namespace basalt::pump_model
