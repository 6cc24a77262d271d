#include "device/firmware/process.h"

#include "device/common/sandbox/sandbox.h"
#include "device/firmware/measured_configuration.h"
#include "device/firmware/people_at_work.h"
#include "device/firmware/tpm_chip.h"
#include "device/firmware/trust/bounded_file.h"
#include "device/hal/seqpacket.h"
#include "tpm/layout.h"
#include "tpm/pcr.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>

namespace basalt::firmware {
namespace {
constexpr int dose_channel = 3, frame_channel = 4, hand_over_channel = 5, screen_channel = 6;
constexpr int lacking = 4, wrong_usage = 2;

// For developers, free to be lost: a standard error that is full, or that another program keeps full, is no event here.
void tell(std::string_view words) {
    const std::string line = fmt::format("firmware: {}\n", words);
    (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

Result<MeasuredConfiguration> configuration_of(const std::filesystem::path& flash, tpm::Tpm& tpm) {
    const auto pcrs = tpm::read_pcrs(tpm);
    if (!pcrs) return std::unexpected{pcrs.error()};
    const auto file = read_bounded(flash / "config" / "device.cfg", SignedHeader::total + max_configuration_size);
    // A file that is not there, or is none, is as little the measured one as a changed one.
    return measured_configuration(file ? ByteView{*file} : ByteView{}, "device.cfg",
                                  (*pcrs)[tpm::number_of(tpm::Pcr::configuration)]);
}

/// Hands in what has arrived, as far as the firmware takes it; the rest stays in the channel. True: the channel ended
/// now.
template <class Take>
bool hand_in_all(hal::Seqpacket& channel, std::optional<std::vector<std::uint8_t>>& held, Take take) {
    std::array<std::uint8_t, max_frame_size> buffer;
    while (channel.open()) {
        if (held) {
            if (!take(ByteView{*held})) return false;
            held.reset();
        }
        const auto received = channel.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::nothing) return false;
        if (received.arrival == hal::Arrival::ended) {
            channel.close();
            return true;
        }
        // A packet that is too long counts as a frame that is none: the firmware counts it among those.
        held.emplace(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(
                                                          received.arrival == hal::Arrival::frame ? received.size : 0));
    }
    return false;
}

/// The frame channel, whose other end boot replaces when it starts another gateway.
class GatewayEnd final : public hal::Port {
  public:
    GatewayEnd()
        : channel_(hal::Descriptor{frame_channel}, hal::Wait::no), hand_over_(hal::Descriptor{hand_over_channel}) {}

    bool send(ByteView frame) noexcept override { return channel_.open() && channel_.send(frame); }

    /// Hands in what has arrived, as far as the firmware takes it; the rest stays in the channel.
    void hand_in(Firmware& firmware) {
        std::array<std::uint8_t, max_frame_size> buffer;
        for (auto news = hand_over_.receive_with(buffer, hal::Wait::no); news.arrival == hal::Arrival::frame;
             news = hand_over_.receive_with(buffer, hal::Wait::no))
            if (news.descriptors[0]) {
                channel_ = hal::Seqpacket{std::move(news.descriptors[0]), hal::Wait::no};
                held_.reset();
                firmware.on_gateway_end();
            }
        if (hand_in_all(channel_, held_, [&](ByteView frame) { return firmware.on_gateway(frame); }))
            firmware.on_gateway_end();
    }

  private:
    hal::Seqpacket channel_;
    hal::Seqpacket hand_over_;
    std::optional<std::vector<std::uint8_t>> held_;  ///< read, but not taken yet
};

/// The screen channel, whose other end is the board's as long as this boot runs. It never waits: an answer that the
/// screen does not take stays with the firmware.
class ScreenEnd final : public hal::Port {
  public:
    explicit ScreenEnd(bool there) : channel_(hal::Descriptor{there ? screen_channel : -1}, hal::Wait::no) {}

    bool send(ByteView frame) noexcept override { return channel_.open() && channel_.send(frame); }

    void hand_in(Firmware& firmware) {
        if (hand_in_all(channel_, held_, [&](ByteView frame) { return firmware.on_screen(frame); }))
            firmware.on_screen_end();
    }

  private:
    hal::Seqpacket channel_;
    std::optional<std::vector<std::uint8_t>> held_;  ///< read, but not taken yet
};
}  // namespace

int run(int argc, char** argv, BasalPlan plan, const ChipWrapper& wrap) {
    if (argc != 3) {
        tell("usage: basalt-firmware FLASH_DIRECTORY TCTI");
        return wrong_usage;
    }
    if (!sandbox::die_with_parent()) {
        tell(
            "It could not tie itself to the process that started it, or that one has ended, so it does not start. "
            "Start the device anew.");
        return lacking;
    }
    const std::array keep{dose_channel, frame_channel, hand_over_channel, screen_channel};
    if (!sandbox::close_all_except(keep)) {
        tell("The kernel cannot close inherited descriptors, so the firmware does not start. Use a newer kernel.");
        return lacking;
    }
    // Looked at before anything is opened: a boot without a screen leaves the number to whatever comes first.
    const bool has_screen = ::fcntl(screen_channel, F_GETFD) >= 0;
    // A configuration file of OpenSSL could load code; none is read, whatever the environment says.
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);

