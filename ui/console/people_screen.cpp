#include "ui/console/people_screen.h"

#include "ui/console/colours.h"
#include "ui/console/screens.h"
#include "ui/view/people_words.h"

namespace basalt::console {
namespace {

using view::Role;
namespace say = view::words;

/// One panel while it is drawn.
class Drawing {
  public:
    Drawing(PeopleState& state, const view::PeopleView& seen, const view::Settings& settings, const Fonts& fonts)
        : state_(state), seen_(seen), settings_(settings), fonts_(fonts) {}

    PeopleWishes draw() {
        focus_ = std::exchange(state_.focus, false);
        constexpr std::array titles{&say::title_log_in,    &say::title_log_in,    &say::title_bolus,
                                    &say::title_temporary, &say::title_emergency, &say::title_release,
                                    &say::title_second,    &say::title_context};
        const bool in = state_.panel == Panel::log_in && seen_.somebody;
        line(fonts_.title, Role::text, word(in ? say::logged_in : *titles[static_cast<std::size_t>(state_.panel)]));
        switch (state_.panel) {
            case Panel::log_in:
                log_in();
                break;
            case Panel::bolus:
                bolus();
                break;
            case Panel::temporary:
                temporary();
                break;
            case Panel::emergency:
                emergency();
                break;
            case Panel::release:
                release();
                break;
            case Panel::second:
                second();
                break;
            case Panel::context:
                context();
                break;
            case Panel::none:
                break;
        }
        if (state_.panel != Panel::release) {
            if (!seen_.press.empty())
                line(fonts_.title, Role::medium, seen_.press);
            else if (!seen_.said.words.empty())
                words(seen_.said, settings_.theme, fonts_.text);
            if (!seen_.connected) words(seen_.line, settings_.theme, fonts_.text);
        }
        ImGui::Dummy({1, 4});
        wishes_.close = push(say::close);
        state_.enter = false;
        return std::move(wishes_);
    }

  private:
    std::string word(const scenarios::Words& words) const { return std::string{words.in(settings_.language)}; }
    void line(ImFont* font, Role role, const std::string& what) { words({what, role}, settings_.theme, font); }

    /// A button, by mouse, by the space bar or, when the keys stand on it, by Enter.
    bool push(const scenarios::Words& words, const char* id = "") {
        const bool hit = ImGui::Button((word(words) + "##" + id).c_str());
        const bool by_enter = state_.enter && ImGui::IsItemFocused();
        if (by_enter) state_.enter = false;
        return hit || by_enter;
    }
    /// The yes and the no of a question: Enter says yes unless the keys stand on no.
    enum class Choice : std::uint8_t { nothing, yes, no };
    Choice choose(const scenarios::Words& yes, const scenarios::Words& no) {
        ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {22, 17});
        ImGui::PushStyleColor(ImGuiCol_Button, rgba(Role::insulin, settings_.theme));
        ImGui::PushStyleColor(ImGuiCol_Text, rgba(Role::background, settings_.theme));
        const bool said_yes = push(yes);
        ImGui::PopStyleColor(2);
        ImGui::SameLine();
        const bool said_no = push(no);
        ImGui::PopStyleVar();
        if (said_no) return Choice::no;
        return said_yes || std::exchange(state_.enter, false) ? Choice::yes : Choice::nothing;
    }
    void label(const scenarios::Words& name) {
        ImGui::AlignTextToFramePadding();
        line(fonts_.text, Role::quiet, word(name));
        ImGui::SameLine(248);
    }
    /// True: Enter was typed in it.
    template <std::size_t N>
    bool field(const scenarios::Words& name, std::array<char, N>& buffer, bool secret = false) {
        // A number leaves room for its button beside it, in French too.
        const float wide = N <= 16 ? 200 : 270;
        label(name);
        if (std::exchange(focus_, false)) {
            ImGui::SetKeyboardFocusHere();
            state_.focused = true;
        }
        ImGui::SetNextItemWidth(wide);
        ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 2);
        const bool entered = ImGui::InputText(
            ("##" + std::string{name.english}).c_str(), buffer.data(), buffer.size(),
            ImGuiInputTextFlags_EnterReturnsTrue | (secret ? ImGuiInputTextFlags_Password : ImGuiInputTextFlags_None));
        ImGui::PopStyleVar();
        if (entered) state_.enter = false;
        return entered;
    }
    void badge(const scenarios::Words& name, int& which, bool may_be_none = true) {
        label(name);
        const std::string chosen = which < 0 ? word(say::no_badge) : state_.file_of(which).stem().string();
        if (ImGui::ArrowButton(("<" + std::string{name.english}).c_str(), ImGuiDir_Left)) step(which, -1, may_be_none);
        ImGui::SameLine();
        if (ImGui::ArrowButton((">" + std::string{name.english}).c_str(), ImGuiDir_Right)) step(which, 1, may_be_none);
        ImGui::SameLine();
        ImGui::AlignTextToFramePadding();
        line(fonts_.text, Role::text, chosen);
    }
    void step(int& which, int by, bool may_be_none) const {
        const int count = static_cast<int>(state_.badges.size()), lowest = may_be_none || count == 0 ? -1 : 0;
        which += by;
        if (which >= count) which = lowest;
        if (which < lowest) which = count - 1;
    }
    void send(std::optional<view::Wish> wish, int badge_of) {
        if (!wish) return;
        wishes_.send = std::move(wish);
        wishes_.badge = state_.file_of(badge_of);
    }

