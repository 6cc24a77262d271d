// storage/statement.h: a prepared statement whose values and columns have types. Nothing throws.
#pragma once
#include "tpm/result.h"

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace basalt::storage {

using Blob = std::span<const std::uint8_t>;

/// Cheap to run again and again: keep it beside the table that it serves. Ends before or after its Database, as it
/// likes.
class Statement {
  public:
    /// Runs it to its end with these values for its ?. Values: integers below 2^63, text, Blob, std::optional of these.
    template <class... Values>
    Result<void> run(const Values&... values) {
        if (auto bound = start(values...); !bound) return bound;
        auto row = step();
        (void)reset();
        if (!row) return std::unexpected{row.error()};
        return {};
    }

    /// Binds the values; next() then gives row after row.
    template <class... Values>
    Result<void> start(const Values&... values) {
        if (auto clean = reset(); !clean) return clean;
        int at = 0;
        int rc = 0;
        ((rc = rc == 0 ? bind(++at, values) : rc), ...);
        if (rc != 0) return failure(rc);
        return {};
    }

    /// The next row, each column of exactly this type: std::int64_t, std::string, std::vector<uint8_t>,
    /// std::array<uint8_t, N>, std::optional of these. nullopt after the last row; the statement then holds no lock.
    /// Errors: unreadable, when a column holds another type: somebody wrote into the file who is not this program.
    template <class... Columns>
    Result<std::optional<std::tuple<Columns...>>> next() {
        auto row = step();
        if (!row) {
            (void)reset();
            return std::unexpected{row.error()};
        }
        if (!*row) {
            (void)reset();
            return std::optional<std::tuple<Columns...>>{};
        }
        std::tuple<Columns...> columns;
        bool fits = true;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((fits = fits && column(static_cast<int>(I), std::get<I>(columns))), ...);
        }(std::index_sequence_for<Columns...>{});
        if (!fits) {
            (void)reset();
            return wrong_type();
        }
        return std::optional{std::move(columns)};
    }

    /// The only row that the statement gives for these values, or nullopt.
    template <class... Columns, class... Values>
    Result<std::optional<std::tuple<Columns...>>> one(const Values&... values) {
        if (auto bound = start(values...); !bound) return std::unexpected{bound.error()};
        auto row = next<Columns...>();
        (void)reset();
        return row;
    }

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}

    Result<bool> step();  ///< true: there is a row
    Result<void> reset();
    std::unexpected<Error> failure(int rc) const;
    std::unexpected<Error> wrong_type() const;

    int bind_number(int at, std::int64_t value);
    int bind_null(int at);
    int bind(int at, std::string_view text);
    int bind(int at, Blob bytes);
    template <std::integral T>
    int bind(int at, T value) {
        return bind_number(at, static_cast<std::int64_t>(value));
    }
    template <class T>
    int bind(int at, const std::optional<T>& value) {
        return value ? bind(at, *value) : bind_null(at);
    }

    bool is_null(int at) const;
    bool column(int at, std::int64_t& value) const;
    bool column(int at, std::string& text) const;
    bool column_bytes(int at, std::span<std::uint8_t> bytes) const;
    bool column(int at, std::vector<std::uint8_t>& bytes) const;
    template <std::size_t N>
    bool column(int at, std::array<std::uint8_t, N>& bytes) const {
        return column_bytes(at, bytes);
    }
    template <class T>
    bool column(int at, std::optional<T>& value) const {
        if (is_null(at)) {
            value.reset();
            return true;
        }
        return column(at, value.emplace());
    }

    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace basalt::storage
