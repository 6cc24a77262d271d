#include "storage/log_text.h"

#include "storage/sha256.h"
#include "tests/fuzz/target.h"

#include <string>

namespace {

/// The page's example, docs/formats/log-record.md, made here so that no file is read.
std::string example() {
    using namespace basalt::storage;
    const Event events[] = {
        make_event(EventId::log_started, 0, "firmware", Outcome::done, {}),
        make_event(EventId::dose_asked, 300, "firmware", Outcome::done, {std::int64_t{1}, "basal", std::int64_t{-40}}),
        make_event(EventId::setting_changed, 412, "nurse.martin", Outcome::done, {"note", "\"\\ \xC3\xA9"})};
    std::string text = log_text_header(1, {});
    LoggedEvent logged;
    for (const Event& event : events) {
        ++logged.seq;
        logged.event = event;
        logged.hash = *chain(logged.hash, *canonical(logged.seq, event));
        text += *log_text_line(logged);
    }
    return text;
}

}  // namespace

/// A text that is said to be intact is one that this code would have written: writing its records again gives it back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string text{data, data + size};
    if (const auto record = storage::read_canonical(text)) {
        for (const auto language : {storage::Language::english, storage::Language::french})
            fuzz::require(!in_words(record->event, language).empty(), "each record that is read has a sentence");
        if (storage::find_kind(record->event.what) != nullptr) {
            const auto again = storage::canonical(record->seq, record->event);
            fuzz::require(!again || *again == text, "a record that is read has one spelling");
        }
    }
    const auto verdict = storage::verify_log_text(text);
    if (!verdict || !verdict->intact()) return 0;
    fuzz::require(text.ends_with(storage::to_hex(verdict->head.hash) + "\"}\n"),
                  "the head of an intact text stands at its end");
    fuzz::require(verdict->head.seq + 1 >= verdict->first, "an intact text ends where it begins, or later");
    return 0;
}

std::vector<basalt::fuzz::Input> basalt::fuzz::seeds() {
    const std::string text = example();
    const std::string first = text.substr(text.find('\n') + 1);
    const std::string record = first.substr(0, first.find(",\"hash\"")) + "}";
    return {bytes_of(text), bytes_of(record), bytes_of(text.substr(0, text.find('\n') + 1))};
}
