#include "storage/sqlite_error.h"

#include <fmt/format.h>
#include <sqlcipher/sqlite3.h>

#include <array>
#include <filesystem>
#include <string_view>

namespace basalt::storage {
namespace {

struct Row {
    int rc;  ///< primary code
    ErrorCode code;
    std::string_view what, next_step;
};
constexpr std::array rows{
    Row{SQLITE_NOTADB, ErrorCode::unreadable, "cannot be read: the key is not its key, or its first page was damaged.",
        "Report the damage; restore the records from a backup if they stay unreadable."},
    Row{SQLITE_CORRUPT, ErrorCode::unreadable, "is damaged: a page of it is not as this device wrote it.",
        "Report the damage; restore the records from a backup."},
    Row{SQLITE_FULL, ErrorCode::io, "could not be written: there is no space left. Nothing of this step was written.",
        "Free some space on the disk; the device tries again by itself."},
    Row{SQLITE_IOERR, ErrorCode::io,
        "could not be read or written: the disk refused. Nothing of this step was written.",
        "Check the disk, its free space and its limits; the device tries again by itself."},
    Row{SQLITE_READONLY, ErrorCode::io, "cannot be written: the file or its folder is read-only.",
        "Give this program the right to write there."},
    Row{SQLITE_CANTOPEN, ErrorCode::io,
        "cannot be opened: the file or its folder is missing or closed to this program.",
        "Check that the folder exists and that this program may write there."},
    Row{SQLITE_PERM, ErrorCode::io, "cannot be opened: this program may not.",
        "Give this program the right to write there."},
    Row{SQLITE_AUTH, ErrorCode::io, "cannot be opened: this program may not.",
        "Give this program the right to write there."},
    Row{SQLITE_BUSY, ErrorCode::io, "is in use by another program.",
        "End the other program that uses this device's state."},
    Row{SQLITE_LOCKED, ErrorCode::io, "is in use by another program.",
        "End the other program that uses this device's state."},
    Row{SQLITE_NOMEM, ErrorCode::missing, "cannot be used: there is no memory left.",
        "End other programs and try again."},
    Row{SQLITE_CONSTRAINT, ErrorCode::unreadable, "refused a row that it already holds or that it may not hold.",
        "Verify the log: table and log no longer fit each other."},
};

}  // namespace

std::unexpected<Error> sqlite_failure(sqlite3* database, int rc) {
    const char* path = database != nullptr ? sqlite3_db_filename(database, "main") : nullptr;
    const std::string name = path != nullptr && *path != '\0' ? std::filesystem::path{path}.filename().string()
                                                              : std::string{"The database"};
    for (const Row& row : rows)
        if (row.rc == (rc & 0xff))
            return fail(row.code, fmt::format("{} {}", name, row.what), std::string{row.next_step});
    return fail(
        ErrorCode::check_failed,
        fmt::format("{} answered with an unexpected error of the database library ({}).", name, sqlite3_errstr(rc)),
        "Report this as a fault of the program.");
}

}  // namespace basalt::storage
