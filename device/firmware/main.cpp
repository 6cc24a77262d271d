// basalt-firmware: see process.h.
#include "device/firmware/process.h"

int main(int argc, char** argv) { return basalt::firmware::run(argc, argv); }
