#include "storage/event.h"
#include "tests/fuzz/target.h"

namespace basalt::fuzz {
// One record of every kind, each field filled.
std::vector<Input> seeds() {
    std::vector<Input> all;
    for (const storage::EventKind& kind : storage::event_kinds()) {
        storage::Event event;
        event.tick_s = 86'400;
        event.who = "firmware";
        event.what = std::string{kind.key};
        for (const storage::FieldSpec& field : kind.fields)
            event.fields.push_back({std::string{field.name}, field.type == storage::FieldType::number
                                                                 ? storage::Value{std::int64_t{-1250}}
                                                                 : storage::Value{std::string{"caf\u00e9 \"a\""}}});
        const auto bytes = storage::canonical(7, event);
        require(bytes && storage::read_canonical(*bytes), "a good record is accepted");
        all.push_back(bytes_of(*bytes));
    }
    return all;
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string_view in{reinterpret_cast<const char*>(data), size};
    const auto record = storage::read_canonical(in);
    if (!record) {
        fuzz::require(!record.error().what.empty() && !record.error().next_step.empty(),
                      "a refusal says why and what to do");
        return 0;
    }
    (void)storage::in_words(record->event, storage::Language::english);
    // A kind that this version does not know is read and cannot be written.
    if (const auto again = storage::canonical(record->seq, record->event))
        fuzz::require(*again == in, "a record has one spelling");
    return 0;
}
