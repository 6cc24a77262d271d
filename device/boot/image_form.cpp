#include "device/boot/image_form.h"

#include <algorithm>

namespace basalt::boot {

std::expected<ImageForm, ImageVerdict> form_of(ByteView file, FileKind kind) noexcept {
    if (file.size() < SignedHeader::total) return std::unexpected{ImageVerdict::malformed};
    constexpr std::size_t magic_size = 8;  // header_bytes() below compares it
    ImageForm form;
    codec::Reader reader{file.subspan(magic_size, SignedHeader::size - magic_size)};
    form.header.fields(reader);
    if (!reader.ok() || !std::ranges::equal(header_bytes(form.header), file.first(SignedHeader::size)))
        return std::unexpected{ImageVerdict::malformed};
    form.payload = file.subspan(SignedHeader::total);
    if (form.header.payload_size != form.payload.size()) return std::unexpected{ImageVerdict::malformed};
    if (form.header.kind != kind) return std::unexpected{ImageVerdict::wrong_kind};
    return form;
}

}  // namespace basalt::boot
