// pump_model/model.h: the equations of one person with type 1 diabetes: 13 compartments, their right-hand side, one
// fixed step.
//
// UVA/Padova, S2008 generation, in the variant that simglucose simulates. Sources: [1] Dalla Man, Rizza, Cobelli, IEEE
// TBME 54(10):1740, 2007 (glucose, insulin); [2] Dalla Man, Camilleri, Cobelli, IEEE TBME 53(12):2472, 2006 (stomach);
// [3] Dalla Man et al., JDST 1(3):323, 2007 (insulin under the skin); [4] Kovatchev et al., JDST 3(1):44, 2009 (sensor
// side, cohort).
#pragma once
#include <array>
#include <cstddef>

namespace basalt::pump_model {

/// What is known of one person. Order and units are those of patients.csv, whose rows initialise it.
struct Parameters {
    double BW;                  ///< body weight, kg
    double Gb;                  ///< fasting glucose, mg/dL
    double Ib;                  ///< fasting insulin, pmol/L
    double EGPb;                ///< fasting glucose production, mg/kg/min
    double kabs, kmax, kmin;    ///< absorption; fastest and slowest emptying of the stomach, 1/min
    double b, d, f;             ///< shares of a meal at the two inflections; share of it that is absorbed
    double Vg;                  ///< dL/kg
    double k1, k2;              ///< exchange between fast and slow tissue, 1/min
    double Vm0, Vmx, Km0, p2u;  ///< mg/kg/min, mg/kg/min per pmol/L, mg/kg, 1/min
    double kp1, kp2, kp3, ki;   ///< mg/kg/min, 1/min, mg/kg/min per pmol/L, 1/min
    double ke1, ke2;            ///< kidneys: 1/min; threshold, mg/kg
    double Fcns;                ///< use by brain and nerves, mg/kg/min
    double Vi;                  ///< L/kg
    double m1, m2, m4, m3;      ///< insulin kinetics, 1/min
    double kd, ka1, ka2, ksc;   ///< insulin under the skin; sensor side, 1/min
    double u2ss;                ///< steady insulin, pmol/kg/min
    double basal_u_per_h;       ///< the same as a basal rate: u2ss BW / 100
    double CR, CF;              ///< g of carbohydrate per U; mg/dL per U: a guide for dosing, not part of the model
    double age, TDI;            ///< years; insulin a day, U
};

/// The compartments, in the order of a State. `using enum Compartment::Index;` makes the names short where equations
/// are written.
struct Compartment {
    enum Index : std::size_t {
        qsto1,  ///< stomach, solid, mg
        qsto2,  ///< stomach, liquid, mg
        qgut,   ///< intestine, mg
        gp,     ///< glucose in plasma and fast tissue, mg/kg
        gt,     ///< glucose in slow tissue, mg/kg
        ip,     ///< insulin in plasma, pmol/kg
        x,      ///< insulin's action on use, deviation from fasting, pmol/L: may be negative
        i1,     ///< delayed insulin on the liver, first stage, pmol/L
        id,     ///< second stage, pmol/L
        il,     ///< insulin in the liver, pmol/kg
        isc1,   ///< insulin under the skin, pmol/kg
        isc2,   ///< the part of it that is on its way into the blood, pmol/kg
        gs,     ///< glucose where the sensor sits, mg/kg
    };
};
inline constexpr std::size_t compartments = 13;
using State = std::array<double, compartments>;

/// What enters the body, constant while a step lasts. Each is finite and >= 0.
struct Inflow {
    double insulin = 0;  ///< pmol/kg/min
    double carbs = 0;    ///< mg/min
    double meal = 0;  ///< "size of the meal in hand" (D), mg: how full the stomach must be to empty fast; 0: never ate
};

/// d/dt of every compartment, per minute.
/// Rely on:  pure. Glucose never falls below zero: a compartment of glucose that is empty only fills. The plain
/// equations would
///           go negative there (the brain's use is constant and no counter-regulation is modelled), and simglucose,
///           which stops such a compartment, could not let it recover by food. No trajectory above 0 mg/dL is changed
///           by this.
State rate_of_change(const Parameters& p, const State& state, const Inflow& in) noexcept;

/// One step of the classical Runge-Kutta method of order 4, of `minutes` > 0.
/// Rely on:  pure; no heap; a glucose compartment that the step would carry below zero ends at zero.
State step(const Parameters& p, const State& state, const Inflow& in, double minutes) noexcept;

}  // namespace basalt::pump_model
