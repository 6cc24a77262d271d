#include "device/boot/image.h"

#include "tests/unit/boot/signed_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace basalt::boot {
namespace {

using test::Bytes;
using test::payload_of;
using test::TestPart;

const Bytes some_bytes{0xde, 0xad, 0xbe, 0xef};
const std::vector<TestPart> whole{{Role::program, "pump", {1, 2, 3}},
                                  {Role::loader, "ld.so", {4}},
                                  {Role::library, "liba.so.1", {5, 6}},
                                  {Role::library, "libb.so.2", {7}}};

/// The same payload with one field of one row changed.
Bytes with_row(std::size_t row, auto change) {
    Bytes bytes = payload_of(whole);
    const auto place = std::span{bytes}.subspan(ImageHead::size + PartRow::size * row, PartRow::size);
    PartRow value;
    codec::Reader reader{place};
    value.fields(reader);
    change(value);
    codec::Writer writer{place};
    value.fields(writer);
    return bytes;
}

TEST(Image, ThePagesExampleIsReadAsThePageSays) {
    Bytes example{0x49, 0x4d, 0x47, 0x31, 1, 0, 0, 0, 1, 0x78};
    example.resize(8 + 64);
    example.insert(example.end(), {0x58, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef});
    const auto image = read_image(example);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->count, 1U);
    EXPECT_FALSE(image->has_loader());
    EXPECT_EQ(image->program().name, "x");
    EXPECT_TRUE(std::ranges::equal(image->program().bytes, some_bytes));
    EXPECT_EQ(payload_of({{Role::program, "x", some_bytes}}), example);
}

TEST(Image, EachPartIsFoundWithItsNameAndBytes) {
    const Bytes bytes = payload_of(whole);
    const auto image = read_image(bytes);
    ASSERT_TRUE(image);
    ASSERT_EQ(image->count, whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        EXPECT_EQ(image->parts[i].role, whole[i].role);
        EXPECT_EQ(image->parts[i].name, whole[i].name);
        EXPECT_TRUE(std::ranges::equal(image->parts[i].bytes, whole[i].bytes));
    }
    EXPECT_EQ(image->libraries().size(), 2U);
    EXPECT_EQ(read_image(payload_of({whole[0], whole[1]}))->libraries().size(), 0U);
}

TEST(Image, CutAnywhereOrGrownItIsRefused) {
    Bytes bytes = payload_of(whole);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(read_image(ByteView{bytes}.first(size))) << size;
    bytes.push_back(0);
    EXPECT_EQ(read_image(bytes).error(), ImageFault::place);
}

TEST(Image, EveryBitOfHeadAndTableIsEitherRefusedOrSeen) {
    const Bytes right = payload_of(whole);
    const auto expected = read_image(right);
    ASSERT_TRUE(expected);
    for (std::size_t bit = 0; bit < (ImageHead::size + PartRow::size * whole.size()) * 8; ++bit) {
        Bytes bytes = right;
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
        const auto image = read_image(bytes);
        if (!image) continue;
        // What is still an image differs in a name, and in nothing else: no bit is without meaning.
        bool renamed = false;
        for (std::size_t i = 0; i < image->count; ++i) {
            renamed |= image->parts[i].name != expected->parts[i].name;
            EXPECT_EQ(image->parts[i].bytes.size(), expected->parts[i].bytes.size());
        }
        EXPECT_TRUE(renamed) << "bit " << bit;
    }
}

TEST(Image, PartsThatOverlapLeaveGapsOrEndBeyondTheFileAreRefused) {
    for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{8}, std::uint64_t{329}, std::uint64_t{327},
                                       std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
        EXPECT_EQ(read_image(with_row(0, [&](auto& row) { row.offset = offset; })).error(), ImageFault::place)
            << offset;
        EXPECT_EQ(read_image(with_row(2, [&](auto& row) { row.offset = offset; })).error(), ImageFault::place)
            << offset;
    }
    for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{2}, std::uint64_t{4}, std::uint64_t{1} << 40,
                                       ~std::uint64_t{0}, ~std::uint64_t{0} - 327})
        EXPECT_EQ(read_image(with_row(0, [&](auto& row) { row.length = length; })).error(), ImageFault::place)
            << length;
    // The last part reaches exactly to the end: one byte more or fewer is refused.
    EXPECT_EQ(read_image(with_row(3, [](auto& row) { row.length += 1; })).error(), ImageFault::place);
}

TEST(Image, NoNameStandsTwiceAndNoneLeadsOutOfItsFolder) {
    EXPECT_EQ(read_image(with_row(3, [](auto& row) { row.name[3] = 'a', row.name[8] = '1'; })).error(),
              ImageFault::name);
    EXPECT_EQ(read_image(payload_of({{Role::program, "", {1}}})).error(), ImageFault::name);
    for (const char* bad : {"a/b", "a b", "a\nb", "a:b", "\xc3\xa9"})
        EXPECT_EQ(read_image(payload_of({{Role::program, bad, {1}}})).error(), ImageFault::name) << bad;
    EXPECT_EQ(read_image(with_row(0, [](auto& row) { row.name[20] = 'x'; })).error(), ImageFault::name);
    EXPECT_EQ(read_image(payload_of({{Role::program, std::string(63, 'x'), {1}}}))->program().name,
              std::string(63, 'x'));
}

TEST(Image, TheProgramIsFirstItsLoaderSecondAndOnlyLibrariesFollow) {
    const TestPart program = whole[0], loader = whole[1], library = whole[2];
    for (const auto& wrong : std::vector<std::vector<TestPart>>{{loader},
                                                                {library},
                                                                {loader, program},
                                                                {program, library},
                                                                {program, {Role::program, "two", {1}}},
                                                                {program, loader, {Role::loader, "two", {1}}},
                                                                {program, loader, {Role::program, "two", {1}}}})
        EXPECT_EQ(read_image(payload_of(wrong)).error(), ImageFault::role);
    EXPECT_EQ(read_image(with_row(0, [](auto& row) { row.role = Role{0}; })).error(), ImageFault::role);
    EXPECT_EQ(read_image(with_row(3, [](auto& row) { row.role = Role{4}; })).error(), ImageFault::role);
}

TEST(Image, ItHoldsOneToSixtyFourParts) {
    std::vector<TestPart> parts{whole[0], whole[1]};
    while (parts.size() < max_parts) parts.push_back({Role::library, "lib" + std::to_string(parts.size()), {1}});
    EXPECT_TRUE(read_image(payload_of(parts)));
    parts.push_back({Role::library, "one-too-many", {1}});
    EXPECT_EQ(read_image(payload_of(parts)).error(), ImageFault::count);
    EXPECT_EQ(read_image(payload_of({})).error(), ImageFault::count);
    EXPECT_EQ(read_image(Bytes(max_payload + 1)).error(), ImageFault::size);
}

}  // namespace
}  // namespace basalt::boot
