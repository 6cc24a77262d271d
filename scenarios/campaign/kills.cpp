#include "scenarios/campaign/kills.h"

#include "device/factory/therapy.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/campaign/account.h"
#include "scenarios/campaign/dose_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <random>

namespace basalt::campaign {
namespace {

using bench::Part;
using hal::Mode;

constexpr std::int64_t an_hour_s = 3'600;
constexpr std::int64_t basal_slot_s = 300;
// What the device is granted until it is in normal mode again: the next basal slot, in which the loss is found at the
// latest; a hold, which is as long in a crash loop; some ticks for the start itself.
constexpr std::int64_t back_within_s = 300 + 300 + 20;
// The firmware asks its TPM once an hour; then comes at most one reset.
constexpr std::int64_t silence_found_within_s = an_hour_s + back_within_s;
// No basal dose of these patients takes the motor longer, and the next slot is further away.
constexpr std::int64_t motor_rests_after_s = 30;
constexpr std::size_t oldest_answer_slots = 8;
constexpr int losses_that_isolate = 3;
constexpr int last_frame = 12;

/// A sentence with its second: "At 4711 s, 300 s after firmware killed: ..."
std::string at(Moment now, const Blow& blow, std::string_view what) {
    return fmt::format("At {} s, {} s after \"{}\": {}", now.seconds, now.seconds - blow.at.seconds, name_of(blow),
                       what);
}

bool resets(Part part) { return part == Part::guardian || part == Part::boot || part == Part::firmware; }

/// One run, from power-on to the account.
class Run {
  public:
    Run(bench::LivingDevice& device, const Witness& witness, const std::vector<Blow>& blows, std::int64_t hours)
        : device_(device),
          simulation_(device.simulation()),
          witness_(witness),
          blows_(blows),
          end_{hours * an_hour_s} {}

    Result<void> play() {
        begin_ = device_.board().now();
        if (auto on = simulation_.power_on(); !on) return on;
        for (std::size_t i = 0; i < blows_.size(); ++i)
            if (auto struck = strike(i); !struck) return struck;
        if (auto on = simulation_.run_until(end_); !on) return on;
        judge_the_end();
        if (auto read = compare_the_dose_table(); !read) return read;
        if (auto still = simulation_.run_until(simulation_.now() + motor_rests_after_s); !still) return still;
        judge_the_account();
        simulation_.power_off();
        return {};
    }
    std::vector<std::string> faults;

  private:
    Result<void> strike(std::size_t i) {
        const Blow& blow = blows_[i];
        if (auto on = simulation_.run_until(blow.at); !on) return on;
        simulation_.device().kill_guardian_at_frame(0);  // a tick with so many frames did not come
        const auto before = simulation_.device().process_of(blow.part);
        const Mode mode = simulation_.mode();
        if (before && blow.part == Part::tpm && !tpm_gone_at_) tpm_gone_at_ = blow.at;
        if (before && blow.part != Part::gateway && blow.part != Part::tpm) ++losses_;
        if (before && blow.part == Part::boot) ++boots_lost_;
        if (auto done = hit(blow); !done) return done;
        if (!before) return {};
        if (blow.part == Part::gateway) gateway_hangs_ = blow.how == How::hung;
        const bool unsettled = settled_at_ > blow.at;
        if (resets(blow.part)) settled_at_ = blow.at + back_within_s;

        const Moment next = i + 1 < blows_.size() ? blows_[i + 1].at : end_;
        if (const Moment seen = blow.at + basal_slot_s + 1; seen <= next) {
            if (auto on = simulation_.run_until(seen); !on) return on;
            judge_the_effect(blow, mode, *before, unsettled);
        }
        if (const Moment back = blow.at + back_within_s; back <= next) {
            if (auto on = simulation_.run_until(back); !on) return on;
            judge_the_mode(blow);
        }
        return {};
    }

    Result<void> hit(const Blow& blow) {
        switch (blow.how) {
            case How::killed:
                return simulation_.kill(blow.part);
            case How::hung:
                return simulation_.hang(blow.part);
            case How::cut_in_tick:
                simulation_.device().kill_guardian_at_frame(blow.frame);
        }
        return {};
    }

