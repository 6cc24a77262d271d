#include "scenarios/campaign/campaign.h"

#include "device/hal/seqpacket.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <set>
#include <unistd.h>

namespace basalt::campaign {
namespace {

using Json = nlohmann::ordered_json;
using hal::Descriptor;

constexpr unsigned most_jobs = 64;
constexpr std::string_view no_run = "!";  // begins a job's line that is no result: a run that could not be played

std::string spelled(const Json& json, int indent = -1) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Result<void> check(const Order& order) {
    if (order.n < 1)
        return fail(ErrorCode::usage, "A campaign needs at least one run.", "Give --n a number from 1 on.");
    if (order.jobs < 1 || order.jobs > most_jobs)
        return fail(ErrorCode::usage, fmt::format("A campaign has 1 to {} jobs.", most_jobs), "Change --jobs.");
    if (order.shards < 1 || order.shard < 1 || order.shard > order.shards)
        return fail(ErrorCode::usage, "There is no such shard.", "Write I/N, with I from 1 to N: --shard 2/5.");
    return {};
}

bool in(const Order& order, std::uint64_t seed) {
    const std::uint64_t i = seed - order.seed;
    return seed >= order.seed && i < order.n && i % order.shards == order.shard - 1;
}

Error file_error(const std::filesystem::path& file, int why) {
    return {ErrorCode::io, fmt::format("The results \"{}\" cannot be written: {}.", file.string(), std::strerror(why)),
            "Name a file in a folder that exists, with room on its disk: --results FILE."};
}

/// A line that was cut by a power loss or kill is at the end, if anywhere: it is played again.
Result<std::map<std::uint64_t, RunResult>> earlier_results(const Order& order) {
    std::map<std::uint64_t, RunResult> runs;
    std::ifstream file{order.results};
    std::string line;
    int number = 0;
    while (!order.results.empty() && std::getline(file, line)) {
        ++number;
        if (line.empty()) continue;
        auto run = parse_line(order.name, line);
        if (!run && file.eof()) break;
        if (!run)
            return fail(run.error().code,
                        fmt::format("{}, line {}: {}", order.results.string(), number, run.error().what),
                        run.error().next_step);
        if (in(order, run->seed)) runs[run->seed] = std::move(*run);
    }
    return runs;
}

/// Appends whole lines only: one that was cut before is ended first.
class ResultsFile {
  public:
    static Result<ResultsFile> open(const std::filesystem::path& path) {
        if (path.empty()) return ResultsFile{};
        ResultsFile file;
        file.path_ = path;
        file.file_ = Descriptor{::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
        if (!file.file_) return std::unexpected{file_error(path, errno)};
        const off_t end = ::lseek(file.file_.get(), 0, SEEK_END);
        char last = '\n';
        if (end > 0 && ::pread(file.file_.get(), &last, 1, end - 1) != 1)
            return std::unexpected{file_error(path, errno)};
        if (last == '\n') return file;
        // The cut line is taken away: a half record is none.
        std::ifstream in{path, std::ios::binary};
        std::string all{std::istreambuf_iterator<char>{in}, {}};
        const auto cut = all.rfind('\n');
        const auto keep = static_cast<off_t>(cut == std::string::npos ? 0 : cut + 1);
        if (::ftruncate(file.file_.get(), keep) != 0) return std::unexpected{file_error(path, errno)};
        return file;
    }
    Result<void> add(std::string line) {
        if (!file_) return {};
        line += '\n';
        if (::write(file_.get(), line.data(), line.size()) == static_cast<ssize_t>(line.size())) return {};
        return std::unexpected{file_error(path_, errno)};
    }

  private:
    std::filesystem::path path_;
    Descriptor file_;
};

struct Job {
    pid_t pid = -1;
    Descriptor out;
    std::string read;  ///< not yet a whole line
};

void say(int out, std::string line) {
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto written = ::write(out, rest.data(), rest.size());
        if (written <= 0 && errno != EINTR) return;
        if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

[[noreturn]] void be_a_job(const Order& order, const std::vector<std::uint64_t>& seeds, unsigned number, int out,
                           const Play& run) {
    for (std::size_t i = number; i < seeds.size(); i += order.jobs) {
        auto result = run(seeds[i]);
        if (result) {
            say(out, to_line(order.name, *result));
            continue;
        }
        const Error& error = result.error();
        say(out, std::string{no_run} + spelled({{"code", std::to_underlying(error.code)},
                                                {"what", fmt::format("Seed {}: {}", seeds[i], error.what)},
                                                {"next_step", error.next_step}}));
        break;
    }
    std::fflush(nullptr);
    ::_exit(0);
}

Result<Job> start_job(const Order& order, const std::vector<std::uint64_t>& seeds, unsigned number, const Play& run) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(ErrorCode::io, "No pipe to a job can be made.", "Close other programs, or ask for fewer --jobs.");
    Descriptor from{ends[0]}, to{ends[1]};
    std::fflush(nullptr);  // or the job would print it a second time
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid < 0)
        return fail(ErrorCode::io, "No process for a job can be started.",
                    "Close other programs, or ask for fewer --jobs.");
    if (pid == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        from = Descriptor{};
        be_a_job(order, seeds, number, to.get(), run);
    }
    return Job{pid, std::move(from), {}};
}

/// The jobs of a campaign. Those that still run when it goes away are ended.
class Jobs {
  public:
    Jobs() = default;
    Jobs(const Jobs&) = delete;
    Jobs& operator=(const Jobs&) = delete;
    ~Jobs() {
        for (Job& job : jobs_) ::kill(job.pid, SIGKILL);
        for (Job& job : jobs_) ::waitpid(job.pid, nullptr, 0);
    }
    void add(Job job) { jobs_.push_back(std::move(job)); }

