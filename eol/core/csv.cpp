#include "eol/core/csv.h"

#include <algorithm>

namespace basalt::eol {
namespace {

/// A number is never a formula, also when it is negative.
bool is_number(std::string_view cell) {
    return cell.size() > 1 && cell.front() == '-' && cell.find_first_not_of("0123456789.", 1) == std::string_view::npos;
}

std::string cell_of(std::string_view text) {
    std::string cell{text};
    std::ranges::replace_if(cell, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    if (!cell.empty() && std::string_view{"=+-@"}.contains(cell.front()) && !is_number(cell)) cell.insert(0, 1, '\'');
    if (cell.find_first_of(",\"") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (const char c : cell) quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + '"';
}

}  // namespace

std::string csv_record(std::initializer_list<std::string_view> cells) {
    std::string line;
    for (const std::string_view cell : cells) line += cell_of(cell) + ',';
    line.pop_back();
    return line + "\r\n";
}

std::string csv_of(const storage::GlucoseRow& reading, const DeviceFacts& device) {
    return csv_record(
        {std::to_string(reading.row), date_at(device, reading.measured_s), std::to_string(reading.mg_dl)});
}

std::string csv_of(const storage::DoseRow& dose, const DeviceFacts& device) {
    return csv_record({std::to_string(dose.row), date_at(device, dose.at_s), storage::key_of(dose.origin),
                       decimal_units(dose.amount_mu), decimal_units(dose.target_mu), std::to_string(dose.log_seq)});
}

}  // namespace basalt::eol
