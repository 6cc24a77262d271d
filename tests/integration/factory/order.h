// tests/integration/factory/order.h: an order for a device, with images of a few bytes.
#pragma once
#include "device/factory/provision.h"
#include "device/factory/sign.h"
#include "device/factory/therapy.h"
#include "tests/integration/tpm/fresh_tpm.h"

#include <fstream>
#include <map>
#include <string>

namespace basalt::test {

inline std::vector<std::uint8_t> file_bytes(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>{in}, {}};
}

inline void put_file(const std::filesystem::path& file, ByteView bytes) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                static_cast<std::streamsize>(bytes.size()));
}

class DeviceOrders : public testing::Test {
  protected:
    /// Images of `size` bytes each, signed for the variant.
    factory::DeviceOrder order(Variant variant = Variant::production, std::size_t size = 1000) {
        const auto keys = must(factory::make_or_load(keys_, variant));
        const auto images = directory_.path() / (variant == Variant::training ? "images-training" : "images");
        for (const auto& [name, kind] : std::map<std::string, FileKind>{{"guardian.img", FileKind::guardian},
                                                                        {"boot.img", FileKind::boot},
                                                                        {"firmware.img", FileKind::firmware},
                                                                        {"gateway.img", FileKind::gateway}}) {
            const std::vector<std::uint8_t> payload(size, static_cast<std::uint8_t>(kind));
            put_file(images / name, must(factory::make_signed_file({.kind = kind, .variant = variant, .version = 1},
                                                                   payload, keys.image)));
        }
        const factory::Therapy therapy = factory::flat_therapy("Ward 3, pump 7", {900});
        return {.state = directory_.path() / "pump",
                .images = images,
                .dev_keys = keys_,
                .run = run_.path(),
                .variant = variant,
                .seed = 42,
                .configuration = therapy.configuration,
                .profile = therapy.profile};
    }
    /// Names of everything at the place where the device shall be, hidden ones too.
    std::vector<std::string> beside_device() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator{directory_.path()})
            if (const auto name = entry.path().filename().string(); name.find("pump") != std::string::npos)
                names.push_back(name);
        return names;
    }

    TemporaryDirectory directory_, run_;
    std::filesystem::path keys_ = directory_.path() / "dev-keys";
};

}  // namespace basalt::test
