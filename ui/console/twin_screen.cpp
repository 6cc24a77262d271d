#include "ui/console/twin_screen.h"

#include "ui/console/colours.h"
#include "ui/view/words.h"

#include <fmt/format.h>

#include <array>

namespace basalt::console {
namespace {

using view::Role;
namespace say = view::words;

Chart chart_of(const TwinStory& story, view::Language language) {
    Chart out;
    const auto curve = [](const std::vector<double>& values) {
        std::vector<CurvePoint> points;
        // Below what the model can be believed the curve lies on the floor that the axis calls very low.
        for (std::size_t i = 0; i < values.size(); ++i)
            points.push_back({static_cast<double>(i) / 12, std::max(values[i], double{view::lowest_shown_mg_dl})});
        return points;
    };
    out.from_hours = 0;
    out.to_hours = static_cast<double>(story.protected_mg_dl.size() - 1) / 12;
    out.curves.push_back(
        {std::string{say::unprotected.in(language)}, curve(story.unprotected_mg_dl), Role::high, true});
    out.curves.push_back(
        {std::string{say::protected_pump.in(language)}, curve(story.protected_mg_dl), Role::good, false});
    for (const auto& c : out.curves)
        for (const auto& p : c.points) out.top_mg_dl = std::max(out.top_mg_dl, std::min(p.mg_dl + 20, 600.0));
    out.lines.push_back({story.attack_hours, 0, std::string{say::attack_mark.in(language)}});
    int first_hour = 0;
    if (story.begins_at.size() == 5) first_hour = (story.begins_at[0] - '0') * 10 + (story.begins_at[1] - '0');
    for (int hour = 0; hour <= static_cast<int>(out.to_hours); hour += 4)
        out.hours.emplace_back(hour, fmt::format("{:02}:00", (first_hour + hour) % 24));
    return out;
}

void paragraph(const Fonts& fonts, view::Theme theme, const std::string& words) {
    console::words({words, Role::text}, theme, fonts.text);
    ImGui::Dummy({1, 4});
}
void lines(const Fonts& fonts, view::Theme theme, const std::vector<TwinLine>& all) {
    for (const auto& line : all) {
        words({line.time, Role::quiet}, theme, fonts.text);
        ImGui::SameLine(90);
        words({line.words, Role::text}, theme, fonts.text);
    }
}

void page(const TwinState& twin, view::Language language, view::Theme theme, const Fonts& fonts) {
    const TwinStory& story = *twin.story;
    if (twin.page == 0) {
        for (const auto& line : story.what_happened) paragraph(fonts, theme, line.time + "  " + line.words);
        for (const auto& words : story.patient) paragraph(fonts, theme, words);
    } else if (twin.page == 1) {
        words({std::string{say::unprotected.in(language)}, Role::high}, theme, fonts.title);
        lines(fonts, theme, story.unprotected_pump);
        ImGui::Dummy({1, 8});
        words({std::string{say::protected_pump.in(language)}, Role::good}, theme, fonts.title);
        lines(fonts, theme, story.protected_pump);
    } else {
        for (const auto& words : story.why) paragraph(fonts, theme, words);
        paragraph(fonts, theme, story.limits);
        for (const auto& words : story.verdict) paragraph(fonts, theme, words);
    }
}

}  // namespace

TwinWishes draw_twin(TwinState& twin, const view::PumpView& pump, const Surroundings& around, const Fonts& fonts) {
    TwinWishes wishes;
    const auto language = around.settings.language;
    const auto theme = around.settings.theme;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(screen);
    ImGui::Begin("twin", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImGui::BeginChild("body", {0, screen.y - 186}, true, ImGuiWindowFlags_AlwaysUseWindowPadding);
    if (twin.story) {
        words({std::string{say::twin_title.in(language)}, Role::text}, theme, fonts.title);
        words({twin.story->title + ". " + twin.story->setting, Role::quiet}, theme, fonts.text);
        draw(chart_of(*twin.story, language), around.settings, fonts, (screen.y - 186) * 0.46F);
        constexpr std::array tabs{&say::tab_patient, &say::tab_devices, &say::tab_why};
        for (int i = 0; i < static_cast<int>(tabs.size()); ++i) {
            if (i > 0) ImGui::SameLine();
            const std::string label = fmt::format("{} {}. {}", twin.page == i ? "\u25CF" : "\u25CB", i + 1,
                                                  tabs[static_cast<std::size_t>(i)]->in(language));
            if (ImGui::Button(label.c_str())) twin.page = i;
        }
        page(twin, language, theme, fonts);
    } else {
        words({std::string{say::twin_title.in(language)}, Role::text}, theme, fonts.title);
        words({twin.problem.empty() ? std::string{say::twin_plays.in(language)} : twin.problem,
               twin.problem.empty() ? Role::text : Role::high},
              theme, fonts.text);
    }
    ImGui::EndChild();
    if (stop_button(pump, around, fonts, {520, 92}, true)) (pump.stopped ? wishes.resume_question : wishes.stop) = true;
    ImGui::SameLine();
    ImGui::BeginGroup();
    wishes.back = ImGui::Button(std::string{say::back.in(language)}.c_str());
    words({std::string{say::own_pump.in(language)} + " " + pump.mode.words + ". " + pump.glucose.words + " " +
               pump.unit + ", " + pump.age.words + ". " + pump.alarm_head.words + ".",
           pump.mode.role},
          theme, fonts.text);
    ImGui::EndGroup();
    words({std::string{say::not_a_device.in(language)}, Role::quiet}, theme, fonts.text);
    ImGui::End();
    return wishes;
}

}  // namespace basalt::console
