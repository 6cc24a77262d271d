// pump_model/motor.h: the pump's mechanics: a piston in a reservoir that only ever moves forward.
#pragma once
#include <cstdint>
#include <optional>

namespace basalt::pump_model {

/// How fast the motor can push: 25 mU a second, that is 1.5 U a minute.
inline constexpr std::int64_t motor_mu_per_s = 25;

/// A motor that is told "move to count X", where a count is all the insulin pushed out since the motor was made, in mU.
/// Saying the same target twice moves nothing twice. Counts and amounts are >= 0.
class Motor {
  public:
    /// count_mu: pushed out so far; reservoir_mu: insulin left.
    Motor(std::int64_t count_mu, std::int64_t reservoir_mu) noexcept;

    /// Sets where to go. A target at or behind the count stops the motor where it is: it never pulls back.
    void move_to(std::int64_t target_mu) noexcept;

    /// Lets time pass. Returns what really left the reservoir in these seconds (>= 0), in mU.
    std::int64_t advance(std::int64_t seconds) noexcept;

    /// Power is gone: the target is forgotten, the piston stays. What was pushed is never forgotten: it is a place.
    void power_off() noexcept { target_mu_ = count_mu_; }

    std::int64_t count_mu() const noexcept { return count_mu_; }  ///< what an encoder on the piston sees
    std::int64_t target_mu() const noexcept { return target_mu_; }
    std::int64_t reservoir_mu() const noexcept { return reservoir_mu_; }
    bool moving() const noexcept { return target_mu_ > count_mu_ && !stuck() && reservoir_mu_ > 0; }

    // ---- faults, by the world's hand --------------------------------------------------------------------------------
    /// The piston jams once it has moved `more_mu` further; 0 jams it now. The motor is still told targets and does not
    /// reach them.
    void stall_after(std::int64_t more_mu) noexcept { stall_at_mu_ = count_mu_ + (more_mu > 0 ? more_mu : 0); }
    void free_piston() noexcept { stall_at_mu_.reset(); }
    bool stuck() const noexcept { return stall_at_mu_ && count_mu_ >= *stall_at_mu_; }
    /// A person puts in a full reservoir. The count goes on.
    void refill(std::int64_t reservoir_mu) noexcept { reservoir_mu_ = reservoir_mu > 0 ? reservoir_mu : 0; }

  private:
    std::int64_t count_mu_;
    std::int64_t target_mu_;
    std::int64_t reservoir_mu_;
    std::optional<std::int64_t> stall_at_mu_;
};

}  // namespace basalt::pump_model
