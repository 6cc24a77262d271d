#include "ui/console/screens.h"

#include "ui/console/colours.h"
#include "ui/view/people_words.h"
#include "ui/view/words.h"

#include <fmt/format.h>

#include <array>

namespace basalt::console {
namespace {

using view::Role;
namespace say = view::words;

/// In lines of at most `width`, broken between words alone, and never between a number and its unit: ImGui would break
/// a dose behind its decimal sign.
std::string in_lines(ImFont& font, float size_px, std::string_view what, float width) {
    std::string out, line;
    for (std::size_t at = 0; at < what.size();) {
        constexpr std::size_t longest_unit = 8;  // "unités/h"
        std::size_t end = std::min(what.find(' ', at), what.size());
        if (const std::size_t next = std::min(what.find(' ', end + 1), what.size());
            end > at && end < what.size() && what[end - 1] >= '0' && what[end - 1] <= '9' &&
            next - end - 1 <= longest_unit)
            end = next;
        const std::string word{what.substr(at, end - at)}, longer = line.empty() ? word : line + ' ' + word;
        at = end + 1;
        if (line.empty() || font.CalcTextSizeA(size_px, 1e6F, 0, longer.c_str()).x <= width) {
            line = longer;
            continue;
        }
        out += line + '\n';
        line = word;
    }
    return out + line;
}

void text(ImFont* font, view::Role role, view::Theme theme, std::string_view what, bool wrap = true) {
    ImGui::PushFont(font);
    ImGui::PushStyleColor(ImGuiCol_Text, rgba(role, theme));
    const auto lines =
        wrap ? in_lines(*font, ImGui::GetFontSize(), what, ImGui::GetContentRegionAvail().x) : std::string{what};
    ImGui::TextUnformatted(lines.data(), lines.data() + lines.size());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

const char* kept(const scenarios::Words& words, view::Language language) {
    static std::string buffer;  // ImGui takes a C string and copies it at once
    buffer = words.in(language);
    return buffer.c_str();
}

/// An arrow from the trend, drawn: fonts lack the double ones.
void draw_arrow(view::Trend trend, view::Theme theme) {
    constexpr std::array angles{90.0F, 45.0F, 0.0F, -45.0F, -90.0F};
    const float angle = angles[static_cast<std::size_t>(trend)] * 3.14159265F / 180;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    constexpr float box = 84, reach = 34;
    const ImVec2 middle{at.x + box / 2, at.y + box / 2 + 36};
    const ImVec2 along{std::cos(angle), std::sin(angle)}, across{-along.y, along.x};
    const ImVec2 tip{middle.x + along.x * reach, middle.y + along.y * reach};
    const ImU32 ink = packed(Role::text, theme);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddLine({middle.x - along.x * reach, middle.y - along.y * reach}, tip, ink, 8);
    list.AddTriangleFilled({tip.x + along.x * 10, tip.y + along.y * 10},
                           {tip.x - along.x * 16 + across.x * 20, tip.y - along.y * 16 + across.y * 20},
                           {tip.x - along.x * 16 - across.x * 20, tip.y - along.y * 16 - across.y * 20}, ink);
    ImGui::Dummy({box, box});
}

void glucose_card(const view::PumpView& pump, const Surroundings& around, const Fonts& fonts) {
    const view::Theme theme = around.settings.theme;
    ImGui::BeginGroup();
    text(fonts.huge, pump.glucose.role, theme, pump.glucose.words, false);
    ImGui::EndGroup();
    ImGui::SameLine(0, 20);
    if (pump.arrow) {
        draw_arrow(*pump.arrow, theme);
        ImGui::SameLine(0, 20);
    }
    ImGui::BeginGroup();
    ImGui::Dummy({1, 18});
    text(fonts.title, Role::text, theme, pump.unit, false);
    if (!pump.level.words.empty()) {
        ImGui::SameLine(0, 24);
        words(pump.level, theme, fonts.title);
    }
    if (!pump.trend.empty()) text(fonts.title, Role::text, theme, pump.trend, false);
    words(pump.age, theme, fonts.text);
    ImGui::EndGroup();
}

/// What the pump does. Where that is not as usual it stands on a bar of its colour: it must outshine the glucose.
void banner(const view::Line& mode, view::Theme theme, const Fonts& fonts) {
    if (mode.role == Role::good) return text(fonts.title, mode.role, theme, mode.words);
    constexpr float size_px = 34, side = 12, top = 8;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, room = width - 2 * side;
    const auto lines = in_lines(*fonts.title, size_px, mode.words, room);
    const ImVec2 size = fonts.title->CalcTextSizeA(size_px, 1e6F, 0, lines.c_str());
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + width, at.y + size.y + 2 * top}, packed(mode.role, theme), 8);
    list.AddText(fonts.title, size_px, {at.x + side, at.y + top}, packed(Role::on_alarm, theme), lines.c_str());
    ImGui::Dummy({width, size.y + 2 * top});
}

constexpr float value_at = 264;

void fact(const char* name, const view::Line& value, view::Theme theme, const Fonts& fonts) {
    text(fonts.text, Role::quiet, theme, name, false);
    ImGui::SameLine(value_at);
    words(value, theme, fonts.text);
}

void alarm_list(const view::PumpView& pump, view::Theme theme, const Fonts& fonts) {
    for (const auto& alarm : pump.alarms) {
        const Role role = view::role_of(alarm.priority);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        constexpr float tag_width = 58;
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddRectFilled({at.x, at.y + 2}, {at.x + tag_width, at.y + 32}, packed(role, theme), 6);
        const ImVec2 size = fonts.text->CalcTextSizeA(22, 1e6F, 0, alarm.mark.c_str());
        list.AddText(fonts.text, 22, {at.x + (tag_width - size.x) / 2, at.y + 5}, packed(Role::on_alarm, theme),
                     alarm.mark.c_str());
        ImGui::SetCursorScreenPos({at.x + tag_width + 12, at.y});
        ImGui::BeginGroup();
        text(fonts.text, Role::text, theme, alarm.next);
        text(fonts.text, Role::quiet, theme, alarm.what);
        ImGui::EndGroup();
        ImGui::Dummy({1, 2});
    }
}

void about_box(Surroundings& around, const Fonts& fonts, Wishes& wishes) {
    const auto language = around.settings.language;
    const auto theme = around.settings.theme;
    text(fonts.title, Role::text, theme, say::try_title.in(language));
    for (const auto& sentence : say::about) text(fonts.text, Role::text, theme, sentence.in(language));
    ImGui::Dummy({1, 6});
    text(fonts.title, Role::text, theme, say::three_things.in(language));
    int number = 0;
    for (const auto& sentence : say::tries)
        text(fonts.text, Role::text, theme, fmt::format("{}.  {}", ++number, sentence.in(language)));
    ImGui::Dummy({1, 6});
    if (ImGui::Button(kept(say::understood, language), {260, 0})) wishes.about_read = true;
}

void resume_box(Surroundings& around, const Fonts& fonts, Wishes& wishes) {
    const auto language = around.settings.language;
    text(fonts.title, Role::text, around.settings.theme, say::resume_sure.in(language));
    text(fonts.text, Role::text, around.settings.theme, say::resume_explain.in(language));
    ImGui::Dummy({1, 6});
    if (ImGui::Button(kept(say::yes_resume, language), {330, 0})) {
        wishes.resume = true;
        around.resume_asked = false;
    }
    ImGui::SameLine();
    if (ImGui::Button(kept(say::no_keep, language), {330, 0})) around.resume_asked = false;
}

void speed_buttons(const Surroundings& around, Wishes& wishes) {
    const auto language = around.settings.language;
    struct Speed {
        int seconds;
        const scenarios::Words* words;
    };
    constexpr std::array speeds{Speed{1, &say::real_time}, Speed{60, &say::a_minute_a_second},
                                Speed{600, &say::ten_minutes_a_second}};
    const auto theme = around.settings.theme;
    for (const auto& speed : speeds) {
        if (speed.seconds != speeds[0].seconds) ImGui::SameLine();
        const bool chosen = around.speed == speed.seconds;
        const std::string label = (chosen ? "\u25CF " : "\u25CB ") + std::string{speed.words->in(language)};
        // Lit is what time does, and nothing else: neither the mouse nor the last key.
        const ImVec4 surface = rgba(chosen ? Role::insulin : Role::background, theme);
        for (const auto part : {ImGuiCol_Button, ImGuiCol_ButtonHovered, ImGuiCol_ButtonActive})
            ImGui::PushStyleColor(part, surface);
        ImGui::PushStyleColor(ImGuiCol_Text, rgba(chosen ? Role::background : Role::text, theme));
        if (ImGui::Button(label.c_str())) wishes.speed = speed.seconds;
        ImGui::PopStyleColor(4);
    }
}

/// What no ward has: meals and attacks by a key, and time that runs. Framed, and named as what it is.
constexpr float training_height = 128;
void training_area(const Surroundings& around, const Fonts& fonts, Wishes& wishes) {
    const auto language = around.settings.language;
    const auto theme = around.settings.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float wide = ImGui::GetContentRegionAvail().x;
    ImGui::GetWindowDrawList()->AddRect(at, {at.x + wide, at.y + training_height}, packed(Role::quiet, theme), 8);
    ImGui::SetCursorScreenPos({at.x + 12, at.y + 4});
    ImGui::BeginGroup();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {12, 3});
    text(fonts.text, Role::medium, theme, say::training.in(language), false);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {14, 8});
    ImGui::AlignTextToFramePadding();
    text(fonts.text, Role::text, theme, say::patient_eats.in(language), false);
    for (const int carbs : {20, 60}) {
        ImGui::SameLine();
        if (ImGui::Button(fmt::format("{} g", carbs).c_str())) wishes.eat_g = carbs;
    }
    ImGui::SameLine();
    text(fonts.text, Role::text, theme, say::of_carbohydrate.in(language), false);
    ImGui::SameLine();
    wishes.attack = ImGui::Button(kept(say::attack, language));
    speed_buttons(around, wishes);
    ImGui::PopStyleVar(2);
    ImGui::EndGroup();
    ImGui::SetCursorScreenPos(at);
    ImGui::Dummy({wide, training_height});
}

