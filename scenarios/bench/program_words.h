// scenarios/bench/program_words.h: what a program of the device says on its standard error, on its way to the user's.
// The firmware may be the attacker's: it must neither steer the user's terminal nor flood it.
#pragma once
#include "device/hal/seqpacket.h"
#include "tpm/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace basalt::bench {

/// Takes one whole line with its line feed.
using WordsSink = std::function<void(std::string_view line)>;
/// The user's own standard error.
void to_standard_error(std::string_view line);

/// One pipe. A program that finds it full loses its words and does not wait; one that makes its end wait all the same
/// waits no longer than until the board's next look.
class ProgramWords {
  public:
    static constexpr std::size_t longest_line = 300;  ///< bytes of a line, without name and line feed; more are cut off
    static constexpr std::size_t most_bytes = 64 * 1024;  ///< handed on in the life of this; then a last line says so
    static constexpr std::size_t at_once = 64 * 1024;     ///< read in one look, so that a flood delays nobody

    /// `name` stands before each line, as "name: ". It is the program that holds the pipe; those that it starts speak
    /// through it.
    ProgramWords(std::string name, WordsSink sink) : name_(std::move(name)), sink_(std::move(sink)) {}

    /// A new pipe for a program that is about to start: the end that becomes its standard error. What stands in the one
    /// before is handed on first. Close the end here once the program has it.
    Result<hal::Descriptor> open();
    /// Readable when something was said, or when no program holds the pipe any more; -1 when there is none.
    int arrived() const noexcept { return reading_.get(); }
    /// Hands on what was said: whole lines, as shown() makes them. Never waits.
    void pass_on();
    /// The same, to the last byte that is there: for a pipe whose programs are dead.
    void finish();

  private:
    bool read_some();
    void take(std::string_view bytes);
    void end_line();

    std::string name_;
    WordsSink sink_;
    hal::Descriptor reading_;
    std::string line_;  // at most longest_line, not yet cleaned
    bool cut_ = false;
    std::size_t handed_on_ = 0;
};

}  // namespace basalt::bench
