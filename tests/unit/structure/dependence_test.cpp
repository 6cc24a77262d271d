// Each include shows a direction of dependence; these tests read them all.
#include "tests/unit/structure/directions.h"
#include "tests/unit/structure/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>

namespace basalt::test {
namespace {

struct Include {
    std::string_view name;
    bool quoted;
};

/// What a line includes, if it does.
std::optional<Include> included(std::string_view line) {
    const auto skip = [&line] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
    skip();
    if (!line.starts_with('#')) return std::nullopt;
    line.remove_prefix(1);
    skip();
    if (!line.starts_with("include")) return std::nullopt;
    line.remove_prefix(std::string_view{"include"}.size());
    skip();
    if (line.empty() || (line[0] != '"' && line[0] != '<')) return std::nullopt;
    const bool quoted = line[0] == '"';
    const Include found{line.substr(1, line.find(quoted ? '"' : '>', 1) - 1), quoted};
    // A table that the build makes from the folder's own data ("rows.inc") has no path and comes from nowhere else.
    if (quoted && found.name.find('/') == std::string_view::npos && found.name.ends_with(".inc")) return std::nullopt;
    return found;
}

const Direction* row_of(std::string_view folder) {
    const Direction* best = nullptr;
    for (const Direction& row : directions())
        if (lies_in(folder, row.folder) && (best == nullptr || row.folder.size() > best->folder.size())) best = &row;
    return best;
}

/// Why `folder` may not include `header`, in words; empty when it may.
std::string objection(std::string_view folder, std::string_view header) {
    const Direction* row = row_of(folder);
    if (row == nullptr) return "the folder has no row in directions.h";
    if (lies_in(header, row->folder)) return "";
    for (const std::string_view allowed : row->may_include)
        if (lies_in(header, allowed)) return "";
    return std::string{row->folder} + " may not include " + std::string{header};
}

TEST(Dependence, NoFolderIncludesWhatTheDesignDoesNotAllow) {
    int seen = 0;
    for (const SourceFile& file : tree()) {
        if (!file.is_code()) continue;
        for (const std::string_view line : file.lines())
            if (const auto include = included(line); include && include->quoted) {
                ++seen;
                EXPECT_EQ(objection(file.folder(), include->name), "") << file.path;
                EXPECT_NE(find_file(include->name), nullptr)
                    << file.path << " includes " << include->name << ", no such file from the root";
            }
    }
    EXPECT_GT(seen, 20);
}

TEST(Dependence, TheTableRefusesWhatTheDesignForbids) {
    EXPECT_NE(objection("device/guardian", "device/firmware/therapy/basal.h"), "");
    EXPECT_NE(objection("device/guardian", "tpm/tpm.h"), "");
    EXPECT_NE(objection("device/common", "tpm/tpm.h"), "");
    EXPECT_NE(objection("device/gateway", "storage/database.h"), "");
    EXPECT_NE(objection("device/firmware/trust", "pump_model/patient.h"), "");
    EXPECT_NE(objection("pump_model", "device/common/units.h"), "");
    EXPECT_NE(objection("tpm", "storage/database.h"), "");
    EXPECT_NE(objection("ui/panels", "device/guardian/step.h"), "");
    EXPECT_NE(objection("elsewhere", "tpm/tpm.h"), "");
    EXPECT_NE(objection("device", "tpm/tpm.h"), "");
    EXPECT_NE(objection("device/guardians", "device/common/units.h"), "") << "a longer name is another folder";
    EXPECT_EQ(objection("device/guardian", "device/hal/board_frames.h"), "");
    EXPECT_EQ(objection("device/firmware/trust", "device/firmware/therapy/basal.h"), "");
}

/// The folder of each library target: where a CMakeLists.txt makes it.
std::map<std::string, std::string> folders_of_targets() {
    static const std::regex made{R"(\bbasalt_\w*library\((\w+))"};
    std::map<std::string, std::string> folders;
    for (const SourceFile& file : tree()) {
        if (!file.path.ends_with("/CMakeLists.txt")) continue;
        for (std::sregex_iterator at{file.text.begin(), file.text.end(), made}, end; at != end; ++at)
            folders[at->str(1)] = file.folder();
    }
    return folders;
}

TEST(Dependence, NoTargetLinksWhatItsFolderMayNotInclude) {
    static const std::regex linked{R"(\bbasalt::(\w+))"};
    const auto folders = folders_of_targets();
    int seen = 0;
    for (const SourceFile& file : tree()) {
        if (!file.path.ends_with("/CMakeLists.txt")) continue;
        for (const std::string_view line : file.lines()) {
            const std::string code{line.substr(0, line.find('#'))};
            for (std::sregex_iterator at{code.begin(), code.end(), linked}, end; at != end; ++at) {
                const auto target = folders.find(at->str(1));
                if (target == folders.end()) continue;  // flags, which everything links
                ++seen;
                EXPECT_EQ(objection(file.folder(), target->second), "")
                    << file.path << " links basalt::" << target->first;
            }
        }
    }
    EXPECT_GT(seen, 20);
}

TEST(Dependence, OnlyTheFoldersThatNeedALibraryUseIt) {
    for (const SourceFile& file : tree()) {
        if (!file.is_code()) continue;
        for (const std::string_view line : file.lines()) {
            const auto include = included(line);
            if (!include || include->quoted) continue;
            for (const LibraryUse& library : library_uses()) {
                const bool allowed =
                    std::ranges::any_of(library.folders, [&](auto f) { return lies_in(file.folder(), f); });
                EXPECT_TRUE(allowed || !include->name.starts_with(library.header)) << file.path << ": " << line;
            }
        }
    }
}

TEST(Dependence, AnIncludeIsFoundHoweverItIsSpaced) {
    EXPECT_EQ(included("#include \"a/b.h\"")->name, "a/b.h");
    EXPECT_EQ(included("  #  include<c>")->name, "c");
    EXPECT_FALSE(included("#include \"a/b.h\"")->name.empty());
    EXPECT_FALSE(included("// #include \"a/b.h\""));
    EXPECT_FALSE(included("#define include"));
}

}  // namespace
}  // namespace basalt::test
