// scenarios/report/markup.h: text that is safe inside HTML and SVG.
#pragma once
#include <string>
#include <string_view>

namespace basalt::scenarios {

/// For text and for attribute values in double quotes. Everything that comes from a scenario file or a device passes
/// here.
inline std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

}  // namespace basalt::scenarios
