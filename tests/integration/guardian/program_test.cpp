// The real program, started as the board starts it, behind its sandbox.
#include "device/hal/seqpacket.h"
#include "tests/unit/guardian/world.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace basalt::guardian {
namespace {
namespace fs = std::filesystem;
const std::string program = std::string{BASALT_BINARY_DIR} + "/bin/basalt-guardian";

struct Exit {
    int status = -1;
    int signal = 0;
};

class Program : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "basalt-guardian-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder = name;
        AuthorityFile file;
        file.authority = test::some_authority();
        const auto bytes = AuthorityFrames::encode(file);
        std::ofstream{folder / "authority.bin", std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data.data()),
                                                                        static_cast<std::streamsize>(bytes.size));
        const auto profile = test::signed_profile(test::some_profile());
        memory = *new_memory(test::provisioning_with(profile));
    }
    void TearDown() override {
        if (child > 0) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
        fs::remove_all(folder);
    }

    void launch(const std::string& authority) {
        auto pair = hal::make_seqpacket_pair();
        ASSERT_TRUE(pair);
        child = ::fork();
        if (child == 0) {
            ::dup2(pair->b.get(), 3);
            const char* const nothing[] = {nullptr};
            ::execle(program.c_str(), program.c_str(), authority.c_str(), nullptr, nothing);
            ::_exit(9);
        }
        board = hal::Seqpacket{std::move(pair->a)};
    }
    void launch() { launch(folder / "authority.bin"); }

    Exit wait_for_end() {
        int status = 0;
        ::waitpid(child, &status, 0);
        child = -1;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    }

    /// Serves the guardian's memory and reset line until it says Done, or (for the start) pulls the reset line.
    bool serve_until_done(bool or_reset) {
        std::array<std::uint8_t, max_frame_size> buffer;
        while (true) {
            const auto packet = board.receive(buffer);
            if (packet.arrival != hal::Arrival::frame) return false;
            const auto frame = hal::BoardFrames::decode(ByteView{buffer}.first(packet.size));
            if (!frame) return false;
            if (const auto* read = std::get_if<hal::MemoryRead>(&*frame)) {
                hal::MemoryData data;
                data.offset = read->offset;
                data.data.assign(ByteView{memory}.subspan(read->offset, read->size));
                board.send(hal::BoardFrames::encode(data).view());
            } else if (const auto* write = std::get_if<hal::MemoryWrite>(&*frame)) {
                std::ranges::copy(write->data.view(), memory.begin() + write->offset);
            } else if (std::holds_alternative<hal::MemorySync>(*frame)) {
                board.send(hal::BoardFrames::encode(hal::MemorySynced{}).view());
            } else if (const auto* move = std::get_if<hal::MotorMove>(&*frame)) {
                target = move->target;
            } else if (const auto* shown = std::get_if<hal::Signals>(&*frame)) {
                signals = *shown;
                if (or_reset) return true;
            } else if (std::holds_alternative<hal::PullReset>(*frame)) {
                auto boot_pair = hal::make_seqpacket_pair();
                auto dose_pair = hal::make_seqpacket_pair();
                boot = hal::Seqpacket{std::move(boot_pair->a), hal::Wait::no};
                dose = hal::Seqpacket{std::move(dose_pair->a), hal::Wait::no};
                board.send_with(hal::BoardFrames::encode(hal::ResetDone{}).view(),
                                std::array{boot_pair->b.get(), dose_pair->b.get()});
            } else if (std::holds_alternative<hal::Done>(*frame)) {
                return true;
            }
        }
    }
    bool tick(std::uint64_t at) {
        hal::TickFrame frame;
        frame.tick = {at};
        frame.motor = target;  // a fast motor
        frame.sensors.supply_mv = 3700;
        frame.sensors.battery_percent = 90;
        frame.sensors.reservoir = 200_U;
        return board.send(hal::BoardFrames::encode(frame).view()) && serve_until_done(false);
    }
    std::string status_line(const std::string& key) const {
        std::ifstream in{"/proc/" + std::to_string(child) + "/status"};
        for (std::string line; std::getline(in, line);)
            if (line.starts_with(key + ":")) return line.substr(line.find_first_not_of(" \t", key.size() + 1));
        return {};
    }

    fs::path folder;
    std::vector<std::uint8_t> memory;
    pid_t child = -1;
    hal::Seqpacket board, boot, dose;
    MotorCount target;
    hal::Signals signals;
};

