#include "ui/console/sound.h"

#include "ui/view/tones.h"

#include <SDL2/SDL.h>

#include <cstdlib>
#include <filesystem>

namespace basalt::console {

namespace {

// A computer without any would be told of in many lines by the libraries below SDL. Whoever chose a driver knows.
bool may_have_sound() {
    namespace fs = std::filesystem;
    std::error_code unknown;
    if (std::getenv("SDL_AUDIODRIVER") != nullptr || std::getenv("PULSE_SERVER") != nullptr) return true;
    if (fs::exists("/dev/snd", unknown)) return true;
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    return runtime != nullptr && (fs::exists(fs::path{runtime} / "pulse" / "native", unknown) ||
                                  fs::exists(fs::path{runtime} / "pipewire-0", unknown));
}

}  // namespace

Sound::Sound() {
    if (!may_have_sound()) return;
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return;
    SDL_AudioSpec wanted{};
    wanted.freq = view::sample_rate_hz;
    wanted.format = AUDIO_S16SYS;
    wanted.channels = 1;
    wanted.samples = 1024;
    device_ = SDL_OpenAudioDevice(nullptr, 0, &wanted, nullptr, 0);
    if (device_ != 0) SDL_PauseAudioDevice(device_, 0);
}

Sound::~Sound() {
    if (device_ != 0) SDL_CloseAudioDevice(device_);
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
}

void Sound::play(hal::Priority priority, std::int64_t now_ms) {
    if (device_ == 0) return;
    if (priority != playing_) {
        SDL_ClearQueuedAudio(device_);
        playing_ = priority;
        next_burst_ms_ = now_ms;
    }
    if (priority == hal::Priority::none || now_ms < next_burst_ms_) return;
    const auto samples = view::burst(priority);
    SDL_QueueAudio(device_, samples.data(), static_cast<Uint32>(samples.size() * sizeof(samples[0])));
    next_burst_ms_ = now_ms + static_cast<std::int64_t>(samples.size()) * 1000 / view::sample_rate_hz +
                     static_cast<std::int64_t>(view::pause_after_burst_s(priority) * 1000);
}

}  // namespace basalt::console
