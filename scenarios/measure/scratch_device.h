// scenarios/measure/scratch_device.h: a whole provisioned device for one benchmark, which goes away with it.
#pragma once
#include "scenarios/bench/device_under_test.h"
#include "scenarios/bench/living_device.h"

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
    bench::DevicePlaces places() const { return {state_.flash(), state_.chip(), sockets_.path()}; }

  private:
    ScratchDevice(bench::RunDirectory files, bench::RunDirectory sockets, bench::StateDirectory state,
                  scenarios::Observer& observer)
        : files_(std::move(files)), sockets_(std::move(sockets)), state_(std::move(state)), observer_(observer) {}
    bench::RunDirectory files_;  // the state directory lies in it
    bench::RunDirectory sockets_;
    bench::StateDirectory state_;
    scenarios::Observer& observer_;
    std::unique_ptr<bench::LivingDevice> living_;
};

}  // namespace basalt::measure
