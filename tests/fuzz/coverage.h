// tests/fuzz/coverage.h: which places of the code an input has reached, as the compiler's instrumentation
// (-fsanitize-coverage=trace-pc) tells it.
#pragma once

namespace basalt::fuzz {

/// Forgets what the present input reached, before the next one runs.
void start_input() noexcept;

/// True when the present input reached a place, or a place more often, than any input before it. Remembers it.
bool reached_something_new() noexcept;

}  // namespace basalt::fuzz
