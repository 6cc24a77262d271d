#include "scenarios/report/narrator.h"

#include "scenarios/engine/words.h"
#include "scenarios/report/story.h"
#include "scenarios/report/words.h"

#include <fmt/format.h>

namespace basalt::scenarios {

void Narrator::say(Moment at, std::string_view words) const {
    line_(fmt::format("{}  {}", time_of_day(setting_, at), words));
}

void Narrator::hear(const Sample& seen) {
    if (seen.at.seconds % 3600 != 0) return;
    const auto given = number(static_cast<double>(seen.delivered_mu - told_mu_) / 1000, 2, language_);
    told_mu_ = seen.delivered_mu;
    const auto words = report_words::hourly.in(language_);
    say(seen.at, fmt::format(fmt::runtime(words), reading(seen.plasma_mg_dl, language_), given));
}

void Narrator::hear(const ModeChange& seen) { say(seen.at, in_words(seen, language_)); }

void Narrator::hear(const Alarm& seen) { say(seen.at, alarm_line(seen, language_)); }

void Narrator::hear(const Event& seen) { say(seen.at, in_words(seen, language_)); }

}  // namespace basalt::scenarios
