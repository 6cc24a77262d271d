#include "device/firmware/trust/key_file.h"

#include "tests/fuzz/target.h"

#include <algorithm>

namespace basalt::fuzz {

std::vector<Input> seeds() {
    firmware::KeyFile keys;
    keys.policy_key.fill(0x11);
    keys.channel_key = {.public_part = Input(90, 1), .private_part = Input(160, 2)};
    for (firmware::ClassKeyRecord& record : keys.classes) record.sealed_half = keys.channel_key;
    keys.identity_key = keys.pepper = keys.channel_key;
    return {firmware::encode(keys), firmware::encode({})};
}

}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const ByteView in{data, size};
    const auto keys = firmware::decode_key_file(in);
    fuzz::require(!keys || std::ranges::equal(firmware::encode(*keys), in), "one key file has one spelling");
    return 0;
}
