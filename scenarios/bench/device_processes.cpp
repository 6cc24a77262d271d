#include "scenarios/bench/device_processes.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace basalt::bench {
namespace {

struct PartName {
    Part part;
    std::string_view name;
};
constexpr std::array part_names{PartName{Part::guardian, "guardian"}, PartName{Part::boot, "boot"},
                                PartName{Part::firmware, "firmware"}, PartName{Part::gateway, "gateway"},
                                PartName{Part::tpm, "tpm"}};

// In one tick the watchdog brings a dying guardian back this often, then lets the tick pass.
constexpr int restarts_a_tick = 3;
// A guardian sends its challenge five ticks after a reset; boot and the firmware's first slots fall into these ticks.
constexpr std::uint64_t start_lasts_s = 15;

// A side that is known to hang is named this often, in the computer's time, until the guardian waits for it: named
// earlier, the word is lost. How often it was named changes nothing in the run.
constexpr int name_again_ms = 2;
// From the exec of the guardian to its first signals.
constexpr int guardian_starts_ms = 20'000;

std::unexpected<Error> no_channel() {
    return fail(ErrorCode::io, "No channel between two programs could be opened: too many files are open.",
                "Close other programs, or raise the limit (ulimit -n).");
}

}  // namespace

std::string_view name_of(Part part) noexcept { return part_names[std::to_underlying(part)].name; }

std::optional<Part> part_named(std::string_view name) noexcept {
    for (const PartName& known : part_names)
        if (known.name == name) return known.part;
    return std::nullopt;
}

DeviceProcesses::DeviceProcesses(Board& board, Programs programs, TpmPower& tpm, HostBudget budget,
                                 const WordsSink& words)
    : board_(board),
      programs_(std::move(programs)),
      tpm_(tpm),
      budget_(budget),
      guardian_words_("guardian", words),
      boot_words_("boot", words) {}

Result<void> DeviceProcesses::power_on() {
    if (auto on = tpm_.on(); !on) return on;
    for (int tries = 0;; ++tries) {
        if (auto started = start_guardian(); !started) return started;
        TickReport report;
        auto served = serve(report, true);
        if (!served) return std::unexpected{served.error()};
        if (*served == Served::started) return {};
        const bool memory_lost = board_.memory_lost();
        if (auto stopped = stop_guardian(); !stopped) return stopped;
        if (tries == restarts_a_tick && memory_lost)
            return fail(ErrorCode::io, "The guardian's memory cannot be written, so the pump gives nothing.",
                        "Look at the disk that holds chip/guardian.mem, then start the pump again.");
        if (tries == restarts_a_tick)
            return fail(ErrorCode::check_failed, "The guardian ends as soon as it starts, so the pump gives nothing.",
                        "Look at its last words above; then: basalt device init, for a new device.");
    }
}

void DeviceProcesses::power_off() noexcept {
    (void)stop_boot_side();
    (void)guardian_.kill();
    guardian_words_.finish();
    board_.guardian_died();
    hal_.close();
    tpm_.shut_down();
}

Result<void> DeviceProcesses::start_guardian() {
    auto pair = hal::make_seqpacket_pair();
    if (!pair) return no_channel();
    auto words = guardian_words_.open();
    if (!words) return std::unexpected{words.error()};
    auto pid = programs_.guardian(pair->b.get(), words->get());
    if (!pid) return std::unexpected{pid.error()};
    auto held = Process::hold(*pid);
    if (!held) return std::unexpected{held.error()};
    guardian_ = std::move(*held);
    guardian_hangs_ = false;
    hal_ = hal::Seqpacket{std::move(pair->a)};
    return {};
}

Result<void> DeviceProcesses::stop_boot_side() {
    auto dead = boot_.kill_tree();
    boot_words_.finish();
    boot_ = {};
    boot_hangs_ = firmware_hangs_ = false;
    screen_.close();
    return dead;
}

