#include "ui/console/twin_run.h"

#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace basalt::console {
namespace {

using Json = nlohmann::json;
constexpr std::size_t longest_answer = std::size_t{8} << 20;

std::unexpected<Error> no_story() {
    return fail(ErrorCode::unreadable, "The attack was played, but its result cannot be read.",
                "Play it in a terminal: basalt scenario run tampered-firmware --twin");
}

// None of these throws: what is missing or of another type is empty.
std::string text_at(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}
const Json& at(const Json& json, const char* key) {
    static const Json nothing;
    if (!json.is_object()) return nothing;
    const auto found = json.find(key);
    return found == json.end() ? nothing : *found;
}
std::vector<std::string> texts(const Json& json) {
    std::vector<std::string> out;
    if (json.is_array())
        for (const auto& entry : json)
            if (entry.is_string()) out.push_back(entry.get<std::string>());
    return out;
}
std::vector<TwinLine> lines(const Json& json) {
    std::vector<TwinLine> out;
    if (json.is_array())
        for (const auto& entry : json)
            if (entry.is_object()) out.push_back({text_at(entry, "time"), text_at(entry, "words")});
    return out;
}
std::vector<double> numbers(const Json& json) {
    std::vector<double> out;
    if (json.is_array())
        for (const auto& entry : json)
            if (entry.is_number()) out.push_back(entry.get<double>());
    return out;
}

}  // namespace

Result<TwinStory> read_twin(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    const Json &story = at(json, "story"), &runs = at(json, "runs");
    TwinStory out;
    if (!story.is_object()) return no_story();
    out.title = text_at(story, "title");
    out.setting = text_at(story, "setting");
    out.begins_at = text_at(story, "begins_at");
    if (const Json& minutes = at(story, "attack_at_min"); minutes.is_number())
        out.attack_hours = minutes.get<double>() / 60;
    out.protected_mg_dl = numbers(at(at(runs, "protected"), "glucose_mg_dl_every_5_min"));
    out.unprotected_mg_dl = numbers(at(at(runs, "unprotected"), "glucose_mg_dl_every_5_min"));
    out.what_happened = lines(at(story, "what_happened"));
    out.unprotected_pump = lines(at(story, "unprotected_pump"));
    out.protected_pump = lines(at(story, "protected_pump"));
    out.patient = texts(at(story, "patient"));
    out.why = texts(at(story, "why"));
    out.verdict = texts(at(story, "verdict"));
    out.limits = text_at(story, "limits");
    if (out.protected_mg_dl.empty() || out.unprotected_mg_dl.empty() || out.patient.empty()) return no_story();
    return out;
}

TwinRun::~TwinRun() { end(); }

void TwinRun::end() noexcept {
    if (child_ > 0) {
        ::kill(child_, SIGKILL);  // the kernel ends what it started
        ::waitpid(child_, nullptr, 0);
    }
    if (out_ >= 0) ::close(out_);
    child_ = out_ = -1;
    text_.clear();
}

Result<void> TwinRun::start(const std::string& scenario, scenarios::Language language) {
    if (running()) return {};
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        return fail(ErrorCode::io, "The attack cannot be started: this computer has no more room for programs.",
                    "End some programs, then try again.");
    const std::string tongue = language == scenarios::Language::french ? "LC_ALL=fr_FR.UTF-8" : "LC_ALL=C.UTF-8";
    const pid_t parent = ::getpid(), child = ::fork();
    if (child == 0) {
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(127);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
        if (::dup2(nowhere, 0) < 0 || ::dup2(pipe[1], 1) < 0 || ::dup2(nowhere, 2) < 0) ::_exit(127);
        ::putenv(const_cast<char*>(tongue.c_str()));  // the child's own copy
        ::execl("/proc/self/exe", "basalt", "scenario", "run", scenario.c_str(), "--twin", "--json", nullptr);
        ::_exit(127);
    }
    ::close(pipe[1]);
    if (child < 0) {
        ::close(pipe[0]);
        return fail(ErrorCode::io, "The attack cannot be started: this computer has no more room for programs.",
                    "End some programs, then try again.");
    }
    ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
    child_ = child;
    out_ = pipe[0];
    return {};
}

std::optional<Result<TwinStory>> TwinRun::poll() {
    if (!running()) return std::nullopt;
    std::array<char, 65536> buffer;
    for (;;) {
        const auto got = ::read(out_, buffer.data(), buffer.size());
        if (got > 0 && text_.size() + static_cast<std::size_t>(got) <= longest_answer) {
            text_.append(buffer.data(), static_cast<std::size_t>(got));
            continue;
        }
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && errno == EAGAIN) return std::nullopt;
        break;
    }
    const std::string whole = std::move(text_);
    end();
    return read_twin(whole);
}

}  // namespace basalt::console
