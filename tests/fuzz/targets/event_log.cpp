#include "tpm/event_log.h"

#include "tests/fuzz/target.h"

namespace basalt::fuzz {
std::vector<Input> seeds() {
    tpm::EventLog log;
    log.add(0, tpm::EventType::event_tag, Input{1, 2, 3});
    log.add(3, tpm::EventType::compact_hash, bytes_of("absent"));
    log.add(6, tpm::EventType::separator, Input{0, 0, 0, 0});
    return {tpm::EventLog{}.bytes(), log.bytes()};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const auto events = tpm::parse_event_log({data, size});
    if (!events) {
        fuzz::require(!events.error().what.empty() && !events.error().next_step.empty(),
                      "a refusal says why and what to do");
        return 0;
    }
    for (const tpm::Event& event : *events)
        fuzz::require(event.pcr < 8 && event.data.size() <= tpm::event_data_max, "events keep the reader's limits");
    (void)tpm::replay(*events);
    return 0;
}