// The reset line: everything but guardian and motor goes to zero, the TPM included.
Result<void> DeviceProcesses::reset_device() {
    if (auto dead = stop_boot_side(); !dead) return dead;
    tpm_.off();
    if (!tpm_broken_)
        if (auto on = tpm_.on(); !on) return on;
    auto boot = hal::make_seqpacket_pair();
    auto dose = hal::make_seqpacket_pair();
    auto screen = hal::make_seqpacket_pair();
    if (!boot || !dose || !screen) return no_channel();
    auto words = boot_words_.open();
    if (!words) return std::unexpected{words.error()};
    auto pid = programs_.boot(boot->b.get(), dose->b.get(), screen->b.get(), listener_, words->get());
    if (!pid) return std::unexpected{pid.error()};
    auto held = Process::hold(*pid);
    if (!held) return std::unexpected{held.error()};
    boot_ = std::move(*held);
    screen_ = hal::Seqpacket{std::move(screen->a), hal::Wait::no};
    last_reset_ = board_.now();
    const std::array ends{boot->a.get(), dose->a.get()};
    (void)hal_.send_with(hal::BoardFrames::encode(hal::ResetDone{}).view(),
                         ends);  // a dead guardian is found by its channel
    return {};
}

Result<TickReport> DeviceProcesses::play_tick() {
    TickReport report;
    closed_by_budget_ = 0;
    for (;;) {
        frames_this_tick_ = 0;
        (void)hal_.send(hal::BoardFrames::encode(board_.begin_tick()).view());
        auto served = guardian_hangs_ ? Result<Served>{Served::guardian_gone} : serve(report, false);
        if (!served) return std::unexpected{served.error()};
        if (*served == Served::done) {
            report.done = true;
            return report;
        }
        // The watchdog. The motor has stopped with the guardian; the same tick is played again, so that a dose which
        // fell due in it is not lost.
        if (auto restarted = start_after_watchdog(report); !restarted) return std::unexpected{restarted.error()};
        if (++report.guardian_restarts > restarts_a_tick) return report;
    }
}

Result<hal::ReleaseTerms> DeviceProcesses::ask_release() {
    (void)hal_.send(hal::BoardFrames::encode(hal::ReleaseAsk{}).view());
    if (auto heard = hear_release(); !heard) return std::unexpected{heard.error()};
    return board_.release_terms();
}

Result<hal::ReleaseVerdict> DeviceProcesses::release(const hal::Release& release) {
    (void)hal_.send(hal::BoardFrames::encode(release).view());
    if (auto heard = hear_release(); !heard) return std::unexpected{heard.error()};
    return board_.release_verdict();
}

Result<void> DeviceProcesses::hear_release() {
    TickReport nobody_reads;
    closed_by_budget_ = 0;
    reading_badges_ = true;
    auto served = guardian_hangs_ ? Result<Served>{Served::guardian_gone} : serve(nobody_reads, false);
    reading_badges_ = false;
    if (!served) return std::unexpected{served.error()};
    if (*served != Served::release_said)
        return fail(ErrorCode::check_failed, "The guardian did not answer the badge reader.",
                    "Let the device run for a moment, then try again.");
    return {};
}

// The guardian with all that rests on it.
Result<void> DeviceProcesses::stop_guardian() {
    if (auto dead = guardian_.kill(); !dead) return dead;
    guardian_words_.finish();
    board_.guardian_died();
    return stop_boot_side();
}

Result<void> DeviceProcesses::start_after_watchdog(TickReport& report) {
    if (auto stopped = stop_guardian(); !stopped) return stopped;
    if (auto started = start_guardian(); !started) return started;
    auto served = serve(report, true);  // a guardian that dies at once is found by the next tick's frame
    return served ? Result<void>{} : std::unexpected{served.error()};
}

// Serves the guardian until it says Done (or, while it starts, its first signals), or until it is gone.
Result<DeviceProcesses::Served> DeviceProcesses::serve(TickReport& report, bool starting) {
    for (;;) {
        if (!guardian_speaks(starting ? guardian_starts_ms : patience())) {
            if (starting || !close_next_slot(report)) return Served::guardian_gone;
            continue;
        }
        std::array<std::uint8_t, max_frame_size> buffer;
        const hal::Received received = hal_.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::ended) return Served::guardian_gone;
        if (received.arrival != hal::Arrival::frame) continue;
        if (die_at_frame_ > 0 && ++frames_this_tick_ == die_at_frame_) {
            die_at_frame_ = 0;
            if (auto dead = guardian_.kill(); !dead) return std::unexpected{dead.error()};
            return Served::guardian_gone;
        }
        switch (board_.serve(ByteView{buffer}.first(received.size), hal_)) {
            case Asked::nothing:
            case Asked::refused:
                break;
            case Asked::signals:
                if (starting) return Served::started;
                break;
            case Asked::release_said:
                if (reading_badges_) return Served::release_said;
                break;
            case Asked::done:
                return Served::done;
            case Asked::memory_lost:  // what it says next rests on a record that is not there
                return Served::guardian_gone;
            case Asked::reset:
                ++report.resets;
                if (auto reset = reset_device(); !reset) return std::unexpected{reset.error()};
                break;
        }
    }
}

