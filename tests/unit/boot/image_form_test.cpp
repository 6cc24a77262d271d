#include "device/boot/image_form.h"

#include "tests/unit/boot/signed_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace basalt::boot {
namespace {

using test::Bytes;

const Bytes payload{1, 2, 3, 4, 5};

TEST(ImageForm, OfAVerifiedFileItFindsWhatVerifyFound) {
    const test::SigningKey key;
    const Bytes file = key.sign({.kind = FileKind::gateway, .version = 9}, payload);
    const auto verified = verify(file, {FileKind::gateway, Variant::production, any_device}, key.point());
    const auto form = form_of(file, FileKind::gateway);
    ASSERT_TRUE(verified && form);
    EXPECT_EQ(header_bytes(form->header), header_bytes(verified->header()));
    EXPECT_TRUE(std::ranges::equal(form->payload, verified->payload()));
    EXPECT_EQ(form_of(file, FileKind::firmware).error(), ImageVerdict::wrong_kind);
}

TEST(ImageForm, ASignatureDoesNotMatterAndEverythingElseOfTheHeaderDoes) {
    const Bytes right = test::SigningKey{}.sign({.kind = FileKind::firmware}, payload);
    for (std::size_t i = 0; i < right.size(); ++i) {
        Bytes file = right;
        file[i] ^= 0x80;
        const bool in_header = i < SignedHeader::size;
        const auto form = form_of(file, FileKind::firmware);
        // What the header says of version, device, digest may be anything: it is measured as it stands.
        if (!in_header) {
            EXPECT_TRUE(form) << i;
        } else if (form) {
            EXPECT_NE(header_bytes(form->header), header_bytes(form_of(right, FileKind::firmware)->header)) << i;
        }
    }
    for (std::size_t size = 0; size < right.size(); ++size)
        EXPECT_FALSE(form_of(ByteView{right}.first(size), FileKind::firmware)) << size;
}

}  // namespace
}  // namespace basalt::boot
