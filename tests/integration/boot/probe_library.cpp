#include "tests/integration/boot/probe_library.h"

const char* probe_library() { return PROBE_SAYS; }
