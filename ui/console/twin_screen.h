// ui/console/twin_screen.h: an attack on two pumps side by side, for a class: first the patient, then the devices, then
// why.
#pragma once
#include "ui/console/screens.h"
#include "ui/console/twin_run.h"

namespace basalt::console {

struct TwinState {
    std::optional<TwinStory> story;
    std::string problem;  ///< why there is no story
    int page = 0;         ///< 0 patient, 1 devices, 2 why
};

struct TwinWishes {
    bool back = false, stop = false, resume_question = false;
};

TwinWishes draw_twin(TwinState& twin, const view::PumpView& pump, const Surroundings& around, const Fonts& fonts);

}  // namespace basalt::console
