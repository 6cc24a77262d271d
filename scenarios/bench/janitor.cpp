#include "scenarios/bench/janitor.h"

#include <sys/prctl.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace basalt::bench {

void be_janitor(int until, const std::string& directory) {
    ::setsid();  // Ctrl-C and the end of the terminal reach the simulator's session, not this one
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) std::signal(signal, SIG_IGN);
    ::prctl(PR_SET_NAME, "basalt-janitor");
    // Whoever reads the simulator's output must see its end when the simulator ends, not when this does.
    const int nothing = ::open("/dev/null", O_RDWR);
    for (int number = 0; number < 3; ++number) ::dup2(nothing, number);
    ::dup2(until, 3);
    ::close_range(4, ~0U, 0);
    if (::chdir("/") != 0) ::_exit(1);  // there is no file system without it

    char byte = 0;
    ssize_t got = 0;
    do {
        got = ::read(3, &byte, 1);
    } while (got > 0 || (got < 0 && errno == EINTR));
    std::error_code ignored;  // nobody is left to tell
    std::filesystem::remove_all(directory, ignored);
    ::_exit(0);
}

}  // namespace basalt::bench
