// tests/integration/network/parties.h: clients with certificates of anybody's.
#pragma once
#include "device/factory/certificates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdlib.h>  // mkdtemp

namespace basalt::test {

inline std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

struct Signed {
    std::string certificate_pem, key_pem;
};
/// A client whose certificate this key signed.
inline Signed client_of(const factory::P256Key& by, const std::string& issuer, std::int64_t from, std::int64_t until) {
    const auto key = *factory::P256Key::generate();
    const link::Der name = link::name_of(issuer);
    const link::Der body = link::to_be_signed({.issuer = name,
                                               .subject = "somebody",
                                               .key = key.point(),
                                               .use = link::CertificateUse::client,
                                               .from_unix_s = from,
                                               .until_unix_s = until});
    std::string folder = (std::filesystem::temp_directory_path() / "basalt-client-XXXXXX").string();
    const std::filesystem::path file = std::filesystem::path{::mkdtemp(folder.data())} / "client.key";
    EXPECT_TRUE(key.save(file));
    Signed made{factory::to_pem(link::certificate(body, *by.sign(sha256(body)))), text_of(file)};
    std::filesystem::remove_all(folder);
    return made;
}

}  // namespace basalt::test
