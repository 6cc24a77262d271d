#include "ui/console/console.h"

#include "ui/console/orders.h"
#include "ui/console/screens.h"
#include "ui/console/sound.h"
#include "ui/console/twin_screen.h"
#include "ui/console/window.h"
#include "ui/view/words.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace basalt::console {
namespace {

constexpr int width = 1360, height = 860;
constexpr std::int64_t stop_hold_s = 4, resume_hold_s = 11;  // a second more than the guardian asks for
constexpr std::int64_t press_s = 1;                          // a short press
constexpr std::int64_t quiet_ms = 120'000;                   // IEC 60601-1-8: an audio pause ends by itself
constexpr const char* attack_scenario = "tampered-firmware";

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Everything between the pump and the window.
class Console {
  public:
    Console(LivePump& pump, const ConsoleOptions& options, Window& window)
        : pump_(pump), options_(options), window_(window), live_ms_(steady_ms()) {
        around_.settings = options.settings;
        around_.speed = options.speed;
        around_.about = options.about;
        around_.silent = sound_.silent();
        if (options.line) line_.emplace(*options.line);
        people_.badges = badges_in(options.badges);
    }

    Result<void> run() {
        while (!window_.closed() && !(options_.interrupted && options_.interrupted()) && !over()) {
            const bool acted = window_.wait(wait_ms(), fresh_frames_ == 0);
            if (acted) fresh_frames_ = 3;  // ImGui needs a frame or two to settle what an input means
            if (auto lived = live(); !lived) return lived;
            if (auto obeyed = take_keys(); !obeyed) return obeyed;
            keep_the_line();
            if (auto played = twin_run_.poll()) take_twin(std::move(*played));
            make_noise();
            const auto pump = view::view_of(pump_.facts(), pump_.history(), around_.settings);
            const auto seen = people_.people.view(around_.settings.language, pump_.now_s());
            if (changed(pump, seen)) fresh_frames_ = std::max(fresh_frames_, 1);
            if (fresh_frames_ == 0) continue;
            --fresh_frames_;
            if (auto obeyed = draw_once(pump); !obeyed) return obeyed;
        }
        return {};
    }

    Result<void> draw_once(const view::PumpView& pump, const std::filesystem::path& picture = {}) {
        const auto seen = people_.people.view(around_.settings.language, pump_.now_s());
        window_.begin_frame(around_.settings.theme);
        Wishes wishes;
        bool back = false;
        if (twin_shown_) {
            const auto asked = draw_twin(twin_, pump, around_, window_.fonts());
            wishes.stop = asked.stop;
            back = asked.back || asked.resume_question;
            if (asked.resume_question) around_.resume_asked = true;
        } else {
            const auto facts = pump_.facts().panel;
            wishes =
                draw_main(pump, chart_of(pump_.history(), facts.now_s, facts.second_of_day, around_.settings.language),
                          around_, people_, seen, window_.fonts());
        }
        people_.enter = false;
        if (auto shown = window_.end_frame(picture); !shown) return shown;
        const auto& twin = twin_.story ? view::words::twin_title : view::words::twin_plays;
        const auto headline = twin_shown_ ? std::string{twin.in(around_.settings.language)}
                              : people_.panel == Panel::release && !people_.release_said.words.empty()
                                  ? people_.release_said.words
                                  : seen.headline;
        window_.call_it("Basalt: " + pump.mode.words + ". " + (headline.empty() ? "" : headline + " ") +
                        std::string{view::words::not_a_device.in(around_.settings.language)});
        // A field that gets the keys has them only some frames later.
        if (std::exchange(people_.focused, false) || people_.focus) fresh_frames_ = 4;
        if (back) twin_shown_ = false;
        return obey(wishes);
    }

  private:
    bool over() const { return options_.hours > 0 && lived_s_ >= std::llround(options_.hours * 3600); }

    // At real time once a second; faster when simulated minutes pass, but never so fast that a core is busy drawing.
    int wait_ms() const {
        const bool hurry = around_.speed > 1 || twin_run_.running() || (line_ && line_->wanted());
        return fresh_frames_ > 0 ? 0 : hurry ? 250 : 500;
    }

