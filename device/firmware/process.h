// device/firmware/process.h: the firmware as a process: its descriptors, its sandbox, its loop.
#pragma once
#include "device/firmware/firmware.h"

namespace basalt::firmware {

/// Puts another Chip in the real one's place; only attackers' programs do.
using ChipWrapper = std::function<std::unique_ptr<Chip>(Chip& real)>;

/// argv: flash directory, TCTI ("swtpm:path=..." or "device:..."). fd 3: dose channel; fd 4: frame channel; fd 5:
/// boot's hand-over channel; fd 6: screen channel, where boot gives one. Reads its files, connects to the TPM and
/// confines itself before the first byte from a neighbour is read. Ends when the guardian's channel ends. Returns: an
/// exit status: 0 the guardian ended; 2 wrong arguments; 4 the kernel cannot confine, or no TPM answers.
int run(int argc, char** argv, BasalPlan plan = nullptr, const ChipWrapper& wrap = {});

}  // namespace basalt::firmware
