#include "scenarios/bench/ring_words.h"

#include "device/firmware/records/ring_events.h"

namespace basalt::bench {
namespace {

storage::Event event_of(const hal::RingEntry& entry) { return firmware::ring_row(entry.kind).event(entry.tick, entry); }

}  // namespace

std::string in_words(const hal::RingEntry& entry, scenarios::Language language) {
    return storage::in_words(event_of(entry), language == scenarios::Language::french ? storage::Language::french
                                                                                      : storage::Language::english);
}

std::string as_record(const hal::RingEntry& entry) {
    // It cannot fail: what the table makes of an entry are the fields of its kind.
    return storage::canonical(entry.seq, event_of(entry)).value_or("null");
}

}  // namespace basalt::bench
