// tests/attack/device/attacked_pump.h: a copy of a fresh device that an attacker may rewrite while it is off, and that
// is then brought to life and looked at.
#pragma once
#include "device/common/authority.h"
#include "device/factory/image_builder.h"
#include "device/factory/sign.h"
#include "device/factory/therapy.h"
#include "device/guardian/alarms.h"
#include "device/guardian/memory.h"
#include "scenarios/bench/ring_reader.h"
#include "scenarios/campaign/account.h"
#include "scenarios/campaign/witness.h"
#include "tests/integration/kills/built.h"

#include <gtest/gtest.h>

#include <fstream>

namespace basalt::test {

using bench::Part;
using hal::Mode;

inline std::vector<std::uint8_t> file_bytes(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>{in}, {}};
}
inline void put_file(const std::filesystem::path& file, ByteView bytes) {
    std::ofstream out{file, std::ios::binary | std::ios::trunc};
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    EXPECT_TRUE(out.flush()) << file;
}

/// What somebody makes who has the public format and a key of their own.
inline std::vector<std::uint8_t> attackers_image(const char* program, FileKind kind, Variant variant) {
    const auto parts = factory::parts_of({program, {}});
    const auto payload = parts ? factory::pack(*parts) : std::unexpected{parts.error()};
    const auto key = factory::P256Key::generate();
    if (!payload || !key) {
        ADD_FAILURE() << "The attacker's image cannot be made.";
        return {};
    }
    return factory::make_signed_file({.kind = kind, .variant = variant, .version = 1}, *payload, *key).value();
}

class AttackedPump : public testing::Test {
  protected:
    explicit AttackedPump(const bench::FreshDevice& fresh = fresh_device()) : copy_(fresh.copy()) {}
    void SetUp() override { ASSERT_TRUE(copy_) << copy_.error().what; }

    std::filesystem::path flash() const { return (*copy_)->flash(); }
    std::filesystem::path chip() const { return (*copy_)->chip(); }
    std::string tcti() const { return bench::tcti_of((*copy_)->places()); }

    /// Switches it on and lets it live for so long.
    void live(std::int64_t seconds) {
        if (!device_) {
            auto device = (*copy_)->live(witness_);
            ASSERT_TRUE(device) << device.error().what;
            device_ = std::move(*device);
        }
        const auto on = simulation().power_on();
        ASSERT_TRUE(on) << on.error().what;
        const auto lived = simulation().run_until(simulation().now() + seconds);
        ASSERT_TRUE(lived) << lived.error().what;
    }
    /// The power is cut, and what the bench holds of it is closed: the files are the attacker's.
    void power_off() {
        simulation().power_off();
        device_.reset();
    }
    bench::Simulation& simulation() { return device_->simulation(); }
    bool runs(Part part) { return simulation().device().process_of(part).has_value(); }
    std::int64_t motor_mu() { return device_->board().motor().count_mu(); }

    /// Alarm shown, of this priority, with words in both languages.
    void expect_alarm(std::string_view id, hal::Priority priority) {
        EXPECT_TRUE(witness_.shows(id)) << id;
        for (const auto& alarm : witness_.alarms) EXPECT_TRUE(alarm.id != id || alarm.priority == priority) << id;
        for (const auto& row : guardian::alarm_rows)
            EXPECT_FALSE(row.id == id && (row.english.what.empty() || row.french.what.empty())) << id;
    }
    /// Every slot has its dose, and the motor is where the record says.
    void expect_insulin_goes_on() {
        campaign::Account account;
        account.ring = bench::ring_entries(device_->memory(), 0);
        account.motor_mu = motor_mu();
        account.end = device_->board().now();
        account.limits = factory::usual_limits;
        for (const std::string& fault : campaign::faults_of(account)) ADD_FAILURE() << fault;
        EXPECT_GT(motor_mu(), 0);
    }
    std::optional<hal::BootReport> boot_report() {
        std::optional<hal::BootReport> last;
        for (const auto& entry : bench::ring_entries(device_->memory(), 0))
            if (entry.kind == hal::RingKind::boot) last = guardian::from_detail<hal::BootReport>(entry);
        return last;
    }

    Result<std::unique_ptr<bench::FreshDevice>> copy_;
    campaign::Witness witness_;
    std::unique_ptr<bench::LivingDevice> device_;
};

}  // namespace basalt::test
