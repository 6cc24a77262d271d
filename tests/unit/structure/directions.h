// tests/unit/structure/directions.h: the only allowed directions of dependence, in one place. The design's picture of
// the folders, as a table that a test reads.
#pragma once
#include <initializer_list>
#include <string_view>
#include <vector>

namespace basalt::test {

/// What the files of one folder may include. The row with the longest matching folder decides.
struct Direction {
    std::string_view folder;
    std::vector<std::string_view>
        may_include;  ///< folders (with all below them) or single headers; its own folder always
};

inline const std::vector<Direction>& directions() {
    static const std::vector<Direction> table{
        {"pump_model", {}},  // the world knows nothing of the device
        {"tpm", {}},
        {"storage", {"tpm"}},

        // Critical zone. Result<T> and Secret stand in tpm/, the lowest folder that may fail; device code finds them
        // under device/common/ (docs/decisions/0001-one-error-type.md). Guardian and boot do not use them.
        {"device/common", {"tpm/result.h", "tpm/secret.h", "tpm/free_by.h"}},
        {"device/hal", {"device/common"}},
        {"device/guardian", {"device/common", "device/hal"}},
        {"device/boot", {"device/common", "device/hal", "tpm"}},

        {"device/link", {"device/common"}},
        // The firmware tells people of the guardian's alarms in the guardian's own words: that table, nothing else of
        // it.
        {"device/firmware",
         {"device/common", "device/hal", "device/link", "device/guardian/alarms.h", "storage", "tpm", "eol/core"}},
        {"device/gateway", {"device/common", "device/hal", "device/link"}},
        {"device/factory", {"device", "storage", "tpm"}},
        {"eol/core", {"storage", "tpm"}},
        {"eol/client", {"device/common", "device/link"}},

        // Outside the device: the bench joins world and device; nothing above includes it.
        {"scenarios", {"device", "pump_model", "storage", "tpm"}},
        {"ui", {"device/common", "device/link", "eol", "scenarios"}},
        // The view shows what the pump's own panel does, in the words of the guardian's own table, and reads numbers by
        // the one rule that there is for numbers that people type. What a second person signs it has read, and said in
        // words, by the code beside that of the pump's own digest.
        {"ui/view",
         {"device/common", "device/link", "device/hal/board_frames.h", "device/guardian/alarms.h",
          "device/firmware/therapy", "device/firmware/access" /* a waiting change: its digest and words */,
          "scenarios"}},
        // A badge is a file that its owner holds: the console signs with it, by the factory's key files, what the
        // access table's numbers mean. That is all that it takes from either.
        {"ui/console",
         {"device/common", "device/link", "device/hal/board_frames.h", "device/hal/dose_frames.h",
          "device/hal/screen_frames.h", "device/firmware/access", "device/factory", "eol", "scenarios", "ui"}},
        // The command line makes devices as a factory does, reads a device's log offline as an assessor does, and shows
        // the patients of the model.
        {"ui/cli",
         {"device/common", "device/link", "device/factory",
          "device/hal/seqpacket.h" /* a descriptor that closes itself */,
          "device/firmware/access" /* the access table, printed from the rows that the device reads */, "storage",
          "tpm", "pump_model", "eol", "scenarios", "ui"}},
        {"tests", {"device", "eol", "pump_model", "scenarios", "storage", "tests", "tpm", "ui"}},
    };
    return table;
}

/// A library from outside and the folders that may include it. Every other folder goes through one of these.
struct LibraryUse {
    std::string_view header;  ///< how its headers' names begin
    std::vector<std::string_view> folders;
};

inline const std::vector<LibraryUse>& library_uses() {
    static const std::vector<LibraryUse> table{
        {"bearssl", {"device/common", "tests"}},                   // the critical zone's cryptography: one wrapper
        {"tss2/", {"tpm"}},                                        // the TPM's library: one layer
        {"sqlcipher/", {"storage", "tests/powercut/crash_disk"}},  // the database: one wrapper; a disk that is cut
        {"sqlite3", {"storage"}},
        {"pugixml", {"ui/cli"}},
        {"CLI/", {"ui/cli", "device/factory"}},
        {"openssl/",
         {"tests", "tpm", "storage", "device/link", "device/firmware", "device/gateway", "device/factory", "eol",
          "scenarios", "ui/cli"}},
        {"toml++/", {"device/firmware", "device/factory", "scenarios", "ui", "tests"}},
        {"nlohmann/", {"device/firmware", "device/factory", "storage", "eol", "scenarios", "ui", "tests"}},
        {"argon2.h", {"device/firmware/access", "scenarios/measure" /* the bare hash, as a peer */}},
        {"utf8proc.h", {"device/firmware/access"}},
        {"fmt/",
         {"tpm", "storage", "device/firmware", "device/gateway", "device/factory", "pump_model", "eol", "scenarios",
          "ui", "tests"}},
        {"gtest/", {"tests"}},
        {"SDL2/", {"ui/console"}},
        {"imgui", {"ui/console"}},
        {"GL/", {"ui/console"}},
        {"png.h", {"ui/console"}},
    };
    return table;
}

}  // namespace basalt::test
