#include "scenarios/bench/program_words.h"

#include "scenarios/bench/shown_words.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::bench {
namespace {

constexpr std::size_t chunk = 4096;

}  // namespace

void to_standard_error(std::string_view line) { (void)std::fwrite(line.data(), 1, line.size(), stderr); }

Result<hal::Descriptor> ProgramWords::open() {
    finish();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(ErrorCode::io, "No pipe for a program's messages could be opened: too many files are open.",
                    "Close other programs, or raise the limit (ulimit -n).");
    reading_ = hal::Descriptor{ends[0]};
    return hal::Descriptor{ends[1]};
}

void ProgramWords::pass_on() {
    for (std::size_t n = 0; n < at_once && read_some(); n += chunk) {
    }
}

void ProgramWords::finish() {
    // A pipe holds no more than this (fs.pipe-max-size for unprivileged users), whoever still writes.
    constexpr std::size_t fullest = 1024 * 1024;
    for (std::size_t n = 0; n < fullest && read_some(); n += chunk) {
    }
    if (!line_.empty() || cut_) end_line();
    reading_ = {};
}

// False: nothing is there now, or the pipe has ended, and is closed then.
bool ProgramWords::read_some() {
    if (!reading_) return false;
    std::array<char, chunk> bytes;
    ssize_t n = 0;
    do n = ::read(reading_.get(), bytes.data(), bytes.size());
    while (n < 0 && errno == EINTR);
    if (n > 0) take({bytes.data(), static_cast<std::size_t>(n)});
    if (n == 0 || (n < 0 && errno != EAGAIN)) reading_ = {};
    return n > 0;
}

void ProgramWords::take(std::string_view bytes) {
    if (handed_on_ >= most_bytes) return;  // read, so that its writer goes on, and dropped
    for (const char byte : bytes) {
        if (byte == '\n')
            end_line();
        else if (line_.size() < longest_line)
            line_ += byte;
        else
            cut_ = true;
    }
}

void ProgramWords::end_line() {
    if (handed_on_ < most_bytes) {
        const std::string line = name_ + ": " + shown(line_) + (cut_ ? " [cut off]\n" : "\n");
        sink_(line);
        handed_on_ += line.size();
        if (handed_on_ >= most_bytes) sink_(name_ + ": It says too much. Nothing more of it is shown in this run.\n");
    }
    line_.clear();
    cut_ = false;
}

}  // namespace basalt::bench
