// eol/core/csv.h: the tables as CSV by RFC 4180: UTF-8, CRLF, dates in UTC with Z, units in the columns' names. A cell
// that a spreadsheet would take for a formula begins with an apostrophe.
#pragma once
#include "eol/core/portable.h"
#include "storage/doses.h"
#include "storage/glucose.h"

#include <initializer_list>

namespace basalt::eol {

/// One record, of at least one cell, with its line break. Control characters inside a cell become blanks.
std::string csv_record(std::initializer_list<std::string_view> cells);

inline constexpr std::string_view glucose_csv_head = "row,measured_at,glucose_mg_dl\r\n";
std::string csv_of(const storage::GlucoseRow& reading, const DeviceFacts& device);

inline constexpr std::string_view doses_csv_head = "row,at,origin,amount_u,motor_target_u,log_record\r\n";
std::string csv_of(const storage::DoseRow& dose, const DeviceFacts& device);

inline constexpr std::string_view settings_csv_head = "name,value\r\n";

}  // namespace basalt::eol