/// Only while there is something to silence.
void silence_button(const view::PumpView& pump, const Surroundings& around, const Fonts& fonts, Wishes& wishes) {
    if (!pump.sounding) return;
    const auto language = around.settings.language;
    if (around.silent) {
        text(fonts.text, Role::medium, around.settings.theme, say::no_sound.in(language), false);
        return;
    }
    const std::string label = around.quiet_s > 0
                                  ? fmt::format(fmt::runtime(say::sound_back.in(language)), around.quiet_s)
                                  : std::string{say::sound_off.in(language)};
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {14, 5});
    wishes.quiet = ImGui::Button(label.c_str());
    ImGui::PopStyleVar();
}

/// The most important number of the pump, on a line of its own.
void running_rate(const view::PumpView& pump, view::Theme theme, const Fonts& fonts) {
    if (!pump.rate_label.empty()) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float label = fonts.title->CalcTextSizeA(34, 1e6F, 0, pump.rate_label.c_str()).x,
                    number = fonts.rate->CalcTextSizeA(46, 1e6F, 0, pump.rate.words.c_str()).x;
        const bool fits = label + 12 + number <= ImGui::GetContentRegionAvail().x;
        ImGui::SetCursorScreenPos({at.x, at.y + (fits ? 9.F : 17.F)});
        text(fits ? fonts.title : fonts.text, Role::text, theme, pump.rate_label, false);
        ImGui::SameLine(0, 12);
        ImGui::SetCursorScreenPos({ImGui::GetCursorScreenPos().x, at.y});
    }
    text(fonts.rate, pump.rate.role, theme, pump.rate.words, pump.rate_label.empty());
    words(pump.given, theme, fonts.text);
}

