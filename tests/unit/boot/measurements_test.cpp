#include "device/boot/measurements.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>

namespace basalt::boot {
namespace {

MeasuredState some_state() {
    MeasuredState state;
    state.guardian = SignedHeader{.kind = FileKind::guardian, .version = 1};
    state.boot = SignedHeader{.kind = FileKind::boot, .version = 1};
    state.firmware = SignedHeader{.kind = FileKind::firmware, .version = 1};
    state.gateway = SignedHeader{.kind = FileKind::gateway, .version = 1};
    state.configuration = SignedHeader{.kind = FileKind::configuration, .version = 1, .device = {1}};
    state.profile = sha256(std::array<std::uint8_t, 1>{7});
    return state;
}

/// The PCRs whose value differs between two states.
std::set<int> changed(const MeasuredState& a, const MeasuredState& b) {
    std::set<int> out;
    const auto one = pcr_values(a), other = pcr_values(b);
    for (std::size_t i = 0; i < pcr_count; ++i)
        if (one[i] != other[i]) out.insert(static_cast<int>(i));
    return out;
}

TEST(Measurements, EachThingMovesItsOwnPcrAndNoOther) {
    const MeasuredState before = some_state();
    const auto with = [&](auto change) {
        MeasuredState after = before;
        change(after);
        return changed(before, after);
    };
    EXPECT_EQ(with([](auto&) {}), std::set<int>{});
    EXPECT_EQ(with([](auto& s) { s.guardian->payload_digest[0] = 1; }), std::set{0});
    EXPECT_EQ(with([](auto& s) { s.boot->payload_digest[31] = 1; }), std::set{0});
    EXPECT_EQ(with([](auto& s) { std::swap(s.guardian, s.boot); }), std::set{0});
    EXPECT_EQ(with([](auto& s) { s.authority.variant = Variant::training; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.switched_off = 1; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.development = false; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.image_key[64] = 1; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.policy_key[64] = 1; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.hospital_key[64] = 1; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.authority.physician_key[64] = 1; }), std::set{1});
    EXPECT_EQ(with([](auto& s) { s.firmware->version = 2; }), std::set{2});
    EXPECT_EQ(with([](auto& s) { s.gateway->version = 2; }), std::set{3});
    EXPECT_EQ(with([](auto& s) { s.configuration->device[15] = 1; }), std::set{4});
    EXPECT_EQ(with([](auto& s) { s.profile[0] ^= 1; }), std::set{5});
}

TEST(Measurements, WhatIsNotThereIsMeasuredAsTheWordAbsent) {
    const MeasuredState nothing;
    constexpr std::string_view word = "absent";
    int absent = 0;
    for (const auto& one : measurements(nothing)) absent += std::ranges::equal(one.data.view(), word) ? 1 : 0;
    EXPECT_EQ(absent, 5);  // two of the ROM, firmware, gateway, configuration
    for (const int pcr : {0, 1, 2, 3, 4, 5}) EXPECT_NE(pcr_values(nothing)[static_cast<std::size_t>(pcr)], Digest{});
    EXPECT_EQ(pcr_values(nothing)[6], Digest{}) << "the cap is the firmware's to extend";

    MeasuredState without = some_state();
    without.gateway.reset();
    EXPECT_EQ(changed(some_state(), without), std::set{3});
}

TEST(Measurements, AFileIsMeasuredAsItsVerifiedHeader) {
    const MeasuredState state = some_state();
    for (const auto& one : measurements(state))
        if (one.pcr == Pcr::firmware) {
            EXPECT_EQ(one.digest(), sha256(header_bytes(*state.firmware)));
        }
}

TEST(Measurements, PcrsAreWhatATpmWouldHold) {
    const MeasuredState state = some_state();
    Digest rom{};
    for (const auto& header : {*state.guardian, *state.boot}) rom = sha256(rom, sha256(header_bytes(header)));
    EXPECT_EQ(pcr_values(state)[0], rom);
}

}  // namespace
}  // namespace basalt::boot
