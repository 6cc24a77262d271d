#include "storage/database.h"

#include "storage/sqlite_error.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sqlcipher/sqlite3.h>

namespace basalt::storage {
namespace {

// The one format that SQLCipher 3.4.1 and 4.6.1 both read and write. To be said right after the key, before any other
// statement, at each open. 3.4.1 does not know the last two, ignores them, and does what they say.
// The key derivation matters although the key is raw: the key of the pages' HMAC comes from it.
constexpr const char* format =
    "PRAGMA cipher_page_size=4096;"
    "PRAGMA cipher_hmac_algorithm=HMAC_SHA1;"
    "PRAGMA cipher_kdf_algorithm=PBKDF2_HMAC_SHA1;";

// One program alone uses a database. So the WAL's index stays in its memory: there is no -shm file to map, which
// whoever can write to the folder could cut short under us. Must be said before the file is first read.
constexpr const char* alone = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;";

/// SQLCipher's spelling of a raw key: x'<64 hex digits>', quotes and x included. Wipes itself.
class RawKey {
  public:
    explicit RawKey(const Key& key) noexcept {
        constexpr std::string_view digits = "0123456789abcdef";
        std::size_t at = 0;
        text_[at++] = 'x';
        text_[at++] = '\'';
        for (const std::uint8_t b : key.bytes()) {
            text_[at++] = digits[b >> 4];
            text_[at++] = digits[b & 0xf];
        }
        text_[at] = '\'';
    }
    RawKey(const RawKey&) = delete;
    RawKey& operator=(const RawKey&) = delete;
    ~RawKey() { OPENSSL_cleanse(text_.data(), text_.size()); }
    const void* data() const noexcept { return text_.data(); }
    int size() const noexcept { return static_cast<int>(text_.size()); }

  private:
    std::array<char, 2 * Key::size + 3> text_{};
};

}  // namespace

void Database::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

bool Database::exists(const std::filesystem::path& file, const char* file_layer) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(file_layer);
    int there = 0;
    return vfs != nullptr && vfs->xAccess(vfs, file.c_str(), SQLITE_ACCESS_EXISTS, &there) == SQLITE_OK && there != 0;
}

Result<Database> Database::open(const std::filesystem::path& file, const Key& key,
                                std::span<const std::string_view> schema, const FileOptions& options) {
    sqlite3* raw = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (options.may_create ? SQLITE_OPEN_CREATE : 0);
    const int rc = sqlite3_open_v2(file.c_str(), &raw, flags, options.file_layer);
    Database database{raw};  // SQLite gives a handle to be closed even when it fails
    if (rc != SQLITE_OK) return sqlite_failure(raw, rc);

    if (auto unlocked = database.unlock(key); !unlocked) return std::unexpected{unlocked.error()};
    const auto version = database.version();
    if (!version) return std::unexpected{version.error()};
    const std::string name = file.filename().string();
    if (*version == 0 && !options.may_create)
        return fail(ErrorCode::unreadable, fmt::format("{} is empty: somebody removed what was in it.", name),
                    "Report the damage; restore the records from a backup.");
    if (*version < 0 || *version > static_cast<std::int64_t>(schema.size()))
        return fail(ErrorCode::refused,
                    fmt::format("{} was made by a newer version of Basalt (its form is {}, this version knows {}). "
                                "Nothing in it was changed.",
                                name, *version, schema.size()),
                    "Install the newer version again.");
    if (auto configured = database.configure(options.durability); !configured)
        return std::unexpected{configured.error()};
    if (auto done = database.bring_up_to_date(*version, schema); !done) return std::unexpected{done.error()};
    return database;
}

Result<void> Database::unlock(const Key& key) {
    {
        const RawKey raw{key};
        if (const int rc = sqlite3_key(database_.get(), raw.data(), raw.size()); rc != SQLITE_OK)
            return sqlite_failure(database_.get(), rc);
    }
    if (auto set = run(format); !set) return set;
    if (auto set = run(alone); !set) return set;
    // sqlite3_key() looks at nothing. The first read tells whether the key fits.
    auto schema = prepare("SELECT count(*) FROM sqlite_master");
    if (!schema) return std::unexpected{schema.error()};
    auto tables = schema->one<std::int64_t>();
    if (!tables) return std::unexpected{tables.error()};
    return {};
}

Result<std::int64_t> Database::version() const {
    auto statement = prepare("PRAGMA user_version");
    if (!statement) return std::unexpected{statement.error()};
    auto row = statement->one<std::int64_t>();
    if (!row) return std::unexpected{row.error()};
    return *row ? std::get<0>(**row) : 0;
}

Result<void> Database::configure(Durability durability) {
    auto statement = prepare("PRAGMA journal_mode=WAL");
    if (!statement) return std::unexpected{statement.error()};
    auto mode = statement->one<std::string>();
    if (!mode) return std::unexpected{mode.error()};
    if (!*mode || std::get<0>(**mode) != "wal")
        return fail(ErrorCode::io, "The database could not be set to its safe way of writing.",
                    "Check that this program may write in its folder.");
    return run(durability == Durability::power_cut ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
}

Result<void> Database::bring_up_to_date(std::int64_t version, std::span<const std::string_view> schema) {
    const auto newest = static_cast<std::int64_t>(schema.size());
    if (version == newest) return {};
    auto transaction = begin();
    if (!transaction) return std::unexpected{transaction.error()};
    for (auto v = version; v < newest; ++v)
        if (auto step = run(schema[static_cast<std::size_t>(v)]); !step) return step;
    if (auto set = run(fmt::format("PRAGMA user_version={}", newest)); !set) return set;
    return transaction->commit();
}

Result<void> Database::run(std::string_view sql) {
    const std::string text{sql};
    if (const int rc = sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr); rc != SQLITE_OK)
        return sqlite_failure(database_.get(), rc);
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    const int rc = sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (rc != SQLITE_OK) return sqlite_failure(database_.get(), rc);
    return Statement{statement};
}

Result<Transaction> Database::begin() {
    if (auto begun = run("BEGIN IMMEDIATE"); !begun) return std::unexpected{begun.error()};
    return Transaction{this};
}

Result<void> Database::check() const {
    auto statement = prepare("PRAGMA integrity_check(1)");
    if (!statement) return std::unexpected{statement.error()};
    auto row = statement->one<std::string>();
    if (!row) return std::unexpected{row.error()};
    if (!*row || std::get<0>(**row) != "ok") return sqlite_failure(database_.get(), SQLITE_CORRUPT);
    return {};
}

Transaction::~Transaction() {
    if (database_ != nullptr && sqlite3_get_autocommit(database_->database_.get()) == 0)
        (void)database_->run("ROLLBACK");
}

Result<void> Transaction::commit() {
    auto done = database_->run("COMMIT");
    if (done) database_ = nullptr;  // else the destructor undoes it
    return done;
}

}  // namespace basalt::storage
