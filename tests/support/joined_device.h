// tests/support/joined_device.h: the joined device, under the name by which tests call it.
#pragma once
#include "scenarios/joined/joined_device.h"
#include "tests/support/fake_chip.h"

namespace basalt::test {
using joined::JoinedDevice;
using joined::some_basal;
using joined::some_profile;
}  // namespace basalt::test
