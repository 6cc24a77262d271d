#pragma once
/// "genuine", or "swapped" in the library that stands for an attacker's.
extern "C" const char* probe_library();
