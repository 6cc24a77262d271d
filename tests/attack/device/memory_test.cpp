// Who can write to the guardian's own memory.
#include "device/guardian/provisioning.h"
#include "tests/attack/device/attacked_pump.h"

namespace basalt::test {
namespace {

using Memory = AttackedPump;
namespace layout = guardian::layout;

TEST_F(Memory, AProfileChangedInBothItsCopiesIsRefusedAndNothingIsGivenFromIt) {
    auto memory = file_bytes(chip() / "guardian.mem");
    // The last byte of the file is in its payload; both copies are changed alike, so that no checksum tells.
    const std::size_t size = memory[layout::profile] | memory[layout::profile + 1] << 8U;
    std::vector<std::uint8_t> profile{memory.begin() + layout::profile + 2,
                                      memory.begin() + layout::profile + 2 + static_cast<std::ptrdiff_t>(size)};
    profile.back() ^= 1;
    ASSERT_TRUE(guardian::replace_profile(memory, profile));
    put_file(chip() / "guardian.mem", memory);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::stopped);
    expect_alarm("profile_refused", hal::Priority::high);
    EXPECT_EQ(motor_mu(), 0);
    EXPECT_EQ(simulation().board().signals().light, hal::Priority::high);
}

TEST_F(Memory, AProfileThatIsPutBackAsItWasIsBelieved) {  // the test above refuses the change, not the writing
    auto memory = file_bytes(chip() / "guardian.mem");
    const std::size_t size = memory[layout::profile] | memory[layout::profile + 1] << 8U;
    const std::vector<std::uint8_t> profile{memory.begin() + layout::profile + 2,
                                            memory.begin() + layout::profile + 2 + static_cast<std::ptrdiff_t>(size)};
    ASSERT_TRUE(guardian::replace_profile(memory, profile));
    put_file(chip() / "guardian.mem", memory);
    live(320);
    EXPECT_EQ(simulation().mode(), Mode::normal);
}

TEST_F(Memory, AnOlderCopyPutBackIsFoundOutAndLatchesFailsafe) {
    live(620);
    power_off();
    const auto old = file_bytes(chip() / "guardian.mem");
    live(1'220);
    ASSERT_EQ(simulation().mode(), Mode::normal);
    power_off();
    put_file(chip() / "guardian.mem", old);
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::failsafe);
    expect_alarm("memory_rolled_back", hal::Priority::high);
    EXPECT_TRUE(simulation().board().signals().network_isolated);
    const auto before = motor_mu();
    live(600);
    EXPECT_GT(motor_mu(), before);  // the programmed rates go on
    power_off();
    live(320);
    EXPECT_EQ(simulation().mode(), Mode::failsafe);  // over a restart too
}

}  // namespace
}  // namespace basalt::test