    // Who goes on, and who brings it back.
    void judge_the_effect(const Blow& blow, Mode mode, pid_t before, bool unsettled) {
        const Moment now = simulation_.now();
        const auto after = simulation_.device().process_of(blow.part);
        const bool reset = resets(blow.part);
        if (reset && mode == Mode::normal && !witness_.became(Mode::start_up, blow.at, now) &&
            (blow.how != How::cut_in_tick || after != before))
            faults.push_back(at(now, blow, "the guardian did not begin at start-up again."));
        if (blow.part == Part::gateway) {
            const bool alone = witness_.modes.empty() || witness_.modes.back().at <= blow.at;
            const bool quiet = !tpm_gone_at_ && mode == Mode::normal && !unsettled;
            if (quiet && !alone)
                faults.push_back(at(now, blow, "the mode changed, for a part that has no say in therapy."));
            if (quiet && blow.how == How::killed && (!after || *after == before) &&
                !simulation_.board().signals().network_isolated)
                faults.push_back(at(now, blow, "boot did not bring the network part back."));
        }
    }

    bool failsafe_may_be() const {
        return tpm_gone_at_.has_value() || (boots_lost_ >= 3 && witness_.shows("boot_failed"));
    }
    bool failsafe_must_be() const {
        return tpm_gone_at_ && simulation_.now() >= *tpm_gone_at_ + silence_found_within_s;
    }

    void judge_the_mode(const Blow& blow) {
        if (const auto fault = wrong_mode()) faults.push_back(at(simulation_.now(), blow, *fault));
    }
    std::optional<std::string> wrong_mode() const {
        const Mode mode = simulation_.mode();
        if (mode == Mode::failsafe && failsafe_may_be()) return std::nullopt;
        if (failsafe_must_be()) return "the TPM is gone, and the pump is not in failsafe.";
        if (tpm_gone_at_) return std::nullopt;  // start-up or normal, until it is found
        if (mode == Mode::normal) return std::nullopt;
        return fmt::format("the pump should be in normal mode again, and is in mode number {}.",
                           std::to_underlying(mode));
    }

    void judge_the_end() {
        const auto settled = std::max(settled_at_, blows_.empty() ? Moment{} : blows_.back().at + back_within_s);
        if (settled <= end_)
            if (const auto fault = wrong_mode()) faults.push_back(fmt::format("At the end {}", *fault));
        const auto overruns = static_cast<int>(simulation_.overruns().size());
        if (losses_ + overruns < losses_that_isolate && simulation_.mode() != Mode::failsafe &&
            simulation_.board().signals().network_isolated)
            faults.push_back("The network is isolated, and fewer than three losses were there.");
        if (witness_.shows("memory_rolled_back") || witness_.shows("storage_damaged") || witness_.shows("log_broken") ||
            witness_.shows("ring_rolled_back") || witness_.shows("memory_damaged") || witness_.shows("dose_over_limit"))
            faults.push_back("The pump believes that it was tampered with, and it was not.");
    }

    // The firmware's own table of doses, as a client reads it.
    Result<void> compare_the_dose_table() {
        if (simulation_.mode() != Mode::normal || simulation_.board().signals().network_isolated || tpm_gone_at_)
            return {};
        if (gateway_hangs_)  // it, or one that was started since: a hung network part answers nobody: boot starts
                             // another
            if (auto dead = simulation_.kill(Part::gateway); !dead) return dead;
        if (auto on = simulation_.run_until(simulation_.now() + basal_slot_s); !on) return on;
        auto table = read_dose_table(simulation_);
        if (!table) return std::unexpected{table.error()};
        if (auto still = simulation_.run_until(simulation_.now() + motor_rests_after_s); !still) return still;
        if (!*table) {
            faults.push_back("The firmware did not tell its table of doses.");
            return {};
        }
        std::int64_t sum = 0;
        for (const DoseRow& row : **table) {
            sum += row.amount_mu;
            if (row.origin == "gap" || row.origin == "unexplained")
                faults.push_back(fmt::format("The firmware's table holds a dose whose origin is \"{}\".", row.origin));
        }
        // The answer may be some slots older than the motor: the table must be all of the record up to one of its
        // newest.
        std::int64_t on_record = 0;
        std::deque<std::int64_t> newest{0};
        for (const auto& entry : bench::ring_entries(device_.memory(), 0)) {
            if (entry.kind != hal::RingKind::dose && entry.kind != hal::RingKind::correction) continue;
            newest.push_back(on_record += entry.amount.count);
            if (newest.size() > oldest_answer_slots) newest.pop_front();
        }
        if (std::ranges::find(newest, sum) == newest.end())
            faults.push_back(
                fmt::format("The firmware's table holds {} mU, and the guardian's record {} mU.", sum, on_record));
        return {};
    }

