// device/link/chance.h: where a session's random bytes come from. They come in, so that a test replays a session.
#pragma once
#include <cstdint>
#include <span>

namespace basalt::link {

class Chance {
  public:
    virtual ~Chance() = default;
    /// Fills all of `out` with bytes that nobody can foretell, or answers false: then no session begins.
    virtual bool fill(std::span<std::uint8_t> out) noexcept = 0;

  protected:
    Chance() = default;
    Chance(const Chance&) = default;
    Chance& operator=(const Chance&) = default;
};

}  // namespace basalt::link
