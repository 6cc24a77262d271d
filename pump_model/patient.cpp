#include "pump_model/patient.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace basalt::pump_model {
namespace {

using enum Compartment::Index;

constexpr double pmol_per_u = 6000;
constexpr double mg_per_g = 1000;
constexpr std::array<std::uint8_t, 8> magic{'P', 'A', 'T', 'I', 'E', 'N', 'T', '1'};
constexpr std::size_t name_size = 16;

constexpr bool in_range(double value) noexcept { return value >= 0 && value <= 1000; }  // false for what is no number

void put(std::uint8_t*& out, std::uint64_t bits) noexcept {
    for (int i = 0; i < 8; ++i) *out++ = static_cast<std::uint8_t>(bits >> (8 * i));
}
std::uint64_t get(const std::uint8_t*& in) noexcept {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits |= std::uint64_t{*in++} << (8 * i);
    return bits;
}

}  // namespace

bool Patient::advance_minute(double insulin_u, double carbs_g) noexcept {
    if (!in_range(insulin_u) || !in_range(carbs_g)) return false;
    const Parameters& p = person_->parameters;

    waiting_g_ += carbs_g;
    const double eats_g = std::min(eaten_g_per_min, waiting_g_);
    waiting_g_ -= eats_g;
    // A meal is new when the person did not eat in the minute before; what is announced while eating joins the meal.
    if (eats_g > 0 && ate_last_minute_ == 0) {
        left_before_mg_ = state_[qsto1] + state_[qsto2];
        eaten_g_ = 0;
    }
    eaten_g_ += eats_g;
    ate_last_minute_ = eats_g;

    const Inflow in{.insulin = insulin_u * pmol_per_u / p.BW,
                    .carbs = eats_g * mg_per_g,
                    .meal = left_before_mg_ + eaten_g_ * mg_per_g};
    for (int i = 0; i < steps_a_minute; ++i) state_ = step(p, state_, in, 1.0 / steps_a_minute);
    ++minute_;
    return true;
}

Validity Patient::validity() const noexcept {
    if (plasma_mg_dl() < lowest_valid_mg_dl) return Validity::low;
    if (plasma_mg_dl() > highest_valid_mg_dl) return Validity::high;
    return Validity::valid;
}

Patient::Saved Patient::save() const noexcept {
    Saved saved{};
    auto* out = std::ranges::copy(magic, saved.data()).out;
    std::ranges::copy(person_->name.substr(0, name_size), out);
    out += name_size;
    put(out, static_cast<std::uint64_t>(minute_));
    for (const double v : state_) put(out, std::bit_cast<std::uint64_t>(v));
    for (const double v : {waiting_g_, left_before_mg_, eaten_g_, ate_last_minute_})
        put(out, std::bit_cast<std::uint64_t>(v));
    return saved;
}

std::optional<Patient> Patient::restore(std::span<const std::uint8_t> bytes) noexcept {
    if (bytes.size() != saved_size || !std::ranges::equal(bytes.first(magic.size()), magic)) return std::nullopt;
    std::array<char, name_size> name{};
    std::ranges::transform(bytes.subspan(magic.size(), name_size), name.begin(),
                           [](std::uint8_t b) { return static_cast<char>(b); });
    const std::string_view padded{name.data(), name.size()};
    const auto length = std::min(padded.find('\0'), padded.size());
    if (padded.find_first_not_of('\0', length) != padded.npos) return std::nullopt;
    const auto person = find_person(padded.substr(0, length));
    if (!person) return std::nullopt;

    Patient patient{**person};
    const std::uint8_t* in = bytes.data() + magic.size() + name_size;
    patient.minute_ = static_cast<std::int64_t>(get(in));
    if (patient.minute_ < 0) return std::nullopt;
    for (std::size_t c = 0; c < compartments; ++c) {
        const double v = std::bit_cast<double>(get(in));
        if (!std::isfinite(v) || (c != x && v < 0)) return std::nullopt;
        patient.state_[c] = v;
    }
    for (double* field :
         {&patient.waiting_g_, &patient.left_before_mg_, &patient.eaten_g_, &patient.ate_last_minute_}) {
        const double v = std::bit_cast<double>(get(in));
        if (!std::isfinite(v) || v < 0) return std::nullopt;
        *field = v;
    }
    return patient;
}

}  // namespace basalt::pump_model
