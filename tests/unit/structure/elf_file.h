// tests/unit/structure/elf_file.h: as much of an ELF file as says how its program is hardened.
#pragma once
#include <elf.h>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace basalt::test {

class ElfFile {
  public:
    /// Returns: nothing for what is no whole 64-bit little-endian ELF file.
    static std::optional<ElfFile> read(const std::filesystem::path& path);

    bool is_position_independent() const;  ///< its place in memory is chosen at random
    bool has_segment(std::uint32_t type) const;
    bool binds_now() const;
    bool has_writable_code() const;  ///< a segment, the stack included, that may be written and executed
    /// A dynamic symbol of this name, or, in a program without shared libraries, one of its own.
    bool uses_symbol(std::string_view name) const;
    /// x86-64: main() begins with ENDBR64, so our own code was compiled with its jump targets marked.
    bool marks_its_jump_targets() const;

  private:
    template <class T>
    std::vector<T> table(std::uint64_t offset, std::uint64_t count) const;
    std::vector<Elf64_Phdr> segments() const;
    std::optional<Elf64_Sym> symbol(std::string_view name) const;
    std::vector<Elf64_Dyn> dynamic() const;

    std::vector<char> bytes_;
    Elf64_Ehdr header_{};
};

}  // namespace basalt::test
