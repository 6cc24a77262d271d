#include "scenarios/measure/bare_tpm.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <vector>

namespace basalt::measure {
namespace {

// Numbers of TPM 2.0 Library, Part 2: Structures (rev. 1.59): command codes, handles, tags.
constexpr std::uint32_t cc_hierarchy_control = 0x121, cc_nv_increment = 0x134, cc_startup = 0x144, cc_nv_read = 0x14E,
                        cc_pcr_extend = 0x182;
constexpr std::uint32_t rh_platform = 0x4000000C, rs_pw = 0x40000009;
constexpr std::uint16_t st_no_sessions = 0x8001, st_sessions = 0x8002, alg_sha256 = 0x000B;
constexpr std::uint32_t rc_success = 0, rc_initialize = 0x100;
constexpr std::size_t header_size = 10;

class Bytes {
  public:
    template <class T>
    Bytes& add(T value) {
        for (int shift = 8 * static_cast<int>(sizeof(T)) - 8; shift >= 0; shift -= 8)
            bytes_.push_back(static_cast<std::uint8_t>(value >> shift));
        return *this;
    }
    Bytes& add(ByteView more) {
        bytes_.insert(bytes_.end(), more.begin(), more.end());
        return *this;
    }
    ByteView view() const { return bytes_; }

  private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace

Result<BareTpm> BareTpm::connect(const std::string& socket) {
    hal::Descriptor end{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof(address.sun_path) - 1);
    if (::connect(end.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return fail(ErrorCode::io, "The simulated TPM takes no connection.", "Close other programs and try again.");
    return BareTpm{std::move(end)};
}

bool BareTpm::run(std::uint32_t code, std::initializer_list<std::uint32_t> handles, bool authorised,
                  ByteView parameters) {
    Bytes body;
    for (const std::uint32_t handle : handles) body.add(handle);
    if (authorised)  // one session: a password, no nonce, no attributes, and the password is empty
        body.add(std::uint32_t{9}).add(rs_pw).add(std::uint16_t{0}).add(std::uint8_t{0}).add(std::uint16_t{0});
    body.add(parameters);
    Bytes command;
    command.add(authorised ? st_sessions : st_no_sessions)
        .add(static_cast<std::uint32_t>(header_size + body.view().size()))
        .add(code)
        .add(body.view());
    const ByteView bytes = command.view();
    if (::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        return false;
    std::array<std::uint8_t, 4096> answer;
    if (::recv(socket_.get(), answer.data(), answer.size(), 0) < static_cast<ssize_t>(header_size)) return false;
    std::uint32_t result = 0;
    for (std::size_t i = 6; i < header_size; ++i) result = result << 8 | answer[i];
    return result == rc_success || (code == cc_startup && result == rc_initialize);
}

bool BareTpm::start_up() { return run(cc_startup, {}, false, Bytes{}.add(std::uint16_t{0}).view()); }

bool BareTpm::extend(std::uint32_t pcr, const Digest& digest) {
    return run(cc_pcr_extend, {pcr}, true, Bytes{}.add(std::uint32_t{1}).add(alg_sha256).add(ByteView{digest}).view());
}

bool BareTpm::read_counter(std::uint32_t index) {
    return run(cc_nv_read, {index, index}, true, Bytes{}.add(std::uint16_t{8}).add(std::uint16_t{0}).view());
}

bool BareTpm::increment(std::uint32_t index) { return run(cc_nv_increment, {rh_platform, index}, true, {}); }

bool BareTpm::close_platform() {
    return run(cc_hierarchy_control, {rh_platform}, true, Bytes{}.add(rh_platform).add(std::uint8_t{0}).view());
}

}  // namespace basalt::measure
