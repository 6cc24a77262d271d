// A format has its page, and the page's example is held against the code by a test: prose alone drifts away from its
// parser.
#include "tests/unit/structure/tree.h"
#include "ui/cli/evidence.h"

#include <gtest/gtest.h>

#include <map>

namespace basalt::test {
namespace {

/// Each page and the test that shows that it and the code say the same.
const std::map<std::string, std::string> shown_by{
    {"access.md", "AccessMatrix.ThePageHoldsThePrintedTable"},
    {"authority.md", "FormatPages.TheAuthorityHasThePagesOffsets"},
    {"board-files.md", "BoardFilesPage.TheMotorsExampleIsWhatIsWrittenAndIsReadAlone"},
    {"campaign-results.md", "CampaignResultsPage.TheExampleIsWhatIsReadAndWritten"},
    {"commands.md", "CommandsPage.TheExampleIsWhatTheCodeWritesAndReads"},
    {"databases.md", "DatabasesPage.ItsSealIsWhatThisCodeComputes"},
    {"device-configuration.md", "Configuration.TheExampleOnItsPageIsOne"},
    {"dose-frames.md", "FramePages.TheBootAndDoseExamplesAreWhatTheCodecReadsAndWrites"},
    {"frame-channel.md", "FrameChannel.TheExamplesOnItsPageAreWhatTheySay"},
    {"guardian-memory.md", "GuardianPages.HeaderAndRingEntryOnTheirPageAreWhatTheCodeReadsAndWrites"},
    {"hal-frames.md", "FramePages.TheHalExamplesAreWhatTheCodecReadsAndWrites"},
    {"image.md", "Image.ThePagesExampleIsReadAsThePageSays"},
    {"key-file.md", "KeyFile.HasTheOffsetsOfItsPage"},
    {"log-record.md", "LogRecordPage.ItsExampleFitsAndIsWhatThisCodeWrites"},
    {"profile.md", "GuardianPages.TheProfileOnItsPageIsWhatTheCodeReadsAndWrites"},
    {"release-policy.md", "ReleasePolicy.TheFormatPagesExampleIsWhatEncodeWrites"},
    {"run-trace.md", "RunTracePage.TheExampleIsWhatIsReadAndWritten"},
    {"scenario.md", "Scenario.TheExampleOfThePageIsReadWhole"},
    {"screen-channel.md", "ScreenFrames.TheExamplesOnTheirPageAreWhatTheySay"},
    {"session.md", "SessionPage.TheExampleIsWhatTheCodeWritesAndReads"},
    {"signed-file.md", "SignedFileTest.TheExampleOfThePageVerifies"},
    {"state-directory.md", "FormatPages.TheStateFileOfThePageIsTheOneOfItsSeed"},
    {"therapy.md", "TherapyPage.ItsExamplesAreWhatIsKeptAndReadBack"},
};

TEST(Formats, EveryPageHasATestThatHoldsItAgainstTheCode) {
    const auto known = cli::known_tests(BASALT_SOURCE_DIR);
    for (const SourceFile& file : tree()) {
        if (file.folder() != "docs/formats" || file.path.ends_with("/README.md")) continue;
        const auto test = shown_by.find(file.path.substr(file.folder().size() + 1));
        const std::string name = test == shown_by.end() ? "" : test->second;
        EXPECT_TRUE(known.contains(name)) << file.path << " is shown by no test: '" << name << "'";
    }
    for (const auto& [page, test] : shown_by)
        EXPECT_NE(find_file("docs/formats/" + page), nullptr) << page << " is gone";
}

}  // namespace
}  // namespace basalt::test
