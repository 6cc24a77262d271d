// The attacker's firmware that cannot use the channel key, and answers the guardian's challenge with a proof that was
// recorded from a true one: flash/recorded-proof.bin, 64 bytes.
#include "device/firmware/process.h"

#include <fstream>
#include <memory>
#include <string>

namespace {
using namespace basalt;

class Replayer final : public firmware::Chip {
  public:
    Replayer(firmware::Chip& real, const Signature& recorded) : real_(real), recorded_(recorded) {}
    Result<Signature> sign_challenge(const std::array<std::uint8_t, 32>&) override { return recorded_; }
    Result<firmware::RecordKeys> open_keys(const std::optional<Secret>& share) override {
        return real_.open_keys(share);
    }
    Result<PublicKey> identity() override { return real_.identity(); }
    Result<Signature> sign_as_device(const Digest& digest) override { return real_.sign_as_device(digest); }
    Result<Digest> pepper(ByteView data) override { return real_.pepper(data); }
    bool answers() override { return true; }

  private:
    firmware::Chip& real_;
    Signature recorded_;
};
}  // namespace

int main(int argc, char** argv) {
    Signature recorded{};
    if (argc > 1) {
        std::ifstream file{std::string{argv[1]} + "/recorded-proof.bin", std::ios::binary};
        file.read(reinterpret_cast<char*>(recorded.data()), static_cast<std::streamsize>(recorded.size()));
    }
    return firmware::run(argc, argv, firmware::basal_amount,
                         [&recorded](firmware::Chip& real) { return std::make_unique<Replayer>(real, recorded); });
}
