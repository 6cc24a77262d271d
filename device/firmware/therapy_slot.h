// device/firmware/therapy_slot.h: what the therapy remembers, and what it wants in each slot: the basal dose, the next
// portion of a bolus, what is to be kept. People order through it. The pure part is the folder therapy/; the order of
// the calls is Firmware's. Page: docs/formats/therapy.md, "In the firmware's slot".
#pragma once
#include "device/firmware/configuration.h"
#include "device/firmware/records/journal.h"
#include "device/firmware/therapy/bolus.h"
#include "device/firmware/therapy/bolus_calculator.h"
#include "device/firmware/therapy/dose_history.h"
#include "device/firmware/therapy/temporary_basal.h"

#include <expected>
#include <optional>
#include <vector>

namespace basalt::firmware {

/// What a person hears: done, with what was done; or refused, with why and what to do.
using Said = std::expected<Sentence, Sentence>;

/// A calculation with its sentences: `terms` in the order in which they add up, then `advice`.
struct Suggestion {
    Calculation calculation;
    std::vector<Sentence> terms, advice;
};

/// The therapy as it is shown. Accounts as text; amounts as they are on record.
struct TherapySeen {
    struct RunningBolus {
        std::uint32_t id = 0;
        bool confirmed = false;  ///< false: it waits to be confirmed
        MilliUnits amount, given, still_moving;
        std::string who;
    };
    struct LastBolus {
        MilliUnits amount, given;
        BolusState how = BolusState::none;
        Tick at;  ///< confirmed
        bool exact = true;
        std::string who;
    };
    std::optional<RunningBolus> running;
    std::optional<LastBolus> last;
    InsulinOnBoard on_board;
    std::optional<TemporaryBasal> temporary;  ///< while it is active
    std::optional<MilliUnitsPerHour>
        rate;  ///< of the plan, after the temporary rate; 0 while the pump is stopped; nullopt:
    ///< no plan, or no clock
};

/// Rely on:  a basal amount or portion that it wants breaks no limit of the profile, as far as the guardian's ring
/// tells;
///           as long as the ring was not read to its end it wants nothing. What is not on record is not asked for:
///           Firmware sends nothing before note_asked() has made it durable, with all that record() noted before.
///           Whatever is kept, no bolus goes on after a restart.
class TherapySlot {
  public:
    /// `configuration` nullptr: it was refused. Then nothing is wanted, and nothing can be ordered.
    explicit TherapySlot(const Configuration* configuration);

    // ---- once, after the guardian's Welcome and when the records are open
    // --------------------------------------------

    void set_limits(const KnownLimits& limits) noexcept { limits_ = limits; }
    /// What the settings hold; nullopt: nothing was ever kept. Returns sentences for developers about what cannot be
    /// read.
    std::vector<std::string> remember(const std::optional<std::string>& bolus,
                                      const std::optional<std::string>& temporary, Tick now);

    // ---- in each slot, in this order
    // -----------------------------------------------------------------------------------

    void begin(const hal::FirmwareTick& tick);
    std::uint32_t ring_next() const noexcept { return history_.next(); }
    bool ring_waiting(std::uint32_t newest) const noexcept { return !history_.knows_all(newest); }
    /// False: it brought nothing new.
    bool note_ring(const hal::RingEntries& entries);
    /// The ring was read as far as it goes in this slot. `newest`: its last entry, as far as is known.
    void ring_read(std::uint32_t newest);
    /// What to ask for in a slot in which a basal dose is due; nullopt: nothing, the guardian gives the profile's.
    std::optional<MilliUnits> basal();
    /// In a tick without a basal request.
    std::optional<PortionRequest> portion();
    void note_answer(std::uint32_t request_id, hal::DoseVerdict verdict);
    /// There are no records: no bolus goes on.
    void without_records();
    /// Everything that happened becomes events, and what is to be kept becomes settings, with the same commit as the
    /// ring's entries. What could not be noted is noted by a later call.
    Result<void> record(Journal& journal);
    /// A tick is wanted no later; nullopt: the next basal slot is early enough.
    std::optional<Tick> next() const noexcept;

    // ---- people, within the slot, after ring_read()
    // ----------------------------------------------------------------------

    /// `typed`: a glucose that the person measured; else the sensor's.
    std::expected<Suggestion, Sentence> calculate(Carbs carbs, std::optional<Reading> typed = {}) const;
    /// Said: what is read back. `patient_limit`: as far as this person may go: most_at_once of the settings, unless two people went further.
    Said propose(const BolusOrder& order, MilliUnits patient_limit);
    Said confirm(MilliUnits amount, std::string_view who);
    /// A running bolus asks for nothing more from now on, and take_back_wanted() says that its last portion is to be
    /// taken back.
    Said cancel(std::string_view who);
    Said set_temporary(std::int32_t percent, std::uint32_t seconds, std::string_view who);
    Said end_temporary(std::string_view who);
    /// The last of them, in words; for whoever asks how the bolus stands.
    Sentence bolus_in_words() const { return in_words(bolus_, tick_.motor); }
    TherapySeen seen() const;

    /// A person cancelled, and some of the last portion may still be taken back from the motor.
    bool take_back_wanted() const noexcept { return take_back_; }
    /// The guardian answered; false: the answer was lost, and it is asked for again. `not_in_ring`: what it took back
    /// without an entry of its ring, which had no room; of all else the ring tells.
    void note_taken_back(bool answered, MilliUnits not_in_ring = {});
    /// The guardian answered a stop or a resume in this slot.
    void note_mode(hal::Mode mode) noexcept { tick_.mode = mode; }

  private:
    Tick now() const noexcept { return tick_.tick; }
    BasalToCome to_come(const TemporaryBasal& temporary) const;
    DoseRoom room_with(const TemporaryBasal& temporary) const;
    Moment moment(const Room& room) const;
    std::optional<std::uint32_t> second_of_day_at(Tick at) const noexcept;
    InsulinOnBoard on_board() const;
    void note(storage::EventId id, std::string_view who, storage::Outcome outcome,
              std::initializer_list<storage::Value> values);
    void finish_bolus();
    void note_end();
    void finish_temporary(std::string_view who, std::string_view how);

    const Configuration* configuration_;
    InsulinCurve curve_;
    KnownLimits limits_{};
    DoseHistory history_;
    hal::FirmwareTick tick_{};
    std::uint32_t ring_newest_ = 0;
    bool ring_known_ = false;  ///< in this slot the ring was read to its end

    Bolus bolus_, before_;  ///< before_: the last one that was confirmed, while a new one is proposed
    TemporaryBasal temporary_;
    bool end_told_ = true;             ///< bolus_ended of bolus_ is noted
    bool from_earlier_start_ = false;  ///< bolus_ is, and the ring was not read to its end since
    bool take_back_ = false, limited_ = false;
    std::optional<Tick> halted_at_;
    std::string kept_bolus_, kept_temporary_;
    std::vector<storage::Event> events_;
};

}  // namespace basalt::firmware
