#include "device/firmware/firmware.h"

#include "device/firmware/records/ring_events.h"
#include "device/firmware/records_opening.h"

#include <algorithm>
#include <utility>

namespace basalt::firmware {
namespace {
constexpr std::uint64_t chip_check_every_s = 3'600;
/// Records that cannot be written for so long are reported: somebody has to make room. Said again while it lasts, well
/// within the hour for which the guardian shows it.
constexpr std::uint64_t records_patience_s = 900, records_reminder_s = 1'800;
/// Records that could not be opened for lack of room are tried again so often.
constexpr std::uint64_t open_again_s = hal::basal_slot_s;
/// The guardian's memory holds fewer entries than these frames can carry: more questions would be going in circles.
constexpr int ring_questions_a_slot =
    static_cast<int>(hal::memory_size / (sizeof(hal::RingEntry) * hal::ring_entries_a_frame)) + 8;
}  // namespace

Firmware::Firmware(hal::Port& guardian, hal::Port& gateway, Chip& chip, Options options)
    : guardian_(guardian),
      chip_(chip),
      options_(std::move(options)),
      certificates_(chip, options_.network,
                    options_.configuration ? options_.configuration->client_authority : std::vector<std::uint8_t>{}),
      link_(gateway, log_check_, &certificates_) {
    if (!options_.configuration)
        options_.tell(options_.configuration.error().what + " " + options_.configuration.error().next_step);
}

bool Firmware::begins_slot(ByteView frame) noexcept {
    const auto decoded = hal::DoseFrames::decode(frame);
    return decoded && std::holds_alternative<hal::FirmwareTick>(*decoded);
}

void Firmware::on_guardian(ByteView frame) {
    const auto decoded = hal::DoseFrames::decode(frame);
    if (!decoded) {
        options_.tell("A frame from the guardian was ignored: " + std::string{in_words(decoded.error())} + ".");
        return;
    }
    std::visit([this](const auto& known) { on(known); }, *decoded);
    go_on();
}

// ---- earning normal mode ----

void Firmware::on(const hal::Challenge& challenge) {
    if (challenged_) return;  // there is one for each reset, and a reset ends this program
    challenged_ = true;
    nonce_ = challenge.nonce;
    ask(hal::ShareRequest{}, Asked::share);
}

void Firmware::on(const hal::Share& share) {
    if (asked_ != Asked::share) return;
    asked_ = Asked::nothing;
    // The signature first: opening the keys closes the TPM's keys for the rest of this boot, the channel key with them.
    const auto signature = chip_.sign_challenge(nonce_);
    std::optional<Secret> secret;
    if (share.given) {
        auto bytes = share.share;
        secret = Secret::take(bytes);
    }
    auto keys = chip_.open_keys(secret);
    if (keys)
        keys_.emplace(std::move(*keys));
    else
        options_.tell(keys.error().what + " " + keys.error().next_step);
    if (!signature) options_.tell(signature.error().what + " " + signature.error().next_step);
    ask(signature ? hal::Proof{*signature} : hal::Proof{}, Asked::welcome);
}

void Firmware::on(const hal::Welcome& welcome) {
    if (asked_ != Asked::welcome) return;
    asked_ = Asked::nothing;
    accepted_ = welcome.accepted;
    welcome_mode_ = welcome.mode;
    if (!accepted_)
        options_.tell("The guardian did not accept the proof. No dose is asked for; the programmed rates go on.");
}

// ---- one slot ----

void Firmware::on(const hal::FirmwareTick& tick) {
    slot_ = Slot{.tick = tick, .ring_last = tick.ring_last, .news_follow = tick.basal_due};
    if (asked_ == Asked::ring || asked_ == Asked::dose) asked_ = Asked::nothing;  // that slot was closed over our head
}

void Firmware::go_on() {
    while (slot_ && asked_ == Asked::nothing && !gone_) {
        switch (slot_->step) {
            case Step::open:
                open_the_records();
                slot_->step = Step::ring;
                break;
            case Step::ring:
                if (!ask_ring()) slot_->step = Step::readings;
                break;
            case Step::readings:
                note_readings();
                slot_->step = Step::dose;
                break;
            case Step::dose:
                slot_->step = ask_dose() ? Step::ring_after_dose : Step::chip;
                break;
            case Step::ring_after_dose:
                if (!ask_ring()) slot_->step = Step::chip;
                break;
            case Step::chip:
                check_chip();
                slot_->step = Step::link;
                break;
            case Step::link:
                link_.serve({.tick = slot_->tick,
                             .configuration = options_.configuration ? &*options_.configuration : nullptr,
                             .configuration_words =
                                 options_.configuration ? std::string_view{} : options_.configuration.error().what,
                             .accepted = accepted_,
                             .records_open = records_.has_value()},
                            records_ ? &*records_ : nullptr);
                slot_->step = Step::end;
                break;
            case Step::end:
                end_slot();
                break;
        }
    }
}

void Firmware::open_the_records() {
    const Tick now = slot_->tick.tick;
    if (!opened_) {
        opened_ = true;
        chip_checked_at_ = recorded_at_ = now.seconds;
        if (!keys_ && accepted_) report(hal::Finding::storage_damaged);  // verified, and yet its records stay closed
    }
    if (keys_ && (!tried_at_ || now.seconds - *tried_at_ >= open_again_s)) {
        tried_at_ = now.seconds;
        OpenedRecords opened = open_records(*keys_, options_.records, now);
        if (!opened.try_again) keys_.reset();
        for (const auto& words : opened.words) options_.tell(words);
        records_ = std::move(opened.journal);
        check_records();  // the newest ones before the first dose is asked for, and before anything new is noted
        if (records_ && accepted_)
            kept(records_->note(storage::make_event(storage::EventId::firmware_accepted, now.seconds, "guardian",
                                                    storage::Outcome::done, {std::string{key_of(welcome_mode_)}})));
        for (const auto finding : opened.findings) report(finding);
    }
    if (keys_) slot_->records_failed = true;
    if (!records_) return;
    const auto noted = records_->note_tick(slot_->tick);
    if (!noted)
        records_failed(noted.error());
    else if (*noted)
        report(**noted);
}

bool Firmware::ask_ring() {
    if (!records_ || slot_->ring_ended || slot_->ring_questions >= ring_questions_a_slot) return false;
    if (!records_->ring_waiting() && records_->ring_next() > slot_->ring_last) return false;
    ++slot_->ring_questions;
    ask(hal::RingRequest{records_->ring_next()}, Asked::ring);
    return true;
}

void Firmware::on(const hal::RingEntries& entries) {
    if (asked_ != Asked::ring || !slot_ || !records_) return;
    asked_ = Asked::nothing;
    const auto imported = records_->import_ring(slot_->tick.tick, entries);
    if (!imported) {
        records_failed(imported.error());
        return;
    }
    if (imported->finding) report(*imported->finding);
    if (imported->entries == 0) slot_->ring_ended = true;  // asking again would bring the same
}

void Firmware::note_readings() {
    const auto& sensors = slot_->tick.sensors;
    if (!records_ || sensors.glucose_mg_dl == 0 || sensors.glucose_age_s > now_s()) return;
    kept(records_->note_glucose({now_s() - sensors.glucose_age_s}, sensors.glucose_mg_dl));
}

bool Firmware::ask_dose() {
    const auto& tick = slot_->tick;
    // Without a clock the guardian gives its lowest rate; without records nobody would know later what was asked.
    if (!tick.basal_due || tick.mode != hal::Mode::normal || !accepted_ || !tick.clock_ok || !records_ ||
        !options_.configuration)
        return false;
    const MilliUnits amount =
        options_.plan(options_.configuration->basal, tick.second_of_day, std::uint32_t{hal::basal_slot_s});
    // One number for each basal slot of the device's life: the same slot asked twice would be seen.
    dose_id_ = static_cast<std::uint32_t>(tick.tick.seconds / hal::basal_slot_s);
    if (!kept(records_->note_asked(tick.tick, dose_id_, amount, hal::DoseKind::basal))) return false;
    ask(hal::DoseRequest{.request_id = dose_id_, .amount = amount, .kind = hal::DoseKind::basal}, Asked::dose);
    return true;
}

void Firmware::on(const hal::DoseAnswer& answer) {
    if (asked_ != Asked::dose || !slot_ || !records_ || answer.request_id != dose_id_) return;
    asked_ = Asked::nothing;
    slot_->ring_last = std::max(slot_->ring_last, answer.ring_seq);
    if (answer.verdict == hal::DoseVerdict::accepted) slot_->news_follow = false;
    kept(records_->note_answer(slot_->tick.tick, answer.request_id, answer.verdict, answer.ring_seq));
}

void Firmware::check_chip() {
    if (!chip_answers_ || now_s() - chip_checked_at_ < chip_check_every_s) return;
    chip_checked_at_ = now_s();
    chip_answers_ = chip_.answers();
    if (!chip_answers_) {
        options_.tell("The security chip does not answer any more.");
        report(hal::Finding::tpm_gone);
    }
}

void Firmware::check_records() {
    if (!records_) return;
    const auto end = log_check_.go_on(*records_, slot_->tick.tick);
    if (!end) {
        options_.tell(end.error().what + " " + end.error().next_step);
    } else if (*end && (*end)->finding) {
        options_.tell((*end)->words);
        report(*(*end)->finding);
    }
}

void Firmware::end_slot() {
    const bool on_record = !records_ || kept(records_->commit());
    if (!slot_->records_failed)
        recorded_at_ = now_s();
    else if (now_s() - recorded_at_ >= records_patience_s)
        report_again(hal::Finding::storage_full);
    if (on_record) check_records();
    if (gone_) return;
    link_.send_answers(on_record);
    const std::uint64_t next_basal_slot = (now_s() / hal::basal_slot_s + 1) * hal::basal_slot_s;
    const bool soon = slot_->news_follow || link_.waiting();
    const hal::SlotEnd end{.tick = slot_->tick.tick, .next = {soon ? now_s() + 1 : next_basal_slot}};
    slot_.reset();
    say(end);
}

// ---- saying, asking, reporting ----

template <class Frame>
void Firmware::say(const Frame& frame) {
    if (!gone_ && !guardian_.send(hal::DoseFrames::encode(frame).view())) gone_ = true;
}

template <class Frame>
void Firmware::ask(const Frame& frame, Asked what) {
    asked_ = what;
    say(frame);
}

void Firmware::report(hal::Finding finding) {
    const auto bit = static_cast<std::uint8_t>(1U << std::to_underlying(finding));
    if ((reported_ & bit) != 0) return;
    reported_ = static_cast<std::uint8_t>(reported_ | bit);
    say(hal::FindingReport{finding});
    if (slot_) slot_->news_follow = true;
    if (records_ && !gone_)
        kept(records_->note(storage::make_event(storage::EventId::finding_reported, now_s(), "firmware",
                                                storage::Outcome::failed, {std::string{key_of(finding)}})));
}

/// Network traffic can fill a disk, so this must not end in failsafe: nothing is asked for while it lasts, and that is
/// all.
void Firmware::report_again(hal::Finding finding) {
    if (reported_again_at_ && now_s() - *reported_again_at_ < records_reminder_s) return;
    reported_again_at_ = now_s();
    say(hal::FindingReport{finding});
}

bool Firmware::kept(const Result<void>& result) {
    if (result) return true;
    records_failed(result.error());
    return false;
}

void Firmware::records_failed(const Error& why) {
    if (slot_) slot_->records_failed = true;
    options_.tell(why.what + " " + why.next_step);
    if (why.code == ErrorCode::unreadable) {
        records_.reset();
        report(hal::Finding::storage_damaged);
    }
    // Anything else (a full disk) may pass: the journal keeps what it has and tries again. Until then no dose is asked
    // for.
}

}  // namespace basalt::firmware
