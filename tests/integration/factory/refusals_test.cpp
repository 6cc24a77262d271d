// What the factory refuses, and that a refusal leaves the place as it was.
#include "device/factory/provision.h"
#include "device/factory/staged_directory.h"
#include "tests/integration/factory/order.h"

#include <sys/mount.h>
#include <sys/wait.h>

#include <functional>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

namespace basalt {
namespace {

using namespace test;

class Refusals : public DeviceOrders {
  protected:
    Error refused(const factory::DeviceOrder& order) {
        const auto made = factory::provision(order);
        EXPECT_FALSE(made);
        if (made) return {};
        EXPECT_FALSE(made.error().what.empty());
        EXPECT_FALSE(made.error().next_step.empty());
        return made.error();
    }
    void write_text(const std::filesystem::path& file, std::string_view text) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << text;
    }
};

TEST_F(Refusals, ADeviceThatIsThereStaysAsItIs) {
    must(factory::provision(order()));
    const auto before = file_bytes(directory_.path() / "pump/chip/guardian.mem");
    EXPECT_EQ(refused(order()).code, ErrorCode::refused);
    EXPECT_EQ(file_bytes(directory_.path() / "pump/chip/guardian.mem"), before);
    EXPECT_EQ(beside_device(), std::vector<std::string>{"pump"});
}

TEST_F(Refusals, ADeviceOfANewerBasaltIsNamedAsSuch) {
    const std::string newer = "format = 2\nsomething = \"else\"\n";
    write_text(directory_.path() / "pump/state.toml", newer);
    const Error error = refused(order());
    EXPECT_EQ(error.code, ErrorCode::refused);
    EXPECT_NE(error.what.find("newer Basalt"), std::string::npos) << error.what;
    EXPECT_EQ(std::filesystem::file_size(directory_.path() / "pump/state.toml"), newer.size());
}

TEST_F(Refusals, APlaceThatHoldsOtherThingsIsNotTouched) {
    write_text(directory_.path() / "pump/holiday.jpg", "sun");
    EXPECT_EQ(refused(order()).code, ErrorCode::refused);
    EXPECT_TRUE(std::filesystem::exists(directory_.path() / "pump/holiday.jpg"));
    EXPECT_EQ(beside_device(), std::vector<std::string>{"pump"});
}

TEST_F(Refusals, AnEmptyDirectoryAtThePlaceIsFine) {
    std::filesystem::create_directories(directory_.path() / "pump");
    EXPECT_TRUE(factory::provision(order()));
}

TEST_F(Refusals, AStateFileThatIsNoneIsShownByLine) {
    write_text(directory_.path() / "pump/state.toml", "format = 1\nvariant = \n");
    const Error error = refused(order());
    EXPECT_EQ(error.code, ErrorCode::unreadable);
    EXPECT_NE(error.what.find("line 2"), std::string::npos) << error.what;
}

TEST_F(Refusals, AMissingOrForeignImageIsNamed) {
    auto wanted = order();
    std::filesystem::remove(wanted.images / "gateway.img");
    Error error = refused(wanted);
    EXPECT_EQ(error.code, ErrorCode::missing);
    EXPECT_NE(error.what.find("gateway.img"), std::string::npos);

    wanted = order();
    wanted.images = order(Variant::training).images;
    error = refused(wanted);
    EXPECT_EQ(error.code, ErrorCode::refused);
    EXPECT_NE(error.what.find("guardian.img"), std::string::npos);

    wanted = order();
    std::filesystem::copy_file(wanted.images / "gateway.img", wanted.images / "firmware.img",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(refused(wanted).code, ErrorCode::refused);
    EXPECT_TRUE(beside_device().empty());
}

TEST_F(Refusals, AProductionDeviceDoesWithoutNoDefence) {
    auto wanted = order();
    wanted.switched_off = static_cast<std::uint32_t>(Defence::sealing);
    EXPECT_EQ(refused(wanted).code, ErrorCode::usage);
    EXPECT_TRUE(beside_device().empty());
}

TEST_F(Refusals, AProfileOrConfigurationThatNoDeviceMayHaveIsSaidWhy) {
    auto wanted = order();
    wanted.profile.rates[3] = {5'050};
    Error error = refused(wanted);
    EXPECT_EQ(error.code, ErrorCode::refused);
    EXPECT_NE(error.what.find("5 U/h"), std::string::npos) << error.what;

    wanted = order();
    wanted.configuration.basal[7] = {33};
    EXPECT_NE(refused(wanted).what.find("device.cfg"), std::string::npos);
    EXPECT_TRUE(beside_device().empty());
}

TEST_F(Refusals, ARunDirectoryTooLongForSocketsIsSaidSo) {
    auto wanted = order();
    wanted.run = run_.path() / std::string(100, 'r');
    EXPECT_EQ(refused(wanted).code, ErrorCode::usage);
    EXPECT_TRUE(beside_device().empty());
}

TEST_F(Refusals, KilledInTheMiddleItLeavesThePlaceEmptyAndTheNextMakesTheDevice) {
    const auto wanted = order(Variant::production, 300'000);
    for (int round = 0; round < 3; ++round) {
        const pid_t maker = ::fork();
        if (maker == 0) {
            (void)factory::provision(wanted);
            ::_exit(0);
        }
        // Awaited: the first thing that can be seen of it. It ends by itself if we come too late, and then says so.
        while (beside_device().empty() && ::waitpid(maker, nullptr, WNOHANG) == 0) ::sched_yield();
        ::kill(maker, SIGKILL);
        ::waitpid(maker, nullptr, 0);
        ASSERT_FALSE(std::filesystem::exists(wanted.state));
    }
    must(factory::provision(wanted));
    EXPECT_EQ(beside_device(), std::vector<std::string>{"pump"}) << "what the killed ones left is gone too";
}

TEST_F(Refusals, WhatAnotherIsMakingAtThisMomentIsLeftAlone) {
    auto first = must(factory::StagedDirectory::for_place(directory_.path() / "pump"));
    must(first.file("state.toml", {}));
    {
        const auto second = must(factory::StagedDirectory::for_place(directory_.path() / "pump"));
        EXPECT_TRUE(std::filesystem::exists(first.path() / "state.toml"));
    }
    must(first.publish());
    EXPECT_TRUE(std::filesystem::exists(directory_.path() / "pump/state.toml"));
    auto third = must(factory::StagedDirectory::for_place(directory_.path() / "pump"));
    EXPECT_FALSE(third.publish()) << "nothing is put in the place of what came first";
}

/// Runs `what` on a disk of `bytes` mounted at `place`, for a child of this process alone. -1: this computer does not
/// let us; else what `what` returned.
int on_a_small_disk(const std::filesystem::path& place, std::size_t bytes, bool read_only,
                    const std::function<int()>& what) {
    std::filesystem::create_directories(place);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 ? ::unshare(CLONE_NEWNS) != 0 : ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) ::_exit(99);
        if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) ::_exit(99);
        const std::string size = "size=" + std::to_string(bytes);
        if (::mount("tmpfs", place.c_str(), "tmpfs", read_only ? MS_RDONLY : 0, size.c_str()) != 0) ::_exit(99);
        ::_exit(what());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 98;
    return code == 99 ? -1 : code;
}

TEST_F(Refusals, AFullDiskIsSaidSoAndNothingHalfMadeStays) {
    auto wanted = order(Variant::production, 300'000);
    const auto disk = directory_.path() / "disk";
    wanted.state = disk / "pump";
    const int code = on_a_small_disk(disk, 500'000, false, [&] {
        const auto made = factory::provision(wanted);
        if (made || made.error().code != ErrorCode::io) return 1;
        if (made.error().next_step.find("Make room") == std::string::npos) return 2;
        return std::filesystem::is_empty(disk) ? 0 : 3;
    });
    if (code < 0) GTEST_SKIP() << "this computer does not let a test mount a small disk";
    EXPECT_EQ(code, 0);
}

TEST_F(Refusals, AReadOnlyDiskIsSaidSo) {
    auto wanted = order();
    const auto disk = directory_.path() / "disk";
    wanted.state = disk / "pump";
    const int code = on_a_small_disk(disk, 500'000, true, [&] {
        const auto made = factory::provision(wanted);
        if (made || made.error().code != ErrorCode::io) return 1;
        return made.error().next_step.find("may write") == std::string::npos ? 2 : 0;
    });
    if (code < 0) GTEST_SKIP() << "this computer does not let a test mount a small disk";
    EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace basalt
