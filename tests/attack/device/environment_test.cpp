// Who rules the environment in which the simulator is started.
#include "tests/attack/device/attacked_pump.h"

#include <cstdlib>

namespace basalt::test {
namespace {

/// Set for as long as it lives; what was there comes back.
class Variable {
  public:
    Variable(const char* name, const std::string& value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        ::setenv(name, value.c_str(), 1);
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    ~Variable() {
        if (old_)
            ::setenv(name_, old_->c_str(), 1);
        else
            ::unsetenv(name_);
    }

  private:
    const char* name_;
    std::optional<std::string> old_;
};

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

using Environment = AttackedPump;

TEST_F(Environment, PreloadLibraryPathAndOpenSslsConfigurationReachNoProgramOfTheDevice) {
    const std::filesystem::path forced{FORCED_LIBRARY};
    put_file(flash() / "evil.cnf", {});
    std::ofstream{flash() / "evil.cnf"} << "openssl_conf = x\n[x]\nengines = y\n[y]\nz = z\n[z]\ndynamic_path = "
                                        << FORCED_LIBRARY << "\ninit = 1\n";
    // The simulated TPM is the simulator's own program and may well load it; the device's programs may not.
    const Variable preload{"LD_PRELOAD", forced.string()};
    const Variable library_path{"LD_LIBRARY_PATH", forced.parent_path().string()};
    const Variable openssl{"OPENSSL_CONF", (flash() / "evil.cnf").string()};
    live(620);
    EXPECT_EQ(simulation().mode(), Mode::normal);
    int seen = 0;
    for (const Part part : {Part::guardian, Part::boot, Part::firmware, Part::gateway}) {
        const auto process = simulation().device().process_of(part);
        ASSERT_TRUE(process) << bench::name_of(part);
        const std::filesystem::path proc = std::filesystem::path{"/proc"} / std::to_string(*process);
        const std::string maps = text_of(proc / "maps");
        seen += maps.empty() ? 0 : 1;
        EXPECT_EQ(maps.find(forced.filename().string()), std::string::npos) << bench::name_of(part);
        EXPECT_EQ(text_of(proc / "environ"), "") << bench::name_of(part);
    }
    expect_insulin_goes_on();
    if (seen == 0) GTEST_SKIP() << "only root may look into a confined process; that it lives in normal mode was seen";
}

}  // namespace
}  // namespace basalt::test
