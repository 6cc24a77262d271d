// The TPM dies after its 1st, 2nd, 3rd ... answer to boot: whatever it had done by then, nothing is launched.
#include "tests/integration/boot/boot_rig.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace basalt::test {
namespace {

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

/// Reads one TPM command or answer: ten bytes of head, whose bytes 2 to 5 say the whole size.
Bytes read_message(int from) {
    Bytes message(10);
    for (std::size_t at = 0; at < message.size();) {
        const ssize_t n = ::read(from, message.data() + at, message.size() - at);
        if (n <= 0) return {};
        at += static_cast<std::size_t>(n);
        if (at == 10) {
            std::uint32_t size = 0;
            for (std::size_t i = 2; i < 6; ++i) size = size << 8 | message[i];
            message.resize(std::max<std::size_t>(size, 10));
        }
    }
    return message;
}

/// Stands between boot and the chip for one connection, and lets `answers` answers through.
class DyingTpm {
  public:
    DyingTpm(const std::string& path, const std::string& chip, int answers) {
        ::unlink(path.c_str());
        listening_ = hal::Descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const auto own = address_of(path);
        if (::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 ||
            ::listen(listening_.get(), 1) != 0)
            throw std::runtime_error{"no socket"};
        thread_ = std::jthread{[this, chip, answers] { serve(chip, answers); }};
    }
    /// Answers that went through. Waits for boot's connection to end.
    int given() {
        thread_.join();
        return given_;
    }

  private:
    void serve(const std::string& chip, int answers) {
        const hal::Descriptor boot{::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
        const hal::Descriptor tpm{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const auto other = address_of(chip);
        if (::connect(tpm.get(), reinterpret_cast<const sockaddr*>(&other), sizeof other) != 0) return;
        while (given_ < answers) {
            const Bytes command = read_message(boot.get());
            if (command.empty() || ::write(tpm.get(), command.data(), command.size()) < 0) return;
            const Bytes answer = read_message(tpm.get());
            if (answer.empty() || ::send(boot.get(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
            ++given_;
        }
    }
    hal::Descriptor listening_;
    int given_ = 0;
    std::jthread thread_;
};

TEST(DyingTpm, AfterHoweverManyAnswersItDiesNothingIsLaunched) {
    BootRig rig;
    const Bytes tiny = payload_of({{boot::Role::program, "tiny", file_bytes(BOOT_TINY_PROGRAM)}});
    rig.write("flash/slot-a/firmware.img", rig.image(FileKind::firmware, tiny, rig.maker));
    const std::string path = (rig.root() / "run/dying").string(), chip = (rig.root() / "run/tpm").string();
    rig.tpm_for_boot = "swtpm:path=" + path;
    std::uint64_t generation = 0;
    const auto launched_after = [&](int answers, int& given) {
        DyingTpm tpm{path, chip, answers};
        rig.start();
        const auto report = rig.begin(++generation);
        given = tpm.given();
        EXPECT_TRUE(report);
        EXPECT_EQ(hear(rig.dose), report && report->launched ? "ran" : "(ended)");
        EXPECT_TRUE(report && report->tpm_ok == report->launched);
        return report && report->launched;
    };
    int needed = 0, given = 0;
    ASSERT_TRUE(launched_after(1000, needed)) << "a TPM that lives";
    EXPECT_GE(needed, 9) << "seven measurements, the counters, the hierarchy";
    for (int answers = 0; answers < needed; ++answers) {
        EXPECT_FALSE(launched_after(answers, given)) << "it died after answer " << answers << " of " << needed;
        EXPECT_EQ(given, answers);
    }
    EXPECT_TRUE(launched_after(needed, given));
}

}  // namespace
}  // namespace basalt::test
