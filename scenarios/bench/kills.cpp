#include "scenarios/bench/kills.h"

#include "scenarios/bench/delivery_check.h"
#include "scenarios/bench/radio_client.h"
#include "scenarios/bench/ring_reader.h"

#include <array>

namespace basalt::bench {
namespace {

using hal::Mode;

enum class How : std::uint8_t {
    kill,
    hang,
    kill_mid_tick,  ///< between two frames of the guardian in one tick: between a dose's record and its move, too
    crash_loop,     ///< killed again as soon as it is back, three times
};

struct Kind {
    const char* name;
    Part part;
    How how;
    Mode at_end;
    const char* alarm;  ///< that must have come on; null: none
};
// The design's table. The TPM's death is noticed when it is next needed: the device looks after it every hour.
constexpr std::array kinds{
    Kind{"kill_guardian", Part::guardian, How::kill, Mode::normal, "guardian_restarted"},
    Kind{"hang_guardian", Part::guardian, How::hang, Mode::normal, "guardian_restarted"},
    Kind{"kill_guardian_mid_tick", Part::guardian, How::kill_mid_tick, Mode::normal, "guardian_restarted"},
    Kind{"kill_boot", Part::boot, How::kill, Mode::normal, "firmware_lost"},
    Kind{"hang_boot", Part::boot, How::hang, Mode::normal, "firmware_lost"},
    Kind{"kill_firmware", Part::firmware, How::kill, Mode::normal, "firmware_lost"},
    Kind{"hang_firmware", Part::firmware, How::hang, Mode::normal, "firmware_lost"},
    Kind{"crash_loop_firmware", Part::firmware, How::crash_loop, Mode::normal, "network_isolated"},
    Kind{"kill_gateway", Part::gateway, How::kill, Mode::normal, nullptr},
    Kind{"hang_gateway", Part::gateway, How::hang, Mode::normal, nullptr},
    Kind{"kill_tpm", Part::tpm, How::kill, Mode::failsafe, "tpm_gone"},
    Kind{"hang_tpm", Part::tpm, How::hang, Mode::failsafe, "tpm_gone"},
};

const Kind& kind_of(std::uint64_t seed) { return kinds[seed % kinds.size()]; }

constexpr std::int64_t hour_s = 3'600;
// A hung TPM makes the firmware wait for it; the board does not wait a real device's time for that in a trial.
constexpr HostBudget budget{5'000, 60'000, 20'000, 500};

Result<void> strike(Simulation& simulation, const Kind& kind, Chance& chance) {
    switch (kind.how) {
        case How::kill:
            return simulation.kill(kind.part);
        case How::hang:
            return simulation.hang(kind.part);
        case How::kill_mid_tick: {
            // A quiet tick has about three frames, one with a dose a few more.
            simulation.kill_guardian_at_frame(1 + static_cast<int>(chance.below(6)));
            return {};
        }
        case How::crash_loop:
            for (int times = 0; times < 3; ++times) {
                if (auto killed = simulation.kill(kind.part); !killed) return killed;
                simulation.wake();
                if (auto lived = simulation.run_until(simulation.now() + 60); !lived) return lived;
            }
            return {};
    }
    return {};
}

// What the firmware has on record, when one runs that can be asked.
Result<void> check_the_records(Simulation& simulation, MemoryStore& memory, Complaints& complaints) {
    RadioClient client{simulation};
    const auto reachable = client.wait_until_reachable();
    if (!reachable) return std::unexpected{reachable.error()};
    if (!*reachable) {
        complaints.add("The network part did not come back.");
        return {};
    }
    std::vector<RecordedDose> records;
    for (std::uint64_t from = 1;;) {
        std::array<std::uint8_t, 8> argument{};
        codec::Writer writer{argument};
        writer(from);
        const auto bodies = client.ask(link::Operation::read_doses, argument);
        if (!bodies) {
            complaints.add(bodies.error().what);
            return {};
        }
        const auto doses = recorded_doses(*bodies);
        if (!doses) return std::unexpected{doses.error()};
        if (doses->empty()) break;
        from += doses->size();
        records.insert(records.end(), doses->begin(), doses->end());
    }
    for (const auto& sentence : check_records(ring_entries(memory, 0), records)) complaints.add(sentence);
    return {};
}

}  // namespace

const std::uint64_t kinds_of_kills = kinds.size();

std::string kind_of_kill(std::uint64_t seed) { return kind_of(seed).name; }

Result<Trial> kill_trial(const std::filesystem::path& from, std::uint64_t seed, std::int64_t hours) {
    const Kind& kind = kind_of(seed);
    Chance chance{seed};
    auto fresh = FreshDevice::copy_of(from);
    if (!fresh) return std::unexpected{fresh.error()};
    Seen seen;
    if (auto alive = (*fresh)->come_alive({{}, seed, budget}, seen); !alive) return std::unexpected{alive.error()};
    Simulation& simulation = (*fresh)->simulation();
    if (auto on = simulation.power_on(); !on) return std::unexpected{on.error()};

    // Time enough behind it that an hourly look at the TPM has been.
    const Moment struck{60 +
                        static_cast<std::int64_t>(chance.below(static_cast<std::uint64_t>(hours - 1) * hour_s - 600))};
    if (auto lived = simulation.run_until(struck); !lived) return std::unexpected{lived.error()};
    const bool was_normal = seen.mode() == Mode::normal;
    if (auto done = strike(simulation, kind, chance); !done) return std::unexpected{done.error()};
    const Moment end{hours * hour_s + 600};
    if (auto lived = simulation.run_until(end); !lived) return std::unexpected{lived.error()};

    Complaints wrong;
    wrong.expect(was_normal, "The pump was not in normal mode before.");
    wrong.expect(seen.mode() == kind.at_end, "The mode at the end is not the one of the table.");
    wrong.expect(kind.alarm == nullptr || seen.alarmed(kind.alarm), "The alarm of the table did not come on.");
    wrong.expect(kind.part != Part::gateway || !seen.entered(Mode::start_up, struck),
                 "The lost network part cost more than the network.");
    wrong.expect(kind.part == Part::tpm || !seen.entered(Mode::failsafe), "A crash latched failsafe.");
    const pump_model::Motor& motor = simulation.board().motor();
    for (const auto& sentence : check_ring(ring_entries((*fresh)->device().memory(), 0), 0, motor.count_mu(),
                                           motor.target_mu() - motor.count_mu(), simulation.board().now()))
        wrong.add(sentence);
    // After a crash loop the network is held off until a person lets it back, so nobody outside can ask.
    if (kind.at_end == Mode::normal && kind.how != How::crash_loop && kind.name != std::string_view{"hang_gateway"})
        if (auto checked = check_the_records(simulation, (*fresh)->device().memory(), wrong); !checked)
            return std::unexpected{checked.error()};
    return Trial{seed, kind.name, wrong.text()};
}

}  // namespace basalt::bench
