// Asks the TPM for the device's keys after the firmware was killed, with everything that stands on the device's disk.
// argv: flash directory, TCTI, and (optional) the guardian's share in 64 hex digits, for the thief who has even that.
// Exit status: 0 something opened (the attack succeeded); 3 everything was refused; 2 wrong usage; 4 no TPM.
#include "device/firmware/trust/trust.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

namespace {
using namespace basalt;

bool read_hex(std::string_view text, std::span<std::uint8_t> out) {
    if (text.size() != 2 * out.size()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto* from = text.data() + 2 * i;
        if (std::from_chars(from, from + 2, out[i], 16).ptr != from + 2) return false;
    }
    return true;
}
}  // namespace

int main(int argc, char** argv) {
    Secret share;
    if (argc < 3 || argc > 4 || (argc == 4 && !read_hex(argv[3], share.bytes()))) return 2;
    auto tpm = tpm::Tpm::connect(argv[2]);
    if (!tpm) {
        fmt::print("{}\n", tpm.error().what);
        return 4;
    }
    auto trust = firmware::Trust::open(*tpm, argv[1]);
    if (!trust) {
        fmt::print("keys: {}\n", trust.error().what);
        return 3;
    }
    bool opened = false;
    const auto say = [&opened](std::string_view what, const auto& result) {
        fmt::print("{}: {}\n", what, result ? std::string{"OPEN"} : result.error().what);
        opened = opened || result.has_value();
    };
    say("channel key", trust->sign_challenge({}));
    const auto keys = trust->open_class_keys(share);
    if (keys) {
        say("configuration", keys->configuration);
        say("patient", keys->patient);
        say("log", keys->log);
    } else {
        say("keys", keys);
    }
    return opened ? 0 : 3;
}
