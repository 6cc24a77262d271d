#include "scenarios/report/terminal_plot.h"

#include "scenarios/report/terminal_text.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace basalt::scenarios {
namespace {

constexpr int rows = 13;
constexpr int axis_columns = 6;    // "  180 "
constexpr int label_columns = 13;  // at the right: names of curves and lines

/// One character of the plot: the dots of each curve in it, and what stands there where no curve does.
struct Cell {
    std::array<unsigned, 2> dots{};
    std::string background = " ";
};

/// A braille character has 2 by 4 dots; this is the bit of the dot in column x (0, 1) and row y (0 to 3, from the top).
unsigned dot(int x, int y) noexcept {
    constexpr unsigned bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    return bits[y][x];
}

std::string braille(unsigned dots) {
    const unsigned code = 0x2800 + dots;
    return {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
}

class Grid {
  public:
    Grid(const Plot& plot, int width) : plot_(plot), width_(width), cells_(static_cast<std::size_t>(rows * width)) {}

    Cell& at(int row, int column) { return cells_[static_cast<std::size_t>(row * width_ + column)]; }

    /// The dot row (0 is the top) of a value; beyond the borders it is the border's.
    int dot_row(double value) const {
        const double share = (plot_.top - value) / (plot_.top - plot_.bottom);
        return std::clamp(static_cast<int>(std::lround(share * (rows * 4 - 1))), 0, rows * 4 - 1);
    }

    void curve(const std::vector<double>& values, std::size_t number) {
        if (values.empty()) return;
        int before = dot_row(values.front());
        for (int x = 0; x < width_ * 2; ++x) {
            const auto index =
                static_cast<std::size_t>(x) * (values.size() - 1) / static_cast<std::size_t>(width_ * 2 - 1);
            const int y = dot_row(values[index]);
            // A steep curve is drawn down to where it was, so that it does not fall apart.
            for (int fill = std::min(y, before + (y > before ? 1 : 0));
                 fill <= std::max(y, before - (y < before ? 1 : 0)); ++fill)
                at(fill / 4, x / 2).dots[number] |= dot(x % 2, fill % 4);
            before = y;
        }
    }

  private:
    const Plot& plot_;
    int width_;
    std::vector<Cell> cells_;
};

std::string right(const std::string& text, int width) {
    const int pad = width - static_cast<int>(columns(text));
    return (pad > 0 ? std::string(static_cast<std::size_t>(pad), ' ') : "") + text;
}

std::string axis_label(const Plot& plot, const Grid& grid, int row) {
    if (row == rows - 1 && !plot.bottom_label.empty()) return plot.bottom_label;
    if (row == 0 && !plot.top_label.empty()) return plot.top_label;
    for (const auto& [value, words] : plot.lines)
        if (grid.dot_row(value) / 4 == row) return std::to_string(std::lround(value));
    return row == 0 ? std::to_string(std::lround(plot.top)) : "";
}

/// Names of curves at the row where each ends, moved apart so that none hides another.
std::vector<std::string> end_labels(const Plot& plot, const Grid& grid) {
    std::vector<std::string> labels(rows);
    for (const auto& curve : plot.curves) {
        if (curve.values.empty()) continue;
        int row = grid.dot_row(curve.values.back()) / 4;
        while (row > 0 && !labels[static_cast<std::size_t>(row)].empty()) --row;
        labels[static_cast<std::size_t>(row)] = curve.label;
    }
    for (const auto& [value, words] : plot.lines) {
        auto& label = labels[static_cast<std::size_t>(grid.dot_row(value) / 4)];
        if (label.empty()) label = words;
    }
    return labels;
}

std::string cell_text(const Cell& cell, const Plot& plot, const Terminal& terminal) {
    const unsigned dots = cell.dots[0] | cell.dots[1];
    if (dots == 0) return cell.background;
    const auto& curve = plot.curves[cell.dots[0] != 0 ? 0 : 1];
    const bool both = cell.dots[0] != 0 && cell.dots[1] != 0;
    const std::string text = terminal.unicode ? braille(dots) : std::string(1, both ? '#' : curve.letter);
    if (!terminal.colour) return text;
    return "\033[" + std::to_string(curve.colour) + "m" + text + "\033[0m";
}

}  // namespace

std::string draw(const Plot& plot, const Terminal& terminal) {
    const int width = std::max(60, terminal.width) - axis_columns - 1 - label_columns;
    Grid grid{plot, width};
    const auto sign = [&terminal](std::string_view unicode, std::string_view plain) {
        return std::string{terminal.unicode ? unicode : plain};
    };
    const int mark = plot.mark ? std::clamp(static_cast<int>(*plot.mark * width), 0, width - 1) : -1;
    for (int row = 0; row < rows; ++row)
        if (mark >= 0) grid.at(row, mark).background = sign("┊", ":");
    for (const auto& [value, words] : plot.lines)
        for (int column = 0; column < width; ++column)
            grid.at(grid.dot_row(value) / 4, column).background = sign("┄", "-");
    for (std::size_t i = 0; i < plot.curves.size() && i < 2; ++i) grid.curve(plot.curves[i].values, i);

    const auto labels = end_labels(plot, grid);
    std::string out = plot.title + "\n";
    for (int row = 0; row < rows; ++row) {
        out += right(axis_label(plot, grid, row), axis_columns - 1) + sign(" │", " |");
        for (int column = 0; column < width; ++column) out += cell_text(grid.at(row, column), plot, terminal);
        const auto& label = labels[static_cast<std::size_t>(row)];
        out += label.empty() ? "\n" : " " + label + "\n";
    }

    std::string axis(static_cast<std::size_t>(width), ' ');
    out += std::string(axis_columns, ' ') + sign("└", "+");
    for (int column = 0; column < width; ++column)
        out +=
            std::ranges::any_of(plot.ticks, [&](const auto& t) { return static_cast<int>(t.first * width) == column; })
                ? sign("┴", "+")
                : sign("─", "-");
    out += "\n";
    for (const auto& [where, words] : plot.ticks) {
        const auto from = static_cast<std::size_t>(
            std::clamp(static_cast<int>(where * width) - 2, 0, width - static_cast<int>(words.size())));
        axis.replace(from, words.size(), words);
    }
    const auto without_end = [](std::string line) {
        line.erase(line.find_last_not_of(' ') + 1);
        return line + "\n";
    };
    out += without_end(std::string(axis_columns + 1, ' ') + axis);
    if (mark >= 0) {
        const std::string words = sign("▲ ", "^ ") + plot.mark_words;
        const int from = std::clamp(mark, 0, width + label_columns - static_cast<int>(columns(words)));
        out += std::string(static_cast<std::size_t>(axis_columns + 1 + from), ' ') + words + "\n";
    }
    return out;
}

}  // namespace basalt::scenarios
