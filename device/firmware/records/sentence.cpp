#include "device/firmware/records/sentence.h"

#include "device/guardian/alarms.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::firmware {

std::string sentence(const storage::Event& event, storage::Language language) {
    const std::string* id = event.text("trigger");
    if (event.what != storage::kind_of(storage::EventId::trigger_raised).key || id == nullptr)
        return in_words(event, language);
    const auto* row = std::ranges::find(guardian::alarm_rows, std::string_view{*id}, &guardian::AlarmRow::id);
    if (row == guardian::alarm_rows.end()) return in_words(event, language);
    const guardian::Words& words = language == storage::Language::french ? row->french : row->english;
    return fmt::format("{} {}", words.what, words.next);
}

}  // namespace basalt::firmware
