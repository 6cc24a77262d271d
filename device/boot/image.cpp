#include "device/boot/image.h"

#include <algorithm>
#include <utility>

namespace basalt::boot {
namespace {

constexpr std::array<std::string_view, 6> words{
    "its size is not one that an image can have",
    "it does not begin as an image does",
    "it has no parts, or too many",
    "its program, loader and libraries are not in their places",
    "a part's name is not allowed, or stands twice",
    "its parts overlap, leave a gap or end elsewhere than the file",
};

/// The name in the row, or nothing when it breaks the rules: allowed characters, then zeros to the end.
std::string_view name_of(const PartRow& row, ByteView in_payload) noexcept {
    const auto end = std::ranges::find(row.name, std::uint8_t{0});
    if (std::any_of(end, row.name.end(), [](auto b) { return b != 0; })) return {};
    const std::string_view name{reinterpret_cast<const char*>(in_payload.data()),
                                static_cast<std::size_t>(end - row.name.begin())};
    return is_part_name(name) ? name : std::string_view{};
}

bool role_fits(Role role, std::size_t row) noexcept {
    if (row == 0) return role == Role::program;
    if (row == 1) return role == Role::loader;
    return role == Role::library;
}

}  // namespace

std::string_view in_words(ImageFault fault) noexcept { return words[std::to_underlying(fault)]; }

bool is_part_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= max_part_name && std::ranges::all_of(name, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '+' || c == '-';
    });
}

std::expected<ImageParts, ImageFault> read_image(ByteView payload) noexcept {
    if (payload.size() < ImageHead::size || payload.size() > max_payload) return std::unexpected{ImageFault::size};
    ImageHead head;
    codec::Reader head_reader{payload.first(ImageHead::size)};
    head.fields(head_reader);
    if (!head_reader.ok() || head.magic != image_magic || head.zeros != 0) return std::unexpected{ImageFault::magic};
    if (head.count == 0 || head.count > max_parts) return std::unexpected{ImageFault::count};

    const std::size_t table_end = ImageHead::size + PartRow::size * head.count;
    if (payload.size() < table_end) return std::unexpected{ImageFault::size};

    ImageParts image;
    std::size_t next = table_end;  // where the next part must begin
    for (std::size_t i = 0; i < head.count; ++i) {
        const ByteView bytes = payload.subspan(ImageHead::size + PartRow::size * i, PartRow::size);
        PartRow row;
        codec::Reader reader{bytes};
        row.fields(reader);
        if (!reader.ok() || !role_fits(row.role, i)) return std::unexpected{ImageFault::role};

        const std::string_view name = name_of(row, bytes.subspan(1));
        if (name.empty()) return std::unexpected{ImageFault::name};
        if (std::ranges::any_of(image.all(), [&](const Part& other) { return other.name == name; }))
            return std::unexpected{ImageFault::name};

        // `next` never passes the payload's end, so the subtraction cannot wrap whatever the row says.
        if (row.offset != next || row.length == 0 || row.length > payload.size() - next)
            return std::unexpected{ImageFault::place};
        image.parts[i] = {row.role, name, payload.subspan(next, static_cast<std::size_t>(row.length))};
        image.count = i + 1;
        next += static_cast<std::size_t>(row.length);
    }
    if (next != payload.size()) return std::unexpected{ImageFault::place};
    return image;
}

}  // namespace basalt::boot
