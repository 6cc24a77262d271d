#include "scenarios/engine/toml_reader.h"

#include "pump_model/nearest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace basalt::scenarios {
namespace {

constexpr std::size_t longest_text = 4'000;

/// All of a short list; of a long one the error names the nearest instead.
std::string one_of(const std::vector<std::string_view>& known) {
    constexpr std::size_t readable = 8;
    if (known.size() > readable) return fmt::format("one of {} names", known.size());
    return fmt::format("one of: {}", fmt::join(known, ", "));
}

bool printable(std::string_view s) {
    return std::ranges::none_of(s, [](char c) {
        const auto b = static_cast<unsigned char>(c);
        return (b < 0x20 && c != '\n') || b == 0x7f;
    });
}

}  // namespace

void Faults::add(std::uint32_t line, const std::string& what) {
    if (first_) return;
    first_ = Error{.code = ErrorCode::unreadable,
                   .what = fmt::format("{}, line {}: {}", file_, std::max<std::uint32_t>(line, 1), what),
                   .next_step = "Correct the file; docs/formats/scenario.md says what may stand there."};
}

void Section::fault(std::string_view key, const std::string& what) {
    const toml::node* node = table_->get(key);
    if (node != nullptr)
        faults_->add(*node, what);
    else
        faults_->add(*table_, what);
}

template <class Node>
const Node* Section::find(std::string_view key, std::string_view expected, bool optional) {
    asked_.emplace(key);
    const toml::node* node = table_->get(key);
    if (node == nullptr) {
        if (!optional) fault(key, fmt::format("\"{}\" is missing. Expected {}.", full(key), expected));
        return nullptr;
    }
    const Node* typed = nullptr;
    if constexpr (std::is_same_v<Node, toml::table>)
        typed = node->as_table();
    else if constexpr (std::is_same_v<Node, toml::array>)
        typed = node->as_array();
    else
        typed = node->as<typename Node::value_type>();
    if (typed == nullptr) fault(key, fmt::format("\"{}\" has the wrong type. Expected {}.", full(key), expected));
    return typed;
}

std::int64_t Section::integer(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto expected = fmt::format("a whole number from {} to {}", least, most);
    const auto* node = find<toml::value<std::int64_t>>(key, expected);
    if (node == nullptr) return least;
    if (node->get() >= least && node->get() <= most) return node->get();
    fault(key, fmt::format("\"{}\" is {}. Expected {}.", full(key), node->get(), expected));
    return least;
}

std::int64_t Section::integer_or(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t otherwise) {
    if (has(key)) return integer(key, least, most);
    return otherwise;
}

double Section::number(std::string_view key, double least, double most) {
    const auto expected = fmt::format("a number from {} to {}", least, most);
    const toml::node* node = table_->get(key);
    double value = least;
    if (node != nullptr && node->is_integer()) {
        asked_.emplace(key);
        value = static_cast<double>(node->as_integer()->get());
    } else {
        const auto* decimal = find<toml::value<double>>(key, expected);
        if (decimal == nullptr) return least;
        value = decimal->get();
    }
    if (value >= least && value <= most) return value;  // false for NaN
    fault(key, fmt::format("\"{}\" is {}. Expected {}.", full(key), value, expected));
    return least;
}

std::string Section::string(std::string_view key, std::size_t longest) {
    const auto expected = fmt::format("a text of 1 to {} bytes without control characters", longest);
    const auto* node = find<toml::value<std::string>>(key, expected);
    if (node == nullptr) return {};
    const std::string& value = node->get();
    if (!value.empty() && value.size() <= longest && printable(value)) return value;
    fault(key, fmt::format("\"{}\" is empty, too long or not printable. Expected {}.", full(key), expected));
    return {};
}

std::string Section::word(std::string_view key, const std::vector<std::string_view>& known) {
    const auto expected = one_of(known);
    const auto* node = find<toml::value<std::string>>(key, expected);
    if (node == nullptr) return {};
    if (std::ranges::find(known, node->get()) != known.end()) return node->get();
    fault(key, fmt::format("\"{}\" is \"{}\", which is unknown. Nearest: \"{}\". Expected {}.", full(key),
                           printable(node->get()) ? node->get().substr(0, 40) : "?",
                           pump_model::nearest(node->get(), known), expected));
    return {};
}

