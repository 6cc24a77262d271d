// scenarios/engine/recording.h: everything that was seen in one run, kept in the order of time.
#pragma once
#include "scenarios/engine/device_under_test.h"

#include <vector>

namespace basalt::scenarios {

/// An Observer that forgets nothing, and tells a second one everything too.
class Recording : public Observer {
  public:
    explicit Recording(Observer* also = nullptr) : also_(also) {}

    void hear(const Sample& seen) override { keep(samples, seen); }
    void hear(const Dose& seen) override { keep(doses, seen); }
    void hear(const ModeChange& seen) override { keep(modes, seen); }
    void hear(const Alarm& seen) override { keep(alarms, seen); }
    void hear(const Event& seen) override { keep(events, seen); }

    std::vector<Sample> samples;  ///< one a minute, from Moment 0
    std::vector<Dose> doses;
    std::vector<ModeChange> modes;
    std::vector<Alarm> alarms;
    std::vector<Event> events;

    /// False once something was heard of a moment before the one heard last.
    bool in_order() const noexcept { return in_order_; }

    std::vector<double> plasma() const {
        std::vector<double> out;
        out.reserve(samples.size());
        for (const auto& s : samples) out.push_back(s.plasma_mg_dl);
        return out;
    }
    /// Start-up until the device says otherwise.
    hal::Mode mode_at_end() const noexcept { return modes.empty() ? hal::Mode::start_up : modes.back().mode; }
    std::int64_t delivered_mu() const noexcept { return samples.empty() ? 0 : samples.back().delivered_mu; }

  private:
    template <class T>
    void keep(std::vector<T>& list, const T& seen) {
        in_order_ = in_order_ && seen.at >= last_;
        last_ = seen.at;
        list.push_back(seen);
        if (also_ != nullptr) also_->hear(seen);
    }

    Observer* also_;
    Moment last_;
    bool in_order_ = true;
};

}  // namespace basalt::scenarios
