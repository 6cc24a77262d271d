#include "ui/console/live_pump.h"

#include "device/hal/screen_frames.h"
#include "ui/view/answer.h"

#include <variant>

namespace basalt::console {
namespace {
constexpr std::uint64_t ask_every_s = 300, ask_attended_every_s = 2;
}

void LivePump::watch(bench::Simulation& simulation) noexcept {
    simulation_ = &simulation;
    began_s_ = simulation.board().now().seconds - static_cast<std::uint64_t>(simulation.now().seconds);
}

std::uint64_t LivePump::now_s() const noexcept { return simulation_->board().now().seconds; }

Result<void> LivePump::live(std::int64_t seconds) {
    if (!attended_) return live_for(seconds);
    for (std::int64_t second = 0; second < seconds; ++second) {
        simulation_->wake();
        if (auto lived = live_for(1); !lived) return lived;
    }
    return {};
}

Result<void> LivePump::live_for(std::int64_t seconds) {
    constexpr std::uint64_t let_go_s = 1;  // so long the guardian must see it up
    if (hold_next_s_ > 0 && now_s() > button_until_s_ + let_go_s) hold_button(std::exchange(hold_next_s_, 0));
    if (now_s() >= ask_at_s_ || (attended_ && now_s() + ask_every_s >= ask_at_s_ + ask_attended_every_s)) ask();
    if (auto lived = simulation_->run_until(simulation_->now() + seconds); !lived) return lived;
    const auto panel = facts().panel;
    const std::uint64_t read_at = simulation_->glucose_at().seconds;
    if (panel.glucose_mg_dl != 0 && read_at != last_reading_s_) {
        last_reading_s_ = read_at;
        history_.add(view::Reading{read_at, panel.glucose_mg_dl});
    }
    read_answers();
    return {};
}

void LivePump::hold_button(std::int64_t seconds) {
    if (now_s() <= button_until_s_ && button_until_s_ != 0) {
        hold_next_s_ = seconds;
        simulation_->wake();
        return;
    }
    simulation_->hold_button(seconds);
    button_from_s_ = now_s();
    button_until_s_ = now_s() + static_cast<std::uint64_t>(seconds);
}

Result<void> LivePump::eat(int carbs_g) {
    history_.add(view::Meal{now_s(), carbs_g});
    return simulation_->eat(carbs_g);
}

view::PumpFacts LivePump::facts() const {
    view::PumpFacts out;
    const bench::Board& board = simulation_->board();
    const hal::Sensors& sensors = board.sensors();
    const auto record = board.record();
    out.panel.now_s = now_s();
    out.panel.second_of_day = record.second_of_day.seconds;
    out.panel.clock_ok = record.clock_ok;
    out.panel.powered = powered_;
    out.panel.signals = board.signals();
    out.panel.glucose_mg_dl = sensors.glucose_mg_dl;
    out.panel.glucose_age_s = static_cast<std::uint32_t>(now_s() - simulation_->glucose_at().seconds);
    out.panel.reservoir = {static_cast<std::int32_t>(record.reservoir_mu)};
    out.panel.battery_percent = sensors.battery_percent;
    if (now_s() < button_until_s_) out.panel.button_held_s = static_cast<std::int64_t>(now_s() - button_from_s_);
    out.told = told_;
    out.before_stop = before_stop_;
    out.stopped_at = stopped_at_;
    return out;
}

// The question waits in the screen's channel until the firmware's next slot; its answer is read whenever it has come.
void LivePump::ask() {
    ask_at_s_ = now_s() + ask_every_s;
    const hal::ScreenRequest request{.id = ++asked_id_, .question = hal::ScreenQuestion::state};
    if (simulation_->device().screen().send(hal::ScreenFrames::encode(request).view())) simulation_->wake();
}

void LivePump::read_answers() {
    for (int frames = 0; frames < hal::max_screen_replies; ++frames) {
        std::array<std::uint8_t, max_frame_size> buffer;
        const auto packet = simulation_->device().screen().receive(buffer, hal::Wait::no);
        if (packet.arrival != hal::Arrival::frame) return;
        const auto frame = hal::ScreenFrames::decode(ByteView{buffer}.first(packet.size));
        const auto* reply = frame ? std::get_if<hal::ScreenReply>(&*frame) : nullptr;
        if (reply == nullptr || reply->id != asked_id_ || reply->status != hal::ScreenStatus::ok) continue;
        const auto body = reply->body.view();
        if (auto told = view::read_state({reinterpret_cast<const char*>(body.data()), body.size()}, now_s())) {
            told_ = std::move(told);
            told_at_ = simulation_->board().record().second_of_day.seconds;
        }
    }
}

void LivePump::hear(const scenarios::Dose& dose) {
    history_.add(view::GivenDose{began_s_ + static_cast<std::uint64_t>(dose.at.seconds), dose.amount,
                                 dose.by == scenarios::Dose::By::firmware});
}
void LivePump::hear(const scenarios::ModeChange& change) {
    // A stop from normal mode alone: what a firmware said that fell into failsafe is not to be quoted.
    if (change.mode != hal::Mode::stopped)
        before_stop_.reset();
    else if (told_)
        before_stop_ = view::BeforeStop{*told_, told_at_};
    if (change.mode != hal::Mode::normal) told_.reset();  // whoever said it runs no more
    ask_at_s_ = 0;
    const auto second_of_day = simulation_ == nullptr ? 0 : simulation_->board().record().second_of_day.seconds;
    stopped_at_ = change.mode == hal::Mode::stopped && heard_mode_ ? std::optional{second_of_day} : std::nullopt;
    heard_mode_ = true;
}
void LivePump::hear(const scenarios::Alarm& alarm) {
    if (alarm.on && alarm.priority == hal::Priority::high) urgent_ = true;
}
void LivePump::hear(const scenarios::Event& event) {
    if (event.id == "powered_on") powered_ = true;
    if (event.id == "powered_off") powered_ = false;
}

}  // namespace basalt::console
