#include "scenarios/bench/ring_reader.h"

#include "device/guardian/memory.h"

#include <algorithm>
#include <optional>

namespace basalt::bench {
namespace {

namespace layout = guardian::layout;

// Place and seal must fit: an entry that was cut while it was written is none.
std::optional<hal::RingEntry> entry_at(MemoryStore& memory, std::uint32_t offset) {
    std::array<std::uint8_t, layout::entry_size> bytes{};
    hal::RingEntry entry;
    if (!memory.read(offset, bytes) || !guardian::unseal(bytes, entry)) return std::nullopt;
    if (entry.seq == 0 || layout::entry_at(entry.seq) != offset) return std::nullopt;
    return entry;
}

}  // namespace

std::vector<hal::RingEntry> ring_entries(MemoryStore& memory, std::uint32_t after) {
    std::vector<hal::RingEntry> entries;
    for (std::uint32_t place = 0; place < layout::ring_entries; ++place)
        if (const auto entry = entry_at(memory, layout::ring + place * layout::entry_size); entry && entry->seq > after)
            entries.push_back(*entry);
    std::ranges::sort(entries, {}, &hal::RingEntry::seq);
    return entries;
}

std::vector<hal::RingEntry> ring_entries_since(MemoryStore& memory, std::uint32_t after) {
    std::vector<hal::RingEntry> entries;
    for (std::uint32_t seq = after + 1; entries.size() < layout::ring_entries; ++seq) {
        const auto entry = entry_at(memory, layout::entry_at(seq));
        if (!entry || entry->seq != seq) break;
        entries.push_back(*entry);
    }
    return entries;
}

}  // namespace basalt::bench
