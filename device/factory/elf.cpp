#include "device/factory/elf.h"

#include <cstring>
#include <elf.h>
#include <optional>

namespace basalt::factory {
namespace {

std::unexpected<Error> no_elf(const std::string& why) {
    return fail(ErrorCode::unreadable, "The file is no program or library that an image can hold: " + why + ".",
                "Give a 64-bit ELF file as the compiler makes it.");
}

/// A structure at an offset, when it lies inside the file.
template <class T>
std::optional<T> at(ByteView file, std::uint64_t offset) {
    if (offset > file.size() || sizeof(T) > file.size() - offset) return std::nullopt;
    T out;
    std::memcpy(&out, file.data() + offset, sizeof out);
    return out;
}

/// A text that ends with a zero byte inside the file.
std::optional<std::string> text_at(ByteView file, std::uint64_t offset) {
    if (offset >= file.size()) return std::nullopt;
    const auto* begin = reinterpret_cast<const char*>(file.data()) + offset;
    const auto* end = static_cast<const char*>(std::memchr(begin, 0, file.size() - offset));
    if (end == nullptr) return std::nullopt;
    return std::string{begin, end};
}

/// Where a virtual address stands in the file.
std::optional<std::uint64_t> place_of(const std::vector<Elf64_Phdr>& segments, std::uint64_t address) {
    for (const Elf64_Phdr& segment : segments)
        if (segment.p_type == PT_LOAD && address >= segment.p_vaddr && address - segment.p_vaddr < segment.p_filesz)
            return segment.p_offset + (address - segment.p_vaddr);
    return std::nullopt;
}

Result<void> read_dynamic(ByteView file, const std::vector<Elf64_Phdr>& segments, const Elf64_Phdr& dynamic,
                          ElfNeeds& out) {
    std::uint64_t texts = 0;
    std::vector<Elf64_Dyn> entries;
    for (std::uint64_t i = 0; i < dynamic.p_filesz / sizeof(Elf64_Dyn); ++i) {
        const auto entry = at<Elf64_Dyn>(file, dynamic.p_offset + i * sizeof(Elf64_Dyn));
        if (!entry) return no_elf("its dynamic section reaches beyond its end");
        if (entry->d_tag == DT_NULL) break;
        if (entry->d_tag == DT_STRTAB) texts = entry->d_un.d_ptr;
        entries.push_back(*entry);
    }
    const auto place = place_of(segments, texts);
    for (const Elf64_Dyn& entry : entries) {
        if (entry.d_tag != DT_NEEDED && entry.d_tag != DT_SONAME) continue;
        const auto text = place ? text_at(file, *place + entry.d_un.d_val) : std::nullopt;
        if (!text) return no_elf("a name of it reaches beyond its end");
        if (entry.d_tag == DT_NEEDED)
            out.needed.push_back(*text);
        else
            out.soname = *text;
    }
    return {};
}

}  // namespace

Result<ElfNeeds> read_elf(ByteView file) {
    const auto head = at<Elf64_Ehdr>(file, 0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0) return no_elf("it does not begin as an ELF file");
    if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB)
        return no_elf("it is not 64-bit little-endian");
    if (head->e_phentsize != sizeof(Elf64_Phdr)) return no_elf("its program headers have another size");

    std::vector<Elf64_Phdr> segments;
    for (std::uint64_t i = 0; i < head->e_phnum; ++i) {
        const auto segment = at<Elf64_Phdr>(file, head->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment) return no_elf("its program headers reach beyond its end");
        segments.push_back(*segment);
    }
    ElfNeeds out;
    for (const Elf64_Phdr& segment : segments) {
        if (segment.p_type == PT_INTERP) {
            const auto loader = text_at(file, segment.p_offset);
            if (!loader) return no_elf("its loader's name reaches beyond its end");
            out.loader = *loader;
        }
        if (segment.p_type != PT_DYNAMIC) continue;
        if (const auto read = read_dynamic(file, segments, segment, out); !read) return std::unexpected{read.error()};
    }
    return out;
}

}  // namespace basalt::factory
