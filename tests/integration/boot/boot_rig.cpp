#include "tests/integration/boot/boot_rig.h"

#include "device/boot/launch.h"
#include "device/factory/image_builder.h"
#include "tpm/layout.h"
#include "tpm/nv.h"
#include "tpm/tpm.h"

#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <signal.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace basalt::test {
namespace {

namespace fs = std::filesystem;

template <class T>
T need(Result<T> result) {
    if (!result) throw std::runtime_error{result.error().what};
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Made once for the whole test program: the libraries are some megabytes.
const Bytes& payload_of_program(const char* path) {
    static std::map<std::string, Bytes> made;
    if (!made.contains(path)) made[path] = need(factory::pack(need(factory::parts_of({path, {}}))));
    return made[path];
}

Bytes bytes_of(ByteView view) { return {view.begin(), view.end()}; }

}  // namespace

BootRig::BootRig(Variant variant) {
    std::string name = (fs::temp_directory_path() / "basalt-rig-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no directory"};
    root_ = name;
    for (const char* folder : {"flash/slot-a", "flash/slot-b", "flash/config", "flash/boot", "rom", "run"})
        fs::create_directories(root_ / folder);
    authority.variant = variant;
    authority.image_key = maker.point();
    authority.hospital_key = hospital.point();
    write_authority();

    firmware_payload = payload_of_program(STAND_IN_FIRMWARE);
    gateway_payload = payload_of_program(STAND_IN_GATEWAY);
    for (const char* slot : {"flash/slot-a/", "flash/slot-b/"}) {
        write(std::string{slot} + "firmware.img", image(FileKind::firmware, firmware_payload, maker));
        write(std::string{slot} + "gateway.img", image(FileKind::gateway, gateway_payload, maker));
    }
    const Bytes settings{'x', ' ', '=', ' ', '1', '\n'};
    write("flash/config/device.cfg",
          hospital.sign({.kind = FileKind::configuration, .variant = variant, .device = rig_device}, settings));
    const Bytes rom = payload_of({{boot::Role::program, "rom", {1, 2, 3}}});
    write("rom/guardian.img", image(FileKind::guardian, rom, maker));
    write("rom/boot.img", image(FileKind::boot, rom, maker));

    chip_ = need(tpm::Simulator::start({.state = root_ / "tpm", .run = root_ / "run"}));
    tcti_ = chip_->tcti();
    provision_chip();
}

BootRig::~BootRig() {
    if (boot_ > 0) kill_boot();
    chip_.reset();
    fs::remove_all(root_);
}

void BootRig::provision_chip() {
    auto tpm = need(tpm::Tpm::connect(tcti_));
    for (const auto& counter : {tpm::generation_counter, tpm::version_counter}) {
        need(tpm::define(tpm, counter));
        need(tpm::increment(tpm, counter));
    }
}

void BootRig::write(const std::string& name, const Bytes& bytes) const {
    std::ofstream{root_ / name, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                        static_cast<std::streamsize>(bytes.size()));
}
Bytes BootRig::read(const std::string& name) const { return file_bytes((root_ / name).string()); }
bool BootRig::exists(const std::string& name) const { return fs::exists(root_ / name); }

void BootRig::flip(const std::string& name, std::size_t byte, std::uint8_t mask) const {
    Bytes bytes = read(name);
    bytes.at(byte) = static_cast<std::uint8_t>(bytes.at(byte) ^ mask);
    write(name, bytes);
}

void BootRig::write_authority() const {
    write("rom/authority.bin", bytes_of(AuthorityFrames::encode(AuthorityFile{authority}).view()));
}

Bytes BootRig::image(FileKind kind, const Bytes& payload, const SigningKey& key, std::uint32_t version) const {
    return key.sign({.kind = kind, .variant = authority.variant, .version = version}, payload);
}

void BootRig::no_chip() { chip_.reset(); }

tpm::PcrValues BootRig::pcrs() const {
    auto tpm = need(tpm::Tpm::connect(tcti_));
    return need(tpm::read_pcrs(tpm));
}

boot::MeasuredState BootRig::expected_state() const {
    const auto header = [&](const char* name, const PublicKey& key, FileKind kind) {
        const Bytes file = read(name);
        return verify(file, {kind, authority.variant, rig_device}, key)->header();
    };
    return {.guardian = header("rom/guardian.img", authority.image_key, FileKind::guardian),
            .boot = header("rom/boot.img", authority.image_key, FileKind::boot),
            .firmware = header("flash/slot-a/firmware.img", authority.image_key, FileKind::firmware),
            .gateway = header("flash/slot-a/gateway.img", authority.image_key, FileKind::gateway),
            .configuration = header("flash/config/device.cfg", authority.hospital_key, FileKind::configuration),
            .authority = authority,
            .profile = profile};
}

void BootRig::start(Program program) {
    if (boot_ > 0) kill_boot();
    if (chip_) need(chip_->power_cycle());
    const auto pair = [] {
        auto ends = hal::make_seqpacket_pair();
        if (!ends) throw std::runtime_error{"no channel"};
        return std::move(*ends);
    };
    auto boot_channel = pair(), dose_channel = pair(), screen_channel = pair();
    guardian = hal::Seqpacket{std::move(boot_channel.a)};
    dose = hal::Seqpacket{std::move(dose_channel.a)};
    screen = hal::Seqpacket{std::move(screen_channel.a)};

    const auto image = boot::SealedImage::make(
        payload_of_program(program == Program::production ? BOOT_PROGRAM : BOOT_TRAINING_PROGRAM));
    const std::string flash_path = flash(), authority_path = (root_ / "rom/authority.bin").string();
    const std::string& tpm = tpm_for_boot.empty() ? tcti_ : tpm_for_boot;
    const std::array arguments{flash_path.c_str(), tpm.c_str(), authority_path.c_str()};
    const std::array given{boot_channel.b.get(), dose_channel.b.get(), screen_channel.b.get()};
    const auto process = boot::launch(*image, {.name = "basalt-boot", .arguments = arguments, .given = given});
    if (!process) throw std::runtime_error{"boot was not started"};
    boot_ = *process;
}

namespace {
template <class F>
std::optional<F> next(hal::Seqpacket& guardian) {
    std::array<std::uint8_t, max_frame_size> buffer{};
    const auto packet = guardian.receive(buffer);
    if (packet.arrival != hal::Arrival::frame) return std::nullopt;
    const auto frame = hal::BootFrames::decode(std::span{buffer}.first(packet.size));
    if (!frame || !std::holds_alternative<F>(*frame)) return std::nullopt;
    return std::get<F>(*frame);
}
}  // namespace

std::optional<hal::BootReport> BootRig::begin(std::uint64_t generation, bool isolated,
                                              std::uint32_t configuration_version) {
    guardian.send(
        hal::BootFrames::encode(hal::BootStart{generation, profile, rig_device, isolated, configuration_version})
            .view());
    return next<hal::BootReport>(guardian);
}

std::optional<hal::BootDone> BootRig::tick(bool isolated) {
    guardian.send(hal::BootFrames::encode(hal::BootTick{Tick{++now_}, isolated}).view());
    const auto done = next<hal::BootDone>(guardian);
    if (!done || done->tick != Tick{now_}) return std::nullopt;
    return done;
}

int BootRig::end_of_boot() {
    int status = -1;
    ::waitpid(boot_, &status, 0);
    boot_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void BootRig::kill_boot() {
    ::kill(boot_, SIGKILL);
    end_of_boot();
}

std::string hear(hal::Seqpacket& from) {
    const std::array ends{from.get()};
    if (hal::wait_readable(ends, 20'000) == 0) return "(silence)";
    std::array<std::uint8_t, max_frame_size> buffer{};
    const auto packet = from.receive(buffer);
    if (packet.arrival != hal::Arrival::frame) return "(ended)";
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(packet.size)};
}

void kill_and_wait(pid_t process) {
    const hal::Descriptor handle{static_cast<int>(::syscall(SYS_pidfd_open, process, 0))};
    ::kill(process, SIGKILL);
    const std::array ends{handle.get()};
    if (!handle || hal::wait_readable(ends, 20'000) == 0) throw std::runtime_error{"a process does not end"};
}

std::vector<pid_t> children_of(pid_t parent) {
    const auto process = std::to_string(parent);
    std::ifstream in{"/proc/" + process + "/task/" + process + "/children"};
    std::vector<pid_t> out;
    for (pid_t child = 0; in >> child;) out.push_back(child);
    return out;
}

}  // namespace basalt::test
