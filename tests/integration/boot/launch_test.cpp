// What runs is what was verified, whatever stands on the disk or in the environment of who starts it.
#include "device/boot/launch.h"

#include "device/factory/image_builder.h"
#include "tests/unit/boot/signed_bytes.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <set>
#include <signal.h>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace basalt::boot {
namespace {

namespace fs = std::filesystem;

/// A stream pair: the process has one end as its 3, the test reads the other until "end".
struct Line {
    Line() {
        int ends[2] = {-1, -1};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0)
            here = hal::Descriptor{ends[0]}, there = hal::Descriptor{ends[1]};
    }
    hal::Descriptor here, there;

    /// All lines up to "end", or what came before the other end was closed.
    std::multiset<std::string> hear() {
        there = {};
        std::string text;
        char part[4096];
        while (!text.ends_with("end\n")) {
            const ssize_t n = ::read(here.get(), part, sizeof part);
            if (n <= 0) break;
            text.append(part, static_cast<std::size_t>(n));
        }
        std::multiset<std::string> lines;
        std::istringstream in{text};
        for (std::string line; std::getline(in, line);) lines.insert(line);
        return lines;
    }
};

std::multiset<std::string> about(const std::multiset<std::string>& lines, const std::string& word) {
    std::multiset<std::string> out;
    for (const std::string& line : lines)
        if (line.starts_with(word + " ")) out.insert(line.substr(word.size() + 1));
    return out;
}

int end_of(pid_t process) {
    int status = 0;
    return ::waitpid(process, &status, 0) == process ? status : -1;
}

class Launch : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "basalt-launch-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        root_ = name;
        fs::copy_file(PROBE_PROGRAM, root_ / "probe");
        fs::copy_file(PROBE_GENUINE, root_ / "libprobe.so.1");
        const auto parts = factory::parts_of({root_ / "probe", {}});
        ASSERT_TRUE(parts) << parts.error().what;
        const auto payload = factory::pack(*parts);
        ASSERT_TRUE(payload) << payload.error().what;
        payload_ = *payload;
    }
    void TearDown() override { fs::remove_all(root_); }

    void swap_library() const {
        fs::copy_file(PROBE_SWAPPED, root_ / "libprobe.so.1", fs::copy_options::overwrite_existing);
    }
    /// The probe's lines when it is run from its image.
    std::multiset<std::string> run_image(std::span<const char* const> arguments = {}) const {
        const auto image = SealedImage::make(payload_);
        Line line;
        const std::array given{line.there.get()};
        const auto process = launch(*image, {.name = "probe", .arguments = arguments, .given = given});
        if (!process) return {std::string{in_words(process.error())}};
        auto lines = line.hear();
        line.here = {};
        EXPECT_EQ(end_of(*process), 0);
        return lines;
    }
    /// The same, when it is run from the disk in the plain way, in this process's environment.
    std::multiset<std::string> run_from_disk() const {
        Line line;
        const pid_t process = ::fork();
        if (process == 0) {
            ::dup2(line.there.get(), 3);
            ::execl((root_ / "probe").c_str(), "probe", nullptr);
            ::_exit(127);
        }
        auto lines = line.hear();
        line.here = {};
        end_of(process);
        return lines;
    }

    fs::path root_;
    test::Bytes payload_;
};

TEST_F(Launch, NoByteThatRunsComesFromTheDisk) {
    const auto maps = about(run_image(), "map");
    EXPECT_GE(maps.size(), 5U);
    for (const std::string& map : maps) EXPECT_TRUE(map.starts_with("/memfd:")) << map;
    const auto from_disk = about(run_from_disk(), "map");
    EXPECT_TRUE(std::ranges::none_of(from_disk, [](auto& map) { return map.starts_with("/memfd:"); }))
        << "the probe tells the difference";
}

