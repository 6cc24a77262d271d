// device/firmware/access/matrix.h: the access table printed for people and for programs, from its data alone.
#pragma once
#include "device/firmware/access/vocabulary.h"

#include <string>

namespace basalt::access {

/// The whole table, a line an operation (`-` in front: is_carried_out() is false), and what its letters mean. At most
/// 130 columns, UTF-8 in French alone.
std::string matrix_text(storage::Language language);
/// One JSON object: `schema` 1, `roles`, `contexts`, `operations` [{`operation`, `text`, `carried_out`, `rules`
/// [...]}].
std::string matrix_json();

}  // namespace basalt::access
