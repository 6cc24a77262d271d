// scenarios/joined/joined_device.h: guardian, firmware and gateway of one device in one process, joined by frame
// queues, on a simple board. The programs are the real ones; the board, the TPM and boot are stand-ins that behave.
#pragma once
#include "device/firmware/firmware.h"
#include "device/gateway/gateway.h"
#include "device/guardian/guardian.h"
#include "device/guardian/profile.h"
#include "pump_model/motor.h"
#include "scenarios/joined/fake_chip.h"

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace basalt::joined {

/// A day of rates that is no round number anywhere: remainders would show.
firmware::BasalRates some_basal();
/// A profile that some_basal() fits into, with other rates, so that one sees who gave a dose.
guardian::Profile some_profile();

class JoinedDevice {
  public:
    struct Settings {
        std::filesystem::path records;  ///< a directory for the databases; NAME.killed beside it is used too
        const char* file_layer = nullptr;
        /// process_only where no power is cut: many times faster, and a killed process loses nothing by it.
        storage::Durability durability = storage::Durability::power_cut;
        firmware::BasalRates basal = some_basal();
        guardian::Profile profile = some_profile();
        firmware::BasalPlan plan = nullptr;      ///< nullptr: the firmware's own therapy
        firmware::PeopleStep* people = nullptr;  ///< what people do in the firmware's slots
        std::uint32_t second_of_day = 0;         ///< at the first tick
        Tick begin{86'400};
        bool configured = true;  ///< false: the configuration was refused
    };

    explicit JoinedDevice(Settings settings);
    ~JoinedDevice();

    /// Plays the world up to and including `until`.
    void run_to(Tick until);
    Tick now() const noexcept { return now_; }

    // ---- faults ----
    /// When the firmware sends its frame number `frame` to the guardian (1 is the first since the device was made), it
    /// dies; `arrives` says whether that frame still gets there.
    void kill_firmware_at(std::uint64_t frame, bool arrives) { kill_ = Kill{frame, arrives}; }
    void kill_firmware();
    void restart_guardian();
    /// Swallows what the firmware says to the guardian until the next reset: it hangs.
    void hang_firmware() noexcept { hangs_ = true; }

    // ---- what one sees from outside ----
    MotorCount motor() const noexcept { return {motor_.count_mu()}; }
    hal::Signals signals() const noexcept { return signals_; }
    std::uint64_t firmware_frames() const noexcept { return firmware_frames_; }
    int resets() const noexcept { return resets_; }
    FakeChip& chip() noexcept { return chip_; }
    hal::Sensors& sensors() noexcept { return sensors_; }
    /// The pump's button is down from the one tick up to, not with, the other.
    void press(Tick from, Tick until) noexcept { press_ = {from, until}; }
    void set_clock_ok(bool ok) noexcept { clock_ok_ = ok; }
    const std::vector<std::string>& told() const noexcept { return told_; }
    /// All that the firmware tried to say, also what did not arrive.
    const std::vector<hal::DoseRequest>& dose_requests() const noexcept { return dose_requests_; }
    const std::vector<hal::Finding>& findings() const noexcept { return findings_; }

    /// A frame from the one connection of the network, for the gateway's next turn.
    void network(ByteView frame) { network_in_.emplace_back(Packet(frame.begin(), frame.end())); }
    /// That connection ends, and what follows comes over another.
    void network_reconnects() { network_in_.emplace_back(std::nullopt); }
    /// A frame that a gateway in an attacker's hands sends the firmware.
    void as_the_gateway(ByteView frame) { gateway_to_firmware_.send(frame); }
    /// What the firmware told the gateway, and the gateway the network, since the last call.
    std::vector<std::vector<std::uint8_t>> gateway_heard();
    std::vector<std::vector<std::uint8_t>> network_heard();
    /// A frame from the pump's own screen, for the firmware's next slot; and what the screen was answered since the
    /// last call.
    void screen(ByteView frame) { screen_in_.emplace_back(frame.begin(), frame.end()); }
    std::vector<hal::ScreenReply> screen_replies();
    const gateway::Counts& gateway_counts() const noexcept { return gateway_->counts(); }

    /// The keys of its records: what an attacker who holds them could do is for a test to try.
    firmware::RecordKeys keys() const;
    /// Ends the firmware and opens its records with the same keys.
    Result<firmware::Journal> records();

  private:
    using Packet = std::vector<std::uint8_t>;
    struct Line final : hal::Port {
        bool send(ByteView frame) noexcept override;
        std::deque<Packet> packets;
        bool open = true;
    };
    struct OneConnection final : gateway::Network {
        bool send(gateway::Connection, ByteView frame) noexcept override { return line.send(frame); }
        Line line;
    };
    struct FirmwareEnd final : hal::Port {
        explicit FirmwareEnd(JoinedDevice& owner) : device(owner) {}
        bool send(ByteView frame) noexcept override { return device.firmware_says(frame); }
        JoinedDevice& device;
    };
    struct Kill {
        std::uint64_t frame;
        bool arrives;
    };

    bool firmware_says(ByteView frame) noexcept;
    void die() noexcept;
    void bury();
    std::filesystem::path as_killed() const;
    void settle();
    bool turn();
    void on_board(const Packet& frame);
    void on_boot(const Packet& frame);
    void firmware_turn(const Packet& frame);
    void gateway_turn();
    void reset_firmware_side();
    void launch_firmware();
    firmware::Journal::Options record_options() const;

    Settings settings_;
    Authority rom_;
    FakeChip chip_;
    pump_model::Motor motor_;
    std::vector<std::uint8_t> memory_;
    hal::Sensors sensors_;
    hal::Signals signals_;
    Tick now_;
    Tick next_;
    bool clock_ok_ = true;
    std::pair<Tick, Tick> press_{};
    bool done_ = false;

    Line to_board_, to_boot_, to_firmware_, board_says_, boot_says_, firmware_says_;
    Line firmware_to_gateway_, gateway_to_firmware_, screen_out_;
    OneConnection network_out_;
    std::vector<Packet> gateway_heard_;
    std::deque<std::optional<Packet>> network_in_;  ///< nullopt: the connection ended
    std::deque<Packet> screen_in_;
    FirmwareEnd firmware_end_{*this};
    std::unique_ptr<guardian::Guardian> guardian_;
    std::unique_ptr<firmware::Firmware> firmware_;
    std::unique_ptr<gateway::Gateway> gateway_;
    bool firmware_alive_ = false;
    bool end_told_ = true;
    bool hangs_ = false;
    std::optional<Kill> kill_;
    std::uint64_t firmware_frames_ = 0;
    int resets_ = 0;
    std::vector<std::string> told_;
    std::vector<hal::DoseRequest> dose_requests_;
    std::vector<hal::Finding> findings_;
};

}  // namespace basalt::joined
