// tpm/free_by.h: lets a std::unique_ptr own what a C library hands out. It stands in the lowest
// folder; device code includes it as device/common/free_by.h.
#pragma once

namespace basalt {

/// A deleter that calls the library's own function: std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>.
template <auto free_it>
struct FreeBy {
    template <class T>
    void operator()(T* thing) const noexcept {
        free_it(thing);
    }
};

}  // namespace basalt
