// device/link/drop.h: why a frame of a session was not believed, with words for the log and for people. One table.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace basalt::link {

enum class Drop : std::uint8_t {
    // whatever anybody may send; it changes nothing
    no_session,
    session_over,
    not_a_message,
    forged,
    damaged,
    wrong_address,
    not_identified,
    repeated,
    not_newer,
    out_of_place,
    // authentic, and yet wrong: something happened between the two ends, and the session ends
    missing,
    stale,
    ahead,
    too_late,
    wrong_feedback,
    // while a session begins
    answer_late,
    no_room,
    not_willing,
    not_this_device,
    wrong_version,
    cannot_sign,
    no_key,
    false_pump,
};
inline constexpr std::size_t drop_count = std::to_underlying(Drop::false_pump) + 1;

struct DropRow {
    Drop drop;
    std::string_view id;  ///< for logs and programs
    bool ends;            ///< the session ends with it
    std::string_view english, french;
};

/// Rely on: one row for each Drop, in its order.
const DropRow& row_of(Drop drop) noexcept;

/// How often each happened. Whoever owns it puts it on record, as few rows as he likes.
class DropCounts {
  public:
    void add(Drop drop) noexcept { ++counts_[std::to_underlying(drop)]; }
    std::uint64_t of(Drop drop) const noexcept { return counts_[std::to_underlying(drop)]; }
    std::uint64_t total() const noexcept;

  private:
    std::array<std::uint64_t, drop_count> counts_{};
};

}  // namespace basalt::link
