// tests/support/scratch.h: an empty directory of its own for a test, gone when the test is over.
#pragma once
#include <cstdlib>
#include <filesystem>
#include <stdlib.h>  // mkdtemp
#include <string>

namespace basalt::test {

class Scratch {
  public:
    Scratch() {
        std::string name = (std::filesystem::temp_directory_path() / "basalt-test-XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr) std::abort();  // a test without a place to work cannot run
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace basalt::test
