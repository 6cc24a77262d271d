// device/guardian/core.h: what step() is made of: one input at work on the state. Private to the guardian. The members
// stand in step.cpp (the tick and the person), insulin.cpp, firmware_side.cpp, release.cpp and response.cpp (alarms,
// mode, ring).
#pragma once
#include "device/guardian/dose_window.h"
#include "device/guardian/step.h"

namespace basalt::guardian {

inline constexpr std::uint64_t reset_hold_s = 5;

class Core {
  public:
    Core(State& state, Effects& effects) noexcept
        : s(state), header(state.kept.header), ring(state.kept.ring), out(effects) {}

    void on(const Started&) noexcept;
    void on(const Ended& ended) noexcept { lose(ended.side); }
    void on(const BadFrame& bad) noexcept;
    void on(const hal::TickFrame& tick) noexcept;
    void on(const hal::SlotClosed& closed) noexcept;
    void on(const hal::ResetDone&) noexcept { s.reset_done = s.reset_pulled; }
    void on(const hal::BootReport& report) noexcept;
    void on(const hal::BootDone& done) noexcept;
    void on(const hal::Proof& proof) noexcept;
    void on(const hal::ShareRequest&) noexcept;
    void on(const hal::DoseRequest& ask) noexcept;
    void on(const hal::RingRequest& ask) noexcept { out.add(GiveRing{ask.from, ring.newest}); }
    void on(const hal::FindingReport& report) noexcept;
    void on(const hal::SlotEnd& end) noexcept;
    void on(const hal::TakeBack& ask) noexcept;
    void on(const hal::StopRequest&) noexcept;
    void on(const hal::ResumeRequest&) noexcept;
    void on(const hal::ReleaseAsk&) noexcept { out.add(hal::ReleaseChallenge{release_terms()}); }
    void on(const hal::Release& release) noexcept;

    /// Counts what the firmware says in its slot; one that floods its channel is a firmware that has crashed.
    bool floods() noexcept;
    void write_header_if_changed() noexcept;

  private:
    Tick now() const noexcept { return s.tick.tick; }
    std::uint32_t slot_now() const noexcept { return static_cast<std::uint32_t>(now().seconds / hal::basal_slot_s); }

    // The tick and the person.
    void first_tick() noexcept;
    void look_at_button() noexcept;
    void short_press() noexcept;
    bool stopped_by_person() const noexcept { return (header.latched & bit_of(Trigger::delivery_stopped)) != 0; }
    void resume() noexcept;  ///< what a person stopped. The one way
    bool may_carry_wishes()
        const noexcept;  ///< the firmware is proven, it is its turn, and failsafe does not suspect it
    void ask_firmware() noexcept;
    void finish_tick() noexcept;

    // Insulin.
    void take_up_motor() noexcept;  ///< at the first tick: goes on where the record ends
    void look_at_motor() noexcept;
    void begin_slot() noexcept;
    void look_at_delivery() noexcept;
    hal::DoseVerdict judge(const hal::DoseRequest& ask) const noexcept;
    void serve_from_profile() noexcept;
    void give(MilliUnits amount, hal::DoseSource source) noexcept;
    void give_failsafe_bolus() noexcept;
    void take_back(hal::TakenBack& answer, const hal::RingEntry& dose, MotorCount target) noexcept;
    void correct() noexcept;
    MilliUnits ahead() const noexcept;  ///< what the motor gave beyond its target: it is on no record yet
    Delivered given() const noexcept { return delivered(ring, now(), ahead()); }
    void move_motor() noexcept { out.add(hal::MotorMove{header.target}); }

    // Boot and the firmware.
    void start_firmware_side() noexcept;
    void lose(hal::Side side) noexcept;
    void pull_reset(std::uint64_t hold_s) noexcept;
    void new_generation() noexcept;  ///< at every start and reset, and for what is latched in the hold after it

    // Alarms and mode.
    void raise(Trigger trigger) noexcept;
    void condition(Trigger trigger, bool holds) noexcept;  ///< raises it, or ends what is shown only while it is true
    void end_old_alarms() noexcept;
    void respond(const AlarmRow& row) noexcept;
    void respond_to_all_shown() noexcept;
    void change_mode(ModeEvent event) noexcept;
    void show() noexcept;

    // Failsafe is left (release.cpp).
    hal::ReleaseTerms release_terms() const noexcept;
    hal::ReleaseVerdict judge(const hal::Release& release) noexcept;

    // The ring.
    void log(const AlarmRow& row) noexcept;
    bool note_event(const hal::RingEntry& entry, std::uint32_t most_a_day) noexcept;  ///< false: no room
    void append(hal::RingEntry entry) noexcept;

    State& s;
    Header& header;
    Ring& ring;
    Effects& out;
};

/// The latched alarms that failsafe follows from.
inline constexpr std::uint64_t failsafe_alarms = [] {
    std::uint64_t bits = 0;
    for (const AlarmRow& row : alarm_rows) bits |= row.response == Response::failsafe ? bit_of(row.trigger) : 0;
    return bits;
}();

/// An entry but for its number, tick and amount, which append() and the caller fill in.
hal::RingEntry entry_of(hal::RingKind kind, std::uint8_t code, const std::array<std::uint8_t, 12>& detail) noexcept;

}  // namespace basalt::guardian
