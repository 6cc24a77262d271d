#include "scenarios/bench/device_under_test.h"

#include "device/factory/image_builder.h"
#include "device/factory/sign.h"
#include "device/factory/therapy.h"
#include "pump_model/patients.h"
#include "scenarios/bench/fresh_device.h"
#include "scenarios/bench/kept_record.h"

#include <cerrno>
#include <fstream>

namespace basalt::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view attacker_ending = "_firmware";

Result<const pump_model::Person*> person_named(const std::string& name) {
    const auto person = pump_model::find_person(name);
    if (person) return *person;
    return fail(ErrorCode::usage, "There is no patient called \"" + name + "\".",
                "Did you mean \"" + std::string{person.error().nearest} + "\"?");
}

factory::DeviceOrder order_for(const scenarios::Setting& setting, const scenarios::Build& build,
                               const BuiltThings& built) {
    const auto therapy = factory::flat_therapy("Basalt", setting.basal, setting.limits);
    factory::DeviceOrder order;
    order.images = build.variant == Variant::training ? built.training_images : built.images;
    order.dev_keys = built.dev_keys;
    order.variant = build.variant;
    order.switched_off = build.switched_off;
    order.seed = setting.seed;
    order.configuration = therapy.configuration;
    order.profile = therapy.profile;
    return order;
}

class ProcessDevice final : public scenarios::DeviceUnderTest {
  public:
    ProcessDevice(std::unique_ptr<FreshDevice> device, std::unique_ptr<LivingDevice> living, Variant variant,
                  fs::path programs, scenarios::Observer& observer)
        : device_(std::move(device)),
          living_(std::move(living)),
          variant_(variant),
          programs_(std::move(programs)),
          observer_(observer) {}

    Result<void> power_on() override { return simulation().power_on(); }
    Result<void> power_off() override {
        simulation().power_off();
        return {};
    }
    Result<void> run_until(Moment until) override { return simulation().run_until(until); }
    Result<void> eat(double carbs_g) override { return simulation().eat(carbs_g); }

    Result<void> replace_image(hal::Slot slot, std::string_view attacker) override {
        if (slot == hal::Slot::none)
            return fail(ErrorCode::usage, "An attacker's image needs a slot.", "Name slot A or slot B.");
        if (simulation().on())
            return fail(ErrorCode::usage, "The flash is in the device's own hands while it is on.",
                        "Switch it off before.");
        const auto image = image_of(attacker);
        if (!image) return std::unexpected{image.error()};
        const auto file = device_->flash() / (slot == hal::Slot::a ? "slot-a" : "slot-b") / "firmware.img";
        std::ofstream out{file, std::ios::binary | std::ios::trunc};
        out.write(reinterpret_cast<const char*>(image->data()), static_cast<std::streamsize>(image->size()));
        out.close();
        if (!out) return std::unexpected{cannot("The attacker's image cannot be written:", file.string(), errno)};
        observer_.hear(scenarios::Event{simulation().now(), "image_replaced", {}, slot, ImageVerdict::accepted});
        return {};
    }

  private:
    Simulation& simulation() noexcept { return living_->simulation(); }

    // What somebody has who can write to flash, and has the public image format, but not the manufacturer's key.
    Result<std::vector<std::uint8_t>> image_of(std::string_view attacker) const {
        const fs::path program = programs_ / (std::string{attacker} + std::string{attacker_ending});
        std::error_code unreadable;
        if (attacker.find('/') != std::string_view::npos || !fs::is_regular_file(program, unreadable))
            return fail(ErrorCode::usage, "There is no attacker's firmware called \"" + std::string{attacker} + "\".",
                        "Name one of the programs *_firmware in scenarios/attackers.");
        const auto parts = factory::parts_of({program, {}});
        if (!parts) return std::unexpected{parts.error()};
        const auto payload = factory::pack(*parts);
        if (!payload) return std::unexpected{payload.error()};
        const auto key = factory::P256Key::generate();
        if (!key) return std::unexpected{key.error()};
        return factory::make_signed_file({.kind = FileKind::firmware, .variant = variant_, .version = 1}, *payload,
                                         *key);
    }

    std::unique_ptr<FreshDevice> device_;  // outlives living_
    std::unique_ptr<LivingDevice> living_;
    Variant variant_;
    fs::path programs_;
    scenarios::Observer& observer_;
};

}  // namespace

Result<std::unique_ptr<scenarios::DeviceUnderTest>> ProcessDeviceMaker::make(const scenarios::Setting& setting,
                                                                             const scenarios::Build& build,
                                                                             scenarios::Observer& observer) {
    const auto person = person_named(setting.patient);
    if (!person) return std::unexpected{person.error()};
    auto device = FreshDevice::provision(order_for(setting, build, built_));
    if (!device) return std::unexpected{device.error()};
    const LifeOptions options{{*person, setting.start, setting.reservoir}, setting.seed, {}};
    auto living = (*device)->live(observer, options);
    if (!living) return std::unexpected{living.error()};
    return std::make_unique<ProcessDevice>(std::move(*device), std::move(*living), build.variant, built_.programs,
                                           observer);
}

}  // namespace basalt::bench
