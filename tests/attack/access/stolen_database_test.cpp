// A pump's storage is copied while it is off: all of flash/, without the TPM. Then the database's key leaks as well.
#include "device/firmware/access/stored_accounts.h"
#include "device/firmware/trust/trust.h"
#include "device/guardian/memory.h"
#include "scenarios/bench/run_directory.h"
#include "tests/integration/people/real_pump.h"
#include "tpm/event_log.h"
#include "tpm/hierarchy.h"
#include "tpm/simulator.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace basalt::bench {
namespace {

/// Both on any thief's list.
constexpr const char *weak = "monday monday", *earlier = "password of nora";
constexpr std::array guesses{"password1",        "12345678",     "monday monday",
                             "password of nora", "insulin pump", "qwertzuiop"};

std::vector<std::uint8_t> file_bytes(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// What a thief has instead of the TPM: a key of their own choice, or none at all.
class ThiefsPepper final : public access::Pepper {
  public:
    explicit ThiefsPepper(std::optional<Secret> key) : key_(std::move(key)) {}
    Result<Digest> hmac(ByteView data) override {
        Digest out{};
        unsigned size = 0;
        if (!key_)
            std::ranges::copy(data.last(out.size()), out.begin());  // the slow hash itself
        else
            HMAC(EVP_sha256(), key_->view().data(), static_cast<int>(key_->view().size()), data.data(), data.size(),
                 out.data(), &size);
        return out;
    }

  private:
    std::optional<Secret> key_;
};

/// A pump on which the nurse chose one weak password and then another, switched off; copies of its parts.
class StolenDatabase : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(copies_);
        RealPump pump;
        pump.while_person([&] {
            ASSERT_EQ(pump.first_password("nurse", earlier).state, CommandState::done);
            ASSERT_EQ(pump.log_in("nurse", earlier).state, CommandState::done);
            ASSERT_EQ(pump.say(link::ChoosePassword{bytes<256>(std::string_view{weak})}).state, CommandState::done);
            ASSERT_EQ(pump.log_in("nurse", weak).state, CommandState::done);
        });
        pump.sim().power_off();
        for (const char* part : {"flash", "chip"})
            fs::copy(fs::path{pump.path()} / part, fs::path{copies_->path()} / part, fs::copy_options::recursive);
    }
    fs::path flash() const { return fs::path{copies_->path()} / "flash"; }
    fs::path database() const { return flash() / "db" / "config.db"; }
    static Result<storage::Database> opened(const fs::path& file, const storage::Key& key) {
        constexpr std::array<std::string_view, 1> no_step{"SELECT 1"};  // the file is there already
        return storage::Database::open(file, key, no_step, {.may_create = false});
    }

    /// What nobody but the pump has: its own TPM, with the measured state and the guardian's share. From here the key
    /// leaks.
    struct Inside {
        RunDirectory run;
        tpm::Simulator chip;
        tpm::Tpm tpm;
        std::optional<firmware::Trust> trust;
        Secret configuration_key;
    };
    std::unique_ptr<Inside> own_tpm() {
        auto run = RunDirectory::make();
        auto chip = tpm::Simulator::start({fs::path{copies_->path()} / "chip" / "tpm", run->path()});
        EXPECT_TRUE(chip);
        auto tpm = tpm::Tpm::connect(chip->tcti());
        EXPECT_TRUE(tpm);
        auto inside = std::unique_ptr<Inside>{
            new Inside{std::move(*run), std::move(*chip), std::move(*tpm), std::nullopt, Secret{}}};
        const auto events = tpm::parse_event_log(file_bytes(flash() / "boot" / "eventlog.bin"));
        EXPECT_TRUE(events);
        for (const tpm::Event& event : *events) EXPECT_TRUE(tpm::extend(inside->tpm, event.pcr, event.digest));
        auto trust = firmware::Trust::open(inside->tpm, flash());
        EXPECT_TRUE(trust);
        inside->trust.emplace(std::move(*trust));
        const auto memory = file_bytes(fs::path{copies_->path()} / "chip" / "guardian.mem");
        guardian::Identity identity;
        EXPECT_TRUE(guardian::unseal(
            ByteView{memory}.subspan(guardian::layout::identity, guardian::layout::identity_size), identity));
        Secret share;
        std::ranges::copy(identity.share, share.bytes().begin());
        auto keys = inside->trust->open_class_keys(share);
        EXPECT_TRUE(keys && keys->configuration);
        inside->configuration_key = std::move(*keys->configuration);
        return inside;
    }

