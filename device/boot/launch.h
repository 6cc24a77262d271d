// device/boot/launch.h: runs verified bytes, and nothing else. Boot starts the firmware and the gateway with it; the
// board (in the simulator: the bench) starts the ROM images of guardian and boot. Page: docs/how-it-runs.md.
#pragma once
#include "device/boot/image.h"
#include "device/hal/seqpacket.h"

#include <sys/types.h>

namespace basalt::boot {

enum class LaunchFault : std::uint8_t { malformed, no_memory, no_process, not_executable };

/// Cause and effect as the end of a sentence. Never empty, never allocates.
std::string_view in_words(LaunchFault fault) noexcept;

/// An image's parts in sealed memory: nobody can change them any more, this process included. What is started from here
/// is what was given to make(), however often, whatever happens to the file meanwhile.
class SealedImage {
  public:
    /// Copies a payload's parts. The caller has verified the payload.
    /// Rely on: opens no file. The descriptors are closed on exec and lie at 64 and above, out of the way of those that
    ///          a program is given.
    static std::expected<SealedImage, LaunchFault> make(ByteView payload) noexcept;

    std::size_t count() const noexcept { return count_; }
    bool has_loader() const noexcept { return count_ > 1; }
    /// In the image's order: program, loader, libraries.
    int part(std::size_t i) const noexcept { return parts_[i].get(); }

  private:
    SealedImage() noexcept = default;
    std::size_t count_ = 0;
    std::array<hal::Descriptor, max_parts> parts_;
};

inline constexpr std::size_t max_arguments = 8;
inline constexpr std::size_t max_given = 8;

struct LaunchPlan {
    const char* name = "";                     ///< what the program sees as its own name
    std::span<const char* const> arguments{};  ///< after the name; at most max_arguments
    std::span<const int> given{};              ///< open descriptors that become 3, 4, 5 ...; at most max_given
    int standard_error = 2;                    ///< open descriptor that becomes 2
    /// In a process group of its own, with all that it starts: Ctrl-C in the board's terminal is for the board alone.
    bool own_group = false;
};

/// Starts `image` as a new process by its own loader, and comes back when the exec has happened or failed.
/// The new process has an empty environment; 0 and 1 are an empty sealed memory file, 2 is
/// `standard_error`, 3 and on are `given`; beside them only the image's own sealed parts are open, which the loader
/// reads by /proc/self/fd: close_range() from the first descriptor not given is a program's first act. No signal is
/// blocked or ignored. The kernel kills it when the thread that called launch() ends. Rely on:  no byte that runs comes
/// from disk: the loader gets --inhibit-cache and every library by --preload, so each
///           name that a program or library asks for is loaded already. The one path that the loader would read all the
///           same, /etc/ld.so.preload, was taken out of it when the image was made (device/factory/image_builder.h).
/// Source:   R30, R37; ld.so(8).
std::expected<pid_t, LaunchFault> launch(const SealedImage& image, const LaunchPlan& plan) noexcept;

}  // namespace basalt::boot
