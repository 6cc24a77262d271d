// tests/attack/link/attackers_device.h: a device as the factory makes it, but for its gateway, which is the attacker's
// program: signed, measured and certified as the true one would be.
#pragma once
#include "device/factory/dev_keys.h"
#include "device/factory/image_builder.h"
#include "device/factory/sign.h"
#include "tests/integration/people/real_pump.h"

namespace basalt::bench {

inline std::unique_ptr<FreshDevice> device_with_gateway(const char* program, const std::string& name) {
    const auto own = RunDirectory::make(RunDirectory::Use::files);
    EXPECT_TRUE(own);
    const fs::path images{own->path()};
    for (const char* kind : {"guardian", "boot", "firmware"})
        fs::copy(fs::path{BASALT_BINARY_DIR} / "images" / (std::string{kind} + ".img"), images);
    const auto keys = factory::make_or_load(fs::path{BASALT_SOURCE_DIR} / "dev-keys", Variant::production);
    const auto parts = factory::parts_of({program, {}});
    EXPECT_TRUE(keys && parts);
    const auto image = factory::make_signed_file(
        {.kind = FileKind::gateway, .variant = Variant::production, .version = 1}, *factory::pack(*parts), keys->image);
    std::ofstream out{images / "gateway.img", std::ios::binary};
    out.write(reinterpret_cast<const char*>(image->data()), static_cast<std::streamsize>(image->size()));
    out.close();
    return new_device(images, name);
}

}  // namespace basalt::bench
