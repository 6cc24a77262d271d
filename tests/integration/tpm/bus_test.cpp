// What somebody hears who listens between processor and TPM, and what a file on disk can change there.
#include "tests/integration/tpm/bus_listener.h"
#include "tests/integration/tpm/fresh_tpm.h"

#include <sys/wait.h>

#include <fstream>

namespace basalt::tpm {
namespace {

using namespace test;
using Bus = FreshTpm;

TEST_F(Bus, WhoListensHearsPublicValuesAndNoSecret) {
    provision_version();
    const auto policy_key = must(factory::P256Key::generate());
    const ReleasePolicy release = release_for(policy_key, {}, 1);
    const Lock lock{authorized_policy(policy_key.point(), KeyUse::log)};
    const Name root = must(make_storage_root(tpm_));
    std::array<std::uint8_t, 32> random{}, drawn{};
    must(tpm_.random(drawn));
    const auto plain = drawn;
    const Secret secret = Secret::take(drawn);
    {
        const Tpm end = std::move(tpm_);
    }  // lets go of the TPM: it serves one connection, now the listener's

    BusListener listener{directory_.path(), directory_.path() / "tpm"};
    {
        auto tpm = must(Tpm::connect(listener.address()));
        must(tpm.random(random));
        for (const Measured measured{};
             const auto& [pcr, what] : std::initializer_list<std::pair<unsigned, std::uint8_t>>{
                 {0, measured.rom}, {1, measured.authority}, {2, measured.firmware}, {3, measured.gateway}})
            must(extend(tpm, pcr, measurement(what)));
        auto channel = must(SecureChannel::open(tpm, root));
        const Blob blob = must(create_sealed(channel, secret, lock));
        const Index index = nv_half(KeyUse::log, lock);
        must(define(tpm, index));
        must(write_secret(channel, index, secret));
        const auto first = must(open_policy(tpm, release, KeyUse::log));
        EXPECT_TRUE(std::ranges::equal(must(unseal(channel, blob, &first)).view(), plain));
        const auto second = must(open_policy(tpm, release, KeyUse::log));
        EXPECT_TRUE(std::ranges::equal(must(read_secret(channel, index, &second)).view(), plain));
    }
    const auto& heard = listener.heard();
    EXPECT_FALSE(std::ranges::search(heard, random).empty()) << "the listener hears what is public";
    EXPECT_TRUE(std::ranges::search(heard, plain).empty()) << "a secret crossed the bus in clear";
    EXPECT_TRUE(std::ranges::search(heard, std::span{plain}.first(8)).empty());
}

TEST_F(Bus, AnOpenSslConfigurationOnDiskChangesNothing) {
    // It would make every algorithm unknown, or load a provider of the attacker's choice, where it is read.
    const auto file = directory_.path() / "openssl.cnf";
    std::ofstream{file} << "openssl_conf = all\n[all]\nalg_section = algorithms\nproviders = list\n"
                           "[algorithms]\ndefault_properties = fips=yes\n[list]\nevil = evil_section\n"
                           "[evil_section]\nmodule = /nowhere/evil.so\nactivate = 1\n";
    {
        const Tpm end = std::move(tpm_);
    }
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string config = "OPENSSL_CONF=" + file.string(), tcti = simulator_.tcti();
        const char* program = "/proc/self/exe";
        const char* arguments[] = {program, "--gtest_filter=BusProbe.*", "--gtest_also_run_disabled_tests", nullptr};
        const std::string address = "BASALT_TEST_TCTI=" + tcti;
        const char* environment[] = {config.c_str(), address.c_str(), nullptr};
        ::execve(program, const_cast<char**>(arguments), const_cast<char**>(environment));
        ::_exit(99);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

// Runs in the child of the test above, where OPENSSL_CONF is set from the first moment.
TEST(BusProbe, DISABLED_OpensASecureChannel) {
    const char* address = std::getenv("BASALT_TEST_TCTI");
    ASSERT_NE(address, nullptr);
    auto tpm = must(Tpm::connect(address));
    auto channel = must(SecureChannel::open(tpm, must(make_storage_root(tpm))));
    EXPECT_TRUE(is_sevens(must(unseal(channel, must(create_sealed(channel, sevens(), {})), nullptr))));
    EXPECT_NE(sha256({}), Digest{});
}

}  // namespace
}  // namespace basalt::tpm
