// tests/fuzz/driver.cpp: runs a fuzz target where the compiler brings no fuzzer. Example: fuzz_dose_frames --seconds 60
// --seed 7 Keeps inputs that reach new code and makes the next ones from them. The same seed and number of runs give
// the same inputs.
#include "tests/fuzz/coverage.h"
#include "tests/fuzz/mutate.h"
#include "tests/fuzz/target.h"

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <unistd.h>

namespace basalt::fuzz {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t max_size = 1 << 14;

struct Options {
    std::uint64_t runs = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t seconds = 10;
    std::uint64_t seed = 1;
    std::vector<std::string> paths;  ///< files to run alone, or folders with inputs to start from
    std::string write_seeds;         ///< writes the target's own inputs into this folder and ends
};

// What a crash is to be reported with. Globals: a signal's handler takes no argument.
const Input* running = nullptr;

/// Prints the input that crashed as one hex line, which becomes a unit test, then dies of the same signal.
void on_crash(int signal) {
    if (running != nullptr) {
        (void)!write(STDERR_FILENO, "Input: ", 7);
        for (const std::uint8_t byte : *running) {
            const char hex[2]{"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
            (void)!write(STDERR_FILENO, hex, 2);
        }
        (void)!write(STDERR_FILENO, "\n", 1);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

bool run(const Input& input) {
    running = &input;
    start_input();
    LLVMFuzzerTestOneInput(input.data(), input.size());
    running = nullptr;
    return reached_something_new();
}

Input read_file(const fs::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

bool parse(int argc, char** argv, Options& options) {
    const auto number = [](const char* text, std::uint64_t& out) {
        const char* end = text + std::strlen(text);
        return std::from_chars(text, end, out).ptr == end && end != text;
    };
    for (int i = 1; i < argc; ++i) {
        const std::string_view option = argv[i];
        if (!option.starts_with("--")) {
            options.paths.emplace_back(option);
            continue;
        }
        if (++i == argc) return false;
        if (option == "--write-seeds")
            options.write_seeds = argv[i];
        else if (option == "--runs" && number(argv[i], options.runs))
            continue;
        else if (option == "--seconds" && number(argv[i], options.seconds))
            continue;
        else if (option == "--seed" && number(argv[i], options.seed))
            continue;
        else
            return false;
    }
    return true;
}

int fuzz(const Options& options) {
    std::vector<Input> corpus = seeds();
    if (!options.write_seeds.empty()) {
        fs::create_directories(options.write_seeds);
        for (std::size_t i = 0; i < corpus.size(); ++i)
            std::ofstream{fs::path{options.write_seeds} / ("seed-" + std::to_string(i)), std::ios::binary}.write(
                reinterpret_cast<const char*>(corpus[i].data()), static_cast<std::streamsize>(corpus[i].size()));
        return 0;
    }
    for (const std::string& path : options.paths) {
        if (fs::is_regular_file(path)) corpus.push_back(read_file(path));
        if (fs::is_directory(path))
            for (const auto& entry : fs::directory_iterator{path}) corpus.push_back(read_file(entry.path()));
    }
    for (const Input& input : corpus) run(input);

    using clock = std::chrono::steady_clock;
    const auto end = clock::now() + std::chrono::seconds{options.seconds};
    Chance chance{options.seed};
    std::uint64_t runs = 0;
    const std::size_t given = corpus.size();
    // The clock is looked at once in 256 runs: a look costs more than many targets do.
    for (; runs < options.runs && (runs % 256 != 0 || clock::now() < end); ++runs) {
        const Input& from = corpus[chance.below(corpus.size())];
        const Input& other = corpus[chance.below(corpus.size())];
        Input input = mutated(from, other, max_size, chance);
        if (run(input)) corpus.push_back(std::move(input));
    }
    std::printf("%llu inputs from seed %llu, none broke a promise; %zu reached new code, beside %zu given.\n",
                static_cast<unsigned long long>(runs), static_cast<unsigned long long>(options.seed),
                corpus.size() - given, given);
    return 0;
}

}  // namespace
}  // namespace basalt::fuzz

int main(int argc, char** argv) {
    basalt::fuzz::Options options;
    if (!basalt::fuzz::parse(argc, argv, options)) {
        std::fprintf(stderr,
                     "Usage: %s [--runs N] [--seconds S] [--seed S] [--write-seeds FOLDER] [FILE or FOLDER ...]\n",
                     argv[0]);
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, basalt::fuzz::on_crash);
    return basalt::fuzz::fuzz(options);
}
