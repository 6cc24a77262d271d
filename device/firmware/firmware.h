// device/firmware/firmware.h: the updatable part that earns normal mode and gives the therapy. Open this file first.
//
// After each reset:  Challenge -> ShareRequest, Share -> the TPM signs the challenge and opens the keys, once -> Proof,
//                    Welcome -> open the records -> from then on, in each of the guardian's ticks, one slot:
//     ring      what the guardian did by itself, until nothing is missing
//     readings  the new glucose reading
//     dose      in a basal slot, in normal mode: note it, ask, note the answer; else a portion of a bolus that runs;
//     then
//               the ring again
//     chip      once an hour: does the TPM still answer?
//     link      what the gateway needs, a bounded number of questions of the pump's own screen, and what people order
//     wishes    what people wish of the guardian: stop, take back, resume; then the ring again
//     end       make it durable, answer, SlotEnd
#pragma once
#include "device/firmware/chip.h"
#include "device/firmware/configuration.h"
#include "device/firmware/gateway_frames.h"
#include "device/firmware/people_step.h"
#include "device/firmware/screen_server.h"
#include "device/firmware/therapy_slot.h"
#include "device/hal/dose_frames.h"
#include "device/hal/port.h"

#include <filesystem>
#include <functional>

namespace basalt::firmware {

/// How much insulin the `seconds` from `from` get, when another program brings another therapy: asked for as it is.
using BasalPlan = MilliUnits (*)(const BasalRates& rates, SecondOfDay from, std::uint32_t seconds);

/// Event driven: it owns no descriptor, clock or thread. It asks the guardian one question at a time and does nothing
/// outside the guardian's slots, so a run depends on nobody's speed.
///
/// Rely on:  a dose request leaves only in normal mode, with a clock, an accepted proof, the verified configuration,
/// and
///           after it is durable on record; at most one for each basal slot. No wish of a person is sent twice but a
///           stop and a cancel whose answers were lost. Whatever fails here, the guardian gives
///           the profile's dose by itself. Once the guardian is gone nothing more is sent or written.
/// Source:   R28, R33, R37, R39.
class Firmware {
  public:
    struct Options {
        Journal::Options records;             ///< where the databases stand
        Result<Configuration> configuration;  ///< or why there is none: then no dose is asked for
        BasalPlan plan = nullptr;             ///< nullptr: ours, TherapySlot::basal()
        PeopleStep* people = nullptr;         ///< nullptr: nobody orders anything; else it outlives the firmware
        /// What the device shows to clients of its network; nothing: the gateway is refused a certificate.
        std::optional<NetworkPapers> network{};
        /// Whole sentences for developers; nothing decides by them.
        std::function<void(std::string_view)> tell = [](std::string_view) {};
    };

    Firmware(hal::Port& guardian, hal::Port& gateway, hal::Port& screen, Chip& chip, Options options);

    /// A frame of the dose channel came.
    void on_guardian(ByteView frame);
    /// A frame of the frame channel came. False: no room before the next tick, and the frame was not taken.
    bool on_gateway(ByteView frame);
    /// The gateway ended, or another one took its place.
    void on_gateway_end();
    /// A frame of the screen channel came. False: no room before the next tick, and the frame was not taken.
    bool on_screen(ByteView frame) { return screen_.take(frame); }
    /// The screen channel ended. Nothing changes but that nobody asks there any more.
    void on_screen_end() noexcept { screen_.screen_gone(); }

    /// The guardian takes no more frames: the program should end.
    bool guardian_gone() const noexcept { return gone_; }
    /// True for the frame that begins a slot: what gateway and screen sent should be handed in before it.
    static bool begins_slot(ByteView frame) noexcept;

  private:
    enum class Asked : std::uint8_t { nothing, share, welcome, ring, dose, wish };
    enum class Step : std::uint8_t {
        open,
        ring,
        readings,
        dose,
        ring_after_dose,
        chip,
        link,
        wishes,
        ring_after_wishes,
        end
    };
    struct Slot {
        hal::FirmwareTick tick;
        Step step = Step::open;
        std::uint32_t ring_last = 0;
        int ring_questions = 0;
        bool ring_ended = false;
        /// The guardian will write more into its ring once this slot is over (the profile's dose, the answer to a
        /// finding): a tick is wanted soon, so that the records lag by a second and not by a basal slot.
        bool news_follow = false;
        bool records_failed = false;  ///< something in this slot could not be put on record
    };

    void on(const hal::Challenge& challenge);
    void on(const hal::Share& share);
    void on(const hal::Welcome& welcome);
    void on(const hal::FirmwareTick& tick);
    void on(const hal::RingEntries& entries);
    void on(const hal::DoseAnswer& answer);
    void on(const hal::TakenBack& answer);
    void on(const hal::ModeAnswer& answer);
    template <class Other>
    void on(const Other&) {}  // the guardian says nothing else

    void go_on();
    void open_the_records();
    void remember_therapy();
    bool ask_ring();
    void note_readings();
    bool ask_dose();
    std::optional<MilliUnits> basal_of_slot();
    bool ask_for(std::uint32_t request_id, MilliUnits amount, hal::DoseKind kind);
    void serve_link();
    void serve_people(const SeenState& seen);
    bool ask_wish();
    void wish_answered(const WishAnswer& answer);
    void check_chip();
    void check_records();
    void end_slot();

    template <class Frame>
    void say(const Frame& frame);
    template <class Frame>
    void ask(const Frame& frame, Asked what);
    void report(hal::Finding finding);
    void report_again(hal::Finding finding);
    /// True when it went well; otherwise records_failed().
    bool kept(const Result<void>& result);
    void records_failed(const Error& why);
    std::uint64_t now_s() const noexcept { return slot_ ? slot_->tick.tick.seconds : 0; }

    hal::Port& guardian_;
    Chip& chip_;
    Options options_;
    LogCheck log_check_;
    GatewayCertificate certificates_;
    GatewayFrames gateway_frames_;
    ScreenServer screen_;
    TherapySlot therapy_;
    Wishes wishes_;
    Wish wish_ = Wish::stop;  ///< that was sent, while its answer is waited for
    std::optional<Journal> records_;
    std::optional<RecordKeys> keys_;  ///< from the Share until the records are open, or proved to be no records
    std::array<std::uint8_t, 32> nonce_{};
    std::optional<Slot> slot_;
    Asked asked_ = Asked::nothing;
    bool challenged_ = false;
    bool accepted_ = false;
    bool opened_ = false;                             ///< the records were opened, or it was tried
    std::optional<std::uint64_t> tried_at_;           ///< last, to open the records
    std::optional<std::uint64_t> reported_again_at_;  ///< storage_full, since the reset
    bool gone_ = false;
    bool chip_answers_ = true;
    std::uint64_t chip_checked_at_ = 0;
    std::uint64_t recorded_at_ = 0;  ///< the last slot of which everything was
    hal::Mode welcome_mode_ = hal::Mode::start_up;
    std::uint32_t dose_id_ = 0;
    std::uint8_t reported_ = 0;  ///< bit N: Finding N was reported since the reset
};

}  // namespace basalt::firmware
