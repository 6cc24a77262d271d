// ui/view/units.h: an amount of insulin as a person reads it.
#pragma once
#include "scenarios/engine/words.h"

#include <string>

namespace basalt::view {

/// "1 unit", "1,25 unité": at most `places` digits behind the sign and none more than needed; never "U", which is read
/// as a nought.
std::string in_units(double units, int places, scenarios::Language language);

}  // namespace basalt::view
