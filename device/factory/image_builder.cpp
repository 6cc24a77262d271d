#include "device/factory/image_builder.h"

#include "device/factory/elf.h"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <map>
#include <spawn.h>
#include <sstream>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace basalt::factory {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

Result<Bytes> read_file(const fs::path& path) {
    std::ifstream in{path, std::ios::binary | std::ios::ate};
    Bytes bytes(in ? static_cast<std::size_t>(in.tellg()) : 0);
    in.seekg(0).read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in)
        return fail(ErrorCode::missing, "The file " + path.string() + " cannot be read.",
                    "Build it first, or check its name.");
    return bytes;
}

/// What `program args...` prints, run with an empty environment.
Result<std::string> output_of(const std::vector<std::string>& command) {
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return fail(ErrorCode::io, "No pipe could be made.", "Close other programs and try again.");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    char* no_environment[] = {nullptr};
    pid_t child = -1;
    const int failed = ::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), no_environment);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe[1]);

    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; failed == 0 && (n = ::read(pipe[0], part.data(), part.size())) != 0;) {
        if (n < 0 && errno != EINTR) break;
        if (n > 0) text.append(part.data(), static_cast<std::size_t>(n));
    }
    ::close(pipe[0]);
    int status = -1;
    if (failed == 0)
        while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    if (failed != 0 || status != 0)
        return fail(ErrorCode::missing, "The loader " + command.front() + " could not list what the program needs.",
                    "Install the libraries that the program was built with.");
    return text;
}

/// Where the program's loader finds each library: it alone knows the machine's search order.
Result<std::map<std::string, fs::path>> library_paths(const ElfNeeds& program, const ImageRecipe& recipe) {
    std::vector<std::string> command{program.loader};
    if (!recipe.also.empty()) {
        std::string names;
        for (const std::string& name : recipe.also) names += (names.empty() ? "" : ":") + name;
        command.insert(command.end(), {"--preload", names});
    }
    command.insert(command.end(), {"--list", fs::absolute(recipe.program).string()});
    const auto text = output_of(command);
    if (!text) return std::unexpected{text.error()};

    // Lines are "NAME => PATH (ADDRESS)". Others (the kernel's own object, the loader) are not to be packed as
    // libraries.
    std::map<std::string, fs::path> paths;
    std::istringstream lines{*text};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words{line};
        std::string name, arrow, path;
        if (words >> name >> arrow >> path && arrow == "=>") paths[name] = path;
    }
    return paths;
}

/// Makes the path empty: opening "" finds nothing.
void forget_preload_file(Bytes& loader) {
    constexpr std::string_view path{"/etc/ld.so.preload", 19};  // with the zero at its end
    for (auto from = loader.begin();
         (from = std::search(from, loader.end(), path.begin(), path.end())) != loader.end();)
        *from++ = 0;
}

}  // namespace

Result<std::vector<std::uint8_t>> pack(const std::vector<PartToPack>& parts) {
    using boot::ImageHead, boot::PartRow;
    if (parts.size() > boot::max_parts)
        return fail(ErrorCode::usage, "The program needs more files than an image can hold (64).",
                    "Link some of them statically.");
    Bytes out(ImageHead::size + PartRow::size * parts.size());
    codec::Writer head{std::span{out}.first(ImageHead::size)};
    ImageHead{.count = static_cast<std::uint16_t>(parts.size())}.fields(head);
    std::size_t next = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        PartRow row{.role = parts[i].role, .offset = next, .length = parts[i].bytes.size()};
        if (!boot::is_part_name(parts[i].name))
            return fail(ErrorCode::usage, "The name \"" + parts[i].name + "\" cannot stand in an image.",
                        "Use at most 63 letters, digits, dots, dashes, underscores or plus signs.");
        std::ranges::copy(parts[i].name, row.name.begin());
        codec::Writer writer{std::span{out}.subspan(ImageHead::size + PartRow::size * i, PartRow::size)};
        row.fields(writer);
        next += parts[i].bytes.size();
    }
    for (const PartToPack& part : parts) out.insert(out.end(), part.bytes.begin(), part.bytes.end());
    if (const auto image = boot::read_image(out); !image)
        return fail(ErrorCode::usage, "These files make no image: " + std::string{boot::in_words(image.error())} + ".",
                    "Give one program, its loader second, then libraries; at most 64 MiB.");
    return out;
}

Result<std::vector<PartToPack>> parts_of(const ImageRecipe& recipe) {
    auto program = read_file(recipe.program);
    if (!program) return std::unexpected{program.error()};
    const auto program_needs = read_elf(*program);
    if (!program_needs) return std::unexpected{program_needs.error()};

    std::vector<PartToPack> parts{{boot::Role::program, recipe.program.filename().string(), std::move(*program)}};
    if (program_needs->loader.empty()) return parts;

    auto loader = read_file(program_needs->loader);
    if (!loader) return std::unexpected{loader.error()};
    const auto loader_needs = read_elf(*loader);
    if (!loader_needs) return std::unexpected{loader_needs.error()};
    forget_preload_file(*loader);
    parts.push_back({boot::Role::loader, loader_needs->soname, std::move(*loader)});

    const auto paths = library_paths(*program_needs, recipe);
    if (!paths) return std::unexpected{paths.error()};

    // Breadth first, as the loader itself does it: what the program names, then what those name.
    std::vector<std::string> wanted = program_needs->needed;
    wanted.insert(wanted.end(), recipe.also.begin(), recipe.also.end());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string name = wanted[i];
        if (std::ranges::any_of(parts, [&](const PartToPack& part) { return part.name == name; })) continue;
        const auto path = paths->find(name);
        if (path == paths->end() || path->second == "not")  // "NAME => not found"
            return fail(ErrorCode::missing, "The library " + name + " is not on this machine.", "Install its package.");
        auto bytes = read_file(path->second);
        if (!bytes) return std::unexpected{bytes.error()};
        const auto needs = read_elf(*bytes);
        if (!needs) return std::unexpected{needs.error()};
        if (needs->soname != name)
            return fail(ErrorCode::unreadable,
                        "The library " + name + " calls itself \"" + needs->soname +
                            "\", so the loader would not find it in the image and look for it on the disk.",
                        "Link against a library whose SONAME is the name that is asked for.");
        parts.push_back({boot::Role::library, name, std::move(*bytes)});
        wanted.insert(wanted.end(), needs->needed.begin(), needs->needed.end());
    }
    return parts;
}

}  // namespace basalt::factory
