#include "device/firmware/firmware.h"

#include "device/firmware/records/ring_events.h"
#include "device/firmware/records_opening.h"
#include "device/firmware/therapy/kept.h"

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

Firmware::Firmware(hal::Port& guardian, hal::Port& gateway, hal::Port& screen, Chip& chip, Options options)
    : guardian_(guardian),
      chip_(chip),
      options_(std::move(options)),
      certificates_(chip, options_.network,
                    options_.configuration ? options_.configuration->client_authority : std::vector<std::uint8_t>{}),
      gateway_frames_(gateway, certificates_),
      screen_(screen, log_check_),
      therapy_(options_.configuration ? &*options_.configuration : nullptr) {
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
    therapy_.set_limits(welcome.limits);
    if (!accepted_)
        options_.tell("The guardian did not accept the proof. No dose is asked for; the programmed rates go on.");
}

// ---- one slot ----

void Firmware::on(const hal::FirmwareTick& tick) {
    slot_ = Slot{.tick = tick, .ring_last = tick.ring_last, .news_follow = tick.basal_due};
    therapy_.begin(tick);
    // That slot was closed over our head.
    if (asked_ == Asked::wish) wish_answered({.wish = wish_});
    if (asked_ == Asked::ring || asked_ == Asked::dose || asked_ == Asked::wish) asked_ = Asked::nothing;
}

