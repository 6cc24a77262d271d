// scenarios/bench/trial_device.h: what the trials of campaigns share: a provisioned device to copy, and a record of
// what was seen of each copy.
#pragma once
#include "scenarios/bench/device_under_test.h"
#include "scenarios/bench/fresh_device.h"

namespace basalt::bench {

/// Remembers what a device showed.
class Seen final : public scenarios::Observer {
  public:
    void hear(const scenarios::Sample&) override {}
    void hear(const scenarios::Dose& dose) override { doses.push_back(dose); }
    void hear(const scenarios::ModeChange& change) override { modes.push_back(change); }
    void hear(const scenarios::Alarm& alarm) override { alarms.push_back(alarm); }
    void hear(const scenarios::Event& event) override { events.push_back(event); }

    /// The mode was entered at or after `from`.
    bool entered(hal::Mode mode, scenarios::Moment from = {}) const;
    bool alarmed(std::string_view id) const;
    bool happened(std::string_view event_id) const;
    hal::Mode mode() const { return modes.empty() ? hal::Mode::start_up : modes.back().mode; }

    std::vector<scenarios::Dose> doses;
    std::vector<scenarios::ModeChange> modes;
    std::vector<scenarios::Alarm> alarms;
    std::vector<scenarios::Event> events;
};

/// The device that every trial begins with: a production device of an adult, never switched on.
Result<std::unique_ptr<FreshDevice>> trial_template(const BuiltThings& built);

/// Numbers that follow from a seed.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) noexcept : state_(seed) {}
    /// 0 to `below` - 1.
    std::uint64_t below(std::uint64_t below) noexcept;

  private:
    std::uint64_t state_;
};

/// Collects what is wrong, as sentences.
class Complaints {
  public:
    void expect(bool holds, std::string_view otherwise) {
        if (!holds) add(otherwise);
    }
    void add(std::string_view sentence) {
        if (!text_.empty()) text_ += ' ';
        text_ += sentence;
    }
    const std::string& text() const noexcept { return text_; }

  private:
    std::string text_;
};

}  // namespace basalt::bench