/// What people do at the pump, and its own button.
void people_buttons(const view::PumpView& pump, const view::PeopleView& seen, const Surroundings& around,
                    Wishes& wishes) {
    const auto language = around.settings.language;
    struct Way {
        Panel panel;
        const scenarios::Words* words;
    };
    constexpr std::array ways{Way{Panel::log_in, &say::open_log_in},
                              Way{Panel::bolus, &say::open_bolus},
                              Way{Panel::temporary, &say::open_temporary},
                              Way{Panel::emergency, &say::emergency_key_long},
                              Way{Panel::release, &say::leave_failsafe_key},
                              Way{Panel::second, &say::open_second}};
    for (const auto& way : ways) {
        if (way.panel == Panel::release && !pump.failsafe) continue;
        const auto& label = pump.failsafe && way.panel == Panel::emergency ? say::emergency_key : *way.words;
        if (ImGui::Button(kept(label, language))) wishes.open = way.panel;
        ImGui::SameLine();
    }
    // The pump's own button: it stands out while the pump waits for it.
    const bool awaited = !seen.press.empty();
    const auto theme = around.settings.theme;
    ImGui::PushStyleColor(ImGuiCol_Button, awaited ? rgba(Role::medium, theme) : rgba(Role::background, theme));
    ImGui::PushStyleColor(ImGuiCol_Text, rgba(awaited ? Role::on_alarm : Role::text, theme));
    ImGui::PushStyleColor(ImGuiCol_Border, rgba(Role::text, theme));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 2);
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, 24);
    wishes.press = ImGui::Button(kept(say::button, language), {-1, 0});
    ImGui::PopStyleVar(2);
    ImGui::PopStyleColor(3);
}

}  // namespace

