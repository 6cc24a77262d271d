// tests/unit/storage/storage_fixture.h: keys and files for the storage tests.
#pragma once
#include "storage/event_log.h"
#include "tests/powercut/crash_disk/crash_disk.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace basalt::test {

inline storage::Key key(std::uint8_t fill) {
    std::array<std::uint8_t, storage::Key::size> bytes;
    bytes.fill(fill);
    return storage::Key{bytes};
}

/// A folder of its own, removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "basalt-test-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline storage::Event setting(std::uint64_t tick, std::string name, std::string value) {
    return storage::make_event(storage::EventId::setting_changed, tick, "nurse.martin", storage::Outcome::done,
                               {std::move(name), std::move(value)});
}
inline storage::Event moved(std::uint64_t tick, std::int64_t motor_mu) {
    return storage::make_event(storage::EventId::motor_moved, tick, "guardian", storage::Outcome::done, {motor_mu});
}

}  // namespace basalt::test