    static std::vector<std::filesystem::path> badges_in(const std::filesystem::path& folder) {
        std::vector<std::filesystem::path> files;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator{folder, none})
            if (entry.path().extension() == ".pem") files.push_back(entry.path());
        std::ranges::sort(files);
        return files;
    }

    /// A session lives at real time alone: the line stands while somebody works with the pump, and is left when time is
    /// to run faster.
    void keep_the_line() {
        auto& people = people_.people;
        if (!line_) return;
        line_->clock(pump_.now_s());
        const bool panel = people_.panel != Panel::none && people_.panel != Panel::release;
        const bool wanted = around_.speed == 1 && (panel || people.somebody() || people.in_hand() || line_->wanted());
        if (line_->wanted() && !wanted) people.left();
        line_->want(wanted);
        pump_.attend(wanted);
        const bool somebody = people.somebody();
        for (const auto& news : line_->take_news()) people.hear(news, pump_.now_s());
        people.see(pump_.facts().told, pump_.now_s());
        send(people.idle(pump_.now_s()), {});
        if (somebody && !people.somebody()) people_.focus = true;  // who is to log in again can type at once
    }

    void send(std::optional<view::Wish> wish, std::filesystem::path badge) {
        if (!wish) return;
        slow_down();
        fresh_frames_ = 3;
        if (!line_ || !line_->send(order_of(std::move(*wish), std::move(badge))))
            people_.people.hear({.kind = view::LineNews::Kind::ended, .state = link::CommandState::not_done},
                                pump_.now_s());
    }

    void open(Panel panel) {
        slow_down();
        // The key of a panel that is open turns its one switch: all of it is in reach of the keys.
        if (people_.panel == panel && panel == Panel::log_in && !people_.people.log_in_again())
            people_.first_password = !people_.first_password;
        if (people_.panel == panel && panel == Panel::temporary) people_.people.typed.less = !people_.people.typed.less;
        if (people_.panel == panel && panel == Panel::bolus) people_.people.typed.above = !people_.people.typed.above;
        if (people_.panel == panel && panel == Panel::second) panel = Panel::context;
        around_.about = around_.resume_asked = twin_shown_ = false;
        if (people_.panel != panel) people_.people.turn_to_another();
        people_.panel = panel;
        people_.focus = true;
        fresh_frames_ = 3;
    }
    int& chosen_badge() {
        const bool other = people_.panel == Panel::second || people_.panel == Panel::context;
        return people_.panel == Panel::emergency ? people_.emergency_badge
               : other                           ? people_.approver_badge
                                                 : people_.badge;
    }
    void step_badge(int& which) {
        if (people_.panel == Panel::none) return;
        // The emergency's own badge comes first there; nobody chooses it but by this key or the mouse.
        if (people_.panel == Panel::emergency && which < 0) {
            which = badge_named("emergency");
            return;
        }
        which = which + 1 < static_cast<int>(people_.badges.size()) ? which + 1 : -1;
    }
    int badge_named(std::string_view part) const {
        const auto found = std::ranges::find_if(people_.badges, [&](const std::filesystem::path& file) {
            return file.stem().string().find(part) != std::string::npos;
        });
        return found == people_.badges.end() ? -1 : static_cast<int>(found - people_.badges.begin());
    }
    void release() {
        slow_down();
        const auto said =
            options_.release({people_.file_of(people_.first_badge), people_.file_of(people_.second_badge)});
        people_.release_said = said ? view::Line{std::string{said->in(around_.settings.language)}, view::Role::text}
                                    : view::Line{said.error().what + " " + said.error().next_step, view::Role::medium};
        fresh_frames_ = 3;
    }

    Result<void> live() {
        const std::int64_t now = steady_ms();
        const std::int64_t due = (now - live_ms_) * around_.speed / 1000;
        if (due <= 0) return {};
        live_ms_ = now;
        constexpr std::int64_t most_at_once_s = 600;  // a computer that slept does not make the pump live for hours
        const auto lived = std::min(due, most_at_once_s);
        lived_s_ += lived;
        if (auto done = pump_.live(lived); !done) return done;
        if (pump_.take_urgent()) slow_down();
        return {};
    }

