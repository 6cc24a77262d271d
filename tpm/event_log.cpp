#include "tpm/event_log.h"

#include "tpm/policy.h"

#include <algorithm>
#include <optional>

namespace basalt::tpm {
namespace {

constexpr std::uint16_t sha256_id = 0x000B;
/// The header event's data: it says that every following event has one SHA-256 digest.
constexpr std::array<std::uint8_t, 33> spec_id{
    'S',  'p', 'e', 'c', ' ', 'I', 'D', ' ', 'E', 'v', 'e', 'n', 't', '0', '3', 0,  // signature
    0,    0,   0,   0,                                                              // platform class: client
    0,    2,   0,   2,  // minor, major, errata, size of UINTN in 4 bytes
    1,    0,   0,   0,  // one algorithm
    0x0B, 0,   32,  0,  // SHA-256, 32 bytes
    0,                  // no vendor information
};

void put32(ByteVector& out, std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void put16(ByteVector& out, std::uint16_t value) {
    for (unsigned shift = 0; shift < 16; shift += 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void put(ByteVector& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

const ByteVector& header() {
    static const ByteVector bytes = [] {
        ByteVector out;
        put32(out, 0);
        put32(out, static_cast<std::uint32_t>(EventType::no_action));
        out.insert(out.end(), 20, 0);  // a SHA-1 digest that nothing was extended with
        put32(out, spec_id.size());
        put(out, spec_id);
        return out;
    }();
    return bytes;
}

/// Little-endian reader over a bounded log. nullopt: the log ends too early.
class Reader {
  public:
    explicit Reader(ByteView log) : log_{log} {}
    std::optional<ByteView> take(std::size_t size) {
        if (size > log_.size() - at_) return std::nullopt;
        const auto bytes = log_.subspan(at_, size);
        at_ += size;
        return bytes;
    }
    template <std::unsigned_integral T>
    std::optional<T> number() {
        const auto bytes = take(sizeof(T));
        if (!bytes) return std::nullopt;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<std::uint32_t>((*bytes)[i]) << (8 * i);
        return static_cast<T>(value);
    }
    std::size_t at() const { return at_; }
    bool done() const { return at_ == log_.size(); }

  private:
    ByteView log_;
    std::size_t at_ = 0;
};

std::unexpected<Error> unreadable(std::size_t offset, std::string_view why) {
    return fail(ErrorCode::unreadable,
                "The event log cannot be read at byte " + std::to_string(offset) + ": " + std::string{why} + ".",
                "Start the device again: boot writes a new log at each start.");
}

Result<Event> next_event(Reader& in) {
    const std::size_t start = in.at();
    Event event;
    const auto pcr = in.number<std::uint32_t>();
    const auto type = in.number<std::uint32_t>();
    const auto count = in.number<std::uint32_t>();
    const auto algorithm = in.number<std::uint16_t>();
    const auto digest = in.take(event.digest.size());
    const auto size = in.number<std::uint32_t>();
    if (!pcr || !type || !count || !algorithm || !digest || !size) return unreadable(start, "it ends inside an event");
    if (*pcr >= pcr_max) return unreadable(start, "the event names a PCR above 7");
    if (*count != 1 || *algorithm != sha256_id)
        return unreadable(start, "the event has another digest than one SHA-256");
    if (*size > event_data_max) return unreadable(start, "the event's data are too long");
    const auto data = in.take(*size);
    if (!data) return unreadable(start, "it ends inside an event");
    std::ranges::copy(*digest, event.digest.begin());
    if (sha256(*data) != event.digest) return unreadable(start, "the event's digest is not that of its data");
    event.pcr = *pcr;
    event.type = *type;
    event.data.assign(data->begin(), data->end());
    return event;
}

}  // namespace

EventLog::EventLog() : bytes_{header()} {}

void EventLog::add(std::uint32_t pcr, EventType type, ByteView data) {
    put32(bytes_, pcr);
    put32(bytes_, static_cast<std::uint32_t>(type));
    put32(bytes_, 1);
    put16(bytes_, sha256_id);
    put(bytes_, sha256(data));
    put32(bytes_, static_cast<std::uint32_t>(data.size()));
    put(bytes_, data);
}

Result<std::vector<Event>> parse_event_log(ByteView log) {
    if (log.size() > event_log_max) return unreadable(event_log_max, "it is longer than a log may be");
    Reader in{log};
    const auto first = in.take(header().size());
    if (!first || !std::ranges::equal(*first, header()))
        return unreadable(0, "it does not begin as a SHA-256 log of the TCG's form");
    std::vector<Event> events;
    while (!in.done()) {
        auto event = next_event(in);
        if (!event) return std::unexpected{event.error()};
        events.push_back(std::move(*event));
    }
    return events;
}

PcrValues replay(const std::vector<Event>& events) {
    PcrValues values{};
    for (const Event& event : events) values[event.pcr] = sha256(values[event.pcr], event.digest);
    return values;
}

}  // namespace basalt::tpm
