// scenarios/report/terminal_plot.h: curves over time in a terminal, in braille dots or in plain ASCII.
#pragma once
#include "scenarios/engine/text.h"

#include <optional>
#include <string>
#include <vector>

namespace basalt::scenarios {

/// How the terminal can be written to.
struct Terminal {
    int width = 80;       ///< columns, at least 60
    bool unicode = true;  ///< false: ASCII alone
    bool colour = false;  ///< only ever an addition: nothing is said by colour alone
};

struct Curve {
    std::vector<double> values;  ///< equally spaced over the whole time
    std::string label;           ///< stands at the curve's end
    char letter = '*';           ///< draws it in ASCII
    int colour = 34;             ///< of the terminal's palette (ECMA-48)
};

struct Plot {
    std::string title;
    std::vector<Curve> curves;            ///< 1 or 2; the first is drawn on top
    double bottom = 40, top = 220;        ///< values outside are drawn at the border
    std::string bottom_label, top_label;  ///< what stands there instead of a number where values are beyond it
    std::vector<std::pair<double, std::string>> lines;  ///< across the plot, with a word at the right end or none
    std::vector<std::pair<double, std::string>> ticks;  ///< on the time axis: 0 to 1, with its words
    std::optional<double> mark;                         ///< a moment, 0 to 1
    std::string mark_words;
};

/// Lines of text, each at most `terminal.width` columns wide, with a line break at its end.
std::string draw(const Plot& plot, const Terminal& terminal);

}  // namespace basalt::scenarios
