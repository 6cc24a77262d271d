// The power is cut at every write of a guesser's log-ins and of an emergency: no guess that was looked at is taken
// back, and a code that opened does not open again.
#include "device/firmware/access/login.h"
#include "device/firmware/access/stored_accounts.h"
#include "tests/powercut/crash_disk/crash_disk.h"
#include "tests/unit/access/soft_pepper.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::access {
namespace {

constexpr HashCost quick{.memory_kib = 8, .passes = 1, .lanes = 1};
constexpr std::string_view name = "n.martin", code = "0123-4567-89AB-CDEF";
constexpr int subsets = 3;

storage::Database config_on(const test::CrashDisk& disk, storage::Durability durability) {
    constexpr std::array schema{storage::AccountTables::schema};
    std::array<std::uint8_t, storage::Key::size> bytes{1};
    auto opened = storage::Database::open("config.db", storage::Key{bytes}, schema, {disk.name(), durability, true});
    EXPECT_TRUE(opened.has_value()) << opened.error().what;
    return std::move(*opened);
}

/// A pepper that remembers how far the disk had come when a password was looked at.
class Witness final : public Pepper {
  public:
    explicit Witness(const test::CrashDisk& disk) : disk_{disk} {}
    Result<Digest> hmac(ByteView data) override {
        looked_at.push_back(disk_.operations().size());
        return soft_.hmac(data);
    }
    std::vector<std::size_t> looked_at;

  private:
    const test::CrashDisk& disk_;
    test::SoftPepper soft_{7};
};

struct Tally {
    std::size_t states = 0, guesses_taken_back = 0, codes_twice = 0;
};

Tally cut(storage::Durability durability) {
    const test::CrashDisk disk;
    Witness pepper{disk};
    std::size_t code_used = 0;
    {
        auto database = config_on(disk, storage::Durability::power_cut);
        EXPECT_TRUE(StoredAccounts::open(database)->save(with_code({}, code)).has_value());
    }
    const std::size_t code_sealed = disk.operations().size();
    {
        auto database = config_on(disk, durability);
        auto accounts = std::move(*StoredAccounts::open(database));
        LoginTools tools{accounts, pepper, []() -> Result<Salt> { return Salt{1}; }, quick};
        const auto guess = [&](std::uint64_t from) {
            for (std::uint64_t i = from; i < from + 4; ++i)
                EXPECT_FALSE(log_in(tools, {name, "falsch", "console-1", false}, {}, Tick{1'000 * i}).has_value());
        };
        guess(0);
        const auto opened = open_emergency(*accounts.emergency(), {.presence = true, .code = code}, Tick{4'000});
        EXPECT_TRUE(opened.has_value() && accounts.save(opened->state).has_value());
        code_used = disk.operations().size();  // only now is anything answered or opened
        guess(5);
        EXPECT_EQ(pepper.looked_at.size(), 8U);
    }
    Tally tally;
    // From the code on: before it the tables are being made, which is the database's own affair.
    test::cut_everywhere(disk, 1, subsets, code_sealed, [&](std::size_t at, const test::DiskImage& image) {
        ++tally.states;
        const auto looked = std::ranges::upper_bound(pepper.looked_at, at) - pepper.looked_at.begin();
        const test::CrashDisk after{image};
        auto database = config_on(after, durability);
        auto accounts = std::move(*StoredAccounts::open(database));
        const auto door = accounts.door(door_of(DoorKind::account, name));
        ASSERT_TRUE(door.has_value()) << door.error().what;
        if (door->failures < static_cast<std::uint32_t>(looked)) ++tally.guesses_taken_back;
        const auto emergency = accounts.emergency();
        ASSERT_TRUE(emergency.has_value());
        if (at >= code_used && open_emergency(*emergency, {.presence = true, .code = code}, Tick{9'000}))
            ++tally.codes_twice;
    });
    return tally;
}

TEST(GuessesPowerCut, NoGuessThatWasLookedAtIsTakenBackAndNoCodeOpensTwice) {
    const Tally tally = cut(storage::Durability::power_cut);
    EXPECT_GT(tally.states, 200U);
    EXPECT_EQ(tally.guesses_taken_back, 0U);
    EXPECT_EQ(tally.codes_twice, 0U);
    RecordProperty("states", static_cast<int>(tally.states));
}

TEST(GuessesPowerCut, WithoutASyncAtEachCommitTheSameTestSeesBoth) {
    const Tally tally = cut(storage::Durability::process_only);
    EXPECT_GT(tally.guesses_taken_back, 10U);
    EXPECT_GT(tally.codes_twice, 0U);
}

}  // namespace
}  // namespace basalt::access