    void slow_down() {
        around_.slowed = around_.slowed || around_.speed > 1;
        around_.speed = 1;
    }

    Result<void> take_keys() {
        for (const Key key : window_.take_keys())
            if (auto obeyed = obey(wishes_of(key)); !obeyed) return obeyed;
        return {};
    }

    Wishes wishes_of(Key key) {
        Wishes wishes;
        switch (key) {
            case Key::stop_now:
                wishes.stop = pump_.facts().panel.signals.mode != hal::Mode::stopped;
                stops_taken_ += wishes.stop ? 1 : 0;
                break;
            case Key::stop:
                if (stops_taken_ > 0)
                    --stops_taken_;
                else if (pump_.facts().panel.signals.mode == hal::Mode::stopped) {
                    around_.resume_asked = true;
                    twin_shown_ = false;
                } else {
                    wishes.stop = true;
                }
                break;
            case Key::enter:
                wishes.resume = std::exchange(around_.resume_asked, false);
                people_.enter = !wishes.resume && people_.panel != Panel::none;
                wishes.about_read = !wishes.resume && !people_.enter;
                break;
            case Key::escape:
                if (std::exchange(around_.resume_asked, false)) break;
                if (people_.panel == Panel::none || twin_shown_)
                    twin_shown_ = around_.about = false;
                else
                    leave_panel();
                break;
            case Key::log_in:
                wishes.open = Panel::log_in;
                break;
            case Key::bolus:
                wishes.open = Panel::bolus;
                break;
            case Key::temporary:
                wishes.open = Panel::temporary;
                break;
            case Key::emergency:
                wishes.open = Panel::emergency;
                break;
            case Key::release:
                wishes.open = Panel::release;
                break;
            case Key::second:
                wishes.open = Panel::second;
                break;
            case Key::badge_up:
                if (people_.panel == Panel::second)
                    people_.people.next_change();
                else if (people_.panel == Panel::context)
                    people_.place =
                        static_cast<access::Context>((std::to_underlying(people_.place) + 1) % access::context_count);
                else
                    step_badge(people_.panel == Panel::release ? people_.first_badge : chosen_badge());
                fresh_frames_ = 3;
                break;
            case Key::badge_down:
                step_badge(people_.panel == Panel::release ? people_.second_badge : chosen_badge());
                break;
            case Key::press:
                wishes.press = true;
                break;
            case Key::language:
                wishes.language = true;
                break;
            case Key::unit:
                wishes.unit = true;
                break;
            case Key::contrast:
                wishes.contrast = true;
                break;
            case Key::quiet:
                wishes.quiet = true;
                break;
            case Key::attack:
                wishes.attack = true;
                break;
        }
        return wishes;
    }

    /// The question first, then the panel.
    void leave_panel() {
        const auto seen = people_.people.view(around_.settings.language, pump_.now_s());
        const bool asked = (!seen.question.empty() && seen.bolus != view::BolusStage::asked) || !seen.change.empty();
        people_.people.no();
        if (!asked) people_.panel = Panel::none;
        people_.people.typed.forget_secrets();
        fresh_frames_ = 3;
    }

    Result<void> obey(const Wishes& wishes) {
        if (wishes.open != Panel::none) open(wishes.open);
        if (wishes.press) {
            slow_down();
            pump_.hold_button(press_s);
        }
        if (wishes.people.close) leave_panel();
        if (wishes.people.to_context) open(Panel::context);
        if (wishes.people.to_second) open(Panel::second);
        if (wishes.people.release && options_.release) release();
        send(wishes.people.send, wishes.people.badge);
        if (wishes.stop) {
            slow_down();
            around_.about = false;
            pump_.hold_button(stop_hold_s);
        }
        if (wishes.resume) {
            slow_down();
            pump_.hold_button(resume_hold_s);
        }
        if (wishes.about_read) around_.about = false;
        if (wishes.language)
            around_.settings.language =
                around_.settings.language == view::Language::french ? view::Language::english : view::Language::french;
        if (wishes.unit)
            around_.settings.unit = around_.settings.unit == view::GlucoseUnit::mg_dl ? view::GlucoseUnit::mmol_l
                                                                                      : view::GlucoseUnit::mg_dl;
        if (wishes.contrast)
            around_.settings.theme =
                around_.settings.theme == view::Theme::normal ? view::Theme::high_contrast : view::Theme::normal;
        if (wishes.quiet) quiet_until_ms_ = steady_ms() + quiet_ms;
        if (wishes.speed != 0 && (wishes.speed == 1 || !people_.people.in_hand())) {
            around_.speed = wishes.speed;
            around_.slowed = false;
        }
        if (wishes.attack) attack();
        return wishes.eat_g != 0 ? pump_.eat(wishes.eat_g) : Result<void>{};
    }

