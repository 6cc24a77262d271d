// What a machine may lack, or a state directory be: one plain sentence with the remedy, the design's exit status, and
// nothing damaged.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <algorithm>
#include <map>
#include <sched.h>

namespace basalt::test {
namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, std::string>;

/// Every file below `place` with its content, but for notes that say nothing of the device.
Files files_below(const fs::path& place) {
    Files files;
    for (const auto& entry : fs::recursive_directory_iterator{place}) {
        if (!entry.is_regular_file() || entry.path().filename() == "running" || entry.path().filename() == ".lock")
            continue;
        std::ifstream in{entry.path(), std::ios::binary};
        files[entry.path().lexically_relative(place).string()].assign(std::istreambuf_iterator<char>{in}, {});
    }
    return files;
}

void make_device(const Scratch& scratch) {
    const auto made = run(scratch.path(), {"device", "init", "--state", (scratch.path() / "device").string()});
    ASSERT_EQ(made.status, 0) << made.err;
}

/// One sentence of cause, one of remedy, on one line, and nothing on standard output.
void expect_plain_words(const Ended& ended, int status, const std::string& about) {
    EXPECT_EQ(ended.status, status) << ended.err;
    EXPECT_NE(ended.err.find(about), std::string::npos) << ended.err;
    EXPECT_EQ(ended.out, "");
}

/// Runs in the new process: a mount namespace of its own, in which `change` has been made. Exit 77: not allowed here.
std::function<void()> with_mount(const std::function<bool()>& change) {
    return [change] {
        const uid_t user = ::geteuid();
        if (user != 0) {
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(77);
            std::ofstream{"/proc/self/setgroups"} << "deny";
            std::ofstream{"/proc/self/uid_map"} << "0 " << user << " 1";
        } else if (::unshare(CLONE_NEWNS) != 0) {
            ::_exit(77);
        }
        if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 || !change()) ::_exit(77);
    };
}

TEST(Trouble, ADeviceThatIsNotThereIsNotRun) {
    Scratch scratch;
    for (const auto& words : std::vector<std::vector<std::string>>{{"run", "--headless", "--hours", "1"},
                                                                   {"log", "show"},
                                                                   {"log", "verify"},
                                                                   {"device", "status"},
                                                                   {"device", "start"},
                                                                   {"device", "stop"}}) {
        auto asked = words;
        asked.insert(asked.end(), {"--state", (scratch.path() / "nowhere").string()});
        expect_plain_words(run(scratch.path(), asked), 4, "There is no device in");
    }
    EXPECT_FALSE(fs::exists(scratch.path() / "nowhere"));
}

TEST(Trouble, ADeviceIsNeverMadeOverAnother) {
    Scratch scratch;
    make_device(scratch);
    const auto before = files_below(scratch.path() / "device");
    const auto again = run(scratch.path(), {"device", "init", "--state", (scratch.path() / "device").string()});
    EXPECT_EQ(again.status, 3) << again.err;
    EXPECT_EQ(files_below(scratch.path() / "device"), before);
}

TEST(Trouble, AStateFromANewerVersionIsRefusedAndLeftAsItIs) {
    Scratch scratch;
    make_device(scratch);
    const fs::path state = scratch.path() / "device";
    std::ofstream{state / "state.toml", std::ios::trunc} << "format = 2\nwhatever = \"comes\"\n";
    const auto before = files_below(state);
    for (const char* command : {"run", "show", "status"}) {
        const auto ended =
            command == std::string{"run"} ? run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state})
            : command == std::string{"show"} ? run(scratch.path(), {"log", "show", "--state", state})
                                             : run(scratch.path(), {"device", "status", "--state", state});
        expect_plain_words(ended, 3, "newer");
    }
    EXPECT_EQ(files_below(state), before);
}

