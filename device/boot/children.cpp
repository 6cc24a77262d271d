#include "device/boot/children.h"

#include "device/boot/say.h"
#include "device/common/sandbox/sandbox.h"

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <signal.h>
#include <utility>

namespace basalt::boot {
namespace {

void stop(pid_t& process) noexcept {
    if (process < 0) return;
    ::kill(process, SIGKILL);
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
    process = -1;
}

void bury(pid_t& process) noexcept {
    if (process >= 0 && ::waitpid(process, nullptr, WNOHANG) == process) process = -1;
}

}  // namespace

std::expected<void, LaunchFault> Children::start_firmware(const SealedImage& image, const hal::Descriptor& dose,
                                                          const hal::Descriptor& screen,
                                                          const hal::Descriptor& frames) noexcept {
    auto hand_overs = hal::make_seqpacket_pair();
    if (!hand_overs) return std::unexpected{LaunchFault::no_memory};
    const std::array arguments{needs_.flash, needs_.tcti};
    const std::array given{dose.get(), frames.get(), hand_overs->b.get(), screen.get()};
    const auto firmware = launch(image, {.name = "basalt-firmware", .arguments = arguments, .given = given});
    if (!firmware) return std::unexpected{firmware.error()};
    firmware_ = *firmware;
    hand_over_ = hal::Seqpacket{std::move(hand_overs->a), hal::Wait::no};
    return {};
}

Children::Start Children::start(Choice choice, bool network_isolated) noexcept {
    // Closed at the end of this function, whatever comes of it.
    const hal::Descriptor dose = std::move(needs_.dose), screen = std::move(needs_.screen);
    gateway_refused_ = !choice.gateway_image;
    if (choice.gateway_image) gateway_image_ = std::move(choice.gateway_image->image);
    const auto frames = hal::make_seqpacket_pair();
    std::expected<void, LaunchFault> runs = std::unexpected{LaunchFault::no_memory};
    if (choice.firmware_image && frames) runs = start_firmware(choice.firmware_image->image, dose, screen, frames->a);
    if (!sandbox::confine({.program = sandbox::Program::boot_launched, .files = {}})) return {Started::unconfined};
    if (!choice.firmware_image) return {};
    if (!runs) return {Started::nothing, verdict_of(runs.error())};
    if (!gateway_refused_ && !network_isolated && !start_gateway(frames->b))
        say({"The network part could not be started. It is tried again at every tick."});
    return {Started::firmware};
}

bool Children::start_gateway(const hal::Descriptor& frames) noexcept {
    const std::array given{frames.get(), needs_.listener.get()};
    const auto gateway =
        launch(*gateway_image_, {.name = "basalt-gateway", .given = std::span{given}.first(needs_.listener ? 2 : 1)});
    if (gateway) gateway_ = *gateway;
    return gateway.has_value();
}

Children::Watch Children::watch(bool network_isolated) noexcept {
    bury(firmware_);
    bury(gateway_);
    if (firmware_ < 0 || network_isolated) stop(gateway_);
    if (gateway_refused_) return {hal::GatewayState::refused, false};
    if (network_isolated) return {hal::GatewayState::isolated, false};
    if (firmware_ < 0) return {hal::GatewayState::down, false};
    if (gateway_ >= 0) return {hal::GatewayState::up, false};

    const auto frames = hal::make_seqpacket_pair();
    if (!frames || !start_gateway(frames->b)) return {hal::GatewayState::down, false};
    // It does not wait: a firmware that takes nothing loses its network, and no tick.
    constexpr std::array<std::uint8_t, 1> word{1};
    const std::array descriptors{frames->a.get()};
    if (!hand_over_.send_with(word, descriptors)) {
        stop(gateway_);
        return {hal::GatewayState::down, false};
    }
    return {hal::GatewayState::up, true};
}

}  // namespace basalt::boot