// Waits for a frame of the guardian, or its end, and hands on meanwhile what the programs say. However much that is,
// the wait is over in time: a program that talks without end has no more of it than one that is silent.
bool DeviceProcesses::guardian_speaks(int timeout_ms) {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::milliseconds{timeout_ms};
    for (int rest = timeout_ms;;) {
        const std::array ends{hal_.get(), guardian_words_.arrived(), boot_words_.arrived()};
        const auto ready = hal::wait_readable(ends, rest);
        if ((ready & 2U) != 0) guardian_words_.pass_on();
        if ((ready & 4U) != 0) boot_words_.pass_on();
        if ((ready & 1U) != 0) return true;
        rest = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count());
        if (ready == 0) return false;
        // To pass words on waits for as long as the user's terminal does (Ctrl-S). What the guardian said meanwhile
        // came in time.
        if (rest <= 0) return (hal::wait_readable(std::array{hal_.get()}, 0) & 1U) != 0;
    }
}

int DeviceProcesses::patience() const noexcept {
    if (boot_hangs_ || firmware_hangs_) return name_again_ms;
    if (closed_by_budget_ == 1) return budget_.named_ms;
    if (closed_by_budget_ == 2) return budget_.guardian_ms;
    return board_.now() < last_reset_ + start_lasts_s ? budget_.start_ms : budget_.slot_ms;
}

// The board does not see whom the guardian waits for, and the guardian hears only of the side that it waits for: the
// one that is named in vain loses nothing. False: both were named, so it is the guardian that hangs.
bool DeviceProcesses::close_next_slot(TickReport& report) {
    if (boot_hangs_ || firmware_hangs_) {
        if (boot_hangs_) say_closed(hal::Side::boot);
        if (firmware_hangs_) say_closed(hal::Side::firmware);
        return true;
    }
    if (closed_by_budget_ == 2) return false;
    const hal::Side side = closed_by_budget_ == 0 ? hal::Side::firmware : hal::Side::boot;
    if (closed_by_budget_++ == 0)
        report.overruns.push_back({board_.now(), side});
    else
        report.overruns.back().side = side;
    say_closed(side);
    return true;
}

void DeviceProcesses::say_closed(hal::Side side) noexcept {
    (void)hal_.send(hal::BoardFrames::encode(hal::SlotClosed{side}).view());
}

std::optional<pid_t> DeviceProcesses::process_of(Part part) const {
    switch (part) {
        case Part::guardian:
            return guardian_.alive() ? std::optional{guardian_.pid()} : std::nullopt;
        case Part::boot:
            return boot_.alive() ? std::optional{boot_.pid()} : std::nullopt;
        case Part::tpm:
            return tpm_.pid() > 0 ? std::optional{tpm_.pid()} : std::nullopt;
        case Part::firmware:
        case Part::gateway:
            break;
    }
    if (!boot_.alive()) return std::nullopt;
    const std::string program = "basalt-" + std::string{name_of(part)};  // as boot names it: device/boot/children.cpp
    for (const pid_t child : children_of(boot_.pid())) {
        const auto words = command_line(child);
        if (std::ranges::find(words, program) != words.end()) return child;
    }
    return std::nullopt;
}

Result<void> DeviceProcesses::kill(Part part) {
    if (part == Part::tpm) {
        tpm_broken_ = true;
        tpm_.off();
        return {};
    }
    const auto pid = process_of(part);
    if (!pid) return {};
    if (part == Part::guardian) return guardian_.kill();
    if (part == Part::boot) return boot_.kill_tree();
    auto process = Process::hold(*pid);
    return process ? process->kill() : Result<void>{};
}

Result<void> DeviceProcesses::hang(Part part) {
    const auto pid = process_of(part);
    if (!pid) return {};
    auto process = Process::hold(*pid);
    if (!process) return {};
    if (auto stopped = process->hang(); !stopped) return stopped;
    if (part == Part::guardian) guardian_hangs_ = true;
    if (part == Part::boot) boot_hangs_ = true;
    if (part == Part::firmware) firmware_hangs_ = true;
    if (part == Part::tpm) tpm_broken_ = true;
    return {};
}

}  // namespace basalt::bench
