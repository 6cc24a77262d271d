// The program as a user starts it: a day, its end in every way, two beside each other.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace basalt::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string state_of(const Scratch& scratch, const char* name = "device") { return (scratch.path() / name).string(); }

void make_device(const Scratch& scratch, const char* name = "device") {
    const auto made = run(scratch.path(), {"device", "init", "--state", state_of(scratch, name)});
    ASSERT_EQ(made.status, 0) << made.err;
}

// Nothing that belongs to the run is left: no process, no socket, no directory of it.
void expect_nothing_left(const Scratch& scratch) {
    // The janitor outlives a killed simulator by a moment.
    for (int i = 0;
         i < 2'000 && (!processes_that_name(scratch.path()).empty() || !fs::is_empty(scratch.path() / "run")); ++i)
        ::usleep(10'000);
    EXPECT_TRUE(processes_that_name(scratch.path()).empty());
    EXPECT_TRUE(fs::is_empty(scratch.path() / "run"));
}

TEST(Run, ADayEndsInNormalModeWithTheInsulinOfThePlan) {
    Scratch scratch;
    const auto day = run(scratch.path(), {"run", "--headless", "--hours", "24", "--json"});
    ASSERT_EQ(day.status, 0) << day.err;
    const auto result = json::parse(day.out);
    EXPECT_EQ(result["schema"], 1);
    EXPECT_EQ(result["mode"], "normal");
    EXPECT_TRUE(result["alarms"].empty());
    EXPECT_EQ(result["tir_percent"], 100.0);
    EXPECT_NEAR(result["insulin_total_u"], 24 * 1.25, 0.11) << "one slot may be on its way";
    EXPECT_NE(day.err.find("There is no device yet: making one in"), std::string::npos) << day.err;
    EXPECT_NE(day.err.find("asks for the doses, within the limits"), std::string::npos);
    expect_nothing_left(scratch);
}

TEST(Run, AReplayTakesTheSeedOfItsTraceAndNoOther) {
    Scratch scratch;
    make_device(scratch);
    const auto write_trace = [&](const char* text) {
        const auto file = scratch.path() / "a.trace";
        std::ofstream{file, std::ios::binary} << text;
        return file.string();
    };
    const auto trace = write_trace("basalt run trace 1\nseed 7\n");
    const std::vector<std::string> replay{"run",     "--headless",      "--hours",  "0.1", "--json",
                                          "--state", state_of(scratch), "--replay", trace};
    const auto with = [&](std::vector<std::string> words) {
        words.insert(words.begin(), replay.begin(), replay.end());
        return run(scratch.path(), words);
    };
    const auto other = with({"--seed", "8"});
    EXPECT_EQ(other.status, 2);
    EXPECT_TRUE(other.out.empty());
    EXPECT_NE(other.err.find("This trace is of a run with seed 7"), std::string::npos) << other.err;
    EXPECT_EQ(with({"--scenario", "tampered-firmware"}).status, 2) << "a scenario replays nothing";
    EXPECT_FALSE(fs::exists(fs::path{state_of(scratch)} / "host" / "last-run.trace")) << "nothing was started";
    for (const auto& words : {std::vector<std::string>{}, {"--seed", "7"}}) {
        const auto again = with(words);
        ASSERT_EQ(again.status, 0) << again.err;
        EXPECT_EQ(json::parse(again.out)["seed"], 7);
        std::ifstream left{fs::path{state_of(scratch)} / "host" / "last-run.trace"};
        EXPECT_NE(std::string(std::istreambuf_iterator<char>{left}, {}).find("\nseed 7\n"), std::string::npos);
    }
    (void)write_trace("basalt run trace 1\nseed seven\n");
    const auto spoiled = with({});
    EXPECT_NE(spoiled.status, 0);
    EXPECT_NE(spoiled.err.find("Line 2"), std::string::npos) << spoiled.err;
}

TEST(Run, ASecondRunGoesOnWhereTheFirstEnded) {
    Scratch scratch;
    make_device(scratch);
    ASSERT_EQ(run(scratch.path(), {"run", "--headless", "--hours", "2", "--state", state_of(scratch)}).status, 0);
    const auto second = run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state_of(scratch)});
    EXPECT_TRUE(second.out.starts_with("day 1 02:00  ")) << second.out;
    const auto status = run(scratch.path(), {"device", "status", "--json", "--state", state_of(scratch)});
    const auto seen = json::parse(status.out);
    EXPECT_EQ(seen["device_time_s"], 3 * 3600);
    EXPECT_NEAR(seen["insulin_total_u"], 3 * 1.25, 0.11);
}

