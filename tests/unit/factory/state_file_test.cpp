#include "device/factory/state_file.h"

#include "device/common/authority.h"

#include <gtest/gtest.h>

namespace basalt::factory {
namespace {

TEST(StateFile, ComesBackAsItWas) {
    StateFile state{.variant = Variant::training, .switched_off = 3, .seed = 0x7FFFFFFFFFFFFFFF, .device = {}};
    state.device.fill(0xA5);
    const auto back = parse_state_file(to_toml(state));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->variant, state.variant);
    EXPECT_EQ(back->switched_off, state.switched_off);
    EXPECT_EQ(back->seed, state.seed);
    EXPECT_EQ(back->device, state.device);
}

TEST(StateFile, EachLineThatIsMissingOrWrongIsRefused) {
    const std::string good = to_toml({});
    ASSERT_TRUE(parse_state_file(good));
    for (const auto& [from, to] :
         std::initializer_list<std::pair<std::string, std::string>>{{"format = 1", ""},
                                                                    {"format = 1", "format = 0"},
                                                                    {"format = 1", "format = \"1\""},
                                                                    {"production", "prodution"},
                                                                    {"switched_off = []", ""},
                                                                    {"switched_off = []", "switched_off = [\"walls\"]"},
                                                                    {"seed = 0", "seed = -1"},
                                                                    {"seed = 0", ""},
                                                                    {"device = \"00", "device = \"0g"},
                                                                    {"device = \"00", "device = \""}}) {
        std::string text = good;
        text.replace(text.find(from), from.size(), to);
        const auto state = parse_state_file(text);
        ASSERT_FALSE(state) << text;
        EXPECT_EQ(state.error().code, ErrorCode::unreadable);
    }
}

TEST(StateFile, OfANewerFormatItIsRefusedWhateverElseItSays) {
    const auto state = parse_state_file("format = 2");
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, ErrorCode::refused);
}

TEST(StateFile, WhereNoneIsItSaysHowToMakeADevice) {
    const auto state = read_state_file("/nowhere");
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, ErrorCode::missing);
    EXPECT_NE(state.error().next_step.find("basalt device init"), std::string::npos);
}

}  // namespace
}  // namespace basalt::factory
