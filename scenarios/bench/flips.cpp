#include "scenarios/bench/flips.h"

#include "device/guardian/memory.h"
#include "scenarios/bench/delivery_check.h"
#include "scenarios/bench/kept_record.h"
#include "scenarios/bench/ring_reader.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <initializer_list>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;
using hal::Mode;

struct Kind {
    const char* name;
    std::vector<const char*> files;  ///< each gets a flip; below the state directory
    Mode mode;
    const char* alarm;  ///< that must be on; null: none
    bool runs;          ///< a genuine firmware is there, and runs
};
const std::array kinds{
    Kind{"firmware_both_slots",
         {"flash/slot-a/firmware.img", "flash/slot-b/firmware.img"},
         Mode::failsafe,
         "both_slots_refused",
         false},
    Kind{"firmware_slot_a", {"flash/slot-a/firmware.img"}, Mode::normal, "slot_a_refused", true},
    Kind{"firmware_slot_b",
         {"flash/slot-b/firmware.img"},
         Mode::normal,
         nullptr,
         true},  // not looked at while A is good
    Kind{"gateway", {"flash/slot-a/gateway.img"}, Mode::normal, "gateway_refused", true},
    Kind{"configuration", {"flash/config/device.cfg"}, Mode::failsafe, "configuration_refused", true},
    Kind{"profile", {"chip/guardian.mem"}, Mode::stopped, "profile_refused", true},
};

const Kind& kind_of(std::uint64_t seed) { return kinds[seed % kinds.size()]; }

Result<void> flip(const fs::path& file, std::uint64_t byte, int bit) {
    std::fstream both{file, std::ios::binary | std::ios::in | std::ios::out};
    both.seekg(static_cast<std::streamoff>(byte));
    const int now = both.get();
    both.seekp(static_cast<std::streamoff>(byte));
    both.put(static_cast<char>(now ^ (1 << bit)));
    both.close();
    if (!both) return std::unexpected{cannot("The file cannot be changed:", file.string(), errno)};
    return {};
}

// The profile stands twice in the guardian's memory; a flip in one copy is mended from the other, so both are struck.
Result<void> flip_profile(const fs::path& memory, Chance& chance) {
    namespace layout = guardian::layout;
    std::ifstream in{memory, std::ios::binary};
    in.seekg(layout::profile);
    const int low = in.get(), high = in.get();
    const auto size = static_cast<std::uint64_t>(low | high << 8);
    in.close();
    const auto bit = static_cast<int>(chance.below(8));
    const std::uint64_t byte = layout::profile + 2 + chance.below(size);
    if (auto first = flip(memory, byte, bit); !first) return first;
    return flip(memory, byte + layout::profile_size, bit);
}

Result<void> strike(const fs::path& state, const Kind& kind, Chance& chance) {
    for (const char* name : kind.files) {
        const fs::path file = state / name;
        if (kind.mode == Mode::stopped) return flip_profile(file, chance);
        const auto size = fs::file_size(file);
        if (auto done = flip(file, chance.below(size), static_cast<int>(chance.below(8))); !done) return done;
    }
    return {};
}

}  // namespace

const std::uint64_t kinds_of_flips = kinds.size();

std::string kind_of_flip(std::uint64_t seed) { return kind_of(seed).name; }

Result<Trial> flip_trial(const fs::path& from, std::uint64_t seed) {
    const Kind& kind = kind_of(seed);
    Chance chance{seed};
    auto fresh = FreshDevice::copy_of(from);
    if (!fresh) return std::unexpected{fresh.error()};
    if (auto struck = strike((*fresh)->state().path(), kind, chance); !struck) return std::unexpected{struck.error()};
    Seen seen;
    if (auto alive = (*fresh)->come_alive({{}, seed, {}}, seen); !alive) return std::unexpected{alive.error()};
    Simulation& simulation = (*fresh)->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};
    if (auto lived = simulation.run_until({1'800}); !lived) return std::unexpected{lived.error()};

    Complaints wrong;
    wrong.expect(seen.mode() == kind.mode, "The mode is not the one of the design.");
    wrong.expect(kind.alarm == nullptr || seen.alarmed(kind.alarm), "The alarm did not come on.");
    wrong.expect(seen.happened("image_started") == kind.runs,
                 kind.runs ? "The genuine firmware was not started." : "A changed firmware was started.");
    wrong.expect(kind.runs == simulation.device().process_of(Part::firmware).has_value(),
                 "The wrong program runs, or none.");
    wrong.expect(kind.alarm == nullptr || kind.mode == Mode::stopped || seen.happened("image_refused") ||
                     seen.happened("gateway_refused") || seen.happened("configuration_refused"),
                 "The guardian's memory does not say what was refused.");
    const pump_model::Motor& motor = simulation.board().motor();
    const auto ring = ring_entries((*fresh)->device().memory(), 0);
    if (kind.mode == Mode::stopped)
        wrong.expect(motor.target_mu() == 0, "Insulin was given from a profile that does not verify.");
    else
        for (const auto& sentence :
             check_ring(ring, 0, motor.count_mu(), motor.target_mu() - motor.count_mu(), simulation.board().now()))
            wrong.add(sentence);
    return Trial{seed, kind.name, wrong.text()};
}

}  // namespace basalt::bench
