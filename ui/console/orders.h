// ui/console/orders.h: what a person asked for becomes a command of the link, signed by their badge where one is
// chosen. Format: docs/formats/access.md.
#pragma once
#include "ui/console/pump_line.h"
#include "ui/view/people.h"

#include <filesystem>

namespace basalt::console {

/// `badge`: the token file of a badge, named as its owner's account; empty: none is shown.
/// The order fails where that file cannot be read or signs nothing: missing, unreadable.
PumpLine::Order order_of(view::Wish wish, std::filesystem::path badge);

}  // namespace basalt::console