TEST_F(Launch, TheProgramGetsItsArgumentsAndNothingElseOfItsParent) {
    const hal::Descriptor stray{::open("/dev/null", O_RDONLY)};  // not close-on-exec
    ::setenv("OPENSSL_CONF", "/nowhere/openssl.cnf", 1);
    const std::array arguments{"one", "two words"};
    const auto lines = run_image(arguments);
    ::unsetenv("OPENSSL_CONF");

    EXPECT_EQ(about(lines, "argument"), (std::multiset<std::string>{"one", "probe", "two words"}));
    EXPECT_TRUE(about(lines, "environment").empty());
    EXPECT_EQ(about(lines, "death-signal"), std::multiset<std::string>{std::to_string(SIGKILL)});
    EXPECT_EQ(about(lines, "write-to-1"), std::multiset<std::string>{std::to_string(EPERM)});
    EXPECT_EQ(about(lines, "read-from-0"), std::multiset<std::string>{"0"});
    EXPECT_EQ(about(lines, "crypto"), std::multiset<std::string>{"1"});
    for (const std::string& descriptor : about(lines, "descriptor")) {
        const int number = std::stoi(descriptor);
        EXPECT_TRUE(number <= 3 || descriptor.find("/memfd:") != std::string::npos) << descriptor;
        if (number > 3) {
            EXPECT_GE(number, 64) << descriptor;
        }
    }
}

TEST_F(Launch, ASwappedLibraryChangesNothing) {
    swap_library();
    EXPECT_EQ(about(run_from_disk(), "library"), std::multiset<std::string>{"swapped"}) << "the attack itself works";
    EXPECT_EQ(about(run_image(), "library"), std::multiset<std::string>{"genuine"});
}

TEST_F(Launch, PreloadAndLibraryPathInTheParentsEnvironmentChangeNothing) {
    const std::string swapped{PROBE_SWAPPED};
    const std::string folder = fs::path{swapped}.parent_path().string();
    for (const auto& [name, value] : {std::pair{"LD_PRELOAD", swapped}, std::pair{"LD_LIBRARY_PATH", folder}}) {
        ::setenv(name, value.c_str(), 1);
        const auto from_disk = about(run_from_disk(), "library");
        const auto from_image = about(run_image(), "library");
        ::unsetenv(name);
        EXPECT_EQ(from_disk, std::multiset<std::string>{"swapped"}) << "the attack itself works: " << name;
        EXPECT_EQ(from_image, std::multiset<std::string>{"genuine"}) << name;
    }
}

TEST_F(Launch, ThePreloadFileOfTheSystemChangesNothing) {
    // In a mount namespace of its own, /etc holds one file: ld.so.preload, which names the attacker's library.
    fs::create_directory(root_ / "etc");
    std::ofstream{root_ / "etc/ld.so.preload"} << PROBE_SWAPPED << '\n';
    int results[2] = {-1, -1};
    ASSERT_EQ(::pipe2(results, O_CLOEXEC), 0);
    const pid_t inside = ::fork();
    if (inside == 0) {
        const bool own = ::unshare(CLONE_NEWNS) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
        if (!own || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount((root_ / "etc").c_str(), "/etc", nullptr, MS_BIND, nullptr) != 0)
            ::_exit(77);
        const std::string from_disk = *about(run_from_disk(), "library").begin();
        // From the image the preloaded library would be found second, and so change little: it must not be there at
        // all.
        const auto maps = about(run_image(), "map");
        const auto strangers = std::ranges::count_if(maps, [](auto& map) { return !map.starts_with("/memfd:"); });
        const std::string both = from_disk + ", " + std::to_string(maps.empty() ? -1 : strangers) + " from disk";
        ::_exit(::write(results[1], both.data(), both.size()) > 0 ? 0 : 1);
    }
    ::close(results[1]);
    char text[64] = {};
    const ssize_t size = ::read(results[0], text, sizeof text - 1);
    ::close(results[0]);
    const int status = end_of(inside);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        GTEST_SKIP() << "this user may not make a mount namespace, so no /etc/ld.so.preload can be put in place safely";
    ASSERT_GT(size, 0);
    EXPECT_EQ(std::string{text}, "swapped, 0 from disk");
}

