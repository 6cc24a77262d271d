// scenarios/engine/number.h: a number as people of a language write it.
#pragma once
#include "scenarios/engine/text.h"

namespace basalt::scenarios {

/// A number with `decimals`, with the language's decimal mark.
std::string number(double value, int decimals, Language language);

}  // namespace basalt::scenarios
