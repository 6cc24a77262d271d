#include "tpm/socket_tcti.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <tss2/tss2_tpm2_types.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <poll.h>
#include <type_traits>
#include <unistd.h>

namespace basalt::tpm {
namespace {

constexpr std::uint64_t magic = 0x42534C5453434B31;  // any number that no other module has
constexpr int patience_ms = 20'000;
constexpr std::size_t header_size = 10;  // tag, size, code

struct Context {
    TSS2_TCTI_CONTEXT_COMMON_V2 common;  // libtss2 calls through this, so it comes first
    int fd;
    bool waiting;      // for an answer
    std::size_t have;  // bytes of it so far
    std::array<std::uint8_t, TPM2_MAX_RESPONSE_SIZE> answer;
};
static_assert(std::is_standard_layout_v<Context>);

Context& of(TSS2_TCTI_CONTEXT* context) noexcept { return *reinterpret_cast<Context*>(context); }

/// The whole answer's size as its header says it; header_size until the header is there.
std::size_t wanted(const Context& context) noexcept {
    if (context.have < header_size) return header_size;
    std::uint32_t size = 0;
    for (std::size_t i = 2; i < 6; ++i) size = size << 8 | context.answer[i];
    return size;
}

TSS2_RC transmit(TSS2_TCTI_CONTEXT* tcti, std::size_t size, const std::uint8_t* command) noexcept {
    Context& context = of(tcti);
    if (context.waiting) return TSS2_TCTI_RC_BAD_SEQUENCE;
    while (size > 0) {
        const ssize_t sent = ::send(context.fd, command, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return TSS2_TCTI_RC_IO_ERROR;
        command += sent;
        size -= static_cast<std::size_t>(sent);
    }
    context.waiting = true;
    context.have = 0;
    return TSS2_RC_SUCCESS;
}

/// Reads on until the answer is whole.
TSS2_RC read_answer(Context& context, std::int32_t timeout_ms) noexcept {
    while (context.have < wanted(context)) {
        pollfd readable{.fd = context.fd, .events = POLLIN, .revents = 0};
        const bool for_ever = timeout_ms == TSS2_TCTI_TIMEOUT_BLOCK;
        const int ready = ::poll(&readable, 1, for_ever ? patience_ms : timeout_ms);
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0 && !for_ever) return TSS2_TCTI_RC_TRY_AGAIN;
        if (ready <= 0) return TSS2_TCTI_RC_IO_ERROR;
        if (wanted(context) > context.answer.size()) return TSS2_TCTI_RC_MALFORMED_RESPONSE;
        const ssize_t got = ::read(context.fd, context.answer.data() + context.have, wanted(context) - context.have);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return TSS2_TCTI_RC_IO_ERROR;
        context.have += static_cast<std::size_t>(got);
    }
    return wanted(context) < header_size ? TSS2_TCTI_RC_MALFORMED_RESPONSE : TSS2_RC_SUCCESS;
}

TSS2_RC receive(TSS2_TCTI_CONTEXT* tcti, std::size_t* size, std::uint8_t* answer, std::int32_t timeout_ms) noexcept {
    Context& context = of(tcti);
    if (!context.waiting) return TSS2_TCTI_RC_BAD_SEQUENCE;
    const TSS2_RC read = read_answer(context, timeout_ms);
    if (read == TSS2_TCTI_RC_TRY_AGAIN) return read;
    if (read != TSS2_RC_SUCCESS) {
        context.waiting = false;
        return read;
    }
    if (answer == nullptr) {  // "how long is it?"
        *size = context.have;
        return TSS2_RC_SUCCESS;
    }
    if (*size < context.have) return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
    *size = context.have;
    std::copy_n(context.answer.begin(), context.have, answer);
    explicit_bzero(context.answer.data(), context.have);
    context.waiting = false;
    return TSS2_RC_SUCCESS;
}

void finalize(TSS2_TCTI_CONTEXT* tcti) noexcept { ::close(of(tcti).fd); }

TSS2_RC not_possible() noexcept { return TSS2_TCTI_RC_NOT_IMPLEMENTED; }

}  // namespace

Result<TSS2_TCTI_CONTEXT*> connect_to_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return fail(ErrorCode::usage, "The TPM's socket has too long a path: " + path + ".", "Use a shorter one.");
    std::ranges::copy(path, address.sun_path);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (fd >= 0) ::close(fd);
        return fail(ErrorCode::missing, "No TPM answers at " + path + ".",
                    "The simulator starts it with the device; start the device again.");
    }
    void* const memory = std::calloc(1, sizeof(Context));
    if (memory == nullptr) {
        ::close(fd);
        return fail(ErrorCode::io, "There is no memory left.", "Close other programs and try again.");
    }
    auto* const context = new (memory) Context{};
    context->common.v1 = {
        .magic = magic,
        .version = 2,
        .transmit = transmit,
        .receive = receive,
        .finalize = finalize,
        .cancel = [](TSS2_TCTI_CONTEXT*) { return not_possible(); },
        .getPollHandles = [](TSS2_TCTI_CONTEXT*, TSS2_TCTI_POLL_HANDLE*, std::size_t*) { return not_possible(); },
        .setLocality = [](TSS2_TCTI_CONTEXT*, std::uint8_t) { return not_possible(); }};
    context->common.makeSticky = [](TSS2_TCTI_CONTEXT*, TPM2_HANDLE*, std::uint8_t) { return not_possible(); };
    context->fd = fd;
    return reinterpret_cast<TSS2_TCTI_CONTEXT*>(context);
}

}  // namespace basalt::tpm