    /// Which of the guesses fit the nurse's present or earlier password.
    static std::vector<std::string> hits(const access::Account& nurse, access::Pepper& pepper) {
        std::vector<std::string> found;
        auto all = nurse.earlier;
        all.push_back(nurse.password);
        for (const char* guess : guesses)
            for (const auto& stored : all) {
                const auto fit = access::fits(*access::Password::typed(guess), stored, pepper);
                if (fit && *fit) found.emplace_back(guess);
            }
        return found;
    }

    Result<RunDirectory> copies_ = RunDirectory::make(RunDirectory::Use::files);
};

TEST_F(StolenDatabase, ItsBytesNameNobodyAndNoKeyThatAThiefCanMakeOpensIt) {
    for (const auto& entry : fs::recursive_directory_iterator{flash()}) {
        if (!entry.is_regular_file()) continue;
        const auto bytes = file_bytes(entry.path());
        for (const std::string_view marker : {std::string_view{weak}, std::string_view{earlier}})
            EXPECT_TRUE(std::ranges::search(bytes, marker).empty()) << entry.path() << " " << marker;
        if (entry.path().parent_path().filename() != "db") continue;
        for (const std::string_view marker : {"SQLite format 3", "nurse", "Nora", "CREATE TABLE"})
            EXPECT_TRUE(std::ranges::search(bytes, marker).empty()) << entry.path() << " " << marker;
    }
    const auto copy = fs::path{copies_->path()} / "tried.db";
    std::vector<storage::Key> keys;
    keys.emplace_back(std::array<std::uint8_t, storage::Key::size>{});
    for (const char* guess : guesses) {  // as a key made of the password, which other programs do
        const std::string_view text{guess};
        const Digest digest = sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
        keys.emplace_back(std::span<const std::uint8_t, storage::Key::size>{digest});
    }
    for (const auto& key : keys) {
        fs::copy_file(database(), copy, fs::copy_options::overwrite_existing);
        EXPECT_FALSE(opened(copy, key));
    }
    // A TPM of the thief's own, and all the blobs of the device's.
    const auto run = RunDirectory::make(), state = RunDirectory::make(RunDirectory::Use::files);
    const auto chip = tpm::Simulator::start({fs::path{state->path()} / "tpm", run->path()});
    ASSERT_TRUE(chip);
    auto tpm = tpm::Tpm::connect(chip->tcti());
    ASSERT_TRUE(tpm && tpm::make_storage_root(*tpm));
    const auto trust = firmware::Trust::open(*tpm, flash());
    ASSERT_FALSE(trust);
    EXPECT_EQ(trust.error().code, ErrorCode::refused) << trust.error().what;
}

TEST_F(StolenDatabase, WithItsKeyButWithoutTheTpmEveryGuessFailsAndWithTheTpmTheWeakPasswordIsHit) {
    auto inside = own_tpm();
    auto leaked = opened(database(), storage::Key{inside->configuration_key.view()});
    ASSERT_TRUE(leaked) << leaked.error().what;
    auto accounts = access::StoredAccounts::open(*leaked);
    ASSERT_TRUE(accounts);
    const auto nurse = accounts->find("nurse");
    ASSERT_TRUE(nurse && *nurse) << "the thief reads the accounts";
    ASSERT_NE((*nurse)->password.tag, Digest{});

    std::vector<ThiefsPepper> peppers;
    peppers.emplace_back(std::nullopt);
    peppers.emplace_back(Secret{});
    for (const bool as_password : {false, true}) {
        Secret key;
        const Secret made = access::pepper_password(inside->configuration_key.view());
        std::ranges::copy(as_password ? made.view() : inside->configuration_key.view(), key.bytes().begin());
        peppers.emplace_back(std::move(key));
    }
    for (auto& pepper : peppers) EXPECT_EQ(hits(**nurse, pepper), std::vector<std::string>{});

    auto own = inside->trust->pepper(access::pepper_password(inside->configuration_key.view()));
    EXPECT_EQ(hits(**nurse, own), (std::vector<std::string>{weak}))
        << "the guesses are good, and the earlier one is gone";
}

}  // namespace
}  // namespace basalt::bench