    /// Every whole line of every job, until all jobs have ended. Errors: a job that died; what `take` returns.
    Result<void> each_line(const std::function<Result<void>(std::string_view)>& take) {
        while (!jobs_.empty()) {
            std::vector<pollfd> waits;
            for (const Job& job : jobs_) waits.push_back({job.out.get(), POLLIN, 0});
            if (::poll(waits.data(), waits.size(), -1) < 0) continue;
            for (std::size_t i = jobs_.size(); i-- > 0;)
                if (waits[i].revents != 0)
                    if (auto heard = hear(i, take); !heard) return heard;
        }
        return {};
    }

  private:
    Result<void> hear(std::size_t i, const std::function<Result<void>(std::string_view)>& take) {
        Job& job = jobs_[i];
        std::array<char, 4096> buffer;
        const auto size = ::read(job.out.get(), buffer.data(), buffer.size());
        if (size <= 0) {
            int status = 0;
            ::waitpid(job.pid, &status, 0);
            jobs_.erase(jobs_.begin() + static_cast<std::ptrdiff_t>(i));
            if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
            return fail(ErrorCode::check_failed, "A job of the campaign crashed in the middle of a run.",
                        "Start it again with the same --results: the run that crashed is played first.");
        }
        job.read.append(buffer.data(), static_cast<std::size_t>(size));
        for (auto end = job.read.find('\n'); end != std::string::npos; end = job.read.find('\n')) {
            const std::string line = job.read.substr(0, end);
            job.read.erase(0, end + 1);
            if (auto taken = take(line); !taken) return taken;
        }
        return {};
    }
    std::vector<Job> jobs_;
};

}  // namespace

std::uint64_t Outcome::failed() const {
    return static_cast<std::uint64_t>(
        std::ranges::count_if(runs, [](const RunResult& r) { return !r.faults.empty(); }));
}

std::map<std::string, Count> Outcome::by_kind() const {
    std::map<std::string, Count> counts;
    for (const RunResult& run : runs)
        for (const std::string& kind : run.kinds) {
            ++counts[kind].n;
            counts[kind].failed += run.faults.empty() ? 0 : 1;
        }
    return counts;
}

Result<Outcome> play(const Order& order, const Play& run, const Heard& heard) {
    if (auto sensible = check(order); !sensible) return std::unexpected{sensible.error()};
    auto known = earlier_results(order);
    if (!known) return std::unexpected{known.error()};
    auto file = ResultsFile::open(order.results);
    if (!file) return std::unexpected{file.error()};

    std::vector<std::uint64_t> seeds;
    for (std::uint64_t i = order.shard - 1; i < order.n; i += order.shards)
        if (!known->contains(order.seed + i)) seeds.push_back(order.seed + i);
    Jobs jobs;
    for (unsigned j = 0; j < order.jobs && j < seeds.size(); ++j) {
        auto job = start_job(order, seeds, j, run);
        if (!job) return std::unexpected{job.error()};
        jobs.add(std::move(*job));
    }
    const auto take = [&](std::string_view line) -> Result<void> {
        if (line.starts_with(no_run)) {
            const auto error = Json::parse(line.substr(no_run.size()));
            return fail(static_cast<ErrorCode>(error["code"].get<int>()), error["what"], error["next_step"]);
        }
        auto result = parse_line(order.name, line);
        if (!result) return std::unexpected{result.error()};
        if (auto kept = file->add(std::string{line}); !kept) return kept;
        heard(*result);
        (*known)[result->seed] = std::move(*result);
        return {};
    };
    if (auto played = jobs.each_line(take); !played) return std::unexpected{played.error()};

    Outcome outcome;
    for (auto& [seed, result] : *known) outcome.runs.push_back(std::move(result));
    return outcome;
}

std::string to_line(std::string_view campaign, const RunResult& run) {
    return spelled({{"campaign", campaign}, {"seed", run.seed}, {"kinds", run.kinds}, {"faults", run.faults}});
}

Result<RunResult> parse_line(std::string_view campaign, std::string_view line) {
    const auto json = Json::parse(line, nullptr, false);
    const auto strings = [&json](const char* name) {
        return json.contains(name) && json[name].is_array() &&
               std::ranges::all_of(json[name], [](const Json& each) { return each.is_string(); });
    };
    if (!json.is_object() || !json.contains("campaign") || !json["campaign"].is_string() || !json.contains("seed") ||
        !json["seed"].is_number_unsigned() || !strings("kinds") || !strings("faults"))
        return fail(ErrorCode::unreadable, "This is no result of a campaign.",
                    "Take the line away; its run is played again.");
    if (json["campaign"] != campaign)
        return fail(ErrorCode::usage,
                    fmt::format("These are results of another campaign, \"{}\".", json["campaign"].get<std::string>()),
                    "Name another file, one for each campaign.");
    return RunResult{json["seed"], json["kinds"], json["faults"]};
}

std::string to_json(const Order& order, const Outcome& outcome) {
    Json failed = Json::array(), faults = Json::array(), kinds = Json::object();
    for (const RunResult& run : outcome.runs) {
        if (run.faults.empty()) continue;
        failed.push_back(run.seed);
        for (const std::string& fault : run.faults) faults.push_back({{"seed", run.seed}, {"text", fault}});
    }
    for (const auto& [kind, count] : outcome.by_kind()) kinds[kind] = {{"n", count.n}, {"failed", count.failed}};
    return spelled({{"schema", 1},
                    {"campaign", order.name},
                    {"seed", order.seed},
                    {"n", outcome.runs.size()},
                    {"failed", outcome.failed()},
                    {"seeds_failed", failed},
                    {"by_kind", kinds},
                    {"faults", faults}},
                   2) +
           "\n";
}

Result<void> read_shard(std::string_view text, Order& order) {
    const auto slash = text.find('/');
    const auto number = [](std::string_view digits, unsigned& out) {
        const char* end = digits.data() + digits.size();
        return !digits.empty() && std::from_chars(digits.data(), end, out).ptr == end;
    };
    if (slash == std::string_view::npos || !number(text.substr(0, slash), order.shard) ||
        !number(text.substr(slash + 1), order.shards))
        return fail(ErrorCode::usage, fmt::format("\"{}\" is no shard.", text), "Write I/N: --shard 2/5.");
    return check(order);
}

}  // namespace basalt::campaign
