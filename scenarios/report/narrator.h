// scenarios/report/narrator.h: a run told line by line while it happens, for a terminal without a screen.
#pragma once
#include "scenarios/engine/device_under_test.h"
#include "scenarios/engine/text.h"

#include <functional>
#include <string_view>

namespace basalt::scenarios {

/// Says each event, change of mode and alarm once it is heard, and glucose and insulin each hour. What it says depends
/// on what it hears alone, so the same seed gives the same lines.
class Narrator : public Observer {
  public:
    using Line = std::function<void(std::string_view)>;
    /// `line` takes one line without its end, and outlives the narrator. A copy of the setting is kept for its times of
    /// day.
    Narrator(Setting setting, Language language, Line line)
        : setting_(std::move(setting)), language_(language), line_(std::move(line)) {}

    void hear(const Sample& seen) override;
    void hear(const Dose&) override {}  // told by the hour, as a sum
    void hear(const ModeChange& seen) override;
    void hear(const Alarm& seen) override;
    void hear(const Event& seen) override;

  private:
    void say(Moment at, std::string_view words) const;

    Setting setting_;
    Language language_;
    Line line_;
    std::int64_t told_mu_ = 0;
};

}  // namespace basalt::scenarios
