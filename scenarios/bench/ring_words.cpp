#include "scenarios/bench/ring_words.h"

#include "device/firmware/records/ring_events.h"
#include "device/guardian/alarms.h"

#include <algorithm>

namespace basalt::bench {
namespace {

storage::Event event_of(const hal::RingEntry& entry) { return firmware::ring_row(entry.kind).event(entry.tick, entry); }

}  // namespace

std::string in_words(const storage::Event& event, scenarios::Language language) {
    const bool french = language == scenarios::Language::french;
    std::string words = storage::in_words(event, french ? storage::Language::french : storage::Language::english);
    const auto* alarm = event.text("trigger");
    if (alarm == nullptr) return words;
    const auto row = std::ranges::find(guardian::alarm_rows, std::string_view{*alarm}, &guardian::AlarmRow::id);
    if (row == guardian::alarm_rows.end()) return words;
    return words + " " + std::string{(french ? row->french : row->english).what};
}

std::string in_words(const hal::RingEntry& entry, scenarios::Language language) {
    return in_words(event_of(entry), language);
}

std::string as_record(const hal::RingEntry& entry) {
    // It cannot fail: what the table makes of an entry are the fields of its kind.
    return storage::canonical(entry.seq, event_of(entry)).value_or("null");
}

}  // namespace basalt::bench
