// ui/console/typing.h: what was typed, in portions that one picture can take. Dear ImGui 1.86 looks at the keys once a
// picture: a key that went down and up between two pictures was never pressed, and letters typed after Tab land in the
// field before it. So a fast typist, or a slow computer, would lose keys.
#pragma once
#include <SDL2/SDL_events.h>

#include <deque>
#include <vector>

namespace basalt::console {

/// Rely on: hands out every event once, in order. A key that commands (Enter, Tab, F7 ...) goes down alone, and nothing
/// but its release follows before the screen has settled from it; letters come together.
class Typing {
  public:
    /// False: it was dropped. A key that repeats while it is held: ImGui repeats it by itself.
    bool add(const SDL_Event& event);
    /// For the next picture. `settled`: what the last portion set off is drawn.
    std::vector<SDL_Event> take(bool settled);
    bool empty() const noexcept { return waiting_.empty(); }

  private:
    std::deque<SDL_Event> waiting_;
    bool commanded_ = false;  // the last key that went down was a command
};

}  // namespace basalt::console
