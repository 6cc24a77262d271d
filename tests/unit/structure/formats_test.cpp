// A format has its page, and the page's example is read by a test: prose alone drifts away from its parser.
#include "tests/unit/structure/tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace basalt::test {
namespace {

/// Pages whose worked example no test reads yet. Only ever gets shorter.
const std::set<std::string> not_yet{
    "docs/formats/signed-file.md",
};

bool a_test_names(const std::string& page) {
    return std::ranges::any_of(tree(), [&](const SourceFile& file) {
        return file.is_code() && lies_in(file.folder(), "tests") && file.folder() != "tests/unit/structure" &&
               file.text.find(page) != std::string::npos;
    });
}

TEST(Formats, EveryPageIsNamedByATestOrListedAsNotYet) {
    for (const SourceFile& file : tree()) {
        if (file.folder() != "docs/formats" || file.path.ends_with("README.md")) continue;
        EXPECT_NE(a_test_names(file.path), not_yet.contains(file.path)) << file.path;
    }
    for (const std::string& page : not_yet) EXPECT_NE(find_file(page), nullptr) << page << " is listed and gone";
}

}  // namespace
}  // namespace basalt::test
