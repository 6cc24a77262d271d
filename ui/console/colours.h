// ui/console/colours.h: the palette as ImGui takes it.
#pragma once
#include "ui/view/palette.h"

#include <imgui.h>

namespace basalt::console {

inline ImU32 packed(view::Role role, view::Theme theme, int alpha = 255) {
    const view::Rgb c = view::colour(role, theme);
    return IM_COL32(c.r, c.g, c.b, alpha);
}
inline ImVec4 rgba(view::Role role, view::Theme theme, float alpha = 1) {
    const view::Rgb c = view::colour(role, theme);
    return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255, static_cast<float>(c.b) / 255, alpha};
}

}  // namespace basalt::console