TEST(Trouble, ADamagedStateIsSaidAndNotRepaired) {
    const std::vector<std::pair<std::string, std::string>> places{{"state.toml", "state.toml"},
                                                                  {"chip/motor", "motor"},
                                                                  {"chip/rom/guardian.img", "ROM"},
                                                                  {"chip/rom/authority.bin", "ROM"},
                                                                  {"chip/guardian.mem", "guardian's memory"},
                                                                  {"host/patient", "patient"}};
    Scratch scratch;
    make_device(scratch);
    const fs::path state = scratch.path() / "device";
    ASSERT_EQ(run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state}).status, 0);
    for (const auto& [file, about] : places) {
        const auto whole = files_below(state);
        fs::resize_file(state / file, fs::file_size(state / file) / 2);
        const auto before = files_below(state);
        expect_plain_words(run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state}), 1, about);
        EXPECT_EQ(files_below(state), before) << file;
        std::ofstream{state / file, std::ios::binary | std::ios::trunc} << whole.at(file);
    }
}

TEST(Trouble, AReadOnlyStateIsSaidWithItsRemedy) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    const auto ended =
        run(scratch.path(), {"run", "--headless", "--hours", "1", "--state", state}, with_mount([&] {
                return ::mount(state.c_str(), state.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
                       ::mount("none", state.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
            }));
    if (ended.status == 77) GTEST_SKIP() << "this machine lets nobody mount here";
    expect_plain_words(ended, 4, "read-only");
}

TEST(Trouble, AFullStateIsSaidWithItsRemedy) {
    Scratch scratch;
    const fs::path small = scratch.path() / "small";
    fs::create_directory(small);
    const auto in_small_disk = [&](const char* size) {
        return with_mount([&small, size] { return ::mount("tmpfs", small.c_str(), "tmpfs", 0, size) == 0; });
    };
    const auto ended =
        run(scratch.path(), {"device", "init", "--state", (small / "device").string()}, in_small_disk("size=8m"));
    if (ended.status == 77) GTEST_SKIP() << "this machine lets nobody mount here";
    expect_plain_words(ended, 4, "oom");
}

TEST(Trouble, WithoutTheSoftwareTpmEveryCommandSaysWhatToInstall) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    const fs::path empty = scratch.path() / "empty";
    fs::create_directory(empty);
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"run", "--headless", "--hours", "1", "--state", state},
                                               {"device", "start", "--state", state},
                                               {"device", "init", "--state", (scratch.path() / "other").string()},
                                               {"log", "verify", "--state", state},
                                               {"scenario", "run", "tampered-firmware"},
                                               {"campaign", "kills", "--n", "1", "--hours", "2"}}) {
        // Everything of /usr/bin but swtpm is what this program does not need.
        const auto ended =
            run(scratch.path(), words,
                with_mount([&] { return ::mount(empty.c_str(), "/usr/bin", nullptr, MS_BIND, nullptr) == 0; }));
        if (ended.status == 77) GTEST_SKIP() << "this machine lets nobody mount here";
        expect_plain_words(ended, 4, "swtpm is not installed");
        EXPECT_NE(ended.err.find("Install it"), std::string::npos) << ended.err;
    }
    EXPECT_FALSE(fs::exists(scratch.path() / "other")) << "half a device is none";
}

TEST(Trouble, ANamedFileThatIsNoneIsRefusedAndLeftAsItIs) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    const std::string folder = (scratch.path() / "folder").string();
    const std::string nowhere = (scratch.path() / "nowhere" / "file").string();
    fs::create_directory(folder);
    struct Named {
        std::vector<std::string> words;
        int status;
    };
    for (const auto& [words, status] :
         std::vector<Named>{{{"log", "verify", folder}, 4},
                            {{"log", "verify", nowhere}, 4},
                            {{"log", "verify", "/dev/zero"}, 1},
                            {{"log", "verify", "/dev/null"}, 1},
                            {{"run", "--headless", "--hours", "1", "--state", state, "--replay", folder}, 4},
                            {{"run", "--headless", "--hours", "1", "--state", state, "--replay", nowhere}, 4},
                            {{"run", "--headless", "--hours", "1", "--state", state, "--replay", "/dev/zero"}, 1},
                            {{"scenario", "run", "tampered-firmware", "--report", folder}, 4},
                            {{"scenario", "run", "tampered-firmware", "--report", nowhere}, 4},
                            {{"scenario", "run", "tampered-firmware", "--report", "/dev/null"}, 4},
                            {{"campaign", "kills", "--n", "1", "--hours", "2", "--results", folder}, 4},
                            {{"campaign", "kills", "--n", "1", "--hours", "2", "--results", nowhere}, 4},
                            {{"device", "init", "--state", (scratch.path() / "device" / "state.toml").string()}, 3},
                            {{"device", "status", "--state", (scratch.path() / "device" / "state.toml").string()}, 4}})
        expect_plain_words(run(scratch.path(), words), status, "");
    EXPECT_TRUE(fs::is_empty(folder));
    EXPECT_FALSE(fs::exists(scratch.path() / "nowhere"));
    EXPECT_TRUE(fs::is_character_file("/dev/null")) << "a report must not take its place";
}