    const std::filesystem::path flash{argv[1]};
    auto tpm = tpm::Tpm::connect(argv[2]);
    if (!tpm) {
        tell(tpm.error().what + " " + tpm.error().next_step);
        return lacking;
    }
    TpmChip chip{*tpm, Trust::open(*tpm, flash), [](const Error& why) {
                     tell("The TPM's keys could not be closed, so the firmware ends before anybody can use them. " +
                          why.what + " " + why.next_step);
                     std::_Exit(lacking);
                 }};
    const auto wrapped = wrap ? wrap(chip) : nullptr;
    const auto measured = configuration_of(flash, *tpm);
    auto configuration = measured ? Result<Configuration>{measured->configuration} : std::unexpected{measured.error()};

    // A certificate that is not there costs the network alone.
    const auto identity = read_bounded(flash / "keys" / "identity.der", link::max_certificate_size);
    if (!identity) tell(identity.error().what + " " + identity.error().next_step);
    const std::string records = flash / "db";
    const std::array files{sandbox::FileGrant{records.c_str(), sandbox::FileRights::read_write}};
    if (const auto confined = sandbox::confine({.program = sandbox::Program::firmware, .files = files}); !confined) {
        tell(sandbox::in_words(confined.error()));
        (void)close_keys(*tpm);  // it ends either way; what comes after it in this boot finds them closed
        return lacking;
    }

    hal::Seqpacket guardian{hal::Descriptor{dose_channel}};
    GatewayEnd gateway;
    ScreenEnd screen{has_screen};
    link::SystemChance chance;
    Chip& used = wrapped ? *wrapped : static_cast<Chip&>(chip);
    PeopleAtWork people{gateway,
                        used,
                        chance,
                        {.device = measured ? measured->device : DeviceId{},
                         .configuration = measured ? &measured->configuration : nullptr}};
    Firmware firmware{guardian,
                      gateway,
                      screen,
                      used,
                      {.records = {.directory = records},
                       .configuration = std::move(configuration),
                       .plan = plan,
                       .people = &people,
                       .network = identity ? std::optional{NetworkPapers{*identity, [] { return std::time(nullptr); }}}
                                           : std::nullopt,
                       .tell = tell}};
    std::array<std::uint8_t, max_frame_size> buffer;
    while (!firmware.guardian_gone()) {
        const auto received = guardian.receive(buffer);
        if (received.arrival == hal::Arrival::ended) break;
        if (received.arrival != hal::Arrival::frame) continue;
        const ByteView frame{buffer.data(), received.size};
        if (Firmware::begins_slot(frame)) {
            gateway.hand_in(firmware);
            screen.hand_in(firmware);
        }
        firmware.on_guardian(frame);
    }
    return 0;
}

}  // namespace basalt::firmware
