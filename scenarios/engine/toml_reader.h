// scenarios/engine/toml_reader.h: typed and bounded reading of TOML with errors that help: file, line, what stands
// there, what was expected. Only read by the .cpp files of this folder: it brings the TOML library with it.
#pragma once
#include "device/common/result.h"
#include "scenarios/engine/device_under_test.h"
#include "scenarios/engine/text.h"

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace basalt::scenarios {

/// The first fault of a file. Reading goes on after it with harmless values, so that the reading code has no branches;
/// what was read is thrown away.
class Faults {
  public:
    explicit Faults(std::string_view file) : file_(file) {}
    void add(std::uint32_t line, const std::string& what);
    void add(const toml::node& at, const std::string& what) { add(at.source().begin.line, what); }
    const std::optional<Error>& first() const noexcept { return first_; }

  private:
    std::string file_;
    std::optional<Error> first_;
};

/// One table of the file. It remembers which keys were asked for; finish() refuses the others, because a misspelt key
/// would silently not be set.
class Section {
  public:
    /// `name` is its full name for errors, empty for the file itself.
    Section(Faults& faults, const toml::table& table, std::string name)
        : faults_(&faults), table_(&table), name_(std::move(name)) {}

    std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
    std::int64_t integer_or(std::string_view key, std::int64_t least, std::int64_t most, std::int64_t otherwise);
    /// A whole or decimal number; never NaN or infinite.
    double number(std::string_view key, double least, double most);
    /// 1 to `longest` bytes of UTF-8 without control characters but line breaks.
    std::string string(std::string_view key, std::size_t longest);
    /// One of several words; an unknown one is answered with the nearest.
    std::string word(std::string_view key, const std::vector<std::string_view>& known);
    /// A list of 1 to `most` different words.
    std::vector<std::string> words(std::string_view key, const std::vector<std::string_view>& known, std::size_t most);
    /// A sub-table with "en" and "fr".
    Text text(std::string_view key);
    /// "hh:mm" since the beginning, up to `last`.
    Moment moment(std::string_view key, Moment last);
    /// "hh:mm" of a day, as seconds.
    SecondOfDay time_of_day(std::string_view key);

    /// Calls `read` with the sub-table; a missing one is a fault, or skipped where `optional`.
    void table(std::string_view key, const std::function<void(Section&)>& read, bool optional = false);
    /// Calls `read` with each table of a list of at most `most`; fewer than `least` is a fault.
    void tables(std::string_view key, std::size_t least, std::size_t most, const std::function<void(Section&)>& read);
    void finish();

    bool has(std::string_view key) const { return table_->contains(key); }
    /// A fault at the value of `key`, or at the table itself where it has no such key.
    void fault(std::string_view key, const std::string& what);
    std::string full(std::string_view key) const {
        return name_.empty() ? std::string{key} : name_ + "." + std::string{key};
    }

  private:
    template <class Node>
    const Node* find(std::string_view key, std::string_view expected, bool optional = false);
    std::optional<std::int64_t> clock(std::string_view key, std::string_view expected, std::int64_t most_hours);

    Faults* faults_;
    const toml::table* table_;
    std::string name_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace basalt::scenarios