void words(const view::Line& line, view::Theme theme, ImFont* font) { text(font, line.role, theme, line.words); }

bool stop_button(const view::PumpView& pump, const Surroundings& around, const Fonts& fonts, ImVec2 size,
                 bool beside_others) {
    const auto theme = around.settings.theme;
    const Role surface = pump.stopped ? Role::card : Role::stop;
    ImGui::PushFont(fonts.title);
    ImGui::PushStyleColor(ImGuiCol_Button, rgba(surface, theme));
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, rgba(surface, theme, 0.85F));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, rgba(surface, theme, 0.7F));
    ImGui::PushStyleColor(ImGuiCol_Text, rgba(pump.stopped ? Role::text : Role::on_stop, theme));
    ImGui::PushStyleColor(ImGuiCol_Border, rgba(Role::text, theme));
    ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 2);
    const auto& label = pump.button_held ? (pump.stopped ? say::pressed_resume : say::pressed_stop)
                        : pump.stopped   ? say::resume_insulin
                        : beside_others  ? say::stop_your_patient
                                         : say::stop_insulin;
    std::string shown{label.in(around.settings.language)};
    if (!pump.button_held) shown += " (F1)";
    if (!pump.button_held && pump.stopped) shown += '\n' + std::string{say::resume_how.in(around.settings.language)};
    const bool pressed = ImGui::Button(shown.c_str(), size);
    ImGui::PopStyleVar();
    ImGui::PopStyleColor(5);
    ImGui::PopFont();
    return pressed && !pump.button_held;
}