TEST_F(Program, DeliversTheProfileBehindItsSandboxAndEndsWithTheBoard) {
    launch();
    ASSERT_TRUE(serve_until_done(true));
    EXPECT_EQ(signals.mode, hal::Mode::start_up);
    for (std::uint64_t at = 600; at < 600 + 3600; at += 300) {
        if (at >= 900) {  // its slot is never answered by a boot that is gone: the board's watchdog says so
            boot.close();
        }
        ASSERT_TRUE(tick(at)) << at;
    }
    EXPECT_EQ(target.milli_units, 1000);
    EXPECT_EQ(status_line("Seccomp"), "2");
    EXPECT_EQ(status_line("NoNewPrivs"), "1");
    board.close();
    const auto end = wait_for_end();
    EXPECT_EQ(end.status, 0);
    EXPECT_EQ(end.signal, 0);
}

TEST_F(Program, HandsTheChallengeOutOfTheChannelsThatCameWithTheReset) {
    launch();
    ASSERT_TRUE(serve_until_done(true));
    ASSERT_TRUE(tick(600));
    boot.close();  // nobody there: the guardian hears that at once, pulls the reset line again, and goes on
    auto first_dose = std::move(dose);
    ASSERT_TRUE(tick(606));
    std::array<std::uint8_t, max_frame_size> buffer;
    const auto packet = first_dose.receive(buffer, hal::Wait::no);
    ASSERT_EQ(packet.arrival, hal::Arrival::frame);
    const auto frame = hal::DoseFrames::decode(ByteView{buffer}.first(packet.size));
    ASSERT_TRUE(frame);
    EXPECT_TRUE(std::holds_alternative<hal::Challenge>(*frame));
}

#ifndef BASALT_SANITIZED
TEST_F(Program, HoldsNothingThatItWasNotGivenAndLittleMemory) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const int stray = ::fcntl(pipe[1], F_DUPFD, 20);
    launch();
    ::close(pipe[1]);
    ::close(stray);
    ASSERT_TRUE(serve_until_done(true));
    char byte = 0;
    EXPECT_EQ(::read(pipe[0], &byte, 1), 0);  // nobody holds the other end any more, so it is not open in the guardian
    ::close(pipe[0]);
    ASSERT_TRUE(tick(600));
    EXPECT_LE(std::stol(status_line("RssAnon")), 1024) << "kB";
}
#endif

TEST_F(Program, WithoutARomRecordItEndsAndSaysSo) {
    launch(folder / "nothing");
    EXPECT_EQ(wait_for_end().status, 4);
    std::ofstream{folder / "garbage"} << "garbage";
    launch(folder / "garbage");
    EXPECT_EQ(wait_for_end().status, 4);
}

TEST_F(Program, NoGarbageOnAnyChannelEndsIt) {
    launch();
    ASSERT_TRUE(serve_until_done(true));
    test::Rng rng{3};
    std::array<std::uint8_t, 3000> garbage{};
    for (int i = 0; i < 50; ++i) {
        for (auto& byte : garbage) byte = static_cast<std::uint8_t>(rng.between(0, 255));
        const auto size = static_cast<std::size_t>(rng.between(1, max_frame_size));
        garbage[0] = 'H';
        board.send(ByteView{garbage}.first(size));
        boot.send(ByteView{garbage}.first(size));
        dose.send(ByteView{garbage}.first(size));
    }
    (void)!::send(board.get(), garbage.data(), garbage.size(), MSG_NOSIGNAL);  // longer than any frame
    ASSERT_TRUE(tick(600));
    EXPECT_EQ(target.milli_units, 83);
}

}  // namespace
}  // namespace basalt::guardian
