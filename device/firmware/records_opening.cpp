#include "device/firmware/records_opening.h"

#include <fmt/format.h>

#include <array>
#include <system_error>

namespace basalt::firmware {
namespace {
namespace fs = std::filesystem;

constexpr std::array databases{"config.db", "patient.db", "log.db"};
constexpr std::array suffixes{"", "-wal", "-shm", "-journal"};

/// Renames all that belongs to the databases, within the directory: the sandbox allows no move between directories, and
/// a rename loses nothing. Answers with the ending that was used, or nothing when a file could not be renamed.
std::optional<std::string> set_aside(const fs::path& directory) {
    for (int number = 1; number < 1'000; ++number) {
        const std::string ending = fmt::format(".damaged-{}", number);
        std::error_code error;
        bool taken = false;
        for (const char* name : databases) taken = taken || fs::exists(directory / (name + ending), error);
        if (taken) continue;
        for (const char* name : databases)
            for (const char* suffix : suffixes) {
                const fs::path from = directory / (std::string{name} + suffix);
                if (!fs::exists(from, error)) continue;
                // The ending goes behind the database's name, so that the copy opens with its own WAL.
                fs::rename(from, directory / (name + ending + suffix), error);
                if (error) return std::nullopt;
            }
        return ending;
    }
    return std::nullopt;
}
/// A disk that takes nothing may take something later. A directory that is not there was taken away.
bool may_pass(const Error& error, const Journal::Options& options) {
    std::error_code ignored;
    return error.code == ErrorCode::io &&
           (options.file_layer != nullptr || fs::is_directory(options.directory, ignored));
}
}  // namespace

OpenedRecords open_records(const RecordKeys& keys, const Journal::Options& options, Tick now) {
    OpenedRecords opened;
    auto journal = Journal::open(keys, options, now);
    if (!journal) {
        opened.words.push_back(journal.error().what + " " + journal.error().next_step);
        opened.try_again = may_pass(journal.error(), options);
        if (opened.try_again) return opened;
        opened.findings.push_back(hal::Finding::storage_damaged);
        if (journal.error().code != ErrorCode::unreadable) return opened;
        const auto ending = set_aside(options.directory);
        if (!ending) {
            opened.words.emplace_back(
                "The damaged records could not be set aside, so nothing is recorded. Tell biomedical service.");
            return opened;
        }
        opened.words.push_back(
            fmt::format("The damaged records were kept, with {} behind their names, and new ones were begun. Keep the "
                        "pump as evidence.",
                        *ending));
        journal = Journal::open(keys, options, now);
        if (!journal) {
            opened.words.push_back(journal.error().what + " " + journal.error().next_step);
            opened.try_again = may_pass(journal.error(), options);
            return opened;
        }
    }
    opened.journal.emplace(std::move(*journal));
    return opened;
}

}  // namespace basalt::firmware