Wishes draw_main(const view::PumpView& pump, const Chart& chart, Surroundings& around, PeopleState& people,
                 const view::PeopleView& seen, const Fonts& fonts) {
    Wishes wishes;
    const auto language = around.settings.language;
    const auto theme = around.settings.theme;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    constexpr float foot = 132 + 58 + 22, right_share = 0.40F;
    const float right = std::max(440.0F, screen.x * right_share), body = screen.y - foot - 46;

    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(screen);
    ImGui::Begin("main", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::BeginChild("glucose", {screen.x - right - 44, body}, true, ImGuiWindowFlags_AlwaysUseWindowPadding);
    glucose_card(pump, around, fonts);
    const float left = ImGui::GetContentRegionAvail().y - 8;
    draw(chart, around.settings, fonts, std::max(left, 120.0F));
    ImGui::EndChild();

    ImGui::SameLine();
    ImGui::BeginChild("pump", {right, body}, true, ImGuiWindowFlags_AlwaysUseWindowPadding);
    banner(pump.mode, theme, fonts);
    words(pump.trust, theme, fonts.text);
    for (const auto& line : pump.advice) words(line, theme, fonts.text);
    ImGui::Separator();
    running_rate(pump, theme, fonts);
    fact(kept(say::insulin_on_board, language), pump.on_board, theme, fonts);
    ImGui::Separator();
    if (seen.emergency_open) words(seen.emergency, theme, fonts.text);
    // Before the figures: where room is short, what to do is not what is cut off.
    words(pump.alarm_head, theme, fonts.title);
    silence_button(pump, around, fonts, wishes);
    alarm_list(pump, theme, fonts);
    ImGui::Separator();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {12, 4});
    fact(kept(say::temporary_rate, language), pump.temporary, theme, fonts);
    fact(kept(say::last_bolus, language), pump.last_bolus, theme, fonts);
    fact(kept(say::reservoir, language), pump.reservoir, theme, fonts);
    fact(kept(say::who_is_in, language), seen.who, theme, fonts);
    fact(kept(say::network, language), pump.network, theme, fonts);
    // Short ones share a line.
    fact(kept(say::battery, language),
         {fmt::format("{}    {} {}", pump.battery.words, say::pump_time.in(language), pump.clock), pump.battery.role},
         theme, fonts);
    ImGui::PopStyleVar();
    ImGui::EndChild();

    people_buttons(pump, seen, around, wishes);
    if (stop_button(pump, around, fonts, {420, training_height}))
        (pump.stopped ? around.resume_asked : wishes.stop) = true;
    ImGui::SameLine();
    training_area(around, fonts, wishes);

    text(fonts.text, Role::quiet, theme, say::not_a_device.in(language), false);
    if (around.slowed) {
        ImGui::SameLine();
        text(fonts.text, Role::medium, theme, say::slowed.in(language), false);
    }
    ImGui::SameLine(screen.x - 600);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {10, 2});
    wishes.language = ImGui::Button(kept(say::language_key, language));
    ImGui::SameLine();
    const bool mg_dl = around.settings.unit == view::GlucoseUnit::mg_dl;
    wishes.unit =
        ImGui::Button(fmt::format(fmt::runtime(say::unit_key.in(language)), mg_dl ? "mmol/L" : "mg/dL").c_str());
    ImGui::SameLine();
    wishes.contrast = ImGui::Button(kept(say::contrast_key, language));
    ImGui::PopStyleVar();
    ImGui::End();

    constexpr float box_top = 186, box_inset = 12;
    if (people.panel != Panel::none && !around.resume_asked)
        wishes.people = draw_people(people, seen, around.settings, fonts, {16 + box_inset, box_top},
                                    {screen.x - right - 44 - 2 * box_inset, body + 14 - box_top});
    else if (around.about || around.resume_asked) {
        // Over the curve alone: glucose, what the pump does, alarms and the stop button stay in sight.
        constexpr float below_glucose = 186, inset = 12;
        const float wide = screen.x - right - 44 - 2 * inset;
        ImGui::SetNextWindowPos({16 + inset, below_glucose});
        ImGui::SetNextWindowSize({wide, 0});
        ImGui::SetNextWindowFocus();
        ImGui::PushStyleColor(ImGuiCol_WindowBg, rgba(Role::card, theme));
        ImGui::PushStyleColor(ImGuiCol_Border, rgba(Role::text, theme));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 2);
        ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 12);
        ImGui::Begin("box", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_AlwaysAutoResize);
        around.resume_asked ? resume_box(around, fonts, wishes) : about_box(around, fonts, wishes);
        ImGui::End();
        ImGui::PopStyleVar(2);
        ImGui::PopStyleColor(2);
    }
    return wishes;
}

}  // namespace basalt::console
