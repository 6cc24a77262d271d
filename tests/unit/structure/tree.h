// tests/unit/structure/tree.h: the source tree as these tests read it: every file that belongs to the project, and no
// other.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace basalt::test {

struct SourceFile {
    std::string path;  ///< from the root: "device/hal/port.h"
    std::string text;
    std::string folder() const;  ///< "device/hal"; "" for a file at the top
    bool is_code() const;        ///< C++: .h or .cpp
    std::vector<std::string_view> lines() const;  ///< of a text; a picture has none
};

/// All files, sorted by path, without what .gitignore names (build, dev-keys, .cache) and .git itself. Never empty.
const std::vector<SourceFile>& tree();

/// The file of that path, or nullptr.
const SourceFile* find_file(std::string_view path);

/// True when `folder` is `parent` or lies in it.
bool lies_in(std::string_view folder, std::string_view parent);

}  // namespace basalt::test
