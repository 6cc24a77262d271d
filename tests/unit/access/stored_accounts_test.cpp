// Accounts in a real encrypted database: what comes back, what outlives a power cut, and what is refused.
#include "device/firmware/access/stored_accounts.h"

#include "device/firmware/access/login.h"
#include "tests/unit/access/soft_pepper.h"
#include "tests/unit/storage/storage_fixture.h"

#include <gtest/gtest.h>

namespace basalt::access {
namespace {

constexpr HashCost quick{.memory_kib = 32, .passes = 1, .lanes = 1};

class AccountTables : public testing::Test {
  protected:
    storage::Database open_database() {
        const std::array schema{storage::AccountTables::schema};
        return std::move(*storage::Database::open(folder_.path() / "config.db", test::key(1), schema));
    }
    static Account martin() {
        Account account;
        account.name = "n.martin";
        account.shown = "Nadia Martin";
        account.roles = Role::nurse | Role::caregiver;
        account.password = {{19'456, 2, 1}, Salt{1, 2}, Digest{3, 4}};
        account.earlier = {{{32, 1, 1}, Salt{5}, Digest{6}}, {{32, 1, 1}, Salt{7}, Digest{8}}};
        account.password_set_s = 9;
        account.must_change = false;
        account.last_login_s = 10;
        account.last_login_from = "console-1";
        account.failed_since = 11;
        return account;
    }
    test::Folder folder_;
};

TEST_F(AccountTables, AnAccountABadgeADoorAndEmergencyAccessComeBackAsTheyWereAfterARestart) {
    const Badge badge{.key = {4, 1}, .account = "n.martin", .for_emergencies = true, .revoked = false};
    const EmergencyKeyring keys{.presence = true, .link = "", .badge = EmergencyKeyring::Badge{"n.martin", true}};
    const EmergencyAccess emergency = open_emergency({}, keys, Tick{5})->state;
    const DoorId id = door_of(DoorKind::account_at_pump, "n.martin");
    {
        auto database = open_database();
        auto store = *StoredAccounts::open(database);
        EXPECT_EQ(*store.find("n.martin"), std::nullopt);
        EXPECT_EQ(*store.door(id), Door{});
        EXPECT_EQ(store.emergency()->last_number, 0U);
        ASSERT_TRUE(store.save(martin()).has_value());
        ASSERT_TRUE(store.save(badge).has_value());
        ASSERT_TRUE(store.save(emergency).has_value());
        ASSERT_TRUE(store.save_doors(std::array{std::pair{id, Door{3, 77}}}).has_value());
    }
    auto database = open_database();
    auto store = *StoredAccounts::open(database);
    EXPECT_EQ(*store.find("n.martin"), martin());
    EXPECT_EQ(*store.badge(badge.key), badge);
    EXPECT_EQ(*store.badge(PublicKey{}), std::nullopt);
    EXPECT_EQ(*store.badges_of("n.martin"), std::vector{badge});
    EXPECT_TRUE(store.badges_of("dr.roy")->empty());
    EXPECT_EQ(*store.door(id), (Door{3, 77}));
    EXPECT_EQ(*store.door(door_of(DoorKind::account, "n.martin")), Door{});
    EXPECT_EQ(open_reviews(*store.emergency(), Tick{6}).size(), 1U);
    Account never = martin();
    never.last_login_s = std::nullopt;
    ASSERT_TRUE(store.save(never).has_value());
    EXPECT_EQ(*store.find("n.martin"), never);
}

TEST_F(AccountTables, SeparatedDutiesAreNotSavedInOneAccount) {
    auto database = open_database();
    auto store = *StoredAccounts::open(database);
    for (const Roles roles :
         {Role::auditor | Role::biomedical, Role::biomedical | Role::it_security, Roles{}, Roles{Role::nobody}}) {
        Account account = martin();
        account.roles = roles;
        EXPECT_EQ(store.save(account).error().code, ErrorCode::usage);
    }
    EXPECT_EQ(*store.find("n.martin"), std::nullopt);
}

TEST_F(AccountTables, ALogInWorksOnThemAndTheDecoyIsNobodysName) {
    auto database = open_database();
    auto store = *StoredAccounts::open(database);
    test::SoftPepper pepper{7};
    LoginTools tools{store, pepper, []() -> Result<Salt> { return Salt{1}; }, quick};
    Account account = martin();
    account.password = *access::store(*Password::typed("vier kleine enten"), Salt{9}, quick, pepper);
    ASSERT_TRUE(store.save(account).has_value());
    EXPECT_FALSE(log_in(tools, {"nobody.here", "x", "console-1", false}, {}, Tick{100}).has_value());
    EXPECT_FALSE(log_in(tools, {"n.martin", "x", "console-1", false}, {}, Tick{100}).has_value());
    const auto in = log_in(tools, {"n.martin", "vier kleine enten", "console-1", false}, {}, Tick{101});
    ASSERT_TRUE(in.has_value());
    EXPECT_EQ(in->failed_since, 12U);
    EXPECT_EQ(*store.names(), std::vector<std::string>{"n.martin"});
    EXPECT_EQ(store.find("n.martin")->value().last_login_s, 101U);
}

TEST_F(AccountTables, AThrottledDoorIsStillThrottledAfterThePowerWasCut) {
    test::SoftPepper pepper{7};
    {
        auto database = open_database();
        auto store = *StoredAccounts::open(database);
        LoginTools tools{store, pepper, []() -> Result<Salt> { return Salt{1}; }, quick};
        for (int i = 0; i < 3; ++i) (void)log_in(tools, {"n.martin", "x", "console-1", false}, {}, Tick{100});
    }
    auto database = open_database();
    auto store = *StoredAccounts::open(database);
    LoginTools tools{store, pepper, []() -> Result<Salt> { return Salt{1}; }, quick};
    const auto held = log_in(tools, {"n.martin", "x", "console-1", false}, {}, Tick{101});
    ASSERT_FALSE(held.has_value());
    EXPECT_EQ(held.error().hold, (Hold{.wait_s = 1}));
}

TEST_F(AccountTables, RowsThatThisPumpNeverWroteAreNoAccounts) {
    for (const char* damage :
         {"UPDATE accounts SET password = x'00'", "UPDATE accounts SET roles = -1", "UPDATE accounts SET roles = 512",
          "UPDATE accounts SET disabled = 2", "UPDATE accounts SET earlier = x'0102'",
          "UPDATE accounts SET failed_since = -1", "UPDATE accounts SET last_login_s = -1",
          "UPDATE accounts SET password = 'text'", "UPDATE accounts SET shown = x'00'"}) {
        auto database = open_database();
        auto store = *StoredAccounts::open(database);
        ASSERT_TRUE(store.save(martin()).has_value());
        ASSERT_TRUE(database.run(damage).has_value()) << damage;
        const auto found = store.find("n.martin");
        ASSERT_FALSE(found.has_value()) << damage;
        EXPECT_EQ(found.error().code, ErrorCode::unreadable);
    }
    auto database = open_database();
    auto store = *StoredAccounts::open(database);
    ASSERT_TRUE(database.run("INSERT INTO doors VALUES (1, -1, 0)").has_value());
    EXPECT_FALSE(store.door({DoorKind::account, 1}).has_value());
    ASSERT_TRUE(database.run("INSERT INTO access_state VALUES ('emergency', x'45')").has_value());
    EXPECT_EQ(store.emergency()->last_number, 0U);  // damaged: fresh, so that the badge still opens
}

TEST_F(AccountTables, StoredPasswordsHaveOneSpelling) {
    const StoredPassword password{{1, 2, 3}, Salt{4}, Digest{5}};
    auto bytes = as_bytes(password);
    EXPECT_EQ(stored_password(bytes), password);
    bytes.push_back(0);
    EXPECT_EQ(stored_password(bytes), std::nullopt);
    bytes.erase(bytes.end() - 2, bytes.end());
    EXPECT_EQ(stored_password(bytes), std::nullopt);
    EXPECT_EQ(stored_password({}), std::nullopt);
}

}  // namespace
}  // namespace basalt::access
