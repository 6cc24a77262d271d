// tests/support/page.h: a page of docs/formats/ as a test reads it: its text, and the hex of its worked example.
#pragma once
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace basalt::test {

inline std::string text_of_page(const std::string& page) {
    std::ifstream in{std::string{BASALT_SOURCE_DIR} + "/docs/formats/" + page};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// The indented blocks behind "## Example", without their indent; any other line ends a block.
inline std::vector<std::string> example_texts(const std::string& page) {
    std::ifstream in{std::string{BASALT_SOURCE_DIR} + "/docs/formats/" + page};
    std::vector<std::string> blocks;
    bool inside = false, fresh = true;
    for (std::string line; std::getline(in, line);) {
        inside = inside || line == "## Example";
        if (!inside || !line.starts_with("    ")) {
            fresh = true;
            continue;
        }
        if (fresh) blocks.emplace_back();
        fresh = false;
        blocks.back() += line.substr(4) + "\n";
    }
    return blocks;
}

/// The same blocks as bytes: hexadecimal digits, two for each.
inline std::vector<std::vector<std::uint8_t>> example_bytes(const std::string& page) {
    std::vector<std::vector<std::uint8_t>> blocks;
    for (const std::string& text : example_texts(page)) {
        std::string digits;
        for (const char c : text)
            if (c != ' ' && c != '\n') digits += c;
        std::vector<std::uint8_t>& bytes = blocks.emplace_back();
        for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
            bytes.push_back(static_cast<std::uint8_t>(std::stoi(digits.substr(i, 2), nullptr, 16)));
    }
    return blocks;
}

}  // namespace basalt::test
