// tests/support/fake_chip.h: the stand-in for the TPM, under the name by which tests call it.
#pragma once
#include "scenarios/joined/fake_chip.h"

namespace basalt::test {
using joined::FakeChip;
using joined::keys_for;
using joined::SigningKey;
}  // namespace basalt::test
