// tpm/handle.h: things that take one of a TPM's three slots, and give it back when they go out of scope.
#pragma once
#include <cstdint>
#include <utility>

struct ESYS_CONTEXT;

namespace basalt::tpm {

/// A loaded transient object or a session. Flushed by the destructor. Must not outlive its Tpm.
class Handle {
  public:
    Handle(ESYS_CONTEXT* context, std::uint32_t esys_handle) noexcept : context_{context}, handle_{esys_handle} {}
    Handle(Handle&& from) noexcept : context_{std::exchange(from.context_, nullptr)}, handle_{from.handle_} {}
    Handle& operator=(Handle&& from) noexcept {
        if (this != &from) {
            flush();
            context_ = std::exchange(from.context_, nullptr);
            handle_ = from.handle_;
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { flush(); }

    std::uint32_t get() const noexcept { return handle_; }
    void flush() noexcept;

  private:
    ESYS_CONTEXT* context_;
    std::uint32_t handle_;
};

/// Two types, so that a session is never passed where a key is wanted.
class Object : public Handle {
  public:
    using Handle::Handle;
};
class Session : public Handle {
  public:
    using Handle::Handle;
};

}  // namespace basalt::tpm