    void log_in() {
        auto& people = state_.people;
        if (seen_.somebody) {
            line(fonts_.title, Role::good, seen_.who.words);
            badge(say::badge, state_.badge);
            const bool typed = field(say::new_password, people.typed.password, true);
            ImGui::SameLine();
            if (push(say::do_choose) || typed) {
                send(people.choose_password(), -1);
                state_.focus = true;
            }
            if (push(say::do_log_out)) send(people.log_out(), -1);
            return;
        }
        bool entered = field(say::name, people.typed.name);
        if (state_.first_password) entered = field(say::code, people.typed.code) || entered;
        entered =
            field(state_.first_password ? say::new_password : say::password, people.typed.password, true) || entered;
        badge(say::badge, state_.badge);
        if (push(state_.first_password ? say::do_choose : say::do_log_in) || entered) {
            send(state_.first_password ? people.choose_first_password() : people.log_in(), -1);
            if (state_.first_password && wishes_.send) state_.first_password = false;
            state_.focus = true;
        }
        ImGui::SameLine();
        if (push(state_.first_password ? say::has_password : say::first_time, "which")) {
            state_.first_password = !state_.first_password;
            state_.focus = true;
        }
    }

    void bolus() {
        auto& people = state_.people;
        switch (seen_.bolus) {
            case view::BolusStage::entry: {
                switch_of(people.typed.above, say::up_to_limit, say::above_limit);
                const bool carbs = field(say::carbs, people.typed.carbs);
                ImGui::SameLine();
                if (push(say::do_suggest) || carbs) {
                    send(people.suggest(), state_.badge);
                    state_.focus = true;
                }
                if (!seen_.suggestion.empty()) {
                    line(fonts_.title, Role::text, seen_.suggestion);
                    for (const auto& because : seen_.because) line(fonts_.text, Role::quiet, because);
                }
                // What was suggested is what is worked on next.
                if (!std::exchange(state_.suggested, !seen_.suggestion.empty()) && state_.suggested) focus_ = true;
                const bool units = field(say::units, people.typed.units);
                ImGui::SameLine();
                if (push(say::do_propose) || units) send(people.propose(), state_.badge);
                break;
            }
            case view::BolusStage::read_back:
                question();
                line(fonts_.text, Role::text, word(say::then_press));
                switch (choose(say::yes_give, say::no_give)) {
                    case Choice::yes:
                        send(people.give(), state_.badge);
                        break;
                    case Choice::no:
                        people.no();
                        break;
                    case Choice::nothing:
                        break;
                }
                break;
            case view::BolusStage::asked:
                question();
                break;
            case view::BolusStage::second:
                line(fonts_.title, Role::text, seen_.progress);
                if (push(say::another)) {
                    people.new_bolus();
                    state_.focus = true;
                }
                break;
            case view::BolusStage::running:
                line(fonts_.title, Role::text, seen_.progress);
                ImGui::ProgressBar(seen_.progress_share, {-1, 26}, "");
                if (push(say::do_cancel) || std::exchange(state_.enter, false))
                    send(people.cancel_bolus(), state_.badge);
                break;
            case view::BolusStage::ended:
                line(fonts_.title, Role::text, seen_.progress);
                ImGui::ProgressBar(seen_.progress_share, {-1, 26}, "");
                if (push(say::another) || std::exchange(state_.enter, false)) {
                    people.new_bolus();
                    state_.focus = true;
                }
                break;
        }
    }
    /// Twice as large as a title.
    void question() {
        ImGui::SetWindowFontScale(1.5F);
        line(fonts_.title, Role::text, seen_.question);
        ImGui::SetWindowFontScale(1);
    }

    /// Two buttons, one of them chosen; where `on_first`, the one that stands for true comes first.
    void switch_of(bool& value, const scenarios::Words& off, const scenarios::Words& on, bool on_first = false) const {
        for (const bool which : {on_first, !on_first}) {
            if (which != on_first) ImGui::SameLine();
            const std::string label = (value == which ? "\u25CF " : "\u25CB ") + word(which ? on : off);
            if (ImGui::Button(label.c_str())) value = which;
        }
    }

