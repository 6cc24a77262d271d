// ui/console/twin_run.h: an attack played on an unprotected and on the protected pump, in a process of its own, so that
// the window goes on meanwhile. The process is this program's own `scenario run NAME --twin --json`.
#pragma once
#include "device/common/result.h"
#include "scenarios/engine/text.h"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace basalt::console {

struct TwinLine {
    std::string time, words;
};

/// What was played, for the screen: the patient first, then the pumps, then why.
struct TwinStory {
    std::string title, setting, begins_at;
    double attack_hours = 0;
    std::vector<double> protected_mg_dl, unprotected_mg_dl;  ///< every five minutes from the beginning
    std::vector<TwinLine> what_happened, unprotected_pump, protected_pump;
    std::vector<std::string> patient, why, verdict;
    std::string limits;
};

/// Errors: unreadable: it is no answer of `scenario run --twin --json`.
Result<TwinStory> read_twin(const std::string& json);

class TwinRun {
  public:
    TwinRun() = default;
    TwinRun(const TwinRun&) = delete;
    TwinRun& operator=(const TwinRun&) = delete;
    ~TwinRun();

    /// Starts it; one that runs already goes on. Errors: io.
    Result<void> start(const std::string& scenario, scenarios::Language language);
    bool running() const noexcept { return child_ > 0; }
    /// Reads what has come, without waiting. A value once: the story, or why there is none.
    std::optional<Result<TwinStory>> poll();

  private:
    void end() noexcept;
    pid_t child_ = -1;
    int out_ = -1;
    std::string text_;
};

}  // namespace basalt::console