    void attack() {
        around_.about = false;
        twin_shown_ = true;
        if (twin_.story || twin_run_.running()) return;
        twin_.problem.clear();
        if (auto started = twin_run_.start(attack_scenario, around_.settings.language); !started)
            twin_.problem = started.error().what + " " + started.error().next_step;
    }
    void take_twin(Result<TwinStory> played) {
        if (played)
            twin_.story = std::move(*played);
        else
            twin_.problem = played.error().what + " " + played.error().next_step;
        fresh_frames_ = 3;
    }

    void make_noise() {
        const auto wanted = pump_.facts().panel.signals.sound;
        if (wanted > last_sound_) quiet_until_ms_ = 0;  // a new alarm breaks the pause
        last_sound_ = wanted;
        const std::int64_t now = steady_ms();
        around_.quiet_s = std::max<std::int64_t>(0, (quiet_until_ms_ - now + 999) / 1000);
        sound_.play(around_.quiet_s > 0 ? hal::Priority::none : wanted, now);
    }

    bool changed(const view::PumpView& pump, const view::PeopleView& seen) {
        std::string all = pump.glucose.words + pump.age.words + pump.mode.words + pump.trust.words + pump.rate_label +
                          pump.rate.words + pump.given.words + pump.level.words + pump.reservoir.words +
                          pump.battery.words + pump.network.words + pump.alarm_head.words + pump.clock + pump.trend +
                          pump.on_board.words + pump.last_bolus.words + pump.temporary.words + seen.who.words +
                          seen.line.words + seen.said.words + seen.press + seen.question + seen.suggestion +
                          seen.progress + seen.change + seen.change_which + seen.emergency.words +
                          std::to_string(around_.quiet_s);
        for (const auto& alarm : pump.alarms) all += alarm.next;
        for (const auto& line : pump.advice) all += line.words;
        all += pump.sounding ? "sounds" : "";
        return std::exchange(drawn_, all) != all;
    }

    LivePump& pump_;
    const ConsoleOptions& options_;
    Window& window_;
    Sound sound_;
    Surroundings around_;
    TwinRun twin_run_;
    TwinState twin_;
    std::optional<PumpLine> line_;
    PeopleState people_;
    bool twin_shown_ = false;
    int fresh_frames_ = 3;
    int stops_taken_ = 0;  // presses of the stop key that were obeyed before their turn
    std::string drawn_;
    std::int64_t live_ms_, lived_s_ = 0, quiet_until_ms_ = 0;
    hal::Priority last_sound_ = hal::Priority::none;
};

Result<void> take_picture(LivePump& pump, const ConsoleOptions& options, Window& window) {
    constexpr std::int64_t step_s = 60;
    for (std::int64_t rest = std::llround(options.hours * 3600); rest > 0; rest -= step_s)
        if (auto lived = pump.live(std::min(rest, step_s)); !lived) return lived;
    Console console{pump, options, window};
    constexpr int settled = 3;  // ImGui knows its sizes after a frame or two
    for (int frame = 0; frame <= settled; ++frame)
        if (auto drawn = console.draw_once(view::view_of(pump.facts(), pump.history(), options.settings),
                                           frame == settled ? options.screenshot : std::filesystem::path{});
            !drawn)
            return drawn;
    return {};
}

}  // namespace

Result<void> run_console(LivePump& pump, const ConsoleOptions& options) {
    const bool picture = !options.screenshot.empty();
    auto window = Window::open(width, height, picture);
    if (!window) return std::unexpected{window.error()};
    return picture ? take_picture(pump, options, **window) : Console{pump, options, **window}.run();
}

}  // namespace basalt::console