TEST(Run, TheSameSeedPrintsTheSameBytesAtAnySpeed) {
    std::vector<std::string> outputs;
    for (const char* speed : {"0", "0", "7200"}) {
        Scratch scratch;
        const auto some = run(scratch.path(), {"run", "--headless", "--hours", "3", "--seed", "7", "--speed", speed});
        ASSERT_EQ(some.status, 0) << some.err;
        outputs.push_back(some.out);
        const auto log = run(scratch.path(), {"log", "show", "--json"});
        ASSERT_EQ(log.status, 0) << log.err;
        outputs.back() += log.out;  // event and dose records too
    }
    EXPECT_EQ(outputs[0], outputs[1]);
    EXPECT_EQ(outputs[0], outputs[2]);
    EXPECT_NE(outputs[0].find("dose_accepted"), std::string::npos);
}

TEST(Run, CtrlCSwitchesThePumpOffInOrderAndLeavesNothing) {
    Scratch scratch;
    make_device(scratch);
    Command live{scratch.path(), {"run", "--headless", "--speed", "600", "--state", state_of(scratch)}};
    ASSERT_TRUE(live.says("Normal:"));
    live.signal(SIGINT);
    const auto ended = live.end();
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_NE(ended.out.find("The run is over: the pump is switched off"), std::string::npos);
    EXPECT_NE(ended.out.find("mode at the end: normal"), std::string::npos);
    expect_nothing_left(scratch);
    EXPECT_EQ(run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state_of(scratch)}).status, 0);
}

TEST(Run, KillMinusNineLeavesNothingAndTheNextStartWorks) {
    Scratch scratch;
    make_device(scratch);
    {
        Command live{scratch.path(), {"run", "--headless", "--speed", "600", "--state", state_of(scratch)}};
        ASSERT_TRUE(live.says("Normal:"));
        EXPECT_GE(processes_that_name(scratch.path()).size(), 1U);
        EXPECT_FALSE(fs::is_empty(scratch.path() / "run"));
        live.signal(SIGKILL);
        EXPECT_EQ(live.end().status, 128 + SIGKILL);
    }
    expect_nothing_left(scratch);
    const auto next =
        run(scratch.path(), {"run", "--headless", "--hours", "1", "--json", "--state", state_of(scratch)});
    EXPECT_EQ(next.status, 0) << next.err;
    EXPECT_EQ(json::parse(next.out)["mode"], "normal");
}

TEST(Run, TwoDevicesLiveSideBySideAndOneIsNotLentTwice) {
    Scratch scratch;
    make_device(scratch, "one");
    make_device(scratch, "two");
    Command one{scratch.path(), {"run", "--headless", "--speed", "600", "--state", state_of(scratch, "one")}};
    Command two{scratch.path(), {"run", "--headless", "--speed", "600", "--state", state_of(scratch, "two")}};
    ASSERT_TRUE(one.says("Normal:"));
    ASSERT_TRUE(two.says("Normal:"));
    const auto third = run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state_of(scratch, "one")});
    EXPECT_EQ(third.status, 3);
    EXPECT_NE(third.err.find("running already"), std::string::npos) << third.err;
    one.signal(SIGTERM);
    two.signal(SIGTERM);
    EXPECT_EQ(one.end().status, 0);
    EXPECT_EQ(two.end().status, 0);
    expect_nothing_left(scratch);
}

