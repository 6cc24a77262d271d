// What a client says inside a session, and the values of an act: any bytes at all.
#include "device/link/commands.h"

#include "tests/fuzz/frames.h"

namespace {
using namespace basalt;

template <std::size_t N>
Bytes<N> full(std::uint8_t with) {
    Bytes<N> bytes;
    bytes.data.fill(with);
    bytes.size = N;
    return bytes;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::read_frame<link::CommandFrames>(data, size);
    fuzz::read_frame<link::ValueFrames>(data, size);
    // The values of an act that was read are read as they stand: whole or not at all.
    const auto command = link::CommandFrames::decode({data, size});
    if (const auto* act = command ? std::get_if<link::Act>(&*command) : nullptr)
        fuzz::read_frame<link::ValueFrames>(act->values.view().data(), act->values.view().size());
    return 0;
}

std::vector<fuzz::Input> fuzz::seeds() {
    auto all = frame_seeds<link::CommandFrames>();
    const auto values = frame_seeds<link::ValueFrames>();
    all.insert(all.end(), values.begin(), values.end());
    // Each text as long as it may be: one more byte is one too many.
    const auto add = [&](const auto& command) {
        const auto frame = link::CommandFrames::encode(command);
        all.emplace_back(frame.view().begin(), frame.view().end());
    };
    add(link::LogIn{full<32>('n'), full<256>('p')});
    add(link::FirstPassword{full<32>('n'), full<24>('c'), full<256>(0xff)});
    link::Act act{.operation = 8};
    act.badge.name = full<32>('b');
    (void)act.values.assign(link::ValueFrames::encode(link::BolusWish{.amount = {1'000}}).view());
    add(act);
    return all;
}
