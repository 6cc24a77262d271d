// A sealed part is opened by plain openssl, and by nothing that was not meant to.
#include "eol/core/container.h"

#include "tests/unit/eol/hospital.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>

namespace basalt::eol {
namespace {

using namespace test;

/// The TPM's place: signs a digest with a key that the container never sees.
Result<std::array<std::uint8_t, 64>> sign_digest(EVP_PKEY& key, const storage::Digest& digest) {
    const std::unique_ptr<EVP_PKEY_CTX, FreeBy<EVP_PKEY_CTX_free>> context{EVP_PKEY_CTX_new(&key, nullptr)};
    Bytes der(80);
    std::size_t size = der.size();
    EVP_PKEY_sign_init(context.get());
    EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size());
    const unsigned char* at = der.data();
    const std::unique_ptr<ECDSA_SIG, FreeBy<ECDSA_SIG_free>> pair{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
    std::array<std::uint8_t, 64> out{};
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + 32, 32);
    return out;
}

class ContainerTest : public ::testing::Test {
  protected:
    void SetUp() override {
        place_ = std::filesystem::temp_directory_path() / "basalt-eol-XXXXXX";
        std::string name = place_.string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        place_ = name;
        write_pem("ca.pem", devices_.certificate());
    }
    void TearDown() override { std::filesystem::remove_all(place_); }

