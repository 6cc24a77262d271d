#include "device/firmware/people/people_link.h"

#include <iterator>

namespace basalt::firmware {
namespace {
constexpr std::string_view not_on_record =
    R"({"schema":1,"words":{"en":"The pump could not put this on record, so it cannot say what became of it. Look at )"
    R"(the pump, and tell biomedical service.","fr":"La pompe n'a pas pu l'enregistrer et ne peut dire ce qu'il en est )"
    R"(advenu. Regardez la pompe et prévenez le service biomédical."}})";

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
}  // namespace

std::optional<Signature> ChipSigner::sign(const Digest& digest) noexcept {
    auto made = chip_.sign_as_device(digest);
    if (!made) return std::nullopt;
    return *made;
}

bool PeopleLink::take(Waiting frame) {
    if (waiting_.size() == frames_room) return false;
    waiting_.push_back(std::move(frame));
    return true;
}

void PeopleLink::gateway_gone() noexcept {
    waiting_.clear();
    said_.clear();
    out_.clear();
    sessions_.forget_all();
    desk_.forget_sessions();
}

template <class Frame>
void PeopleLink::put(const Frame& frame) {
    if (out_.size() == answers_room) return;  // its client finds out for itself that it does not know
    const auto bytes = link::LinkFrames::encode(frame);
    out_.emplace_back(bytes.view().begin(), bytes.view().end());
}

void PeopleLink::serve(const Desk::At& at) {
    add(desk_.on_tick(at));
    while (!waiting_.empty()) {
        const Waiting frame = std::move(waiting_.front());
        waiting_.pop_front();
        if (const auto* hello = std::get_if<link::Hello>(&frame)) {
            if (const auto answer = sessions_.take(*hello, at.now, this)) put(*answer);
            continue;
        }
        const auto taken = sessions_.take(std::get<link::SealedIn>(frame), at.now);
        if (taken.answer) put(*taken.answer);
        if (taken.command) add(desk_.take(*taken.command, at));
    }
}

void PeopleLink::add(std::vector<DeskAnswer> said) { std::ranges::move(said, std::back_inserter(said_)); }

void PeopleLink::send_answers(bool on_record, Tick now) {
    for (const DeskAnswer& one : std::exchange(said_, {})) {
        const bool doubtful = !on_record && one.last && one.outcome == link::Outcome::done;
        const auto sealed =
            sessions_.reply(one.asked, doubtful ? link::Outcome::unknown : one.outcome,
                            bytes_of(doubtful ? not_on_record : std::string_view{one.body}), one.last, now);
        if (sealed) put(*sealed);
    }
    while (!out_.empty()) {
        if (!gateway_.send(out_.front())) {
            if (++ticks_not_taken_ >= patience_ticks) out_.clear();
            return;
        }
        ticks_not_taken_ = 0;
        out_.pop_front();
    }
}

}  // namespace basalt::firmware
