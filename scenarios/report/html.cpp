#include "scenarios/report/html.h"

#include "scenarios/engine/words.h"
#include "scenarios/report/markup.h"
#include "scenarios/report/story.h"
#include "scenarios/report/svg.h"
#include "scenarios/report/words.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace basalt::scenarios {
namespace {

namespace say = report_words;

constexpr std::string_view style = R"(
:root { --ink:#1c2430; --soft:#5a6675; --line:#d5dbe3; --page:#ffffff; --shield:#0b5cad; --bare:#b3261e; --target:#e3f1e6; --danger:#fbe4e1; }
@media (prefers-color-scheme: dark) { :root { --ink:#e8ecf1; --soft:#a3afbd; --line:#3a4450; --page:#161b22; --shield:#6cb2ff; --bare:#ff8a80; --target:#1d3325; --danger:#43231f; } }
body { margin:0 auto; max-width:920px; padding:24px 20px 60px; font:16px/1.5 system-ui, sans-serif; color:var(--ink); background:var(--page); }
h1 { font-size:1.6em; line-height:1.2; margin:0 0 .2em; } h2 { font-size:1.15em; margin:1.8em 0 .4em; }
.notice { border:1px solid var(--line); border-left:6px solid var(--bare); padding:8px 14px; margin:16px 0; }
.quiet { color:var(--soft); } p { margin:.5em 0; } svg { width:100%; height:auto; display:block; margin:.4em 0 1em; }
svg text { font:13px system-ui, sans-serif; fill:var(--soft); } svg .value { text-anchor:end; } svg .time { text-anchor:middle; } svg .inside { text-anchor:end; }
svg .note { paint-order:stroke; stroke:var(--page); stroke-width:4px; stroke-linejoin:round; } svg { min-width:640px; }
svg .name { font-weight:600; } svg .name.bare { fill:var(--bare); } svg .name.shield { fill:var(--shield); }
svg .grid { stroke:var(--line); } svg .axis { stroke:var(--soft); } svg .attack { stroke:var(--ink); stroke-dasharray:4 3; }
svg .target { fill:var(--target); } svg .danger { fill:var(--danger); } svg .curve { fill:none; stroke-width:2.5; stroke-linejoin:round; }
svg .curve.bare { stroke:var(--bare); stroke-dasharray:7 4; } svg .curve.shield { stroke:var(--shield); }
svg .bar.bare { fill:var(--bare); } svg .bar.shield { fill:var(--shield); }
.wide { overflow-x:auto; } table { border-collapse:collapse; width:100%; } th, td { text-align:left; padding:5px 10px 5px 0; border-bottom:1px solid var(--line); vertical-align:top; }
td.time { white-space:nowrap; color:var(--soft); width:4em; } .missed { color:var(--bare); font-weight:600; } .verdict { font-weight:600; }
@media print { body { max-width:none; } }
)";

class Page {
  public:
    void heading(const Words& words, Language language) { add("<h2>{}</h2>\n", words.in(language)); }
    void text(std::string_view words, std::string_view css = "") {
        if (words.empty()) return;
        if (css.empty())
            out_ += fmt::format("<p>{}</p>\n", escaped(words));
        else
            out_ += fmt::format("<p class=\"{}\">{}</p>\n", css, escaped(words));
    }
    void raw(std::string_view markup) { out_ += markup; }
    /// Every {} is escaped.
    void add(std::string_view markup, std::string_view a, std::string_view b = "", std::string_view c = "") {
        out_ += fmt::format(fmt::runtime(markup), escaped(a), escaped(b), escaped(c));
    }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

void timed(Page& page, const Words& heading, const std::vector<StoryLine>& lines, Language language) {
    if (lines.empty()) return;
    page.heading(heading, language);
    page.raw("<table>\n");
    for (const auto& line : lines) page.add("<tr><td class=\"time\">{}</td><td>{}</td></tr>\n", line.time, line.words);
    page.raw("</table>\n");
}

void numbers(Page& page, const Outcome& outcome, Language language) {
    page.raw("<div class=\"wide\"><table>\n<tr>");
    for (const auto* words : {&say::table_run, &say::table_lowest, &say::table_highest, &say::table_in_range,
                              &say::table_below, &say::table_insulin, &say::table_mode})
        page.add("<th scope=\"col\">{}</th>", words->in(language));
    page.raw("</tr>\n");
    for (const auto& run : outcome.runs) {
        page.add("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>", words_of(run.kind).in(language),
                 reading(run.plasma.min_mg_dl, language), reading(run.plasma.max_mg_dl, language));
        page.add("<td>{} %</td><td>{} %</td><td>{} U</td>", number(run.plasma.tir_percent, 1, language),
                 number(run.plasma.tbr54_percent, 1, language),
                 number(static_cast<double>(run.seen.delivered_mu()) / 1000, 1, language));
        page.add("<td>{}</td></tr>\n", words_of(run.seen.mode_at_end()).in(language));
    }
    page.raw("</table></div>\n");
}

void checks(Page& page, const Story& story, Language language) {
    page.heading(say::checks, language);
    page.raw("<table>\n");
    for (const auto& check : story.checks)
        page.add(check.met ? "<tr><td>{}</td><td>{}</td></tr>\n" : "<tr><td>{}</td><td class=\"missed\">{}</td></tr>\n",
                 check.words, check.when);
    page.raw("</table>\n");
    for (const auto& line : story.verdict) page.text(line, "verdict");
}

void for_the_group(Page& page, const Story& story, Language language) {
    if (!story.questions.empty()) {
        page.heading(say::questions, language);
        for (const auto& question : story.questions)
            page.add("<details><summary>{}</summary><p>{}</p></details>\n", question.ask.in(language),
                     question.answer.in(language));
    }
    if (!story.debrief.empty()) {
        page.heading(say::debrief, language);
        page.text(story.debrief);
    }
}

}  // namespace

std::string html(const Scenario& scenario, const Outcome& outcome, Language language) {
    const auto story = tell(scenario, outcome, language);
    Page page;
    page.add("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>Basalt: {}</title>\n",
             language == Language::french ? "fr" : "en", story.title);
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style>");
    page.raw(style);
    page.raw("</style>\n</head>\n<body>\n");
    page.add("<h1>{}</h1>\n", story.title);
    page.text(story.setting, "quiet");
    page.text(story.not_a_device, "notice");
    page.text(story.background);
    timed(page, say::what_happened, story.what_happened, language);

    page.heading(say::the_patient, language);
    page.text(say::glucose_axis.in(language), "quiet");
    page.raw("<div class=\"wide\">\n" + glucose_svg(scenario, outcome, language) + "</div>\n");
    page.text(say::insulin_axis.in(language), "quiet");
    page.raw("<div class=\"wide\">\n" + insulin_svg(scenario, outcome, language) + "</div>\n");
    for (const auto& paragraph : story.patient) page.text(paragraph);
    numbers(page, outcome, language);
    page.text(say::outside_model.in(language), "quiet");

    timed(page, say::the_unprotected_pump, story.unprotected_pump, language);
    timed(page, say::the_protected_pump, story.protected_pump, language);
    if (!story.why.empty()) page.heading(say::why, language);
    for (const auto& paragraph : story.why) page.text(paragraph);
    if (!story.limits.empty()) page.heading(say::limits, language);
    page.text(story.limits);
    checks(page, story, language);
    for_the_group(page, story, language);
    page.text(story.requirements, "quiet");
    page.text(story.seed, "quiet");
    page.raw("</body>\n</html>\n");
    return page.take();
}

Result<void> write_report(const std::filesystem::path& file, const std::string& page) {
    std::error_code unknown;
    const auto there = std::filesystem::status(file, unknown);
    // Root's rename would put a report in the place of /dev/null.
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
        return fail(ErrorCode::refused, fmt::format("\"{}\" is no ordinary file.", file.string()),
                    "Name a file for the report.");
    auto beside = file;
    beside += ".part";
    std::error_code error;
    {
        std::ofstream out{beside, std::ios::binary | std::ios::trunc};
        out << page;
        out.flush();
        if (!out) {
            std::filesystem::remove(beside, error);
            return fail(ErrorCode::io, fmt::format("The report \"{}\" could not be written.", file.string()),
                        "Choose a folder that exists, can be written to and has room.");
        }
    }
    std::filesystem::rename(beside, file, error);
    if (!error) return {};
    const auto why = error.message();
    std::filesystem::remove(beside, error);
    return fail(ErrorCode::io, fmt::format("The report \"{}\" could not be written: {}.", file.string(), why),
                "Choose another name or folder.");
}

}  // namespace basalt::scenarios
