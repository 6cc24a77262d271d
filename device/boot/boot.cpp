#include "device/boot/boot.h"

#include "device/boot/rom.h"
#include "device/boot/say.h"
#include "device/boot/slots.h"
#include "device/boot/tpm_steps.h"
#include "tpm/hierarchy.h"
#include "tpm/layout.h"
#include "tpm/nv.h"

#include <utility>
#include <variant>

namespace basalt::boot {
namespace {

template <class Optional>
std::optional<SignedHeader> header_of(const Optional& thing) noexcept {
    if (!thing) return std::nullopt;
    return thing->header;
}

}  // namespace

/// All that happens before anything runs. The TPM is held from the first line that needs it to the end of this
/// function.
hal::BootReport Boot::prepare(const hal::BootStart& start, Choice& choice) noexcept {
    hal::BootReport report{.firmware_a = ImageVerdict::not_needed,
                           .firmware_b = ImageVerdict::not_needed,
                           .gateway = ImageVerdict::not_needed,
                           .configuration = ImageVerdict::not_needed};
    auto tpm = tpm::Tpm::connect(places_.tcti);
    if (!tpm || !tpm->start_up()) return report;
    report.anchor = check_anchor(*tpm, start.generation);
    const auto lowest_version = tpm::read_counter(*tpm, tpm::version_counter);
    if (!lowest_version) return report;

    const SlotRules rules{authority_, start.device, *lowest_version, start.configuration_version};
    choice = choose(flash_, rules);
    const auto configuration = check_configuration(flash_, rules);
    report.slot = choice.slot;
    report.firmware_a = choice.firmware_a;
    report.firmware_b = choice.firmware_b;
    report.gateway = choice.gateway;
    report.configuration = configuration ? ImageVerdict::accepted : configuration.error();
    report.configuration_version = configuration ? configuration->version : 0;

    const MeasuredState state{
        .guardian = rom_image(places_.rom, "guardian.img", FileKind::guardian, authority_),
        .boot = rom_image(places_.rom, "boot.img", FileKind::boot, authority_),
        .firmware = header_of(choice.firmware_image),
        .gateway = header_of(choice.gateway_image),
        .configuration = configuration ? std::optional{*configuration} : std::nullopt,
        .authority = authority_,
        .profile = start.profile_digest,
    };
    tpm::EventLog log;
    report.tpm_ok = measure(*tpm, state, log) && tpm::close_platform(*tpm).has_value();
    // A log that cannot be written makes a quote worth nothing to a verifier, and is no reason to withhold therapy.
    if (!flash_.replace("boot/eventlog.bin", "boot/eventlog.tmp", log.bytes())) {
        say(
            {"The event log of this start could not be written, so nobody can check what was measured. Make room in "
             "flash/boot."});
    }
    return report;
}

bool Boot::start(const hal::BootStart& start) noexcept {
    Choice choice;
    hal::BootReport report = prepare(start, choice);
    // Without measurements, or with the platform hierarchy open, a firmware would run that nothing stands behind.
    if (!report.tpm_ok) choice = Choice{};
    const Children::Start outcome = children_.start(std::move(choice), start.network_isolated);
    if (outcome.started == Children::Started::unconfined) return false;
    report.launched = outcome.started == Children::Started::firmware;
    if (outcome.firmware != ImageVerdict::accepted) {
        (report.slot == hal::Slot::a ? report.firmware_a : report.firmware_b) = outcome.firmware;
        say({"The firmware runs from neither slot: ", in_words(outcome.firmware),
             ". Insulin goes on at the programmed rates. Have biomedical service look at the pump."});
    }
    guardian_.send(hal::BootFrames::encode(report).view());
    return true;
}

bool Boot::handle(ByteView bytes) noexcept {
    const auto frame = hal::BootFrames::decode(bytes);
    if (!frame) return false;
    if (const auto* start_frame = std::get_if<hal::BootStart>(&*frame)) {
        if (std::exchange(started_, true)) return false;
        return start(*start_frame);
    }
    const auto* tick = std::get_if<hal::BootTick>(&*frame);
    if (tick == nullptr) return false;
    const Children::Watch seen = started_ ? children_.watch(tick->network_isolated) : Children::Watch{};
    guardian_.send(hal::BootFrames::encode(hal::BootDone{tick->tick, seen.gateway, seen.restarted}).view());
    return true;
}

}  // namespace basalt::boot