    void judge_the_account() {
        Account account;
        account.ring = bench::ring_entries(device_.memory(), 0);
        account.motor_mu = device_.board().motor().count_mu();
        account.begin = begin_;
        account.end = device_.board().now();
        account.limits = factory::usual_limits;
        for (std::string& fault : faults_of(account)) faults.push_back(std::move(fault));
    }

    bench::LivingDevice& device_;
    bench::Simulation& simulation_;
    const Witness& witness_;
    const std::vector<Blow>& blows_;
    Moment end_;
    Tick begin_;
    Moment settled_at_{-1};
    std::optional<Moment> tpm_gone_at_;
    bool gateway_hangs_ = false;
    int losses_ = 0, boots_lost_ = 0;
};

}  // namespace

std::string name_of(const Blow& blow) {
    constexpr std::array how{"killed", "hung", "cut in its tick"};
    return fmt::format("{} {}", bench::name_of(blow.part), how[std::to_underlying(blow.how)]);
}

std::vector<Blow> draw_blows(std::uint64_t seed, std::int64_t hours) {
    std::mt19937_64 rng{seed};
    // Not a distribution of the library: its draws may differ from one library to the next.
    const auto below = [&rng](std::uint64_t n) { return static_cast<std::int64_t>(rng() % n); };
    const std::int64_t end = hours * an_hour_s;
    std::vector<Blow> blows(static_cast<std::size_t>(1 + below(8)));
    std::int64_t before = -1;
    for (Blow& blow : blows) {
        const bool soon = before >= 0 && below(3) == 0;
        blow.at = {std::min(end - 1, soon ? before + below(400) : below(static_cast<std::uint64_t>(end)))};
        before = blow.at.seconds;
        constexpr std::array parts{Part::guardian, Part::boot, Part::firmware, Part::gateway};
        blow.part = parts[static_cast<std::size_t>(below(parts.size()))];
        blow.how = below(2) == 0 ? How::killed : How::hung;
        if (blow.part == Part::guardian && below(2) == 0) blow.how = How::cut_in_tick;
        blow.frame = static_cast<int>(1 + below(last_frame));
    }
    if (below(4) == 0) blows.front().part = Part::tpm;
    if (blows.front().part == Part::tpm && blows.front().how == How::cut_in_tick) blows.front().how = How::killed;
    std::ranges::stable_sort(blows, {}, &Blow::at);
    return blows;
}

Result<RunResult> play_blows(const bench::FreshDevice& fresh, const std::vector<Blow>& blows, std::int64_t hours) {
    auto copy = fresh.copy();
    if (!copy) return std::unexpected{copy.error()};
    Witness witness;
    const bool tpm_hangs =
        std::ranges::any_of(blows, [](const Blow& b) { return b.part == Part::tpm && b.how == How::hung; });
    bench::HostBudget budget;
    if (tpm_hangs) budget.slot_ms = 5'000;  // a hung TPM is found by the board's patience alone
    auto device = (*copy)->live(witness, {{}, 1, budget});
    if (!device) return std::unexpected{device.error()};
    Run run{**device, witness, blows, hours};
    if (auto played = run.play(); !played) return std::unexpected{played.error()};
    RunResult result;
    for (const Blow& blow : blows)
        if (auto name = name_of(blow); std::ranges::find(result.kinds, name) == result.kinds.end())
            result.kinds.push_back(std::move(name));
    result.faults = std::move(run.faults);
    if (!result.faults.empty())
        for (const Blow& blow : blows)
            result.faults.push_back(fmt::format("At {} s: {}.", blow.at.seconds, name_of(blow)));
    return result;
}

}  // namespace basalt::campaign
