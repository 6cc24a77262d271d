#include "scenarios/bench/living_device.h"

namespace basalt::bench {

LivingDevice::LivingDevice(Files files, Programs programs, const DevicePlaces& places, const LifeOptions& options,
                           std::optional<Listener> listener, scenarios::Observer& observer)
    : files_(std::move(files)),
      board_(files_.memory, files_.motor.last()),
      listener_(std::move(listener)),
      tpm_(places),
      processes_(board_, std::move(programs), tpm_, options.budget),
      simulation_(board_, files_.memory, processes_, files_.patient.last(), options.seed, observer, files_) {
    if (listener_) processes_.listen_on(listener_->get());
}

Result<std::unique_ptr<LivingDevice>> LivingDevice::open(const StateDirectory& state, const RunDirectory& run,
                                                         const LifeOptions& options, scenarios::Observer& observer) {
    if (auto adopting = adopt_orphans(); !adopting) return std::unexpected{adopting.error()};
    const DevicePlaces places{state.flash(), state.chip(), run.path()};
    auto programs = rom_programs(places);
    if (!programs) return std::unexpected{programs.error()};
    auto memory = FileMemory::open(state.chip() / "guardian.mem");
    if (!memory) return std::unexpected{memory.error()};
    const BoardRecord fresh{{}, options.first.start, true, 0, options.first.reservoir.count};
    auto motor = MotorFile::open(state.chip() / "motor", fresh);
    if (!motor) return std::unexpected{motor.error()};
    const auto* person = options.first.person != nullptr ? options.first.person : &pump_model::all_people().front();
    const BoardRecord& board = motor->last();
    const Tick minute{board.tick.seconds - board.tick.seconds % 60};
    auto patient =
        PatientFile::open(state.host() / "patient", {pump_model::Patient{*person}, minute, board.motor_mu, 0});
    if (!patient) return std::unexpected{patient.error()};
    std::optional<Listener> listener;
    if (options.port) {
        auto opened = Listener::open(*options.port);
        if (!opened) return std::unexpected{opened.error()};
        listener.emplace(std::move(*opened));
    }
    return std::unique_ptr<LivingDevice>{
        new LivingDevice{Files{std::move(*memory), std::move(*motor), std::move(*patient)}, std::move(*programs),
                         places, options, std::move(listener), observer}};
}

}  // namespace basalt::bench
