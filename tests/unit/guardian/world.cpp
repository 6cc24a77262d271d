#include "tests/unit/guardian/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bearssl.h>
#include <cstdlib>

namespace basalt::guardian::test {
namespace {
ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
}  // namespace

std::vector<std::uint64_t> seeds(std::uint64_t count) {
    if (const char* one = std::getenv("BASALT_SEED")) return {std::strtoull(one, nullptr, 10)};
    std::vector<std::uint64_t> all;
    for (std::uint64_t seed = 1; seed <= count; ++seed) all.push_back(seed);
    return all;
}

TestKey::TestKey(std::string_view word) : secret(sha256(bytes_of(word))), public_key{} {
    secret[0] &= 0x7f;  // below the curve's order
    const br_ec_private_key key{BR_EC_secp256r1, secret.data(), secret.size()};
    br_ec_public_key out;
    br_ec_compute_pub(&br_ec_p256_m31, &out, public_key.data(), &key);
}
Signature TestKey::sign(const Digest& digest) const {
    auto copy = secret;
    const br_ec_private_key key{BR_EC_secp256r1, copy.data(), copy.size()};
    Signature out;
    br_ecdsa_i31_sign_raw(&br_ec_p256_m31, &br_sha256_vtable, digest.data(), &key, out.data());
    return out;
}
const TestKey& physician() {
    static const TestKey key{"physician"};
    return key;
}
const TestKey& channel() {
    static const TestKey key{"channel"};
    return key;
}

const TestKey& physicians_badge() {
    static const TestKey key{"badge of a physician"};
    return key;
}
const TestKey& engineers_badge() {
    static const TestKey key{"badge of an engineer"};
    return key;
}

Profile some_profile() {
    Profile profile;
    profile.generation = 1;
    profile.rates.fill({1000});
    profile.limits.per_dose = 5_U;
    profile.limits.per_hour = 8_U;
    profile.limits.beyond_profile_in_4_h = 6_U;
    profile.limits.per_day = 60_U;
    profile.limits.doses_per_hour = 30;
    profile.failsafe_bolus = 500_mU;
    profile.release_keys[0] = {physicians_badge().public_key, ReleaseRole::physician, 30'000};
    profile.release_keys[1] = {engineers_badge().public_key, ReleaseRole::biomedical, 30'000};
    profile.patient.assign(bytes_of("patient-7"));
    return profile;
}

std::vector<std::uint8_t> signed_profile(const Profile& profile, const TestKey& key) {
    const auto payload = ProfileFrames::encode(profile);
    SignedHeader header;
    header.kind = FileKind::profile;
    header.version = 1;
    header.device = DeviceId{1, 2, 3};
    header.payload_size = payload.size;
    header.payload_digest = sha256(payload.view());
    const auto head = header_bytes(header);
    const auto signature = key.sign(sha256(head));
    std::vector<std::uint8_t> file(SignedHeader::total + payload.size);
    std::ranges::copy(head, file.begin());
    std::ranges::copy(signature, file.begin() + SignedHeader::size);
    std::ranges::copy(payload.view(), file.begin() + SignedHeader::total);
    return file;
}

Provisioning provisioning_with(ByteView profile_file) {
    Provisioning provisioning;
    provisioning.device = DeviceId{1, 2, 3};
    provisioning.share = sha256(bytes_of("share"));
    provisioning.nonce_secret = sha256(bytes_of("nonce"));
    provisioning.channel_key = channel().public_key;
    provisioning.profile_file = profile_file;
    return provisioning;
}

Authority some_authority() {
    Authority rom;
    rom.physician_key = physician().public_key;
    return rom;
}

hal::BootReport good_report() {
    hal::BootReport report;
    report.launched = report.tpm_ok = true;
    report.slot = hal::Slot::a;
    report.anchor = hal::Anchor::fresh;
    report.firmware_a = report.gateway = report.configuration = ImageVerdict::accepted;
    report.firmware_b = ImageVerdict::not_needed;
    return report;
}

FirmwareScript good_firmware(std::optional<MilliUnits> basal) {
    return [basal](World& world, const hal::FirmwareTick& tick) {
        if (!world.welcome || !world.welcome->accepted) {
            world.say(hal::ShareRequest{});
            world.prove(world.challenge);
        }
        if (tick.basal_due && basal && world.mode() == hal::Mode::normal) world.ask(*basal, hal::DoseKind::basal);
    };
}

World::World(const Profile& profile) {
    const auto file = signed_profile(profile);
    memory = *new_memory(provisioning_with(file));
    board.sensors.supply_mv = 3700;
    board.sensors.battery_percent = 90;
    board.sensors.reservoir = 200_U;
    to_board_.world = to_boot_.world = to_firmware_.world = this;
    to_boot_.to = To::boot;
    to_firmware_.to = To::firmware;
}
World::~World() = default;

bool World::Line::send(ByteView frame) noexcept {
    world->packets_.push_back({to, {frame.begin(), frame.end()}});
    return true;
}

void World::start() {
    packets_.clear();
    motor_on = true;
    motor_target = motor;
    guardian = std::make_unique<Guardian>(to_board_, to_boot_, to_firmware_, rom);
    guardian->start();
    settle();
}

void World::power_off() {
    guardian.reset();
    packets_.clear();
    motor_on = false;
    cut_after.reset();
}

void World::advance(std::uint64_t seconds) {
    const auto most = static_cast<std::int64_t>(seconds) * 25;
    if (motor_on && motor_target > motor)
        motor = std::min({motor + most, motor_target, std::max(motor, motor_stuck_at)});
}

bool World::play(Tick at) {
    advance(at.seconds - now.seconds);
    now = at;
    if (!guardian) return false;
    hal::TickFrame tick = board;
    tick.tick = now;
    tick.second_of_day = {static_cast<std::uint32_t>((second_of_day_at_0 + now.seconds) % 86'400)};
    tick.motor = {motor};
    done_ = false;
    guardian->on_board(hal::BoardFrames::encode(tick).view());
    if (!settle()) return false;
    EXPECT_TRUE(done_ || !syncs) << "the guardian answers every tick, whatever the others do";
    return true;
}

bool World::run_to(Tick until) {
    while (next <= until)
        if (!play(next)) return false;
    advance(until.seconds - now.seconds);
    now = until;
    return true;
}

void World::become_normal() {
    start();
    next = now;
    run_for(10);
    ASSERT_EQ(mode(), hal::Mode::normal);
}

bool World::settle() {
    while (guardian && !packets_.empty()) {
        // Each channel keeps its order, and none waits for another. The board is the slowest: so what the firmware
        // hears it hears before anything that is still on its way to the memory.
        auto first = std::ranges::find_if(packets_, [](const Packet& packet) { return packet.to != To::board; });
        if (first == packets_.end()) first = packets_.begin();
        const Packet packet = std::move(*first);
        packets_.erase(first);
        switch (packet.to) {
            case To::board:
                if (cut_after && (*cut_after)-- == 0) {
                    power_off();
                    return false;
                }
                obey_board(packet);
                break;
            case To::boot:
                hear_boot(packet);
                break;
            case To::firmware:
                hear_firmware(packet);
                break;
        }
    }
    return guardian != nullptr;
}

void World::obey_board(const Packet& packet) {
    const auto frame = hal::BoardFrames::decode(packet.bytes);
    ASSERT_TRUE(frame);
    ++frames_obeyed;
    if (const auto* read = std::get_if<hal::MemoryRead>(&*frame)) {
        hal::MemoryData data;
        data.offset = read->offset;
        data.data.assign(ByteView{memory}.subspan(read->offset, read->size));
        guardian->on_board(hal::BoardFrames::encode(data).view());
    } else if (const auto* write = std::get_if<hal::MemoryWrite>(&*frame)) {
        std::copy_n(write->data.data.begin(), write->data.size, memory.begin() + write->offset);
        hal::RingEntry entry;
        if (on_entry && write->offset >= layout::ring && unseal(write->data.view(), entry)) on_entry(entry);
    } else if (std::holds_alternative<hal::MemorySync>(*frame)) {
        if (syncs) guardian->on_board(hal::BoardFrames::encode(hal::MemorySynced{}).view());
    } else if (const auto* move = std::get_if<hal::MotorMove>(&*frame)) {
        motor_target = std::max(motor, move->target.milli_units);
    } else if (std::holds_alternative<hal::PullReset>(*frame)) {
        ++resets;
        welcome.reset();
        share.reset();
        boot_start.reset();
        guardian->on_board(hal::BoardFrames::encode(hal::ResetDone{}).view());
    } else if (const auto* shown = std::get_if<hal::Signals>(&*frame)) {
        signals = *shown;
    } else if (const auto* done = std::get_if<hal::Done>(&*frame)) {
        EXPECT_EQ(done->tick, now);
        EXPECT_GT(done->next, now);
        done_ = true;
        next = done->next;
    } else if (const auto* challenged = std::get_if<hal::ReleaseChallenge>(&*frame)) {
        release_challenge = *challenged;
    } else if (const auto* released = std::get_if<hal::ReleaseAnswer>(&*frame)) {
        release_answer = *released;
    }
}

void World::hear_boot(const Packet& packet) {
    const auto frame = hal::BootFrames::decode(packet.bytes);
    ASSERT_TRUE(frame);
    if (const auto* begin = std::get_if<hal::BootStart>(&*frame)) {
        boot_start = *begin;
        if (tpm_counter) {
            report.anchor = begin->generation > *tpm_counter ? hal::Anchor::fresh : hal::Anchor::stale;
            tpm_counter = std::max(*tpm_counter, begin->generation);
        }
    }
    const auto* tick = std::get_if<hal::BootTick>(&*frame);
    if (tick == nullptr) return;
    if (boot_hangs > 0 && boot_hangs-- > 0)
        return guardian->on_board(hal::BoardFrames::encode(hal::SlotClosed{hal::Side::boot}).view());
    if (boot_dies > 0 && boot_dies-- > 0) return guardian->on_boot_end();
    const bool silent = boot_silent > 0 && boot_silent-- > 0;
    if (!state().boot_reported && !silent) guardian->on_boot(hal::BootFrames::encode(report).view());
    hal::BootDone done;
    done.tick = tick->tick;
    done.gateway = hal::GatewayState::up;
    guardian->on_boot(hal::BootFrames::encode(done).view());
}

void World::hear_firmware(const Packet& packet) {
    const auto frame = hal::DoseFrames::decode(packet.bytes);
    ASSERT_TRUE(frame);
    if (const auto* given = std::get_if<hal::Challenge>(&*frame))
        challenge = given->nonce;
    else if (const auto* a = std::get_if<hal::Share>(&*frame))
        share = *a;
    else if (const auto* b = std::get_if<hal::Welcome>(&*frame))
        welcome = *b;
    else if (const auto* c = std::get_if<hal::DoseAnswer>(&*frame))
        hear_answer(*c);
    else if (const auto* d = std::get_if<hal::RingEntries>(&*frame))
        ring_answer = *d;
    else if (const auto* e = std::get_if<hal::TakenBack>(&*frame))
        hear_answer(*e);
    else if (const auto* f = std::get_if<hal::ModeAnswer>(&*frame))
        mode_answer = *f;
    else if (const auto* slot = std::get_if<hal::FirmwareTick>(&*frame)) {
        last_slot = *slot;
        if (firmware_hangs > 0 && firmware_hangs-- > 0)
            return guardian->on_board(hal::BoardFrames::encode(hal::SlotClosed{}).view());
        if (firmware_dies > 0 && firmware_dies-- > 0) return guardian->on_firmware_end();
        if (firmware) firmware(*this, *slot);
        hal::SlotEnd end;
        end.tick = slot->tick;
        end.next = slot->tick + firmware_wish_s;
        end.emergency_access = emergency_access;
        if (guardian) guardian->on_firmware(hal::DoseFrames::encode(end).view());
    }
}

void World::hear_answer(const hal::DoseAnswer& heard) {
    answer = heard;
    if (heard.ring_seq == 0) return;
    hal::RingEntry written;
    const auto bytes = ByteView{memory}.subspan(layout::entry_at(heard.ring_seq), layout::entry_size);
    EXPECT_TRUE(unseal(bytes, written) && written.seq == heard.ring_seq)
        << "the firmware heard of dose " << heard.ring_seq << ", and a guardian that starts now does not know of it";
}

void World::hear_answer(const hal::TakenBack& heard) {
    taken_back = heard;
    if (heard.amount == 0_mU) return;
    EXPECT_EQ(kept()->header.target, state().kept.header.target)
        << "the firmware heard that a bolus was taken back, and a guardian that starts now would give it";
}

void World::press() { hold(0); }
void World::hold(std::uint64_t seconds) {
    board.button_down = true;
    play(now + 1);
    run_for(seconds);
    board.button_down = false;
    play(now + 1);
}

hal::ReleaseTerms World::ask_release() {
    release_challenge.reset();
    board_says(hal::ReleaseAsk{});
    EXPECT_TRUE(release_challenge);
    return release_challenge ? release_challenge->terms : hal::ReleaseTerms{};
}

hal::Release World::signed_by_both(const hal::ReleaseTerms& terms) {
    std::array<std::uint8_t, 56> bytes{};
    codec::Writer{bytes}(terms);
    const auto digest = sha256(bytes_of("basalt release 1\n"), bytes);
    hal::Release release{.terms = terms, .day = 20'000, .by = {}};
    release.by[0] = {0, physicians_badge().sign(digest)};
    release.by[1] = {1, engineers_badge().sign(digest)};
    return release;
}

hal::ReleaseVerdict World::release(const hal::Release& release) {
    release_answer.reset();
    board_says(release);
    EXPECT_TRUE(release_answer);
    return release_answer ? release_answer->verdict : hal::ReleaseVerdict::later;
}

void World::firmware_says(ByteView frame) {
    if (!guardian) return;
    guardian->on_firmware(frame);
    // The answer stands somewhere behind what the guardian asked of the board meanwhile: all of it is done before it is
    // read.
    settle();
}

hal::DoseVerdict World::ask(MilliUnits amount, hal::DoseKind kind) {
    answer.reset();
    hal::DoseRequest request;
    request.request_id = 1;
    request.amount = amount;
    request.kind = kind;
    say(request);
    return answer ? answer->verdict : hal::DoseVerdict::wrong_mode;
}

void World::prove(const Digest& nonce) {
    hal::Proof proof;
    proof.signature = channel().sign(sha256(bytes_of("basalt channel 1"), nonce));
    say(proof);
}

std::unique_ptr<Kept> World::kept() const {
    auto out = std::make_unique<Kept>();
    auto copy = std::make_unique<MemoryBytes>();
    std::copy(memory.begin(), memory.end(), copy->begin());
    remember(*copy, rom, *out);
    return out;
}

std::int64_t World::on_record() const {
    std::int64_t sum = 0;
    const auto now_kept = kept();
    for (const auto& entry : now_kept->ring.entries)
        if (entry.seq != 0 && (entry.kind == hal::RingKind::dose || entry.kind == hal::RingKind::correction))
            sum += entry.amount.count;
    return sum;
}

}  // namespace basalt::guardian::test
