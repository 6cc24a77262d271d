#include "ui/console/typing.h"

namespace basalt::console {
namespace {

enum class Kind : unsigned char { letter, command, release, other };

Kind kind_of(const SDL_Event& event) noexcept {
    if (event.type == SDL_KEYUP) return Kind::release;
    if (event.type == SDL_TEXTINPUT) return Kind::letter;
    if (event.type != SDL_KEYDOWN) return Kind::other;
    constexpr auto chords = KMOD_CTRL | KMOD_LALT | KMOD_GUI;  // the right Alt writes letters
    const auto key = event.key.keysym;
    const bool modifier = key.sym >= SDLK_LCTRL && key.sym <= SDLK_RGUI;
    const bool named = (key.sym & SDLK_SCANCODE_MASK) != 0 || key.sym < SDLK_SPACE || key.sym == SDLK_DELETE;
    const bool turns = key.sym == SDLK_PAGEUP || key.sym == SDLK_PAGEDOWN;  // badges: no field hears of it
    return modifier || turns ? Kind::letter : named || (key.mod & chords) != 0 ? Kind::command : Kind::letter;
}

}  // namespace

bool Typing::add(const SDL_Event& event) {
    if (event.type == SDL_KEYDOWN && event.key.repeat != 0) return false;
    waiting_.push_back(event);
    return true;
}

std::vector<SDL_Event> Typing::take(bool settled) {
    std::vector<SDL_Event> out;
    bool letters = false;
    for (; !waiting_.empty(); waiting_.pop_front()) {
        const Kind kind = kind_of(waiting_.front());
        // A release never comes with the press that it belongs to: a command ends its portion.
        if (kind == Kind::letter && commanded_ && !settled) break;
        if (kind == Kind::command && (letters || !settled)) break;
        out.push_back(waiting_.front());
        if (kind == Kind::letter) {
            letters = true;
            commanded_ = false;
        }
        if (kind != Kind::command) continue;
        commanded_ = true;
        waiting_.pop_front();
        break;
    }
    return out;
}

}  // namespace basalt::console
