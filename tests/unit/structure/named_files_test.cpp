// A file that a comment or a page names is there: a reader who follows the name finds it.
#include "tests/unit/structure/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace basalt::test {
namespace {

/// What a line of this file says to people: all of a page, and what stands behind the comment's sign elsewhere.
std::string_view words_of(const SourceFile& file, std::string_view line) {
    if (file.path.ends_with(".md")) return line;
    const auto sign = file.is_code() || file.path.ends_with(".c") ? line.find("//") : line.find('#');
    return sign == std::string_view::npos ? std::string_view{} : line.substr(sign + 1);
}

/// The words of a line that could be a file's name.
std::vector<std::string> names_in(std::string_view words) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./*~<>{}$@:";
    std::vector<std::string> names;
    while (!words.empty()) {
        const auto begin = words.find_first_of(letters);
        if (begin == std::string_view::npos) break;
        words.remove_prefix(begin);
        std::string name{words.substr(0, words.find_first_not_of(letters))};
        words.remove_prefix(name.size());
        while (!name.empty() && (name.back() == '.' || name.back() == ':')) name.pop_back();
        // A pattern (*, <name>), a place in somebody's home and an address of the network are no names of ours.
        if (!name.empty() && name.find_first_of("*~<>{}$@:") == std::string::npos) names.push_back(std::move(name));
    }
    return names;
}

const std::set<std::string>& folders_of_the_tree() {
    static const std::set<std::string> folders = [] {
        std::set<std::string> all;
        for (const SourceFile& file : tree())
            for (std::string folder = file.folder(); !folder.empty(); folder = SourceFile{folder, ""}.folder())
                all.insert(folder);
        return all;
    }();
    return folders;
}

bool is_path_from_the_root(const std::string& name) {
    const auto slash = name.find('/');
    return slash != std::string::npos && slash > 0 && folders_of_the_tree().contains(name.substr(0, slash));
}

/// The end of a name that says "a file of this project", or nothing.
bool ends_like_a_file(std::string_view name) {
    constexpr std::array<std::string_view, 8> ends{".h", ".cpp", ".md", ".csv", ".sh", ".cmake", ".toml", ".inc"};
    return std::ranges::any_of(ends, [&](auto end) { return name.ends_with(end) && name.size() > end.size(); });
}

bool exists(const SourceFile& from, const std::string& name) {
    std::string path = name;
    while (path.ends_with('/')) path.pop_back();
    if (find_file(path) != nullptr || find_file(path + ".in") != nullptr) return true;  // .in: the build makes it
    if (folders_of_the_tree().contains(path)) return true;
    const std::string beside = (std::filesystem::path{from.folder()} / path).lexically_normal().string();
    if (find_file(beside) != nullptr || folders_of_the_tree().contains(beside)) return true;
    if (is_path_from_the_root(name)) return false;
    return std::ranges::any_of(tree(), [&](const SourceFile& file) {
        return file.path.ends_with("/" + path) || file.path.ends_with("/" + path + ".in");
    });
}

/// "x.h", "a_test.cpp", "TARGET.cpp": any file of that kind.
bool stands_for_any(const std::string& name) {
    const std::string stem = std::filesystem::path{name}.stem().string();
    return stem.size() == 1 || (stem.size() == 6 && stem.ends_with("_test")) ||
           (stem != "README" && std::ranges::all_of(stem, [](char c) { return c >= 'A' && c <= 'Z'; }));
}

/// True for a name that must be found: a path from the root that ends like a file, any path below docs/, and a bare
/// name of a header, a source or a page.
bool must_exist(const std::string& name) {
    if (name.starts_with("docs/") && name.size() > 5) return true;
    if (!ends_like_a_file(name)) return false;
    if (is_path_from_the_root(name)) return true;
    return name.ends_with(".h") || name.ends_with(".cpp") || name.ends_with(".md");
}

/// Names that look like ours and are another's.
const std::set<std::string> of_others{"include/uapi/linux/landlock.h"};

TEST(NamedFiles, EachThatACommentOrAPageNamesIsThere) {
    std::size_t seen = 0;
    for (const SourceFile& file : tree()) {
        if (lies_in(file.folder(), "tests/data") || lies_in(file.folder(), "tests/fuzz/corpus")) continue;
        for (const std::string_view line : file.lines()) {
            if (line.find('.') == std::string_view::npos && line.find("docs/") == std::string_view::npos) continue;
            for (const std::string& name : names_in(words_of(file, line))) {
                if (!must_exist(name) || stands_for_any(name) || of_others.contains(name)) continue;
                ++seen;
                EXPECT_TRUE(exists(file, name)) << file.path << " names " << name << ": " << line;
            }
        }
    }
    EXPECT_GT(seen, 300U);
}

TEST(NamedFiles, AMissingOneIsSeenHoweverItIsWritten) {
    const SourceFile page{"docs/formats/image.md", ""};
    for (const char* name : {"docs/formats/none.md", "docs/nowhere", "tests/none.cpp", "none.h", "../none.md"}) {
        EXPECT_TRUE(must_exist(name)) << name;
        EXPECT_FALSE(exists(page, name)) << name;
    }
    for (const char* name :
         {"docs/formats/image.md", "docs/decisions/", "signed-file.md", "../how-it-runs.md", "tree.h"})
        EXPECT_TRUE(must_exist(name) && exists(page, name)) << name;
    EXPECT_EQ(names_in(" see `a/b.h`, (c.md). d-*.md"), (std::vector<std::string>{"see", "a/b.h", "c.md"}));
}

}  // namespace
}  // namespace basalt::test
