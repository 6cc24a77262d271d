#include "tpm/event_log.h"

#include "tests/fuzz/target.h"
#include "tpm/policy.h"

namespace basalt::fuzz {

std::vector<Input> seeds() {
    tpm::EventLog log;
    const Input empty = log.bytes();
    log.add(0, tpm::EventType::compact_hash, bytes_of("guardian"));
    log.add(2, tpm::EventType::separator, Input(128, 7));
    return {empty, log.bytes()};
}

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const auto events = tpm::parse_event_log({data, size});
    fuzz::require(events || events.error().code == ErrorCode::unreadable, "a log that cannot be read is called so");
    if (!events) return 0;
    for (const tpm::Event& event : *events) {
        fuzz::require(event.pcr < tpm::pcr_max, "no event names a PCR above 7");
        fuzz::require(tpm::sha256(event.data) == event.digest, "each digest is that of its data");
    }
    (void)tpm::replay(*events);
    return 0;
}
