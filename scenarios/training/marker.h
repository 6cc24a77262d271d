// scenarios/training/marker.h: the sentence that every training twin leaves in the program that links it, so that
// anybody can find one where it must not be (tests/unit/structure/training_test.cpp).
#pragma once

namespace basalt::training {

[[gnu::used]] inline constexpr char marker[] = "Basalt training build: defences can be switched off";

}  // namespace basalt::training
