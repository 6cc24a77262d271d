#include "tests/unit/structure/elf_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>

namespace basalt::test {

std::optional<ElfFile> ElfFile::read(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    ElfFile elf;
    elf.bytes_.assign(std::istreambuf_iterator<char>{file}, {});
    if (elf.bytes_.size() < sizeof elf.header_) return std::nullopt;
    std::memcpy(&elf.header_, elf.bytes_.data(), sizeof elf.header_);
    const auto* ident = elf.header_.e_ident;
    if (std::memcmp(ident, ELFMAG, SELFMAG) != 0 || ident[EI_CLASS] != ELFCLASS64 || ident[EI_DATA] != ELFDATA2LSB)
        return std::nullopt;
    return elf;
}

template <class T>
std::vector<T> ElfFile::table(std::uint64_t offset, std::uint64_t count) const {
    if (offset > bytes_.size() || count > (bytes_.size() - offset) / sizeof(T)) return {};
    std::vector<T> rows(count);
    std::memcpy(rows.data(), bytes_.data() + offset, count * sizeof(T));
    return rows;
}

std::vector<Elf64_Phdr> ElfFile::segments() const { return table<Elf64_Phdr>(header_.e_phoff, header_.e_phnum); }

std::vector<Elf64_Dyn> ElfFile::dynamic() const {
    for (const Elf64_Phdr& segment : segments())
        if (segment.p_type == PT_DYNAMIC)
            return table<Elf64_Dyn>(segment.p_offset, segment.p_filesz / sizeof(Elf64_Dyn));
    return {};
}

bool ElfFile::has_segment(std::uint32_t type) const {
    return std::ranges::any_of(segments(), [&](const Elf64_Phdr& s) { return s.p_type == type; });
}

bool ElfFile::is_position_independent() const {
    return header_.e_type == ET_DYN && std::ranges::any_of(dynamic(), [](const Elf64_Dyn& d) {
               return d.d_tag == DT_FLAGS_1 && (d.d_un.d_val & DF_1_PIE) != 0;
           });
}

bool ElfFile::binds_now() const {
    return std::ranges::any_of(dynamic(), [](const Elf64_Dyn& d) {
        return d.d_tag == DT_BIND_NOW || (d.d_tag == DT_FLAGS && (d.d_un.d_val & DF_BIND_NOW) != 0) ||
               (d.d_tag == DT_FLAGS_1 && (d.d_un.d_val & DF_1_NOW) != 0);
    });
}

bool ElfFile::has_writable_code() const {
    return std::ranges::any_of(segments(), [](const Elf64_Phdr& s) {
        return (s.p_type == PT_LOAD || s.p_type == PT_GNU_STACK) && (s.p_flags & PF_W) != 0 && (s.p_flags & PF_X) != 0;
    });
}

std::optional<Elf64_Sym> ElfFile::symbol(std::string_view name) const {
    const auto sections = table<Elf64_Shdr>(header_.e_shoff, header_.e_shnum);
    for (const Elf64_Shdr& symbols : sections) {
        if ((symbols.sh_type != SHT_DYNSYM && symbols.sh_type != SHT_SYMTAB) || symbols.sh_link >= sections.size())
            continue;
        const Elf64_Shdr& strings = sections[symbols.sh_link];
        const std::vector<char> names = table<char>(strings.sh_offset, strings.sh_size);
        for (const Elf64_Sym& each : table<Elf64_Sym>(symbols.sh_offset, symbols.sh_size / sizeof(Elf64_Sym))) {
            if (each.st_name >= names.size()) continue;
            const char* start = names.data() + each.st_name;
            const std::string_view found{start, strnlen(start, names.size() - each.st_name)};
            if (found.substr(0, found.find('@')) == name) return each;
        }
    }
    return std::nullopt;
}

bool ElfFile::uses_symbol(std::string_view name) const { return symbol(name).has_value(); }

bool ElfFile::marks_its_jump_targets() const {
    constexpr std::array<std::uint8_t, 4> endbr64{0xf3, 0x0f, 0x1e, 0xfa};
    const auto main = symbol("main");
    if (!main) return false;
    for (const Elf64_Phdr& segment : segments()) {
        if (segment.p_type != PT_LOAD || main->st_value < segment.p_vaddr ||
            main->st_value - segment.p_vaddr >= segment.p_filesz)
            continue;
        const auto start = table<std::uint8_t>(main->st_value - segment.p_vaddr + segment.p_offset, endbr64.size());
        return std::ranges::equal(start, endbr64);
    }
    return false;
}

}  // namespace basalt::test
