// tests/integration/therapy/person.h: people at the link step of the real firmware, each with one act at one tick.
#pragma once
#include "device/firmware/people_step.h"

#include <functional>
#include <map>
#include <vector>

namespace basalt::firmware::test {

class People final : public PeopleStep {
  public:
    using Act = std::function<void(const PeoplesTurn&)>;
    /// In the first slot at or after this tick.
    void at(Tick tick, Act act) { acts_.emplace(tick, std::move(act)); }

    void serve(const PeoplesTurn& turn) override {
        now_ = turn.tick.tick;
        while (!acts_.empty() && acts_.begin()->first <= turn.tick.tick) {
            acts_.begin()->second(turn);
            acts_.erase(acts_.begin());
        }
        seen = turn.therapy.seen();
    }
    void on_wish_answer(const WishAnswer& answer) override { answers.push_back(answer); }
    void done(bool on_record) override { not_on_record += on_record ? 0 : 1; }
    bool waiting() const override { return !acts_.empty() && acts_.begin()->first <= now_ + 300; }

    TherapySeen seen;  ///< in the last slot
    std::vector<WishAnswer> answers;
    int not_on_record = 0;

  private:
    std::multimap<Tick, Act> acts_;
    Tick now_{};
};

}  // namespace basalt::firmware::test
