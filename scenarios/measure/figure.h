// scenarios/measure/figure.h: one line of a benchmark: a value, the peer's value from the same run, and their ratio.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace basalt::measure {

struct Figure {
    std::string name;  ///< for programs: "days_in_processes"
    std::string what;  ///< for people, with what the peer is
    std::string unit;  ///< "days_per_s", "ms"
    double value = 0;
    double peer_value = 0;
    double ratio = 0;  ///< how many times as long as the peer it takes, whatever the unit; smaller is better
    double goal = 0;   ///< the ratio is to be at most this
    bool met() const noexcept { return ratio <= goal; }
};

/// What was to be measured and could not be, and why.
struct LeftOut {
    std::string name;
    std::string why;
};

struct Figures {
    std::vector<Figure> figures;
    std::vector<LeftOut> left_out;
};

/// The seconds that each round took. Round by round: whatever slows the machine meanwhile slows both.
struct Rounds {
    std::vector<double> own_s;
    std::vector<double> peer_s;  ///< as many
};

/// The middle value; with an even number, the mean of the two in the middle. 0 for none.
double median(std::vector<double> values) noexcept;

/// The median of the rounds' own ratios, not the ratio of the medians: a slow round then counts for nothing.
double ratio_of(const Rounds& rounds) noexcept;

struct Label {
    std::string name, what;
    double goal;
};
/// In milliseconds.
Figure time_figure(const Label& label, const Rounds& rounds);
/// In simulated days a second, where each round lived `days`.
Figure speed_figure(const Label& label, const Rounds& rounds, double days);

/// Wall-clock seconds that `work` took.
template <class Work>
double seconds_of(Work&& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// One object: schema, results [name, value, unit, peer_value, ratio, goal, met], left_out [name, why].
std::string as_json(const Figures& figures);
/// A table: what, value, peer, ratio, goal, met.
std::string as_table(const Figures& figures);

}  // namespace basalt::measure