    Recipient recipient(EVP_PKEY& key, const char* usage) {
        const Certificate certificate = hospital_.issue(key, {.usage = usage});
        write_pem("receiver.pem", *certificate);
        FILE* const file = std::fopen((place_ / "receiver.key").c_str(), "w");
        PEM_write_PrivateKey(file, &key, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(file);
        auto judged = Recipient::judge(der_of(*certificate), {.hospital_authority = der_of(hospital_.certificate()),
                                                              .now_unix_s = today,
                                                              .device_key = point_of(*pump_)});
        return std::move(judged.value());
    }
    DeviceSigner signer() {
        return {der_of(*pump_certificate_), [this](const storage::Digest& d) { return sign_digest(*pump_, d); }};
    }
    void write_pem(const char* name, X509& certificate) {
        FILE* const file = std::fopen((place_ / name).c_str(), "w");
        PEM_write_X509(file, &certificate);
        std::fclose(file);
    }
    void write(const char* name, const Bytes& bytes) {
        std::ofstream{place_ / name, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                                             static_cast<std::streamsize>(bytes.size()));
    }
    Bytes read(const char* name) {
        std::ifstream file{place_ / name, std::ios::binary};
        return Bytes{std::istreambuf_iterator<char>{file}, {}};
    }
    bool openssl(const std::string& arguments) {
        return std::system(("cd " + place_.string() + " && openssl " + arguments + " >> words 2>&1").c_str()) == 0;
    }
    bool decrypts() {
        return openssl(
            "cms -decrypt -binary -inform DER -in part.cms -recip receiver.pem -inkey receiver.key -out signed.der");
    }
    bool verifies() {
        return openssl("cms -verify -binary -inform DER -in signed.der -CAfile ca.pem -purpose any -attime " +
                       std::to_string(today) + " -out content");
    }

    std::filesystem::path place_;
    Authority hospital_{"hospital"}, devices_{"devices"};
    Key pump_ = elliptic_key();
    Certificate pump_certificate_ = devices_.issue(*pump_, {.usage = "critical,digitalSignature"});
    Bytes content_{'d', 'o', 's', 'e', '\r', '\n', 0, 0xFF};
};

TEST_F(ContainerTest, PlainOpensslOpensItForEachKindOfReceiver) {
    const Key curve = elliptic_key(), wide = elliptic_key(SN_secp384r1), rsa = rsa_key(3'072);
    for (const auto& [key, usage] : {std::pair{curve.get(), "keyAgreement"}, std::pair{wide.get(), "keyAgreement"},
                                     std::pair{rsa.get(), "keyEncipherment"}}) {
        const Recipient to = recipient(*key, usage);
        const auto part = seal(content_, today, signer(), to);
        ASSERT_TRUE(part) << part.error().what;
        write("part.cms", *part);
        ASSERT_TRUE(decrypts());
        ASSERT_TRUE(verifies());
        EXPECT_EQ(read("content"), content_);
    }
}

TEST_F(ContainerTest, IsAuthenticatedEncryptionWithoutTheWeakDefaults) {
    const Key curve = elliptic_key(), rsa = rsa_key(3'072);
    for (const auto& [key, usage] : {std::pair{curve.get(), "keyAgreement"}, std::pair{rsa.get(), "keyEncipherment"}}) {
        write("part.cms", *seal(content_, today, signer(), recipient(*key, usage)));
        std::filesystem::remove(place_ / "words");
        ASSERT_TRUE(openssl("cms -cmsout -print -inform DER -in part.cms -noout"));
        const Bytes printed = read("words");
        const std::string words{printed.begin(), printed.end()};
        EXPECT_NE(words.find("id-smime-ct-authEnvelopedData"), std::string::npos);
        EXPECT_NE(words.find("aes-256-gcm"), std::string::npos);
        if (key == rsa.get())
            EXPECT_NE(words.find("rsaesOaep"), std::string::npos);
        else
            EXPECT_NE(words.find("dhSinglePass-stdDH-sha256kdf-scheme"), std::string::npos);
        EXPECT_EQ(words.find("sha1"), std::string::npos) << words;
    }
}

TEST_F(ContainerTest, WhatWasChangedOrIsForSomebodyElseDoesNotOpen) {
    const Key key = elliptic_key();
    const Bytes part = *seal(content_, today, signer(), recipient(*key, "keyAgreement"));
    for (const std::size_t at : {part.size() - 1, part.size() / 2}) {
        Bytes bent = part;
        bent[at] ^= 1;
        write("part.cms", bent);
        EXPECT_FALSE(decrypts()) << at;
    }
    write("part.cms", {part.begin(), part.end() - 1});
    EXPECT_FALSE(decrypts());
    write("part.cms", part);
    const Key other = elliptic_key();
    static_cast<void>(recipient(*other, "keyAgreement"));
    EXPECT_FALSE(decrypts());
}

TEST_F(ContainerTest, WhatAnotherDeviceSignedIsFound) {
    const Key key = elliptic_key(), liar = elliptic_key();
    const Recipient to = recipient(*key, "keyAgreement");
    DeviceSigner wrong = signer();
    wrong.sign = [&](const storage::Digest& d) { return sign_digest(*liar, d); };
    write("part.cms", *seal(content_, today, wrong, to));
    ASSERT_TRUE(decrypts());
    EXPECT_FALSE(verifies());
    const Certificate foreign = Authority{"devices"}.issue(*liar, {.usage = "critical,digitalSignature"});
    wrong.certificate = der_of(*foreign);
    write("part.cms", *seal(content_, today, wrong, to));
    ASSERT_TRUE(decrypts());
    EXPECT_FALSE(verifies());
}

TEST_F(ContainerTest, CarriesTheDevicesDateAndNotTheComputers) {
    const Key key = elliptic_key();
    write("part.cms", *seal(content_, today, signer(), recipient(*key, "keyAgreement")));
    ASSERT_TRUE(decrypts());
    ASSERT_TRUE(openssl("cms -cmsout -print -inform DER -in signed.der -noout"));
    const Bytes printed = read("words");
    EXPECT_NE(std::string(printed.begin(), printed.end()).find("UTCTIME:Jan 15 08:00:00 2027 GMT"), std::string::npos);
}

TEST_F(ContainerTest, ASignerThatCannotSignIsHeardInItsOwnWords) {
    const Key key = elliptic_key();
    DeviceSigner mute = signer();
    mute.sign = [](const storage::Digest&) -> Result<std::array<std::uint8_t, 64>> {
        return fail(ErrorCode::io, "The TPM does not answer.", "Switch the pump off and on.", 0x901);
    };
    const auto part = seal(content_, today, mute, recipient(*key, "keyAgreement"));
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error().what, "The TPM does not answer.");
    EXPECT_EQ(part.error().tpm_rc, 0x901U);
}

TEST_F(ContainerTest, NoPartIsLargerThanAReaderCanHold) {
    const Key key = elliptic_key();
    const Recipient to = recipient(*key, "keyAgreement");
    EXPECT_TRUE(seal(Bytes(max_part_size, 1), today, signer(), to));
    EXPECT_EQ(seal(Bytes(max_part_size + 1, 1), today, signer(), to).error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace basalt::eol
