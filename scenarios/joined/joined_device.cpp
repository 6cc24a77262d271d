#include "scenarios/joined/joined_device.h"

#include "device/guardian/provisioning.h"

#include <cstdlib>
#include <string>

namespace basalt::joined {
namespace {
constexpr DeviceId device_id{'j', 'o', 'i', 'n', 'e', 'd'};

std::array<std::uint8_t, 32> fixed_bytes(std::string_view seed) {
    return sha256(ByteView{reinterpret_cast<const std::uint8_t*>(seed.data()), seed.size()});
}

std::vector<std::uint8_t> signed_profile(const guardian::Profile& profile, const SigningKey& physician) {
    const auto payload = guardian::ProfileFrames::encode(profile);
    SignedHeader header{.kind = FileKind::profile,
                        .version = 1,
                        .device = device_id,
                        .payload_size = payload.size,
                        .payload_digest = sha256(payload.view())};
    const auto bytes = header_bytes(header);
    const auto signature = physician.sign(sha256(bytes));
    std::vector<std::uint8_t> file(bytes.begin(), bytes.end());
    file.insert(file.end(), signature.begin(), signature.end());
    file.insert(file.end(), payload.view().begin(), payload.view().end());
    return file;
}

firmware::Configuration configuration_with(const firmware::BasalRates& basal) {
    return {.device_name = "Joined device", .glucose_unit = firmware::GlucoseUnit::mg_dl, .basal = basal};
}
}  // namespace

firmware::BasalRates some_basal() {
    firmware::BasalRates rates;
    for (std::size_t i = 0; i < rates.size(); ++i) rates[i] = {static_cast<std::int32_t>(800 + 50 * (i % 7))};
    return rates;
}

guardian::Profile some_profile() {
    guardian::Profile profile;
    profile.generation = 1;
    profile.rates.fill({700});
    profile.limits = {
        .per_dose = 5_U, .per_hour = 8_U, .beyond_profile_in_4_h = 6_U, .per_day = 60_U, .doses_per_hour = 20};
    for (std::size_t i = 0; i < 2; ++i)
        profile.release_keys[i] = {
            .key = SigningKey{i == 0 ? "physician badge" : "biomedical badge"}.public_key(),
            .role = i == 0 ? guardian::ReleaseRole::physician : guardian::ReleaseRole::biomedical,
            .expires_day = 40'000};
    constexpr std::string_view patient = "patient-1";
    profile.patient.assign({reinterpret_cast<const std::uint8_t*>(patient.data()), patient.size()});
    return profile;
}

bool JoinedDevice::Line::send(ByteView frame) noexcept {
    if (!open || frame.empty()) return false;
    packets.emplace_back(frame.begin(), frame.end());
    return true;
}

JoinedDevice::JoinedDevice(Settings settings)
    : settings_(std::move(settings)),
      chip_("channel"),
      motor_(1'000, 300'000),
      now_(settings_.begin),
      next_(settings_.begin) {
    const SigningKey physician{"physician"};
    rom_.physician_key = physician.public_key();
    const auto profile = signed_profile(settings_.profile, physician);
    auto memory = guardian::new_memory({.device = device_id,
                                        .share = fixed_bytes("share"),
                                        .nonce_secret = fixed_bytes("nonce"),
                                        .channel_key = chip_.channel_key(),
                                        .profile_file = profile});
    if (!memory) std::abort();  // a test that cannot make its device cannot run
    memory_ = std::move(*memory);
    sensors_ = {.glucose_mg_dl = 120,
                .glucose_age_s = 0,
                .pressure_kpa = 2,
                .light_lux = 0,
                .temperature_dc = 250,
                .supply_mv = 3'700,
                .battery_percent = 90,
                .reservoir = 300_U,
                .case_open = false};
    gateway_ = std::make_unique<gateway::Gateway>(gateway_to_firmware_, network_out_);
    reset_firmware_side();
    boot_says_.open = false;
    guardian_ = std::make_unique<guardian::Guardian>(to_board_, to_boot_, to_firmware_, rom_);
    guardian_->start();
    settle();
}

JoinedDevice::~JoinedDevice() = default;

// ---- the board ----

void JoinedDevice::run_to(Tick until) {
    while (next_ <= until) {
        motor_.advance(static_cast<std::int64_t>(next_.seconds - now_.seconds));
        now_ = next_;
        sensors_.glucose_age_s = static_cast<std::uint32_t>(now_.seconds % 300);
        sensors_.reservoir = {static_cast<std::int32_t>(motor_.reservoir_mu())};
        done_ = false;
        const auto second = (settings_.second_of_day + (now_.seconds - settings_.begin.seconds)) % 86'400;
        board_says_.send(
            hal::BoardFrames::encode(hal::TickFrame{.tick = now_,
                                                    .second_of_day = {static_cast<std::uint32_t>(second)},
                                                    .clock_ok = clock_ok_,
                                                    .button_down = press_.first <= now_ && now_ < press_.second,
                                                    .motor = motor(),
                                                    .sensors = sensors_})
                .view());
        settle();
        if (!done_) std::abort();  // the guardian answers every tick, whatever the others do
    }
    if (until > now_) motor_.advance(static_cast<std::int64_t>(until.seconds - now_.seconds));
    now_ = std::max(now_, until);
}

void JoinedDevice::on_board(const Packet& packet) {
    const auto frame = hal::BoardFrames::decode(packet);
    if (!frame) std::abort();
    if (const auto* read = std::get_if<hal::MemoryRead>(&*frame)) {
        hal::MemoryData data{.offset = read->offset, .data = {}};
        data.data.assign(ByteView{memory_}.subspan(read->offset, read->size));
        board_says_.send(hal::BoardFrames::encode(data).view());
    } else if (const auto* write = std::get_if<hal::MemoryWrite>(&*frame)) {
        std::ranges::copy(write->data.view(), memory_.begin() + write->offset);
    } else if (std::holds_alternative<hal::MemorySync>(*frame)) {
        board_says_.send(hal::BoardFrames::encode(hal::MemorySynced{}).view());
    } else if (const auto* move = std::get_if<hal::MotorMove>(&*frame)) {
        motor_.move_to(move->target.milli_units);
    } else if (std::holds_alternative<hal::PullReset>(*frame)) {
        ++resets_;
        reset_firmware_side();
        board_says_.send(hal::BoardFrames::encode(hal::ResetDone{}).view());
    } else if (const auto* signals = std::get_if<hal::Signals>(&*frame)) {
        signals_ = *signals;
    } else if (const auto* done = std::get_if<hal::Done>(&*frame)) {
        done_ = true;
        next_ = done->next;
    }
}

void JoinedDevice::restart_guardian() {
    for (Line* line : {&to_board_, &board_says_}) line->packets.clear();
    reset_firmware_side();
    guardian_ = std::make_unique<guardian::Guardian>(to_board_, to_boot_, to_firmware_, rom_);
    motor_.power_off();
    guardian_->start();
    settle();
}

// ---- boot's stand-in ----

void JoinedDevice::reset_firmware_side() {
    if (firmware_ && firmware_alive_) die();  // the reset line is no farewell
    bury();
    end_told_ = true;
    hangs_ = false;
    chip_.reset();
    for (Line* line :
         {&to_boot_, &to_firmware_, &boot_says_, &firmware_says_, &firmware_to_gateway_, &gateway_to_firmware_}) {
        line->packets.clear();
        line->open = true;
    }
}

void JoinedDevice::on_boot(const Packet& packet) {
    const auto frame = hal::BootFrames::decode(packet);
    if (!frame) std::abort();
    if (std::holds_alternative<hal::BootStart>(*frame)) {
        launch_firmware();
        const auto good = ImageVerdict::accepted;
        boot_says_.send(hal::BootFrames::encode(
                            hal::BootReport{.launched = true,
                                            .tpm_ok = true,
                                            .slot = hal::Slot::a,
                                            .anchor = hal::Anchor::fresh,
                                            .firmware_a = good,
                                            .firmware_b = ImageVerdict::not_needed,
                                            .gateway = good,
                                            .configuration = settings_.configured ? good : ImageVerdict::bad_signature})
                            .view());
    } else if (const auto* tick = std::get_if<hal::BootTick>(&*frame)) {
        boot_says_.send(
            hal::BootFrames::encode(hal::BootDone{.tick = tick->tick, .gateway = hal::GatewayState::up}).view());
    }
}

firmware::Journal::Options JoinedDevice::record_options() const {
    return {.directory = settings_.records, .file_layer = settings_.file_layer, .durability = settings_.durability};
}

void JoinedDevice::launch_firmware() {
    Result<firmware::Configuration> configuration = configuration_with(settings_.basal);
    if (!settings_.configured)
        configuration =
            fail(ErrorCode::refused, "device.cfg was refused.", "Have the settings signed and installed again.");
    firmware_ = std::make_unique<firmware::Firmware>(
        firmware_end_, firmware_to_gateway_, screen_out_, chip_,
        firmware::Firmware::Options{.records = record_options(),
                                    .configuration = std::move(configuration),
                                    .plan = settings_.plan,
                                    .people = settings_.people,
                                    .tell = [this](std::string_view words) { told_.emplace_back(words); }});
    firmware_alive_ = true;
    end_told_ = false;
}

// ---- the firmware's side ----

bool JoinedDevice::firmware_says(ByteView frame) noexcept {
    if (!firmware_alive_) return false;
    ++firmware_frames_;
    const bool dies = kill_ && kill_->frame == firmware_frames_;
    if ((!dies || kill_->arrives) && !hangs_) firmware_says_.send(frame);
    if (const auto decoded = hal::DoseFrames::decode(frame)) {
        if (const auto* request = std::get_if<hal::DoseRequest>(&*decoded)) dose_requests_.push_back(*request);
        if (const auto* report = std::get_if<hal::FindingReport>(&*decoded)) findings_.push_back(report->finding);
    }
    if (dies) die();
    return !dies;
}

// A program that is killed does nothing more: told that its neighbour is gone, ours does nothing more either. But its
// object is destroyed in good order later, and closing a database tidies up. So its files are kept as they are now.
void JoinedDevice::die() noexcept {
    namespace fs = std::filesystem;
    firmware_alive_ = false;
    std::error_code error;
    if (fs::exists(settings_.records, error)) fs::copy(settings_.records, as_killed(), error);
    if (error) std::abort();
}

std::filesystem::path JoinedDevice::as_killed() const { return settings_.records.string() + ".killed"; }

void JoinedDevice::bury() {
    namespace fs = std::filesystem;
    firmware_.reset();
    if (!fs::exists(as_killed())) return;
    fs::remove_all(settings_.records);
    fs::rename(as_killed(), settings_.records);
}

void JoinedDevice::kill_firmware() {
    if (firmware_alive_) die();
    bury();
}

void JoinedDevice::firmware_turn(const Packet& frame) {
    if (firmware::Firmware::begins_slot(frame)) {
        gateway_turn();
        while (!gateway_to_firmware_.packets.empty() && firmware_->on_gateway(gateway_to_firmware_.packets.front()))
            gateway_to_firmware_.packets.pop_front();
        while (!screen_in_.empty() && firmware_->on_screen(screen_in_.front())) screen_in_.pop_front();
    }
    firmware_->on_guardian(frame);
    gateway_turn();
}

void JoinedDevice::gateway_turn() {
    for (; !network_in_.empty(); network_in_.pop_front()) {
        if (network_in_.front())
            gateway_->on_network(0, *network_in_.front());
        else
            gateway_->gone(0);
    }
    for (; !firmware_to_gateway_.packets.empty(); firmware_to_gateway_.packets.pop_front()) {
        gateway_heard_.push_back(firmware_to_gateway_.packets.front());
        gateway_->on_firmware(gateway_heard_.back());
    }
}

std::vector<std::vector<std::uint8_t>> JoinedDevice::gateway_heard() { return std::exchange(gateway_heard_, {}); }

std::vector<std::vector<std::uint8_t>> JoinedDevice::network_heard() {
    const auto packets = std::exchange(network_out_.line.packets, {});
    return {packets.begin(), packets.end()};
}

std::vector<hal::ScreenReply> JoinedDevice::screen_replies() {
    std::vector<hal::ScreenReply> replies;
    for (; !screen_out_.packets.empty(); screen_out_.packets.pop_front())
        if (const auto frame = hal::ScreenFrames::decode(screen_out_.packets.front()))
            if (const auto* reply = std::get_if<hal::ScreenReply>(&*frame)) replies.push_back(*reply);
    return replies;
}

firmware::RecordKeys JoinedDevice::keys() const { return keys_for(fixed_bytes("share")); }

Result<firmware::Journal> JoinedDevice::records() {
    kill_firmware();
    return firmware::Journal::open(keys(), record_options(), now_);
}

// ---- whose turn it is ----

void JoinedDevice::settle() {
    while (turn()) {
    }
}

bool JoinedDevice::turn() {
    const auto take = [](Line& line) {
        Packet packet = std::move(line.packets.front());
        line.packets.pop_front();
        return packet;
    };
    if (!to_board_.packets.empty()) return on_board(take(to_board_)), true;
    if (!board_says_.packets.empty()) return guardian_->on_board(take(board_says_)), true;
    // Boot and firmware run when they have something to read; the guardian hears the one that it waits for.
    if (!to_boot_.packets.empty()) return on_boot(take(to_boot_)), true;
    if (guardian_->waiting() == guardian::Waiting::boot && !boot_says_.packets.empty())
        return guardian_->on_boot(take(boot_says_)), true;
    if (guardian_->waiting() != guardian::Waiting::firmware) return false;
    if (!firmware_says_.packets.empty()) return guardian_->on_firmware(take(firmware_says_)), true;
    if (firmware_alive_ && !to_firmware_.packets.empty()) return firmware_turn(take(to_firmware_)), true;
    if (!firmware_alive_ && !end_told_) {
        end_told_ = true;
        return guardian_->on_firmware_end(), true;
    }
    // It waits for somebody who says nothing: the board's watchdog says so.
    board_says_.send(hal::BoardFrames::encode(hal::SlotClosed{hal::Side::firmware}).view());
    return true;
}

}  // namespace basalt::joined
