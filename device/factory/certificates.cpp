#include "device/factory/certificates.h"

#include "device/firmware/base64.h"

#include <fmt/format.h>

#include <algorithm>

namespace basalt::factory {
namespace {

constexpr std::int64_t year_2020 = 1'577'836'800, end_of_2049 = 2'524'607'999;

Result<link::Der> issue(const P256Key& by, const std::string& issuer, const std::string& subject, const PublicKey& key,
                        link::CertificateUse use) {
    const link::Der name = link::name_of(issuer);
    const link::Der body = link::to_be_signed({.issuer = name,
                                               .subject = subject,
                                               .key = key,
                                               .use = use,
                                               .from_unix_s = year_2020,
                                               .until_unix_s = end_of_2049});
    const auto signature = by.sign(sha256(body));
    if (!signature) return std::unexpected{signature.error()};
    return link::certificate(body, *signature);
}

}  // namespace

Result<DeviceCertificates> make_certificates(const DevKeys& keys, Variant variant, const DeviceId& device,
                                             const PublicKey& identity, const PublicKey& console) {
    using enum link::CertificateUse;
    const std::string_view which = variant == Variant::training ? "training" : "production";
    const std::string manufacturer = fmt::format("Basalt {} devices, DEVELOPMENT ONLY", which);
    const std::string hospital = fmt::format("Basalt {} clients, DEVELOPMENT ONLY", which);
    const std::string pump = fmt::format("pump {:02x}, DEVELOPMENT ONLY", fmt::join(device, ""));

    auto own = issue(keys.devices, manufacturer, manufacturer, keys.devices.point(), root);
    if (!own) return std::unexpected{own.error()};
    auto of_device = issue(keys.devices, manufacturer, pump, identity, authority);
    if (!of_device) return std::unexpected{of_device.error()};
    auto of_hospital = issue(keys.clients, hospital, hospital, keys.clients.point(), authority);
    if (!of_hospital) return std::unexpected{of_hospital.error()};
    auto of_console = issue(keys.clients, hospital, "console, DEVELOPMENT ONLY", console, client);
    if (!of_console) return std::unexpected{of_console.error()};
    return DeviceCertificates{std::move(*own), std::move(*of_device), std::move(*of_hospital), std::move(*of_console)};
}

std::string to_pem(const link::Der& certificate) {
    constexpr std::size_t line = 64;
    const std::string text = firmware::to_base64(certificate);
    std::string pem = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t i = 0; i < text.size(); i += line) pem += text.substr(i, line) + "\n";
    return pem + "-----END CERTIFICATE-----\n";
}

}  // namespace basalt::factory
