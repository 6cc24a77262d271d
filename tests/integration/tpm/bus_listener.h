// tests/integration/tpm/bus_listener.h: somebody who listens on the bus between processor and TPM, and hears every
// byte.
#pragma once
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace basalt::test {

/// Stands between one client and the TPM at `tpm_socket`. Connect to address().
class BusListener {
  public:
    BusListener(std::filesystem::path directory, std::filesystem::path tpm_socket)
        : path_{directory / "bus"},
          listening_{::socket(AF_UNIX, SOCK_STREAM, 0)},
          tpm_{::socket(AF_UNIX, SOCK_STREAM, 0)} {
        const sockaddr_un here = address_of(path_), there = address_of(tpm_socket);
        if (::bind(listening_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
            ::listen(listening_, 1) != 0 ||
            ::connect(tpm_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0)
            throw std::runtime_error("the bus cannot be tapped");
        thread_ = std::thread{[this] { relay(); }};
    }
    BusListener(const BusListener&) = delete;
    BusListener& operator=(const BusListener&) = delete;
    ~BusListener() { stop(); }

    std::string address() const { return "swtpm:path=" + path_.string(); }
    /// Call it once the client has disconnected.
    const std::vector<std::uint8_t>& heard() {
        stop();
        return heard_;
    }

  private:
    static sockaddr_un address_of(const std::filesystem::path& path) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.native().copy(address.sun_path, sizeof address.sun_path - 1);
        return address;
    }
    void stop() {
        if (!thread_.joinable()) return;
        ::shutdown(listening_, SHUT_RDWR);
        thread_.join();
        ::close(listening_);
        ::close(tpm_);
    }
    void relay() {
        const int client = ::accept(listening_, nullptr, nullptr);
        if (client < 0) return;
        std::array<pollfd, 2> ends{pollfd{client, POLLIN, 0}, pollfd{tpm_, POLLIN, 0}};
        std::array<std::uint8_t, 4096> buffer;
        for (bool open = true; open && ::poll(ends.data(), ends.size(), -1) > 0;)
            for (std::size_t from = 0; from < 2 && open; ++from) {
                if (ends[from].revents == 0) continue;
                const ssize_t size = ::read(ends[from].fd, buffer.data(), buffer.size());
                open = size > 0 &&
                       ::send(ends[1 - from].fd, buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
                if (size > 0) heard_.insert(heard_.end(), buffer.begin(), buffer.begin() + size);
            }
        ::close(client);
    }

    std::filesystem::path path_;
    int listening_, tpm_;
    std::vector<std::uint8_t> heard_;
    std::thread thread_;
};

}  // namespace basalt::test
