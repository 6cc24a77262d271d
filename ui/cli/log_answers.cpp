#include "ui/cli/log_answers.h"

#include "scenarios/bench/shown_words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

namespace basalt::cli {
namespace {

using Json = nlohmann::ordered_json;

// The library's own getters throw on a value of another type.
const Json* field(const Json& object, const char* name) {
    if (!object.is_object()) return nullptr;
    const auto at = object.find(name);
    return at == object.end() ? nullptr : &*at;
}

std::optional<std::uint64_t> number_in(const Json& object, const char* name) {
    const Json* value = field(object, name);
    return value != nullptr && value->is_number_unsigned() ? std::optional{value->get<std::uint64_t>()} : std::nullopt;
}

std::optional<bool> truth_in(const Json& object, const char* name) {
    const Json* value = field(object, name);
    return value != nullptr && value->is_boolean() ? std::optional{value->get<bool>()} : std::nullopt;
}

const std::string* text_in(const Json& object, const char* name) {
    const Json* value = field(object, name);
    return value != nullptr ? value->get_ptr<const std::string*>() : nullptr;
}

bool is_hash(std::string_view text) {
    return text.size() == 64 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Nothing: it is no row. `expected` is the number of a row that does not say its own.
std::optional<LogRow> as_row(const Json& row, std::uint64_t expected) {
    if (truth_in(row, "too_long") == true) {
        const auto seq = number_in(row, "seq");
        return seq ? std::optional{LogRow{*seq, {}, {}}} : std::nullopt;
    }
    const std::string* hash = text_in(row, "hash");
    const Json* record = field(row, "record");
    if (hash == nullptr || !is_hash(*hash) || record == nullptr) return std::nullopt;
    if (record->is_null()) return LogRow{expected, {}, *hash};
    const auto seq = number_in(*record, "seq");
    return seq ? std::optional{LogRow{*seq, record->dump(), *hash}} : std::nullopt;
}

std::unexpected<Error> unreadable(std::string why) {
    return fail(ErrorCode::unreadable, std::move(why), "Ask again; if it stays so, do not trust this pump's software.");
}

struct CheckAnswer {
    bool checking = false;
    std::uint64_t records = 0;
    LogVerdict verdict;
};

std::optional<CheckAnswer> read_check(const std::string& body) {
    const Json json = Json::parse(body, nullptr, false);
    const auto records = number_in(json, "records");
    const std::string* words = text_in(json, "words");
    const auto ok = truth_in(json, "ok");
    const bool checking = truth_in(json, "checking") == true;
    if (!records || words == nullptr || ok.has_value() == checking) return std::nullopt;
    return CheckAnswer{checking,
                       *records,
                       {ok == true, bench::shown(*words), json.dump(2, ' ', true, Json::error_handler_t::replace)}};
}

}  // namespace

Result<void> LogRows::take(const std::string& body) {
    const Json page = Json::parse(body, nullptr, false);
    const Json* rows = field(page, "rows");
    const auto more = truth_in(page, "more");
    if (rows == nullptr || !rows->is_array() || !number_in(page, "next_seq") || !more)
        return unreadable("The pump's answer is no page of its log.");
    for (const Json& json : *rows) {
        auto row = as_row(json, next_);
        if (!row) return unreadable("The pump's answer holds something that is no record of its log.");
        if (row->seq < next_ || row->seq == std::numeric_limits<std::uint64_t>::max())
            return unreadable("The numbers of the pump's records do not grow.");
        bytes_ += row->record.size();
        if (rows_.size() == most_rows || bytes_ > most_bytes)
            return unreadable("The pump's log is longer than any that a pump can have written.");
        next_ = row->seq + 1;
        rows_.push_back(std::move(*row));
    }
    more_ = *more;
    return {};
}

Result<std::vector<LogRow>> whole_log(const AskRows& ask) {
    LogRows log;
    while (log.more()) {
        const std::uint64_t from = log.next();
        const auto bodies = ask(from);
        if (!bodies) return std::unexpected{bodies.error()};
        for (const std::string& body : *bodies)
            if (auto taken = log.take(body); !taken) return std::unexpected{taken.error()};
        if (log.more() && log.next() == from) return unreadable("The pump's log goes on without getting further.");
    }
    return std::move(log.rows());
}

Result<LogVerdict> log_verdict(const AskCheck& ask, const std::function<Result<void>()>& wait) {
    std::uint64_t furthest = 0;
    for (int in_vain = 0, asks = 1;; ++asks) {
        const auto bodies = ask();
        if (!bodies) return std::unexpected{bodies.error()};
        auto answer = read_check(bodies->empty() ? "" : bodies->back());
        if (!answer || answer->records > LogRows::most_rows)
            return unreadable("The pump's answer about its log cannot be read.");
        if (!answer->checking) return std::move(answer->verdict);
        in_vain = answer->records > furthest ? 0 : in_vain + 1;
        furthest = std::max(furthest, answer->records);
        if (in_vain == patience_asks || asks == most_asks)
            return fail(ErrorCode::check_failed,
                        "The pump says that it checks its log, but it gets no further, so nobody knows whether the log "
                        "is whole.",
                        "Write the log to a file and check that: basalt log show --write FILE");
        if (auto waited = wait(); !waited) return std::unexpected{waited.error()};
    }
}

}  // namespace basalt::cli