std::vector<std::string> Section::words(std::string_view key, const std::vector<std::string_view>& known,
                                        std::size_t most) {
    const auto expected = fmt::format("a list of 1 to {} different words, each {}", most, one_of(known));
    const auto* list = find<toml::array>(key, expected);
    std::vector<std::string> out;
    if (list == nullptr) return out;
    for (const auto& node : *list) {
        const auto* value = node.as_string();
        if (value == nullptr || std::ranges::find(known, value->get()) == known.end() ||
            std::ranges::find(out, value->get()) != out.end()) {
            faults_->add(
                node, fmt::format("an entry of \"{}\" is unknown or there twice. Expected {}.", full(key), expected));
            return out;
        }
        out.push_back(value->get());
    }
    if (out.empty() || out.size() > most)
        fault(key, fmt::format("\"{}\" has {} entries. Expected {}.", full(key), out.size(), expected));
    return out;
}

Text Section::text(std::string_view key) {
    Text text;
    table(key, [&text](Section& languages) {
        text.english = languages.string("en", longest_text);
        text.french = languages.string("fr", longest_text);
    });
    return text;
}

std::optional<std::int64_t> Section::clock(std::string_view key, std::string_view expected, std::int64_t most_hours) {
    const auto* node = find<toml::value<std::string>>(key, expected);
    if (node == nullptr) return std::nullopt;
    const std::string& s = node->get();
    const auto colon = s.find(':');
    const auto whole = [&s](std::size_t from, std::size_t to, std::size_t digits_least) -> std::int64_t {
        std::int64_t value = -1;
        if (to < from + digits_least || to > from + 3 || s[from] == '-') return -1;
        const auto [end, error] = std::from_chars(s.data() + from, s.data() + to, value);
        return error == std::errc{} && end == s.data() + to ? value : -1;
    };
    if (colon != std::string::npos && s.size() == colon + 3) {
        const auto hours = whole(0, colon, 1);
        const auto minutes = whole(colon + 1, s.size(), 2);
        if (hours >= 0 && minutes >= 0 && minutes < 60 && hours * 60 + minutes <= most_hours * 60)
            return hours * 3600 + minutes * 60;
    }
    fault(key, fmt::format("\"{}\" is no such time. Expected {}.", full(key), expected));
    return std::nullopt;
}

Moment Section::moment(std::string_view key, Moment last) {
    const auto hours = last.seconds / 3600;
    return {
        clock(key, fmt::format("hours and minutes since the beginning, as \"01:30\", up to \"{:02}:00\"", hours), hours)
            .value_or(0)};
}

SecondOfDay Section::time_of_day(std::string_view key) {
    constexpr std::string_view expected = "a time of day, as \"22:30\", up to \"23:59\"";
    const auto seconds = clock(key, expected, 24);
    if (seconds.value_or(0) >= 24 * 3600) {
        fault(key, fmt::format("\"{}\" is no such time. Expected {}.", full(key), expected));
        return {};
    }
    return {static_cast<std::uint32_t>(seconds.value_or(0))};
}

void Section::table(std::string_view key, const std::function<void(Section&)>& read, bool optional) {
    const auto* table = find<toml::table>(key, "a table", optional);
    if (table == nullptr) return;
    Section section{*faults_, *table, full(key)};
    read(section);
    section.finish();
}

void Section::tables(std::string_view key, std::size_t least, std::size_t most,
                     const std::function<void(Section&)>& read) {
    const auto expected = fmt::format("{} to {} tables, each under [[{}]]", least, most, full(key));
    const auto* list = find<toml::array>(key, expected, least == 0);
    if (list == nullptr) return;
    if (list->size() < least || list->size() > most) {
        fault(key, fmt::format("\"{}\" has {} entries. Expected {}.", full(key), list->size(), expected));
        return;
    }
    std::size_t number = 0;
    for (const auto& node : *list) {
        const auto* table = node.as_table();
        if (table == nullptr) {
            faults_->add(node, fmt::format("an entry of \"{}\" is no table. Expected {}.", full(key), expected));
            return;
        }
        Section section{*faults_, *table, fmt::format("{}[{}]", full(key), ++number)};
        read(section);
        section.finish();
    }
}

void Section::finish() {
    for (const auto& [key, node] : *table_) {
        if (asked_.contains(key.str())) continue;
        faults_->add(key.source().begin.line,
                     fmt::format("\"{}\" is no setting. Expected {}: {}.", full(key.str()),
                                 name_.empty() ? "at the top" : "here", fmt::join(asked_, ", ")));
    }
}

}  // namespace basalt::scenarios
