// scenarios/engine/words.h: every sentence of the engine, English and French.
#pragma once
#include "scenarios/engine/outcome.h"
#include "scenarios/engine/text.h"

namespace basalt::scenarios {

/// "start_up", "normal", "failsafe", "stopped": for programs.
std::string_view id_of(hal::Mode mode) noexcept;
/// The mode as people call it.
Words words_of(hal::Mode mode) noexcept;
/// Which of the three devices.
Words words_of(RunKind kind) noexcept;
Words words_of(hal::Priority priority) noexcept;

/// What a device without this defence lacks.
Words words_of(Defence defence) noexcept;

/// A line of the story. An event that is not in the table is told by its id, never silently dropped.
std::string in_words(const Event& event, Language language);
std::string in_words(const ModeChange& change, Language language);
/// What the guardian's table says of it, with the next step.
std::string in_words(const Alarm& alarm, Language language);
/// The same as a line of a story: with its priority, or as one that is over.
std::string alarm_line(const Alarm& alarm, Language language);
/// Why the scenario failed.
std::string in_words(const Lack& lack, Language language);

/// "01:05" since the beginning; minutes are cut, not rounded: nothing is said to have happened before it did.
std::string clock_of(Moment at);
/// "23:05": the hour of the day that the people in the story see.
std::string time_of_day(const Setting& setting, Moment at);

/// What a meter would show: "LOW" below 40, "HIGH" above 600, else whole mg/dL.
std::string reading(double mg_dl, Language language);

}  // namespace basalt::scenarios
