#include "device/firmware/read_record.h"

namespace basalt::firmware {

Result<void> ReadRecord::note(std::uint64_t now_s, Journal& journal, std::string_view who, std::string_view data,
                              std::uint64_t from) {
    if (!hour_began_at_) hour_began_at_ = now_s;
    if (logged_ == an_hour) {
        ++counted_;
        return {};
    }
    auto noted = journal.note(storage::make_event(storage::EventId::data_read, now_s, who, storage::Outcome::done,
                                                  {std::string{data}, static_cast<std::int64_t>(from)}));
    if (noted) ++logged_;
    return noted;
}

void ReadRecord::on_tick(std::uint64_t now_s, Journal* journal) {
    if (journal == nullptr || !hour_began_at_ || now_s - *hour_began_at_ < 3'600) return;
    if (counted_ != 0 &&
        !journal->note(storage::make_event(storage::EventId::reads_counted, now_s, counted_under_,
                                           storage::Outcome::done, {static_cast<std::int64_t>(counted_)})))
        return;  // the disk is full: the number waits
    hour_began_at_.reset();
    logged_ = counted_ = 0;
}

}  // namespace basalt::firmware