TEST(Trouble, AWrittenLogIsReplacedWholeOrNotAtAll) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    const fs::path file = scratch.path() / "log.txt";
    ASSERT_EQ(run(scratch.path(), {"log", "show", "--state", state, "--write", file}).status, 0);
    EXPECT_EQ(run(scratch.path(), {"log", "verify", file}).status, 0);
    for (const fs::path& wrong : {scratch.path() / "nowhere" / "log.txt", fs::path{"/dev/full"}}) {
        const auto ended = run(scratch.path(), {"log", "show", "--state", state, "--write", wrong});
        EXPECT_NE(ended.status, 0);
        EXPECT_NE(ended.err.find("cannot be written"), std::string::npos) << ended.err;
    }
    EXPECT_TRUE(fs::is_character_file("/dev/full"));
    const fs::path small = scratch.path() / "small";
    fs::create_directory(small);
    const auto full =
        run(scratch.path(), {"log", "show", "--state", state, "--write", small / "log.txt"}, with_mount([&small] {
                if (::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=4k") != 0) return false;
                std::ofstream{small / "log.txt"} << std::string(4096, 'x') << std::flush;
                return true;
            }));
    if (full.status == 77) GTEST_SKIP() << "this machine lets nobody mount here";
    EXPECT_EQ(full.status, 4) << full.err;
    EXPECT_NE(full.err.find("No space left"), std::string::npos) << full.err;
}

TEST(Trouble, AStartedDeviceThatRunsAlreadyIsSaidWithItsStatus) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    ASSERT_EQ(run(scratch.path(), {"device", "start", "--state", state}).status, 0);
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"run", "--headless", "--hours", "1"}, {"device", "start"}, {"log", "show"}, {"log", "verify"}}) {
        auto asked = words;
        asked.insert(asked.end(), {"--state", state});
        expect_plain_words(run(scratch.path(), asked), 3, "running already");
    }
    const auto stopped = run(scratch.path(), {"device", "stop", "--state", state});
    EXPECT_EQ(stopped.status, 0) << stopped.err;
    EXPECT_TRUE(processes_that_name(scratch.path()).empty());
}

TEST(Trouble, OutputThatIsLostIsNoSuccess) {
    Scratch scratch;
    make_device(scratch);
    const std::string state = (scratch.path() / "device").string();
    for (const auto& words :
         std::vector<std::vector<std::string>>{{"scenario", "list"},
                                               {"--help"},
                                               {"device", "status", "--state", state},
                                               {"log", "show", "--state", state},
                                               {"run", "--headless", "--hours", "1", "--state", state}}) {
        const auto ended =
            run(scratch.path(), words, [] { ::dup2(::open("/dev/full", O_WRONLY | O_CLOEXEC), STDOUT_FILENO); });
        EXPECT_EQ(ended.status, 4) << words[0] << ": " << ended.err;
        EXPECT_NE(ended.err.find("Standard output could not be written"), std::string::npos) << ended.err;
    }
}

TEST(Trouble, WithoutADisplayItPrintsAndSaysSo) {
    Scratch scratch;
    const auto ended = run(scratch.path(), {"run", "--hours", "1"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_NE(ended.err.find("There is no display"), std::string::npos) << ended.err;
    EXPECT_NE(ended.out.find("Normal:"), std::string::npos);
}

}  // namespace
}  // namespace basalt::test
