#include "storage/statement.h"

#include "storage/sqlite_error.h"

#include <sqlcipher/sqlite3.h>

#include <cstring>

namespace basalt::storage {

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Result<bool> Statement::step() {
    const int rc = sqlite3_step(statement_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc == SQLITE_DONE) return false;
    return failure(rc);
}

Result<void> Statement::reset() {
    // sqlite3_reset() repeats the error of the last step, which step() has told already.
    (void)sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
    return {};
}

std::unexpected<Error> Statement::failure(int rc) const {
    return sqlite_failure(sqlite3_db_handle(statement_.get()), rc);
}

std::unexpected<Error> Statement::wrong_type() const { return failure(SQLITE_CORRUPT); }

int Statement::bind_number(int at, std::int64_t value) { return sqlite3_bind_int64(statement_.get(), at, value); }
int Statement::bind_null(int at) { return sqlite3_bind_null(statement_.get(), at); }

int Statement::bind(int at, std::string_view text) {
    return sqlite3_bind_text64(statement_.get(), at, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT,
                               SQLITE_UTF8);
}

int Statement::bind(int at, Blob bytes) {
    return sqlite3_bind_blob64(statement_.get(), at, bytes.empty() ? "" : static_cast<const void*>(bytes.data()),
                               bytes.size(), SQLITE_TRANSIENT);
}

bool Statement::is_null(int at) const { return sqlite3_column_type(statement_.get(), at) == SQLITE_NULL; }

bool Statement::column(int at, std::int64_t& value) const {
    if (sqlite3_column_type(statement_.get(), at) != SQLITE_INTEGER) return false;
    value = sqlite3_column_int64(statement_.get(), at);
    return true;
}

bool Statement::column(int at, std::string& text) const {
    if (sqlite3_column_type(statement_.get(), at) != SQLITE_TEXT) return false;
    const auto* bytes = static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(statement_.get(), at)));
    if (bytes == nullptr) return false;
    text.assign(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), at)));
    return true;
}

bool Statement::column(int at, std::vector<std::uint8_t>& bytes) const {
    if (sqlite3_column_type(statement_.get(), at) != SQLITE_BLOB) return false;
    const auto* from = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), at));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), at));
    bytes.assign(from, from + size);
    return true;
}

bool Statement::column_bytes(int at, std::span<std::uint8_t> bytes) const {
    if (sqlite3_column_type(statement_.get(), at) != SQLITE_BLOB) return false;
    const void* from = sqlite3_column_blob(statement_.get(), at);
    if (from == nullptr || sqlite3_column_bytes(statement_.get(), at) != static_cast<int>(bytes.size())) return false;
    std::memcpy(bytes.data(), from, bytes.size());
    return true;
}

}  // namespace basalt::storage
