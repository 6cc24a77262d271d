// device/link/command_state.h: what a person may know about a command that left a console. Never more than is certain.
#pragma once
#include <cstdint>
#include <string_view>

namespace basalt::link {

enum class CommandState : std::uint8_t {
    waiting,   ///< no answer yet; ends within answer_s
    done,      ///< the pump said so
    refused,   ///< the pump said no; nothing happened
    not_done,  ///< certain: it never was accepted, and never will be
    unknown,   ///< the pump may have done it
};

struct StateWords {
    std::string_view english, french;
};
/// Cause, effect, next step. Never empty.
StateWords in_words(CommandState state) noexcept;

}  // namespace basalt::link
