// The manufacturer's firmware, unchanged but for this sentence, which gives its image another digest: the same program
// under another measured state. It does no harm; it must get no dose all the same.
#include "device/firmware/process.h"

#include <cstdio>

int main(int argc, char** argv) {
    std::fputs("This firmware was built by somebody else.\n", stderr);
    return basalt::firmware::run(argc, argv);
}
