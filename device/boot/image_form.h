// device/boot/image_form.h: header and payload of a file that is allowed to run. It says nothing about who made the
// file: that was decided before, in image_check.h.
#pragma once
#include "device/common/signed_file.h"

#include <expected>

namespace basalt::boot {

struct ImageForm {
    SignedHeader header;
    ByteView payload;  ///< points into the file
};

/// Errors: malformed (the header is none, or gives another size), wrong_kind.
/// Rely on: of a file that verify() accepted for `kind`, the same header and payload as verify() found.
std::expected<ImageForm, ImageVerdict> form_of(ByteView file, FileKind kind) noexcept;

}  // namespace basalt::boot