    void temporary() {
        auto& people = state_.people;
        if (seen_.temporary != view::TemporaryStage::entry) {
            question();
            switch (choose(say::yes, say::no_give)) {
                case Choice::yes:
                    send(people.temporary_yes(), state_.badge);
                    break;
                case Choice::no:
                    people.no();
                    break;
                case Choice::nothing:
                    break;
            }
            return;
        }
        switch_of(people.typed.less, say::more, say::less, true);
        bool entered = field(say::percent, people.typed.percent);
        entered = field(say::for_minutes, people.typed.minutes) || entered;
        if (push(say::do_propose) || entered) {
            people.temporary_question();
            state_.focus = true;  // where it was refused, the first field is typed anew
        }
        if (seen_.temporary_set) {
            ImGui::SameLine();
            if (push(say::end_it)) people.end_temporary_question();
        }
    }

    void emergency() {
        words(seen_.emergency, settings_.theme, seen_.emergency_open ? fonts_.title : fonts_.text);
        line(fonts_.text, Role::text, word(seen_.emergency_open ? say::emergency_now : say::emergency_what));
        if (seen_.emergency_open) return;
        badge(say::badge, state_.emergency_badge);
        const bool entered = field(say::sealed_code, state_.people.typed.code);
        if (push(say::do_open) || entered) {
            state_.focus = true;
            send(state_.people.open_emergency(state_.emergency_badge >= 0), state_.emergency_badge);
        }
    }

    void second() {
        auto& people = state_.people;
        const bool badge_chosen = state_.approver_badge >= 0;
        if (seen_.change.empty()) {
            line(fonts_.text, Role::text, word(say::second_what));
            badge(say::badge, state_.approver_badge);
            if (push(say::to_context)) wishes_.to_context = true;
            ImGui::SameLine();
            if (push(say::do_look) || std::exchange(state_.enter, false))
                send(people.look_for_changes(badge_chosen), state_.approver_badge);
            return;
        }
        line(fonts_.text, Role::quiet, seen_.change_which);
        line(fonts_.title, Role::text, seen_.change);
        badge(say::badge, state_.approver_badge);
        if (people.more_changes() && push(say::next_change)) people.next_change();
        switch (choose(say::do_sign, say::look_again)) {
            case Choice::yes:
                send(people.approve(badge_chosen), state_.approver_badge);
                break;
            case Choice::no:
                people.no();
                break;
            case Choice::nothing:
                break;
        }
    }

    void context() {
        line(fonts_.text, Role::text, word(say::context_what));
        badge(say::badge, state_.approver_badge);
        constexpr std::array places{&say::context_home, &say::context_ward, &say::context_emergency};
        for (std::size_t i = 0; i < places.size(); ++i) {
            if (i > 0) ImGui::SameLine();
            const auto place = static_cast<access::Context>(i);
            const std::string label = (state_.place == place ? "\u25CF " : "\u25CB ") + word(*places[i]);
            if (ImGui::Button(label.c_str())) state_.place = place;
        }
        line(fonts_.text, Role::quiet, word(say::context_step));
        if (push(say::to_second)) wishes_.to_second = true;
        ImGui::SameLine();
        if (push(say::do_context) || std::exchange(state_.enter, false))
            send(state_.people.choose_context(state_.place, state_.approver_badge >= 0), state_.approver_badge);
    }

    void release() {
        line(fonts_.text, Role::text, word(say::release_what));
        badge(say::first_badge, state_.first_badge);
        badge(say::second_badge, state_.second_badge);
        if (push(say::do_release) || std::exchange(state_.enter, false)) {
            wishes_.release = state_.first_badge >= 0 && state_.second_badge >= 0;
            if (!wishes_.release) state_.release_said = {word(say::need_two), Role::medium};
        }
        if (!state_.release_said.words.empty()) words(state_.release_said, settings_.theme, fonts_.text);
    }

    PeopleState& state_;
    const view::PeopleView& seen_;
    const view::Settings& settings_;
    const Fonts& fonts_;
    bool focus_ = false;  // the first field of this picture gets the keys, where there is one
    PeopleWishes wishes_;
};

}  // namespace

PeopleWishes draw_people(PeopleState& state, const view::PeopleView& seen, const view::Settings& settings,
                         const Fonts& fonts, ImVec2 at, ImVec2 size) {
    ImGui::SetNextWindowPos(at);
    ImGui::SetNextWindowSize(size);
    if (state.focus) ImGui::SetNextWindowFocus();
    ImGui::PushStyleColor(ImGuiCol_WindowBg, rgba(Role::card, settings.theme));
    ImGui::PushStyleColor(ImGuiCol_Border, rgba(Role::text, settings.theme));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 2);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 12);
    ImGui::Begin("people", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    auto wishes = Drawing{state, seen, settings, fonts}.draw();
    ImGui::End();
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor(2);
    return wishes;
}

}  // namespace basalt::console
