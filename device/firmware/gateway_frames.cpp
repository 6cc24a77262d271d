#include "device/firmware/gateway_frames.h"

namespace basalt::firmware {

bool GatewayFrames::take(ByteView frame) {
    if (taken_ == frames_room) return false;
    ++taken_;
    const auto decoded = link::LinkFrames::decode(frame);
    if (!decoded || !certificates_.take(*decoded)) dropped_.not_understood();
    return true;
}

void GatewayFrames::serve(std::uint64_t now, Journal* journal) {
    taken_ = 0;
    certificates_.serve(now, journal);
    dropped_.log(now, journal);
}

}  // namespace basalt::firmware
