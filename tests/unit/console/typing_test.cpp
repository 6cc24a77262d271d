// A fast typist loses no key, and no letter lands in the wrong field: each command has a picture of its own.
#include "ui/console/typing.h"

#include <gtest/gtest.h>

#include <string>

namespace basalt::console {
namespace {

SDL_Event key(Uint32 type, SDL_Keycode code, Uint16 modifiers = 0, bool repeat = false) {
    SDL_Event event{};
    event.type = type;
    event.key.keysym.sym = code;
    event.key.keysym.mod = modifiers;
    event.key.repeat = repeat ? 1 : 0;
    return event;
}
void press(Typing& typing, SDL_Keycode code, Uint16 modifiers = 0) {
    typing.add(key(SDL_KEYDOWN, code, modifiers));
    if (code >= SDLK_SPACE && code < SDLK_DELETE && modifiers == 0) {
        SDL_Event letter{};
        letter.type = SDL_TEXTINPUT;
        letter.text.text[0] = static_cast<char>(code);
        typing.add(letter);
    }
    typing.add(key(SDL_KEYUP, code, modifiers));
}
/// What one picture gets: letters as they are, [ for a command that goes down, ] for a release of one.
std::string portion(Typing& typing, bool settled = true) {
    std::string out;
    for (const SDL_Event& event : typing.take(settled)) {
        if (event.type == SDL_TEXTINPUT) out += event.text.text[0];
        const bool command = event.key.keysym.sym < SDLK_SPACE || event.key.keysym.sym > SDLK_DELETE;
        if (event.type == SDL_KEYDOWN && (command || event.key.keysym.mod != 0)) out += '[';
        if (event.type == SDL_KEYUP && (command || event.key.keysym.mod != 0)) out += ']';
    }
    return out;
}

TEST(Typing, LettersComeTogetherAndACommandAlone) {
    Typing typing;
    for (const SDL_Keycode code : {SDLK_a, SDLK_b, SDLK_TAB, SDLK_c, SDLK_RETURN}) press(typing, code);
    EXPECT_EQ(portion(typing), "ab");
    EXPECT_EQ(portion(typing), "[");
    EXPECT_EQ(portion(typing), "]c");
    EXPECT_EQ(portion(typing), "[");
    EXPECT_EQ(portion(typing), "]");
    EXPECT_TRUE(typing.empty());
}

TEST(Typing, NothingButTheReleaseFollowsACommandBeforeTheScreenHasSettled) {
    Typing typing;
    press(typing, SDLK_F7);
    press(typing, SDLK_a);
    EXPECT_EQ(portion(typing), "[");
    EXPECT_EQ(portion(typing, false), "]");
    EXPECT_EQ(portion(typing, false), "");
    EXPECT_EQ(portion(typing, true), "a");
    press(typing, SDLK_b);
    EXPECT_EQ(portion(typing, false), "b") << "letters after letters wait for nothing";
    press(typing, SDLK_TAB);
    EXPECT_EQ(portion(typing, false), "") << "the letters must stand in their field first";
    EXPECT_EQ(portion(typing, true), "[");
}

TEST(Typing, EveryEventIsHandedOutOnceAndInOrder) {
    Typing typing;
    std::string typed, got;
    for (int i = 0; i < 500; ++i) {
        const auto code = static_cast<SDL_Keycode>('a' + i % 26);
        press(typing, code);
        typed += static_cast<char>(code);
        if (i % 7 == 0) press(typing, SDLK_TAB), typed += "[]";
        if (i % 3 == 0) got += portion(typing, i % 2 == 0);
    }
    while (!typing.empty()) got += portion(typing);
    EXPECT_EQ(got, typed);
}

TEST(Typing, AKeyThatIsHeldCountsOnce) {
    Typing typing;
    EXPECT_TRUE(typing.add(key(SDL_KEYDOWN, SDLK_F1)));
    EXPECT_FALSE(typing.add(key(SDL_KEYDOWN, SDLK_F1, 0, true)));
    EXPECT_EQ(portion(typing), "[");
    EXPECT_TRUE(typing.empty());
}

TEST(Typing, AChordIsACommandAndAModifierAloneIsNone) {
    Typing typing;
    typing.add(key(SDL_KEYDOWN, SDLK_LCTRL, KMOD_LCTRL));
    press(typing, SDLK_v, KMOD_LCTRL);
    press(typing, SDLK_a);
    EXPECT_EQ(portion(typing), "[") << "the modifier is drawn before its chord";
    EXPECT_EQ(portion(typing), "[");
    EXPECT_EQ(portion(typing), "]a");
}

}  // namespace
}  // namespace basalt::console
