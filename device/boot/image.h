// device/boot/image.h: the payload of an image: a program, its loader and its libraries, as they stand in the verified
// bytes. Page: docs/formats/image.md.
#pragma once
#include "device/common/codec.h"

#include <array>
#include <expected>
#include <string_view>

namespace basalt::boot {

inline constexpr std::size_t max_parts = 64;
inline constexpr std::size_t max_part_name = 63;
inline constexpr std::size_t max_payload = std::size_t{64} << 20;

enum class Role : std::uint8_t { program = 1, library = 2, loader = 3 };
constexpr bool is_known(Role r) noexcept { return r >= Role::program && r <= Role::loader; }

/// One part; it points into the payload that it was read from.
struct Part {
    Role role = Role::program;
    std::string_view name;
    ByteView bytes;
};

/// What an image holds. parts[0] is the program; parts[1], when has_loader(), its loader; the rest are libraries.
struct ImageParts {
    std::size_t count = 0;
    std::array<Part, max_parts> parts{};
    std::span<const Part> all() const noexcept { return std::span{parts}.first(count); }
    const Part& program() const noexcept { return parts[0]; }
    bool has_loader() const noexcept { return count > 1; }
    const Part& loader() const noexcept { return parts[1]; }
    std::span<const Part> libraries() const noexcept { return all().subspan(count > 2 ? 2 : count); }
};

enum class ImageFault : std::uint8_t { size, magic, count, role, name, place };

/// The fault as the end of a sentence. Never empty, never allocates.
std::string_view in_words(ImageFault fault) noexcept;

/// Reads a payload's table. Strict: one payload has one spelling.
/// Rely on:  reads nothing outside `payload`, allocates nothing, any bytes are safe to pass. The parts lie inside the
///           payload, none overlaps another, and together with the table they are the whole of it.
/// Source:   R37, R49.
std::expected<ImageParts, ImageFault> read_image(ByteView payload) noexcept;

/// The bytes of one row of the table and of the head, for the reader and for the factory alike.
struct PartRow {
    static constexpr std::size_t size = 80;
    Role role = Role::program;
    std::array<std::uint8_t, max_part_name> name{};
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    template <class C>
    void fields(C& c) {
        c(role);
        c(name);
        c(offset);
        c(length);
    }
};
inline constexpr std::array<std::uint8_t, 4> image_magic{'I', 'M', 'G', '1'};
struct ImageHead {
    static constexpr std::size_t size = 8;
    std::array<std::uint8_t, 4> magic = image_magic;
    std::uint16_t count = 0;
    std::uint16_t zeros = 0;
    template <class C>
    void fields(C& c) {
        c(magic);
        c(count);
        c(zeros);
    }
};

/// True when `name` may stand in a row.
bool is_part_name(std::string_view name) noexcept;

}  // namespace basalt::boot
