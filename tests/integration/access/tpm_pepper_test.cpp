// The pepper in a TPM: passwords that only this TPM can check, and only for who opened the configuration class.
#include "device/firmware/access/tpm_pepper.h"

#include "device/firmware/access/stored_password.h"
#include "tests/integration/tpm/bus_listener.h"
#include "tests/integration/tpm/fresh_tpm.h"

namespace basalt::access {
namespace {

using namespace test;
using TpmPepperTest = FreshTpm;
constexpr HashCost quick{.memory_kib = 32, .passes = 1, .lanes = 1};

Secret filled(std::uint8_t value) {
    Secret secret;
    std::ranges::fill(secret.bytes(), value);
    return secret;
}
tpm::SecureChannel channel_to(tpm::Tpm& tpm) {
    return must(tpm::SecureChannel::open(tpm, must(tpm::make_storage_root(tpm))));
}

TEST_F(TpmPepperTest, APasswordFitsAfterAResetOfTheTpmToo) {
    const auto password = must(Password::typed("vier kleine enten"));
    tpm::Blob key;
    StoredPassword stored;
    {
        auto channel = channel_to(tpm_);
        key = must(TpmPepper::make(channel, sevens()));
        TpmPepper pepper{channel, key, sevens()};
        stored = must(store(password, Salt{1}, quick, pepper));
        EXPECT_TRUE(must(fits(password, stored, pepper)));
    }
    reset();
    auto channel = channel_to(tpm_);
    TpmPepper pepper{channel, key, sevens()};
    EXPECT_TRUE(must(fits(password, stored, pepper)));
    EXPECT_FALSE(must(fits(must(Password::typed("vier kleine gaense")), stored, pepper)));
}

TEST_F(TpmPepperTest, TheRightPasswordShowsNothingUnderAnotherKeyOfTheSameTpm) {
    const auto password = must(Password::typed("vier kleine enten"));
    auto channel = channel_to(tpm_);
    TpmPepper pepper{channel, must(TpmPepper::make(channel, sevens())), sevens()};
    TpmPepper other{channel, must(TpmPepper::make(channel, sevens())), sevens()};
    const auto stored = must(store(password, Salt{1}, quick, pepper));
    EXPECT_FALSE(must(fits(password, stored, other)));
}

TEST_F(TpmPepperTest, AThiefOfAllFilesHasNothingToTryOnAnotherTpm) {
    auto channel = channel_to(tpm_);
    const tpm::Blob key = must(TpmPepper::make(channel, sevens()));
    const TemporaryDirectory directory;
    auto simulator = must(tpm::Simulator::start({.state = directory.path() / "state", .run = directory.path()}));
    auto tpm = must(tpm::Tpm::connect(simulator.tcti()));
    auto thiefs = channel_to(tpm);
    TpmPepper pepper{thiefs, key, sevens()};
    EXPECT_FALSE(pepper.hmac(Digest{}));
}

TEST_F(TpmPepperTest, WithoutTheConfigurationsKeyItIsRefusedAndNoNumberOfTriesLocksTheOwnerOut) {
    auto channel = channel_to(tpm_);
    const Secret right = pepper_password(filled(1).view());
    const tpm::Blob key = must(TpmPepper::make(channel, pepper_password(filled(1).view())));
    EXPECT_FALSE(std::ranges::equal(right.view(), filled(1).view()));
    for (int i = 0; i < 50; ++i) {
        TpmPepper pepper{channel, key, pepper_password(filled(2).view())};
        const auto refused = pepper.hmac(Digest{});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::refused) << refused.error().what;
    }
    TpmPepper without{channel, key, Secret{}};
    EXPECT_FALSE(without.hmac(Digest{}));
    TpmPepper pepper{channel, key, pepper_password(filled(1).view())};
    EXPECT_TRUE(pepper.hmac(Digest{}));
}

TEST_F(TpmPepperTest, WhoListensOnTheBusHearsNeitherPasswordNorTag) {
    const tpm::Name root = must(tpm::make_storage_root(tpm_));
    {
        const tpm::Tpm end = std::move(tpm_);
    }  // lets go of the TPM: it serves one connection, now the listener's
    BusListener listener{directory_.path(), directory_.path() / "tpm"};
    Digest tag{}, asked{};
    asked.fill(0x5A);
    std::array<std::uint8_t, 16> public_bytes{};
    {
        auto tpm = must(tpm::Tpm::connect(listener.address()));
        must(tpm.random(public_bytes));
        auto channel = must(tpm::SecureChannel::open(tpm, root));
        TpmPepper pepper{channel, must(TpmPepper::make(channel, sevens())), sevens()};
        tag = must(pepper.hmac(asked));
    }
    const auto& heard = listener.heard();
    const auto is_heard = [&](auto bytes) { return !std::ranges::search(heard, bytes).empty(); };
    EXPECT_TRUE(is_heard(std::span{public_bytes})) << "the listener hears what is public";
    EXPECT_FALSE(is_heard(std::span{tag}.first(8)));
    EXPECT_FALSE(is_heard(std::span{asked}.first(8)));
    EXPECT_FALSE(is_heard(sevens().view().first(8)));
}

TEST_F(TpmPepperTest, ItsKeyTakesOneSlotOfTheTpmWhileItIsUsedAndGivesItBack) {
    auto channel = channel_to(tpm_);
    const tpm::Blob key = must(TpmPepper::make(channel, sevens()));
    std::optional<Digest> first;
    for (int i = 0; i < 10; ++i) {  // more often than a TPM has slots
        TpmPepper pepper{channel, key, sevens()};
        for (int again = 0; again < 10; ++again) {
            const Digest tag = must(pepper.hmac(Digest{}));
            EXPECT_EQ(tag, first.value_or(tag));
            first = tag;
        }
        EXPECT_FALSE(pepper.hmac(std::vector<std::uint8_t>(1'025)));
        EXPECT_TRUE(pepper.hmac(std::vector<std::uint8_t>(1'024))) << "a refusal costs nothing";
        TpmPepper other{channel, key, sevens()};
        EXPECT_TRUE(other.hmac(Digest{})) << "there is room for others beside it";
    }
}

}  // namespace
}  // namespace basalt::access
