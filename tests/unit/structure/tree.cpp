#include "tests/unit/structure/tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace basalt::test {
namespace {
namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> not_the_project{".git", "build", "dev-keys", ".cache"};

std::vector<SourceFile> read_tree() {
    const fs::path root{BASALT_SOURCE_DIR};
    std::vector<SourceFile> files;
    for (fs::recursive_directory_iterator at{root}, end; at != end; ++at) {
        const std::string path = at->path().lexically_relative(root).string();
        if (std::ranges::find(not_the_project, path) != not_the_project.end()) {
            at.disable_recursion_pending();
            continue;
        }
        if (!at->is_regular_file() || path.ends_with(".swp")) continue;
        std::ifstream file{at->path(), std::ios::binary};
        files.push_back({path, std::string{std::istreambuf_iterator<char>{file}, {}}});
    }
    std::ranges::sort(files, {}, &SourceFile::path);
    return files;
}
}  // namespace

std::string SourceFile::folder() const {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

bool SourceFile::is_code() const { return path.ends_with(".h") || path.ends_with(".cpp"); }

std::vector<std::string_view> SourceFile::lines() const {
    std::vector<std::string_view> lines;
    if (path.ends_with(".png")) return lines;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

const std::vector<SourceFile>& tree() {
    static const std::vector<SourceFile> files = read_tree();
    return files;
}

const SourceFile* find_file(std::string_view path) {
    const auto at = std::ranges::find(tree(), path, &SourceFile::path);
    return at == tree().end() ? nullptr : &*at;
}

bool lies_in(std::string_view folder, std::string_view parent) {
    return folder.starts_with(parent) && (folder.size() == parent.size() || folder[parent.size()] == '/');
}

}  // namespace basalt::test
