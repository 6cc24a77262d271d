// scenarios/bench/whole_file.h: a file that somebody named, read whole. The standard streams end the program when the
// name is a directory's, and read a device such as /dev/zero for ever.
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

}  // namespace basalt::bench