TEST(Run, ADeviceInTheBackgroundIsStartedSeenAndStopped) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = state_of(scratch);
    ASSERT_EQ(run(scratch.path(), {"device", "start", "--speed", "600", "--state", state}).status, 0);
    EXPECT_EQ(json::parse(run(scratch.path(), {"device", "status", "--json", "--state", state}).out)["running"], true);
    EXPECT_EQ(run(scratch.path(), {"device", "start", "--state", state}).status, 3);
    EXPECT_EQ(run(scratch.path(), {"device", "stop", "--state", state}).status, 0);
    EXPECT_EQ(json::parse(run(scratch.path(), {"device", "status", "--json", "--state", state}).out)["running"], false);
    EXPECT_EQ(run(scratch.path(), {"device", "stop", "--state", state}).status, 0)
        << "it does not run: that is what was asked";
    expect_nothing_left(scratch);
}

TEST(Run, TheLogIsShownByTheFirmwareAndVerifiedWithAndWithoutTheDevice) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = state_of(scratch), file = (scratch.path() / "log.jsonl").string();
    ASSERT_EQ(run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state}).status, 0);
    const auto shown = run(scratch.path(), {"log", "show", "--all", "--last", "1000", "--write", file, "--state", state});
    ASSERT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("The guardian's own memory"), std::string::npos);
    EXPECT_NE(shown.out.find("was accepted: entry"), std::string::npos);
    const auto brief = run(scratch.path(), {"log", "show", "--state", state});
    EXPECT_EQ(brief.out.find("The guardian's own memory ("), std::string::npos);
    EXPECT_EQ(brief.out.find("was accepted: entry"), std::string::npos);
    EXPECT_NE(brief.out.find("(basal), written down"), std::string::npos) << "each dose";
    EXPECT_NE(brief.out.find("The pump restarted"), std::string::npos) << "an alarm in its own words";
    EXPECT_NE(brief.out.find("--all shows everything"), std::string::npos);
    EXPECT_EQ(run(scratch.path(), {"log", "verify", "--state", state}).status, 0);
    EXPECT_EQ(run(scratch.path(), {"log", "verify", file}).status, 0);
    std::string text;
    {
        std::ifstream in{file};
        text.assign(std::istreambuf_iterator<char>{in}, {});
    }
    const auto amount = text.find("\"amount_mu\":");
    ASSERT_NE(amount, std::string::npos);
    text[amount + 12] = text[amount + 12] == '9' ? '8' : '9';
    std::ofstream{file, std::ios::trunc} << text;
    EXPECT_EQ(run(scratch.path(), {"log", "verify", file}).status, 1);
}

TEST(Run, TheLogIsShownWhereTheNetworkPartWasRefused) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = state_of(scratch);
    for (const char* slot : {"slot-a", "slot-b"}) {
        std::fstream image{fs::path{state} / "flash" / slot / "gateway.img",
                           std::ios::binary | std::ios::in | std::ios::out};
        image.seekp(4'000);
        image.put('x');
        image.put('y');
    }
    const auto shown = run(scratch.path(), {"log", "show", "--state", state});
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("The event log ("), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("Network part: refused"), std::string::npos) << shown.out;
    EXPECT_EQ(shown.err.find("No firmware runs"), std::string::npos) << shown.err;
    EXPECT_EQ(run(scratch.path(), {"log", "verify", "--state", state}).status, 0);
}

TEST(Run, TheGuardiansMemorySaysWhyNoFirmwareRuns) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = state_of(scratch);
    for (const char* slot : {"slot-a", "slot-b"}) {
        std::fstream image{fs::path{state} / "flash" / slot / "firmware.img",
                           std::ios::binary | std::ios::in | std::ios::out};
        image.seekp(4'000);
        image.put('x');
        image.put('y');
    }
    const auto day = run(scratch.path(), {"run", "--headless", "--hours", "2", "--json", "--state", state});
    ASSERT_EQ(day.status, 0) << day.err;
    EXPECT_EQ(json::parse(day.out)["mode"], "failsafe");
    EXPECT_NEAR(json::parse(day.out)["insulin_total_u"], 2 * 1.25, 0.11) << "insulin goes on";
    const auto shown = run(scratch.path(), {"log", "show", "--state", state});
    EXPECT_EQ(shown.status, 0);
    EXPECT_NE(shown.out.find("refused, it was changed or is not the manufacturer's"), std::string::npos) << shown.out;
    EXPECT_NE(shown.err.find("No firmware runs"), std::string::npos) << shown.err;
}

}  // namespace
}  // namespace basalt::test
