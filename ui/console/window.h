// ui/console/window.h: one window that ImGui draws into. All that differs between releases of SDL, OpenGL and Dear
// ImGui is behind this.
#pragma once
#include "device/common/result.h"
#include "ui/console/typing.h"
#include "ui/view/palette.h"

#include <cstdint>
#include <filesystem>
#include <imgui.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace basalt::console {

/// A key that acts everywhere in the console.
enum class Key : std::uint8_t {
    stop_now,  ///< came with the key itself, before whatever was typed and is not drawn yet
    stop,      ///< the same key in its order: the second word of one press
    language,
    unit,
    contrast,
    quiet,
    attack,
    log_in,
    bolus,
    temporary,
    emergency,
    release,
    second,
    press,
    badge_up,
    badge_down,
    escape,
    enter
};

struct Fonts {
    ImFont* text = nullptr;   ///< 22 px
    ImFont* title = nullptr;  ///< 34 px
    ImFont* rate = nullptr;   ///< 46 px: the running rate
    ImFont* huge = nullptr;   ///< 150 px: the glucose, readable from two metres
};

class Window {
  public:
    /// `hidden`: draws without showing (for --screenshot). Errors: missing (no display, no OpenGL, no font), with the
    /// remedy.
    static Result<std::unique_ptr<Window>> open(int width, int height, bool hidden);
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window();

    /// Waits for input, at most so long, and takes as much of it as the next picture can show. `settled`: what was
    /// taken before is drawn. True: a person did something.
    bool wait(int milliseconds, bool settled);
    bool closed() const noexcept { return closed_; }
    /// The keys that were pressed since the last call, in their order.
    std::vector<Key> take_keys() noexcept { return std::exchange(keys_, {}); }

    /// What the window is called: for task bars, and for people who have it read to them.
    void call_it(const std::string& title);
    void begin_frame(view::Theme theme);
    /// Shows what was drawn. With a file: writes it as a PNG picture, too. Errors: io.
    Result<void> end_frame(const std::filesystem::path& picture = {});
    const Fonts& fonts() const noexcept { return fonts_; }

  private:
    struct Handles;
    Result<void> save_png(const std::filesystem::path& file, int width, int height) const;
    Window();
    std::unique_ptr<Handles> handles_;
    Fonts fonts_;
    std::vector<Key> keys_;
    Typing typing_;
    bool closed_ = false;
};

}  // namespace basalt::console
