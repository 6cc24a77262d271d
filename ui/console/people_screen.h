// ui/console/people_screen.h: the panels about people: log-in, bolus, temporary rate, emergency access, leaving
// failsafe. They lie over the curve alone: glucose, what the pump does, alarms and the stop button stay in sight.
#pragma once
#include "ui/console/window.h"
#include "ui/view/people.h"

#include <filesystem>
#include <vector>

namespace basalt::console {

enum class Panel : std::uint8_t { none, log_in, bolus, temporary, emergency, release, second, context };

/// What the panels know beside the model.
struct PeopleState {
    view::People people;
    Panel panel = Panel::none;
    bool first_password = false;
    std::vector<std::filesystem::path> badges;  ///< token files, by name
    /// Which of them, counted from 0; -1: none. Of who is logged in, of the emergency, of the two at the reader, of who
    /// approves or chooses the place.
    int badge = -1, emergency_badge = -1, first_badge = -1, second_badge = -1, approver_badge = -1;
    access::Context place = access::Context::ward;  ///< to be chosen
    view::Line release_said;
    bool suggested = false;  ///< a suggestion stands on the screen
    bool focus = false;      ///< the first field gets the keys in the next frame
    bool focused = false;    ///< it was told so in this frame
    bool enter = false;      ///< the Enter key came in this frame

    std::filesystem::path file_of(int which) const {
        return which < 0 ? std::filesystem::path{} : badges.at(static_cast<std::size_t>(which));
    }
};

struct PeopleWishes {
    std::optional<view::Wish> send;
    std::filesystem::path badge;  ///< that signs it
    bool release = false, close = false, to_context = false, to_second = false;
};

/// `at`, `size`: of the box that it may fill.
PeopleWishes draw_people(PeopleState& state, const view::PeopleView& seen, const view::Settings& settings,
                         const Fonts& fonts, ImVec2 at, ImVec2 size);

}  // namespace basalt::console
