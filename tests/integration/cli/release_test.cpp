// Failsafe is left at the device's own badge reader: the real program, the real device, images that an attacker
// changed.
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace basalt::test {
namespace {

namespace fs = std::filesystem;

class ReleaseTest : public testing::Test {
  protected:
    void SetUp() override {
        const auto made = ask({"device", "init"});
        ASSERT_EQ(made.status, 0) << made.err;
        fs::copy(state_ / "flash", good_, fs::copy_options::recursive);
    }

    Ended ask(std::vector<std::string> words) const {
        words.insert(words.end(), {"--state", state_.string()});
        return run(scratch_.path(), words);
    }
    Ended release(const std::string& first = "physician", const std::string& second = "biomedical") const {
        const auto file = [&](const std::string& badge) {
            return (state_ / "host" / "badges" / (badge + ".pem")).string();
        };
        return ask({"device", "release", "--badge", file(first), "--badge", file(second), "--json"});
    }
    static nlohmann::json read(const Ended& ended) {
        const auto json = nlohmann::json::parse(ended.out, nullptr, false);
        EXPECT_TRUE(json.is_object()) << ended.out << ended.err;
        return json.is_object() ? json : nlohmann::json::object();
    }
    void tamper() const {
        for (const char* slot : {"slot-a", "slot-b"}) {
            std::fstream image{state_ / "flash" / slot / "firmware.img",
                               std::ios::in | std::ios::out | std::ios::binary};
            image.seekg(4'000);
            const char changed = static_cast<char>(~image.get());
            image.seekp(4'000);
            image.put(changed);
            ASSERT_TRUE(image.good());
        }
    }
    void put_good_images_back() const {
        for (const char* slot : {"slot-a", "slot-b"})
            fs::copy_file(good_ / slot / "firmware.img", state_ / "flash" / slot / "firmware.img",
                          fs::copy_options::overwrite_existing);
    }

    Scratch scratch_;
    fs::path state_ = scratch_.path() / "device", good_ = scratch_.path() / "good";
};

TEST_F(ReleaseTest, TamperedImagesComeBackToFailsafeAndGoodOnesToNormalMode) {
    tamper();
    const auto again = release();
    EXPECT_EQ(again.status, 1) << again.err;
    auto said = read(again);
    EXPECT_EQ(said["verdict"], "released");
    EXPECT_EQ(said["mode"], "failsafe");
    EXPECT_EQ(said["found_again"], nlohmann::json::array({"both_slots_refused"}));

    put_good_images_back();
    EXPECT_EQ(read(ask({"device", "status", "--json"}))["mode"], "failsafe") << "good images alone release nothing";
    const auto good = release();
    EXPECT_EQ(good.status, 0) << good.err;
    said = read(good);
    EXPECT_EQ(said["released"], nlohmann::json::array({"both_slots_refused"}));
    EXPECT_EQ(said["mode"], "normal");
    EXPECT_TRUE(said["found_again"].empty());

    const auto log = ask({"log", "show", "--all"});
    EXPECT_NE(log.out.find("Failsafe was released by the badges 1 and 2 of the profile. Released: both_slots_refused"),
              std::string::npos)
        << log.out;
}

TEST_F(ReleaseTest, WhatIsNoReleaseIsRefusedWithThreeAndSaysWhyInWords) {
    const auto nothing = release();
    EXPECT_EQ(nothing.status, 3) << nothing.err;
    EXPECT_EQ(read(nothing)["verdict"], "not_in_failsafe");
    EXPECT_EQ(read(nothing)["mode"], "normal");
    tamper();
    const auto twice = release("physician", "physician");
    EXPECT_EQ(twice.status, 3) << twice.err;
    EXPECT_EQ(read(twice)["verdict"], "same_badge");
    EXPECT_EQ(read(twice)["mode"], "failsafe");
    EXPECT_TRUE(read(twice)["released"].empty());

    const auto other = ask({"device", "init", "--state", (scratch_.path() / "other").string()});
    const auto foreign = ask({"device", "release", "--badge", (state_ / "host/badges/physician.pem").string(),
                              "--badge", (scratch_.path() / "other" / "host/badges/biomedical.pem").string()});
    EXPECT_EQ(foreign.status, other.status == 0 ? 3 : 4) << foreign.err;

    const auto one = ask({"device", "release", "--badge", (state_ / "host/badges/physician.pem").string()});
    EXPECT_EQ(one.status, 2) << one.err;
    EXPECT_NE(one.err.find("Two badges"), std::string::npos) << one.err;
    const auto none = release("physician", "nobody");
    EXPECT_EQ(none.status, 4) << none.err;
    EXPECT_NE(none.err.find("nobody.pem"), std::string::npos) << none.err;
    EXPECT_EQ(none.out, "");
}

}  // namespace
}  // namespace basalt::test
