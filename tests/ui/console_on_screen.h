// tests/ui/console_on_screen.h: a device as the factory makes it, its console on a display, and a person in front of
// it.
#pragma once
#include "tests/integration/run/command.h"
#include "tests/support/scratch.h"
#include "tests/ui/screen.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace basalt::test {

inline constexpr const char* stopped = "INSULIN STOPPED";

class Console : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(screen_.works()) << "Xvfb is needed";
        ASSERT_EQ(run(scratch_.path(), {"device", "init", "--state", state_}).status, 0);
    }
    void open(const std::string& first_title, std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", "--state", state_};
        words.insert(words.end(), more.begin(), more.end());
        // The graphics libraries of a display without a card keep what they allocate until the process ends.
        program_ = std::make_unique<Command>(scratch_.path(), words, std::function<void()>{}, environment());
        ASSERT_TRUE(screen_.shows(first_title, program_->pid())) << program_->err();
    }
    std::vector<std::string> environment() const {
        std::vector<std::string> all{screen_.display(), "ASAN_OPTIONS=detect_leaks=0"};
        all.insert(all.end(), audio_.begin(), audio_.end());
        return all;
    }
    bool shows(std::string_view words) const { return screen_.shows(words, program_->pid()); }
    void close() {
        program_->signal(SIGINT);
        const auto ended = program_->end();
        EXPECT_EQ(ended.status, 0) << ended.err;
        program_.reset();
    }
    std::string mode_without_window() {
        const auto later = run(scratch_.path(), {"run", "--headless", "--json", "--hours", "0.05", "--state", state_});
        return later.status == 0 ? nlohmann::json::parse(later.out)["mode"].get<std::string>() : later.err;
    }

    /// What stands beside this account on the sheet that came with the pump.
    std::string code_of(const std::string& account) {
        std::ifstream sheet{std::filesystem::path{state_} / "host" / "people" / "first-codes.txt"};
        for (std::string line; std::getline(sheet, line);)
            if (line.starts_with(account + '\t')) return line.substr(account.size() + 1);
        return {};
    }
    /// With its first password, as on the first day. The panel stays open.
    void log_in(const std::string& account) {
        screen_.key("F7");
        screen_.key("F7");  // the first password
        ASSERT_TRUE(shows("Connected to the pump"));
        type_fields({account, code_of(account), password});
        ASSERT_TRUE(shows("The password is set"));
        type_fields({account, password});
        ASSERT_TRUE(shows("You are logged in as"));
    }
    /// One after another with Tab between them, Enter at the end, as fast as keys can come.
    void type_fields(const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0) screen_.key("Tab");
            screen_.type(fields[i]);
        }
        screen_.key("Return");
    }
    static constexpr const char* password = "a blue horse at noon";

    Scratch scratch_;
    const std::string state_ = (scratch_.path() / "device").string();
    Screen screen_;
    std::vector<std::string> audio_{"SDL_AUDIODRIVER=dummy"};
    std::unique_ptr<Command> program_;
};

}  // namespace basalt::test