TEST_F(Launch, SealedPartsCannotBeChangedAnyMore) {
    const auto image = SealedImage::make(payload_);
    ASSERT_TRUE(image);
    for (std::size_t i = 0; i < image->count(); ++i) {
        EXPECT_LT(::write(image->part(i), "x", 1), 0);
        EXPECT_NE(::ftruncate(image->part(i), 0), 0);
        EXPECT_NE(::fcntl(image->part(i), F_ADD_SEALS, F_SEAL_WRITE), 0);
        const hal::Descriptor again{
            ::open(("/proc/self/fd/" + std::to_string(image->part(i))).c_str(), O_RDWR | O_CLOEXEC)};
        EXPECT_TRUE(!again || ::write(again.get(), "x", 1) < 0);
    }
}

TEST_F(Launch, GivenDescriptorsArriveInTheirOrderWhereverTheyStood) {
    const auto tiny =
        SealedImage::make(test::payload_of({{Role::program, "tiny", test::file_bytes(BOOT_TINY_PROGRAM)}}));
    ASSERT_TRUE(tiny);
    EXPECT_FALSE(tiny->has_loader());
    // Three ends; each in turn is given first, so that sources stand above, below and on the targets.
    for (int first = 0; first < 3; ++first) {
        std::array<Line, 3> lines;
        std::array<int, 3> given{};
        for (int i = 0; i < 3; ++i)
            given[static_cast<std::size_t>(i)] = lines[static_cast<std::size_t>((first + i) % 3)].there.get();
        const auto process = launch(*tiny, {.name = "tiny", .given = given});
        ASSERT_TRUE(process);
        EXPECT_EQ(end_of(*process), 0);
        for (auto& line : lines) line.there = {};
        for (int i = 0; i < 3; ++i) {
            char text[8] = {};
            const ssize_t n = ::read(lines[static_cast<std::size_t>((first + i) % 3)].here.get(), text, sizeof text);
            EXPECT_EQ((std::string{text, static_cast<std::size_t>(n)}), i == 0 ? "ran" : "");
        }
    }
}

TEST_F(Launch, WhatIsNoProgramIsSaidToBeNone) {
    const auto garbage = SealedImage::make(test::payload_of({{Role::program, "x", {1, 2, 3, 4}}}));
    ASSERT_TRUE(garbage);
    const auto process = launch(*garbage, {.name = "x"});
    ASSERT_FALSE(process);
    EXPECT_EQ(process.error(), LaunchFault::not_executable);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "no process is left behind";
    EXPECT_EQ(SealedImage::make({}).error(), LaunchFault::malformed);
    const std::array<int, max_given + 1> too_many{};
    EXPECT_EQ(launch(*garbage, {.name = "x", .given = too_many}).error(), LaunchFault::not_executable);
}

TEST_F(Launch, AProcessDiesWithTheOneThatStartedIt) {
    ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    Line line;
    const pid_t parent = ::fork();
    if (parent == 0) {
        const auto image = SealedImage::make(payload_);
        const std::array given{line.there.get()};
        if (!launch(*image, {.name = "probe", .given = given})) ::_exit(1);
        for (;;) ::pause();
    }
    EXPECT_TRUE(line.hear().contains("end"));  // it runs, and waits for more
    ::kill(parent, SIGKILL);
    EXPECT_EQ(WTERMSIG(end_of(parent)), SIGKILL);
    int status = 0;
    EXPECT_GT(::waitpid(-1, &status, 0), 0);  // the orphan came to this process
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_F(Launch, TheSamePartsMakeTheSameImage) {
    const auto again = factory::pack(*factory::parts_of({root_ / "probe", {}}));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, payload_);
}

TEST_F(Launch, ALibraryLoadedByNameIsInTheImageWhenTheRecipeSaysSo) {
    const auto has = [&](const std::vector<std::string>& also, std::string_view name) {
        const auto parts = factory::parts_of({root_ / "probe", also});
        return parts && std::ranges::any_of(*parts, [&](const auto& part) { return part.name == name; });
    };
    EXPECT_FALSE(has({}, "libssl.so.3"));
    EXPECT_TRUE(has({"libssl.so.3"}, "libssl.so.3"));
    const auto missing = factory::parts_of({root_ / "probe", {"libnobody-has-this.so.9"}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::missing);
}

}  // namespace
}  // namespace basalt::boot
