#include "ui/cli/stop_signal.h"

#include <sys/signalfd.h>

#include <csignal>
#include <initializer_list>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

namespace basalt::cli {
namespace {

sigset_t stopping() noexcept {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, signal);
    return set;
}

}  // namespace

StopSignal::StopSignal() {
    const sigset_t set = stopping();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

StopSignal::~StopSignal() {
    let_through();
    ::close(signals_);
}

bool StopSignal::came(int within_ms) {
    if (came_) return true;
    pollfd event{signals_, POLLIN, 0};
    if (::poll(&event, 1, within_ms) <= 0) return false;
    signalfd_siginfo which{};
    (void)!::read(signals_, &which, sizeof which);
    came_ = true;
    let_through();
    return true;
}

void StopSignal::let_through() const noexcept {
    const sigset_t set = stopping();
    ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace basalt::cli
