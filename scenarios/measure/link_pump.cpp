#include "device/factory/certificates.h"
#include "scenarios/measure/link_parties.h"

#include <array>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <unistd.h>

namespace basalt::measure {
namespace {

constexpr std::int64_t valid_s = 24 * 3'600;

std::unexpected<Error> failed(std::string what) {
    return fail(ErrorCode::io, std::move(what), "Build everything, close other programs, and try again.");
}

Result<link::Der> issue(const factory::P256Key& by, const char* issuer, const char* subject, const PublicKey& key,
                        link::CertificateUse use) {
    const link::Der name = link::name_of(issuer);
    const std::int64_t now = std::time(nullptr);
    const link::Der body = link::to_be_signed({.issuer = name,
                                               .subject = subject,
                                               .key = key,
                                               .use = use,
                                               .from_unix_s = now - valid_s,
                                               .until_unix_s = now + valid_s});
    const auto signature = by.sign(sha256(body));
    if (!signature) return std::unexpected{signature.error()};
    return link::certificate(body, *signature);
}

Result<std::string> private_half(const factory::P256Key& key) {
    std::string folder = (std::filesystem::temp_directory_path() / "basalt-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return failed("There is no room for a client's key.");
    const auto file = std::filesystem::path{folder} / "client.key";
    const auto saved = key.save(file);
    std::string text;
    if (saved) {
        std::ifstream in{file, std::ios::binary};
        text.assign(std::istreambuf_iterator<char>{in}, {});
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    if (!saved) return std::unexpected{saved.error()};
    return text;
}

}  // namespace

Result<std::unique_ptr<LinkPump>> LinkPump::start(const std::filesystem::path& gateway, std::size_t answer) {
    auto identity = factory::P256Key::generate();
    auto hospital = factory::P256Key::generate();
    auto listener = bench::Listener::open(0);
    if (!identity) return std::unexpected{identity.error()};
    if (!hospital) return std::unexpected{hospital.error()};
    if (!listener) return std::unexpected{listener.error()};
    std::unique_ptr<LinkPump> pump{
        new LinkPump{std::move(*identity), std::move(*hospital), std::move(*listener), answer}};
    if (auto made = pump->make_papers(); !made) return std::unexpected{made.error()};
    if (auto started = pump->start_gateway(gateway); !started) return std::unexpected{started.error()};
    pump->thread_ = std::thread{[self = pump.get()] { self->live(); }};
    return pump;
}

LinkPump::~LinkPump() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    (void)gateway_.kill();
}

Result<void> LinkPump::make_papers() {
    const auto console = factory::P256Key::generate();
    if (!console) return std::unexpected{console.error()};
    const auto own = issue(hospital_, "hospital", "console", console->point(), link::CertificateUse::client);
    const auto device = issue(identity_, "pump", "pump", identity_.point(), link::CertificateUse::authority);
    auto key = private_half(*console);
    if (!own) return std::unexpected{own.error()};
    if (!device) return std::unexpected{device.error()};
    if (!key) return std::unexpected{key.error()};
    papers_ = {factory::to_pem(*own), std::move(*key), factory::to_pem(*device), identity_.point(), {1, 2, 3, 4}, {9}};
    return {};
}

Result<void> LinkPump::start_gateway(const std::filesystem::path& program) {
    auto frames = hal::make_seqpacket_pair();
    if (!frames) return failed("There are no channels for the gateway.");
    frames_ = hal::Seqpacket{std::move(frames->a)};
    // Up first and then down: none of them may be overwritten before it was moved.
    const std::array given{frames->b.get(), listener_.get()};
    constexpr int high = 64, first = 3;
    posix_spawn_file_actions_t actions;
    if (::posix_spawn_file_actions_init(&actions) != 0) return failed("The gateway could not be started.");
    for (int i = 0; i < static_cast<int>(given.size()); ++i)
        ::posix_spawn_file_actions_adddup2(&actions, given[static_cast<std::size_t>(i)], high + i);
    for (int i = 0; i < static_cast<int>(given.size()); ++i) {
        ::posix_spawn_file_actions_adddup2(&actions, high + i, first + i);
        ::posix_spawn_file_actions_addclose(&actions, high + i);
    }
    std::string name = program.string();
    const std::array<char*, 2> words{name.data(), nullptr};
    const std::array<char*, 1> nothing{nullptr};
    pid_t child = -1;
    const int spawned = ::posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(), nothing.data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (spawned != 0) return failed("The gateway could not be started.");
    auto held = bench::Process::hold(child);
    if (!held) return std::unexpected{held.error()};
    gateway_ = std::move(*held);
    return {};
}

/// The pump's seconds, and five more for every session that was begun: it takes no more sessions than one in five
/// seconds, and that is not what is measured.
Tick LinkPump::now() const {
    const auto real = std::chrono::steady_clock::now() - began_;
    return {1'000 + skipped_s_ +
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(real).count())};
}

void LinkPump::live() {
    std::array<std::uint8_t, max_frame_size> buffer;
    while (!stop_) {
        if (hal::wait_readable(std::array{frames_.get()}, 50) == 0) continue;
        const auto received = frames_.receive(buffer);
        if (received.arrival == hal::Arrival::ended) return;
        const ByteView bytes = ByteView{buffer}.first(received.size);
        if (const auto frame = link::LinkFrames::decode(bytes)) {
            if (std::holds_alternative<link::SealedIn>(*frame)) command_size_ = bytes.size() + 2;
            std::visit([this](const auto& what) { on(what); }, *frame);
        }
    }
}

template <class Frame>
std::size_t LinkPump::say(const Frame& frame) {
    const auto bytes = link::LinkFrames::encode(frame);
    frames_.send(bytes.view());
    return bytes.view().size() + 2;
}

void LinkPump::on(const link::Certify& certify) {
    const auto leaf = issue(identity_, "pump", "pump, network part", certify.key, link::CertificateUse::server);
    const auto identity = issue(identity_, "pump", "pump", identity_.point(), link::CertificateUse::authority);
    const auto clients = issue(hospital_, "hospital", "hospital", hospital_.point(), link::CertificateUse::authority);
    if (!leaf || !identity || !clients) return;  // the gateway then lets nobody in, and the client says so
    link::Certified out;
    out.now_unix_s = std::time(nullptr);
    if (out.leaf.assign(*leaf) && out.identity.assign(*identity) && out.client_authority.assign(*clients)) say(out);
}

void LinkPump::on(const link::Hello& hello) {
    skipped_s_ += link::DeviceSessions::hello_every_s;
    if (const auto answer = sessions_.take(hello, now())) say(*answer);
}

void LinkPump::on(const link::SealedIn& sealed) {
    const auto taken = sessions_.take(sealed, now());
    if (taken.answer) say(*taken.answer);
    if (!taken.command) return;
    if (const auto reply = sessions_.reply(*taken.command, link::Outcome::done, answer_, true, now()))
        reply_size_ = say(*reply);
}

}  // namespace basalt::measure
