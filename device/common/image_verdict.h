// device/common/image_verdict.h: what boot may find of an image or a signed file, in words that guardian and log share.
#pragma once
#include <cstdint>
#include <string_view>

namespace basalt {

enum class ImageVerdict : std::uint8_t {
    accepted = 0,
    missing,         ///< no such file
    unreadable,      ///< the file cannot be read, or is longer than an image may be
    malformed,       ///< the header is no image's header
    bad_signature,   ///< it was changed, or not signed by the key that this device trusts
    wrong_kind,      ///< a true image of something else: gateway in the firmware's place
    wrong_hardware,  ///< made for another model
    wrong_variant,   ///< a training image on a production device, or the other way round
    wrong_device,    ///< a configuration of another device
    not_needed,      ///< not looked at: the other slot was taken, or nothing could run anyway
    withdrawn,       ///< its security version is below the TPM's counter: an older release was put back
    older,           ///< a configuration whose version is below that of one which was accepted
    no_memory,       ///< genuine, and not started: not enough memory, or too many open files
    no_process,      ///< genuine, and not started: the system made no process
    not_executable,  ///< genuine, and not started: the process could not become this program
};
constexpr bool is_known(ImageVerdict v) noexcept { return v <= ImageVerdict::not_executable; }

/// The verdict as the end of a sentence: "The firmware in slot A was refused: " + in_words(v). Never empty, never allocates.
constexpr std::string_view in_words(ImageVerdict v) noexcept {
    switch (v) {
        case ImageVerdict::accepted: return "it is genuine";
        case ImageVerdict::missing: return "there is none";
        case ImageVerdict::unreadable: return "it cannot be read";
        case ImageVerdict::malformed: return "it is no image";
        case ImageVerdict::bad_signature: return "it was changed, or was not signed by the manufacturer";
        case ImageVerdict::wrong_kind: return "it is the image of another part";
        case ImageVerdict::wrong_hardware: return "it was made for another model";
        case ImageVerdict::wrong_variant: return "it is a training image, or this is a training device";
        case ImageVerdict::wrong_device: return "it was made for another device";
        case ImageVerdict::not_needed: return "it was not needed";
        case ImageVerdict::withdrawn: return "this release was withdrawn";
        case ImageVerdict::older: return "it is older than one that was accepted";
        case ImageVerdict::no_memory: return "it is genuine, but there was not enough memory to start it";
        case ImageVerdict::no_process: return "it is genuine, but no process could be made for it";
        case ImageVerdict::not_executable: return "it is genuine, but it could not be executed";
    }
    return "it is not valid";
}

}  // namespace basalt
