// ui/cli/build_mark.h: which build this is: results of one build say nothing about another.
#pragma once
#include "device/common/result.h"
#include "ui/cli/places.h"

#include <string>

namespace basalt::cli {

/// 16 hexadecimal digits: from the images and this program. Errors: missing (the images are not built).
Result<std::string> build_mark(const Places& places);

}  // namespace basalt::cli
