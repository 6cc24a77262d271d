// The worked examples of docs/formats/log-record.md and docs/formats/databases.md are what the code reads and writes.
#include "storage/glucose.h"
#include "storage/log_text.h"
#include "storage/sha256.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

namespace basalt::storage {
namespace {

std::string page(std::string_view name) {
    std::ifstream in{std::string{BASALT_SOURCE_DIR} + "/" + std::string{name}};
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>{in}, {}};
}
/// What stands between ```kind and ```.
std::string block(const std::string& text, const std::string& kind) {
    const auto begin = text.find("```" + kind + "\n") + kind.size() + 4;
    return text.substr(begin, text.find("```", begin) - begin);
}

TEST(LogRecordPage, ItsExampleFitsAndIsWhatThisCodeWrites) {
    const std::string text = page("docs/formats/log-record.md");
    const std::string example = block(text, "json");
    const auto verdict = verify_log_text(example);
    ASSERT_TRUE(verdict) << verdict.error().what;
    EXPECT_TRUE(verdict->intact()) << verdict->words;
    EXPECT_EQ(verdict->head.seq, 4U);
    EXPECT_NE(text.find("record 4, `" + to_hex(verdict->head.hash) + "`"), std::string::npos);

    const std::vector<Event> events{
        make_event(EventId::log_started, 0, "firmware", Outcome::done, {}),
        make_event(EventId::dose_asked, 300, "firmware", Outcome::done, {std::int64_t{1}, "basal", std::int64_t{40}}),
        make_event(EventId::dose_accepted, 300, "guardian", Outcome::done, {std::int64_t{1}, std::int64_t{1}}),
        test::setting(412, "note", "say \"stop\"")};
    test::CrashDisk disk;
    auto log = EventLog::open("log.db", test::key(1), {disk.name(), Durability::power_cut, true});
    ASSERT_TRUE(log->append(events));
    EXPECT_EQ(*log_text(*log), example);
}

TEST(LogRecordPage, ItsShellLinesCheckTheExampleWithoutThisProgram) {
    if (std::system("bash -c 'command -v sha256sum sed' >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "This machine lacks bash, sed or sha256sum.";
    const test::Folder folder;
    const std::string text = page("docs/formats/log-record.md");
    const std::string script = (folder.path() / "check.sh").string(), log = (folder.path() / "log").string();
    std::ofstream{script} << block(text, "bash");
    std::ofstream{log} << block(text, "json");
    EXPECT_EQ(std::system(("bash " + script + " <" + log + " >/dev/null").c_str()), 0);
    std::string changed = block(text, "json");
    changed.replace(changed.find("\"amount_mu\":40"), 14, "\"amount_mu\":41");
    std::ofstream{log} << changed;
    EXPECT_NE(std::system(("bash " + script + " <" + log + " >/dev/null").c_str()), 0);
}

TEST(DatabasesPage, ItsSealIsWhatThisCodeComputes) {
    const std::vector<GlucoseRow> rows{{1, 300, 110}, {2, 600, 120}};
    EXPECT_NE(page("docs/formats/databases.md").find("is `" + to_hex(*seal_of(rows)) + "`"), std::string::npos);
}

}  // namespace
}  // namespace basalt::storage
