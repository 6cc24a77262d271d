// scenarios/training/mark.h: by this symbol and these bytes a training program is told from a device's. Every twin
// includes it; tests/unit/training looks for it in the production programs and images, and must not find it.
#pragma once

namespace basalt::training {

[[gnu::used]] inline constexpr char mark[] = "Basalt training build: never in a device";

}  // namespace basalt::training
