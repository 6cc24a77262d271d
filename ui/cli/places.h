// ui/cli/places.h: where this program's own files are.
#pragma once
#include "device/common/result.h"

#include <filesystem>

namespace basalt::cli {

struct Places {
    std::filesystem::path source;    ///< the tree: scenarios, documents
    std::filesystem::path build;     ///< what was built: bin/, images/
    std::filesystem::path dev_keys;  ///< development keys
    std::filesystem::path images() const { return build / "images"; }
    std::filesystem::path training_images() const { return images() / "training"; }
};

/// The build is where this program lies, so that a tree which was moved is found again.
Places places();

}  // namespace basalt::cli
