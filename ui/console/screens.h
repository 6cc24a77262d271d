// ui/console/screens.h: what stands in the window. Each draws what it is given and says what a person asked for.
#pragma once
#include "ui/console/chart.h"
#include "ui/console/people_screen.h"
#include "ui/console/window.h"
#include "ui/view/pump_view.h"

namespace basalt::console {

/// What a person asked for in this frame.
struct Wishes {
    bool stop = false, resume = false, attack = false, language = false, unit = false, contrast = false, quiet = false;
    bool about_read = false;
    int eat_g = 0;  ///< 0: nothing
    int speed = 0;  ///< 0: as it was; else simulated seconds in a second
    Panel open = Panel::none;
    bool press = false;  ///< the pump's button, shortly
    PeopleWishes people;
};

/// What the window knows beside the pump.
struct Surroundings {
    view::Settings settings;
    int speed = 1;
    bool slowed = false;        ///< to real time, by what happened
    std::int64_t quiet_s = 0;   ///< the sound is paused for so long
    bool silent = false;        ///< this computer has no sound
    bool about = false;         ///< the first five minutes: what this is, three things to try
    bool resume_asked = false;  ///< the question before insulin flows again
};

/// The main screen. `around.resume_asked` is set and cleared here: a question is a matter of the screen alone.
Wishes draw_main(const view::PumpView& pump, const Chart& chart, Surroundings& around, PeopleState& people,
                 const view::PeopleView& seen, const Fonts& fonts);

// ---- parts, for other screens ----
void words(const view::Line& line, view::Theme theme, ImFont* font);
/// The button that stops insulin: on every screen, at the same place. True: pressed.
/// `beside_others`: it says whose insulin it stops.
bool stop_button(const view::PumpView& pump, const Surroundings& around, const Fonts& fonts, ImVec2 size,
                 bool beside_others = false);

}  // namespace basalt::console
