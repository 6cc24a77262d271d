#include "device/factory/dev_keys.h"

#include <fmt/core.h>
#include <sys/stat.h>

namespace basalt::factory {
namespace {

Result<P256Key> make_or_load_one(const std::filesystem::path& file) {
    auto there = P256Key::load(file);
    if (there || there.error().code != ErrorCode::missing) return there;
    const auto fresh = P256Key::generate();
    if (!fresh) return std::unexpected{fresh.error()};
    if (const auto saved = fresh->save(file); !saved) return std::unexpected{saved.error()};
    return P256Key::load(file);  // another caller may have been first
}

}  // namespace

Result<DevKeys> make_or_load(const std::filesystem::path& folder, Variant variant) {
    const auto set = folder / (variant == Variant::training ? "training" : "production");
    std::error_code error;
    std::filesystem::create_directories(set, error);
    if (!error) std::filesystem::permissions(set, std::filesystem::perms::owner_all, error);
    if (error)
        return fail(ErrorCode::io,
                    fmt::format("The key directory {} cannot be made: {}.", set.string(), error.message()),
                    "Check that it can be written and has room.");
    auto image = make_or_load_one(set / "image.pem");
    if (!image) return std::unexpected{image.error()};
    auto policy = make_or_load_one(set / "policy.pem");
    if (!policy) return std::unexpected{policy.error()};
    auto hospital = make_or_load_one(set / "hospital.pem");
    if (!hospital) return std::unexpected{hospital.error()};
    auto physician = make_or_load_one(set / "physician.pem");
    if (!physician) return std::unexpected{physician.error()};
    auto devices = make_or_load_one(set / "devices.pem");
    if (!devices) return std::unexpected{devices.error()};
    auto clients = make_or_load_one(set / "clients.pem");
    if (!clients) return std::unexpected{clients.error()};
    return DevKeys{std::move(*image),     std::move(*policy),  std::move(*hospital),
                   std::move(*physician), std::move(*devices), std::move(*clients)};
}

Result<Authority> authority_of(const DevKeys& keys, Variant variant, std::uint32_t switched_off) {
    if (variant == Variant::production && switched_off != 0)
        return fail(ErrorCode::usage, "A production device cannot do without any of its defences.",
                    "Use a training device to switch one off.");
    return Authority{.variant = variant,
                     .image_key = keys.image.point(),
                     .policy_key = keys.policy.point(),
                     .hospital_key = keys.hospital.point(),
                     .physician_key = keys.physician.point(),
                     .switched_off = switched_off};
}

}  // namespace basalt::factory
