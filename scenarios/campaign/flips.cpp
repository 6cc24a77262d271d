#include "scenarios/campaign/flips.h"

#include "device/factory/therapy.h"
#include "device/guardian/memory.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/campaign/account.h"
#include "scenarios/campaign/witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <random>

namespace basalt::campaign {
namespace {

namespace fs = std::filesystem;
using bench::Part;
using hal::Mode;

constexpr std::uint64_t head_bytes = 512;
constexpr std::int64_t lives_s = 620;  // two basal slots after the start

enum class Target : std::uint8_t { both, slot_a, slot_b, gateway };
constexpr std::array target_names{"firmware of both slots", "firmware of slot A", "firmware of slot B", "gateway"};
constexpr Target target_of(std::uint64_t seed) { return static_cast<Target>(seed % target_names.size()); }

Result<void> flip(const fs::path& flash, const Flip& change) {
    std::fstream file{flash / change.image, std::ios::in | std::ios::out | std::ios::binary};
    char byte = 0;
    file.seekg(static_cast<std::streamoff>(change.bit / 8)).get(byte);
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (change.bit % 8)));
    file.seekp(static_cast<std::streamoff>(change.bit / 8)).put(byte).flush();
    if (file) return {};
    return fail(ErrorCode::io, "The image " + change.image + " cannot be changed.", "Look at the disk of $TMPDIR.");
}

std::optional<hal::BootReport> boot_report(const std::vector<hal::RingEntry>& ring) {
    for (const hal::RingEntry& entry : ring)
        if (entry.kind == hal::RingKind::boot) return guardian::from_detail<hal::BootReport>(entry);
    return std::nullopt;
}

bool refused(ImageVerdict verdict) { return verdict != ImageVerdict::accepted && verdict != ImageVerdict::not_needed; }

/// What the design says of each target.
struct Expected {
    bool a_refused, b_refused, gateway_refused;
    Mode mode;
    std::string_view alarm;
    bool firmware_runs, gateway_runs;
};
constexpr Expected expected(Target target) {
    switch (target) {
        case Target::both:
            return {true, true, false, Mode::failsafe, "both_slots_refused", false, false};
        case Target::slot_a:
            return {true, false, false, Mode::normal, "slot_a_refused", true, true};
        case Target::slot_b:
            return {false, true, false, Mode::normal, "slot_b_refused", true, true};
        case Target::gateway:
            return {false, false, true, Mode::normal, "gateway_refused", true, false};
    }
    return {};
}

void judge(const Expected& must, bench::LivingDevice& device, const Witness& witness,
           std::vector<std::string>& faults) {
    bench::Simulation& simulation = device.simulation();
    const auto check = [&faults](bool good, std::string_view otherwise) {
        if (!good) faults.emplace_back(otherwise);
    };
    const auto ring = bench::ring_entries(device.memory(), 0);
    const auto report = boot_report(ring);
    check(report.has_value(), "The guardian's ring holds no report of boot.");
    if (report) {
        check(refused(report->firmware_a) == must.a_refused, "Slot A was judged wrongly.");
        check(refused(report->firmware_b) == must.b_refused, "Slot B was judged wrongly.");
        check(refused(report->gateway) == must.gateway_refused || must.mode == Mode::failsafe,
              "The network part was judged wrongly.");
        for (const ImageVerdict verdict : {report->firmware_a, report->firmware_b, report->gateway})
            check(!refused(verdict) || !in_words(verdict).empty(), "A refusal has no words.");
    }
    check(simulation.mode() == must.mode, fmt::format("The mode is number {}.", std::to_underlying(simulation.mode())));
    check(must.mode != Mode::failsafe || !witness.became(Mode::normal, {}, simulation.now()), "It was in normal mode.");
    check(witness.shows(must.alarm), fmt::format("The alarm {} is not shown.", must.alarm));
    check(simulation.device().process_of(Part::firmware).has_value() == must.firmware_runs,
          must.firmware_runs ? "The firmware does not run." : "A refused firmware runs.");
    check(simulation.device().process_of(Part::gateway).has_value() == must.gateway_runs,
          must.gateway_runs ? "The network part does not run." : "A refused network part runs.");
    const Account account{ring, device.board().motor().count_mu(), {}, device.board().now(), factory::usual_limits};
    for (std::string& fault : faults_of(account)) faults.push_back(std::move(fault));
}

}  // namespace

Result<std::vector<Flip>> draw_flips(std::uint64_t seed, const fs::path& flash) {
    std::mt19937_64 rng{seed};
    std::vector<Flip> flips;
    const auto draw = [&](std::string image) -> Result<void> {
        std::error_code error;
        const std::uint64_t size = fs::file_size(flash / image, error);
        if (error || size == 0)
            return fail(ErrorCode::unreadable, "The image " + image + " is not there.", "Build it again.");
        const std::uint64_t most = rng() % 4 == 0 ? std::min(size, head_bytes) : size;
        flips.push_back({std::move(image), rng() % (most * 8)});
        return {};
    };
    const Target target = target_of(seed);
    Result<void> drawn;
    if (target == Target::both || target == Target::slot_a) drawn = draw("slot-a/firmware.img");
    if (drawn && (target == Target::both || target == Target::slot_b)) drawn = draw("slot-b/firmware.img");
    if (target == Target::gateway) drawn = draw("slot-a/gateway.img");
    if (!drawn) return std::unexpected{drawn.error()};
    return flips;
}

Result<RunResult> play_flips(const bench::FreshDevice& fresh, std::uint64_t seed) {
    auto copy = fresh.copy();
    if (!copy) return std::unexpected{copy.error()};
    const auto flips = draw_flips(seed, (*copy)->flash());
    if (!flips) return std::unexpected{flips.error()};
    for (const Flip& change : *flips)
        if (auto changed = flip((*copy)->flash(), change); !changed) return std::unexpected{changed.error()};

    Witness witness;
    auto device = (*copy)->live(witness);
    if (!device) return std::unexpected{device.error()};
    bench::Simulation& simulation = (*device)->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    if (auto lived = simulation.run_until({lives_s}); !lived) return std::unexpected{lived.error()};
    RunResult result{seed, {target_names[std::to_underlying(target_of(seed))]}, {}};
    judge(expected(target_of(seed)), **device, witness, result.faults);
    if (!result.faults.empty())
        for (const Flip& change : *flips)
            result.faults.push_back(fmt::format("Flipped was bit {} of {}.", change.bit, change.image));
    simulation.power_off();
    return result;
}

}  // namespace basalt::campaign