void Firmware::go_on() {
    while (slot_ && asked_ == Asked::nothing && !gone_) {
        switch (slot_->step) {
            case Step::open:
                open_the_records();
                slot_->step = Step::ring;
                break;
            case Step::ring:
                if (ask_ring()) break;
                therapy_.ring_read(slot_->ring_last);
                slot_->step = Step::readings;
                break;
            case Step::readings:
                note_readings();
                slot_->step = Step::dose;
                break;
            case Step::dose:
                slot_->step = ask_dose() ? Step::ring_after_dose : Step::chip;
                break;
            case Step::ring_after_dose:
                if (ask_ring()) break;
                therapy_.ring_read(slot_->ring_last);
                slot_->step = Step::chip;
                break;
            case Step::chip:
                check_chip();
                slot_->step = Step::link;
                break;
            case Step::link:
                serve_link();
                slot_->step = Step::wishes;
                break;
            case Step::wishes:
                if (!ask_wish()) slot_->step = Step::ring_after_wishes;
                break;
            case Step::ring_after_wishes:
                if (ask_ring()) break;
                therapy_.ring_read(slot_->ring_last);
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
        if (records_) remember_therapy();
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

void Firmware::remember_therapy() {
    const auto bolus = records_->setting(bolus_setting), temporary = records_->setting(temporary_setting);
    if (!bolus) return kept(std::unexpected{bolus.error()}), void();
    if (!temporary) return kept(std::unexpected{temporary.error()}), void();
    for (const auto& words : therapy_.remember(*bolus, *temporary, slot_->tick.tick)) options_.tell(words);
}

/// The records go on where they ended; the therapy, which keeps no doses, reads the ring from its begin after each
/// start.
bool Firmware::ask_ring() {
    if (!records_ || slot_->ring_ended || slot_->ring_questions >= ring_questions_a_slot) return false;
    const bool records_wait = records_->ring_waiting() || records_->ring_next() <= slot_->ring_last;
    const bool therapy_waits = therapy_.ring_waiting(slot_->ring_last);
    if (!records_wait && !therapy_waits) return false;
    ++slot_->ring_questions;
    const std::uint32_t from =
        therapy_waits ? std::min(therapy_.ring_next(), records_->ring_next()) : records_->ring_next();
    ask(hal::RingRequest{from}, Asked::ring);
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
    const bool news = therapy_.note_ring(entries);
    if (imported->entries == 0 && !news) slot_->ring_ended = true;  // asking again would bring the same
}

void Firmware::note_readings() {
    const auto& sensors = slot_->tick.sensors;
    if (!records_ || sensors.glucose_mg_dl == 0 || sensors.glucose_age_s > now_s()) return;
    kept(records_->note_glucose({now_s() - sensors.glucose_age_s}, sensors.glucose_mg_dl));
}

bool Firmware::ask_dose() {
    const auto& tick = slot_->tick;
    if (!records_) {
        therapy_.without_records();
        return false;
    }
    if (!tick.basal_due || tick.mode != hal::Mode::normal) {
        const auto portion = therapy_.portion();
        if (!portion) return false;
        if (accepted_ && ask_for(portion->request_id, portion->amount, hal::DoseKind::bolus)) return true;
        therapy_.note_answer(portion->request_id, hal::DoseVerdict::not_due);  // it never left
        return false;
    }
    const auto amount = basal_of_slot();
    // One number for each basal slot of the device's life: the same slot asked twice would be seen.
    return amount &&
           ask_for(static_cast<std::uint32_t>(tick.tick.seconds / hal::basal_slot_s), *amount, hal::DoseKind::basal);
}

std::optional<MilliUnits> Firmware::basal_of_slot() {
    // Without a clock the guardian gives its lowest rate.
    if (!accepted_ || !slot_->tick.clock_ok || !options_.configuration) return std::nullopt;
    if (options_.plan == nullptr) return therapy_.basal();
    return options_.plan(options_.configuration->basal, slot_->tick.second_of_day, std::uint32_t{hal::basal_slot_s});
}

/// Without a durable record nobody would know later what was asked, so then nothing is.
bool Firmware::ask_for(std::uint32_t request_id, MilliUnits amount, hal::DoseKind kind) {
    dose_id_ = request_id;
    if (!kept(therapy_.record(*records_))) return false;
    if (!kept(records_->note_asked(slot_->tick.tick, dose_id_, amount, kind))) return false;
    ask(hal::DoseRequest{.request_id = dose_id_, .amount = amount, .kind = kind}, Asked::dose);
    return true;
}

void Firmware::on(const hal::DoseAnswer& answer) {
    if (asked_ != Asked::dose || !slot_ || !records_ || answer.request_id != dose_id_) return;
    asked_ = Asked::nothing;
    slot_->ring_last = std::max(slot_->ring_last, answer.ring_seq);
    if (answer.verdict == hal::DoseVerdict::accepted && slot_->tick.basal_due) slot_->news_follow = false;
    therapy_.note_answer(answer.request_id, answer.verdict);
    kept(records_->note_answer(slot_->tick.tick, answer.request_id, answer.verdict, answer.ring_seq));
}

// ---- people ----

bool Firmware::on_gateway(ByteView frame) {
    const auto taken = options_.people != nullptr ? options_.people->take(frame) : FrameTaken::no_business_of_mine;
    return taken == FrameTaken::no_business_of_mine ? gateway_frames_.take(frame) : taken == FrameTaken::taken;
}

void Firmware::on_gateway_end() {
    gateway_frames_.gateway_gone();
    if (options_.people != nullptr) options_.people->gateway_gone();
}

void Firmware::serve_link() {
    const SeenState seen{
        .tick = slot_->tick,
        .configuration = options_.configuration ? &*options_.configuration : nullptr,
        .configuration_words = options_.configuration ? std::string_view{} : options_.configuration.error().what,
        .accepted = accepted_,
        .records_open = records_.has_value(),
        .people = options_.people != nullptr ? options_.people->seen(slot_->tick.tick) : std::nullopt,
        .therapy = &therapy_};
    Journal* const journal = records_ ? &*records_ : nullptr;
    gateway_frames_.serve(now_s(), journal);
    screen_.serve(seen, journal);
    serve_people(seen);
}

void Firmware::serve_people(const SeenState& seen) {
    if (options_.people != nullptr)
        options_.people->serve({slot_->tick, therapy_, wishes_, records_ ? &*records_ : nullptr, seen});
    if (therapy_.take_back_wanted()) wishes_.add(Wish::take_back);
    if (wishes_.holds(Wish::stop) && wishes_.drop(Wish::resume)) wish_answered({.wish = Wish::resume});
}

bool Firmware::ask_wish() {
    const auto wish = wishes_.take();
    if (!wish) return false;
    wish_ = *wish;
    switch (wish_) {
        case Wish::stop:
            ask(hal::StopRequest{}, Asked::wish);
            break;
        case Wish::take_back:
            ask(hal::TakeBack{static_cast<std::uint32_t>(now_s())}, Asked::wish);
            break;
        case Wish::resume:
            ask(hal::ResumeRequest{}, Asked::wish);
            break;
    }
    return true;
}

void Firmware::on(const hal::TakenBack& answer) {
    if (asked_ != Asked::wish || changes_the_mode(wish_) || !slot_ ||
        answer.request_id != static_cast<std::uint32_t>(now_s()))
        return;
    asked_ = Asked::nothing;
    slot_->ring_last = std::max(slot_->ring_last, answer.ring_seq);
    wish_answered({.wish = wish_,
                   .answered = true,
                   .accepted = answer.amount > MilliUnits{},
                   .mode = slot_->tick.mode,
                   .amount = answer.amount,
                   .in_ring = answer.ring_seq != 0});
}

void Firmware::on(const hal::ModeAnswer& answer) {
    if (asked_ != Asked::wish || !changes_the_mode(wish_) || !slot_) return;
    asked_ = Asked::nothing;
    slot_->news_follow = true;  // the change of mode, and where the motor was halted, follow in the ring
    slot_->tick.mode = answer.mode;
    therapy_.note_mode(answer.mode);
    wish_answered({.wish = wish_, .answered = true, .accepted = answer.accepted, .mode = answer.mode});
}

/// A lost answer may mean a lost wish. What withholds insulin is wished again; a resume is for the person to repeat.
void Firmware::wish_answered(const WishAnswer& answer) {
    if (answer.wish == Wish::take_back)
        therapy_.note_taken_back(answer.answered, answer.in_ring ? MilliUnits{} : answer.amount);
    if (answer.wish == Wish::stop && !answer.answered) wishes_.add(Wish::stop);
    if (options_.people != nullptr) options_.people->on_wish_answer(answer);
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
    if (records_) kept(therapy_.record(*records_));
    const bool on_record = !records_ || kept(records_->commit());
    if (!slot_->records_failed)
        recorded_at_ = now_s();
    else if (now_s() - recorded_at_ >= records_patience_s)
        report_again(hal::Finding::storage_full);
    if (on_record) check_records();
    if (gone_) return;
    gateway_frames_.send_answer(on_record);
    screen_.send_answers(on_record);
    if (options_.people != nullptr) options_.people->done(on_record && records_.has_value());
    Tick next{(now_s() / hal::basal_slot_s + 1) * hal::basal_slot_s};
    const bool people_wait = options_.people != nullptr && options_.people->waiting();
    if (slot_->news_follow || screen_.waiting() || people_wait || wishes_.holds(Wish::stop))
        next = slot_->tick.tick + 1;
    if (const auto wanted = therapy_.next()) next = std::clamp(*wanted, slot_->tick.tick + 1, next);
    const auto people = options_.people != nullptr ? options_.people->seen(slot_->tick.tick) : std::nullopt;
    const auto emergency_until = people ? people->emergency_until : std::nullopt;
    if (emergency_until) next = std::clamp(*emergency_until, slot_->tick.tick + 1, next);  // its alarm ends with it
    const hal::SlotEnd end{.tick = slot_->tick.tick, .next = next, .emergency_access = emergency_until.has_value()};
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
