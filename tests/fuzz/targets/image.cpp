#include "device/boot/image.h"

#include "tests/fuzz/target.h"

#include <algorithm>
#include <cstring>

namespace basalt::fuzz {
namespace {

Input image(const std::vector<std::pair<boot::Role, std::string_view>>& parts) {
    Input out(boot::ImageHead::size + parts.size() * boot::PartRow::size);
    codec::Writer head{std::span{out}.first(boot::ImageHead::size)};
    boot::ImageHead fields;
    fields.count = static_cast<std::uint16_t>(parts.size());
    fields.fields(head);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Input bytes(24, static_cast<std::uint8_t>('a' + i));
        boot::PartRow row{.role = parts[i].first, .offset = out.size(), .length = bytes.size()};
        std::ranges::copy(parts[i].second, row.name.begin());
        codec::Writer writer{
            std::span{out}.subspan(boot::ImageHead::size + i * boot::PartRow::size, boot::PartRow::size)};
        row.fields(writer);
        out.insert(out.end(), bytes.begin(), bytes.end());
    }
    return out;
}

}  // namespace

std::vector<Input> seeds() {
    using enum boot::Role;
    const std::vector<Input> all{
        image({{program, "firmware"}}),
        image(
            {{program, "firmware"}, {loader, "ld-linux-x86-64.so.2"}, {library, "libc.so.6"}, {library, "libm.so.6"}})};
    for (const Input& each : all) require(boot::read_image(each).has_value(), "a good image is accepted");
    return all;
}

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const ByteView in{data, size};
    const auto image = boot::read_image(in);
    if (!image) {
        fuzz::require(!boot::in_words(image.error()).empty(), "a refusal has words");
        return 0;
    }
    const std::uint8_t* last = data;
    for (const boot::Part& part : image->all()) {
        fuzz::require(part.bytes.data() >= last && part.bytes.data() + part.bytes.size() <= data + size,
                      "the parts lie in the payload, in order, and none overlaps another");
        fuzz::require(boot::is_part_name(part.name), "each part's name may stand in a row");
        last = part.bytes.data() + part.bytes.size();
    }
    fuzz::require(image->count >= 1 && image->program().role == boot::Role::program, "the program comes first");
    return 0;
}
