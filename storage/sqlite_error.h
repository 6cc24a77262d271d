// storage/sqlite_error.h: what SQLCipher's result codes mean for a person. Private to storage/.
#pragma once
#include "tpm/result.h"

struct sqlite3;

namespace basalt::storage {

/// `rc` is what SQLite answered; `database` names the file and may be nullptr.
std::unexpected<Error> sqlite_failure(sqlite3* database, int rc);

}  // namespace basalt::storage
