// scenarios/bench/whole_file.h: a file that somebody named, read or written whole. The standard streams end the program
// when the name is a directory's, and read a device such as /dev/zero for ever.
#pragma once
#include "tpm/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace basalt::bench {

/// The file's bytes, at most `most` of them; a pipe will do as well.
/// `called`: what people call it, as in "The run's trace". `next_step`: what helps whoever named another thing.
/// Errors: io (the operating system's reason), unreadable (longer than `most`).
Result<std::string> read_whole_file(const std::filesystem::path& file, std::string_view called,
                                    std::string_view next_step, std::size_t most);

/// Replaces the file by `text`, or makes it. Until all of it is on the disk, what was there is left as it is. An old
/// file keeps its permissions; a new one is its owner's alone (0600). A symbolic link is replaced, not followed.
/// Errors: io; refused (it is no ordinary file: root's rename would put a file in the place of /dev/null).
Result<void> write_whole_file(const std::filesystem::path& file, std::string_view called, std::string_view text);

}  // namespace basalt::bench
