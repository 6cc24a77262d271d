// scenarios/measure/scratch_device.h: a whole provisioned device for one benchmark, which goes away with it.
#pragma once
#include "scenarios/bench/device_under_test.h"
#include "scenarios/bench/fresh_device.h"

namespace basalt::measure {

class ScratchDevice {
  public:
    /// Provisions it; nothing runs yet. From the main thread only. Errors: missing (swtpm, images), io.
    static Result<std::unique_ptr<ScratchDevice>> make(const bench::BuiltThings& built, scenarios::Observer& observer);

    /// The device with its patient; goes on where it stopped when it was made alive before.
    Result<void> come_alive();
    bench::LivingDevice& living() noexcept { return *living_; }
    /// Switches it off and closes its files.
    void put_away() { living_.reset(); }
    bench::DevicePlaces places() const { return device_->places(); }

  private:
    ScratchDevice(std::unique_ptr<bench::FreshDevice> device, scenarios::Observer& observer)
        : device_(std::move(device)), observer_(observer) {}
    std::unique_ptr<bench::FreshDevice> device_;
    scenarios::Observer& observer_;
    std::unique_ptr<bench::LivingDevice> living_;
};

}  // namespace basalt::measure
