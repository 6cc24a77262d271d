// storage/database.h: one encrypted SQLCipher database: opened with a raw key in the one format that Debian 12's and
// 13's libraries both read, durable at each commit, used by one program alone. The format: docs/formats/databases.md.
#pragma once
#include "storage/key.h"
#include "storage/statement.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;

namespace basalt::storage {

/// What a commit() is worth. `process_only` outlives a killed program and not a power cut: it exists so that the
/// power-cut tests can show that they see the difference.
enum class Durability : std::uint8_t { power_cut, process_only };

struct FileOptions {
    const char* file_layer = nullptr;  ///< a registered SQLite VFS; nullptr: the system's files
    Durability durability = Durability::power_cut;
    bool may_create = true;  ///< false: a missing or empty file is an error
};

class Database;

/// Everything until commit() happens whole or not at all. Without commit() it is undone.
class Transaction {
  public:
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    /// Durable when it returns without error. After an error nothing of it has happened.
    Result<void> commit();

  private:
    friend class Database;
    explicit Transaction(Database* database) noexcept : database_(database) {}
    Database* database_;
};

class Database {
  public:
    /// schema: what brings the file from version 0 to 1, from 1 to 2 ...; each step may hold several statements.
    /// The key is tried at once. Errors, each naming the file:
    ///   unreadable  wrong key, damaged, or (with may_create false) missing or empty
    ///   refused     made by a newer version; nothing in it was changed
    ///   io          no space, no permission, or another program holds it
    static Result<Database> open(const std::filesystem::path& file, const Key& key,
                                 std::span<const std::string_view> schema, const FileOptions& options = {});

    /// Whether there is such a file, empty or not.
    static bool exists(const std::filesystem::path& file, const char* file_layer = nullptr);

    /// One or more statements without values or rows.
    Result<void> run(std::string_view sql);
    Result<Statement> prepare(std::string_view sql) const;
    /// The Database must stay where it is until the Transaction ends.
    Result<Transaction> begin();
    /// Reads every page in use. Errors: unreadable, with what was found.
    /// Does not see: an old page put back whole, a changed or lost -wal file. The event log's chain does.
    Result<void> check() const;

  private:
    friend class Transaction;
    struct Close {
        void operator()(sqlite3* database) const noexcept;
    };
    explicit Database(sqlite3* database) noexcept : database_(database) {}
    Result<void> unlock(const Key& key);
    Result<std::int64_t> version() const;
    Result<void> configure(Durability durability);
    Result<void> bring_up_to_date(std::int64_t version, std::span<const std::string_view> schema);

    std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace basalt::storage
