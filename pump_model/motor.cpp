#include "pump_model/motor.h"

#include <algorithm>

namespace basalt::pump_model {

Motor::Motor(std::int64_t count_mu, std::int64_t reservoir_mu) noexcept
    : count_mu_(std::max<std::int64_t>(0, count_mu)),
      target_mu_(count_mu_),
      reservoir_mu_(std::max<std::int64_t>(0, reservoir_mu)) {}

void Motor::move_to(std::int64_t target_mu) noexcept { target_mu_ = std::max(target_mu, count_mu_); }

std::int64_t Motor::advance(std::int64_t seconds) noexcept {
    if (seconds <= 0) return 0;
    std::int64_t way = std::min(target_mu_ - count_mu_, reservoir_mu_);
    if (stall_at_mu_) way = std::min(way, std::max<std::int64_t>(0, *stall_at_mu_ - count_mu_));
    // Divided, not multiplied: any number of seconds is safe.
    if (way / motor_mu_per_s >= seconds) way = seconds * motor_mu_per_s;
    count_mu_ += way;
    reservoir_mu_ -= way;
    return way;
}

}  // namespace basalt::pump_model
