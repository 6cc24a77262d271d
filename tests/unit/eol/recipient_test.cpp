// Who an export may be encrypted to. Each wrong certificate differs from a right one in one thing.
#include "tests/unit/eol/hospital.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace basalt::eol {
namespace {

using namespace test;

class RecipientTest : public ::testing::Test {
  protected:
    Authority hospital_{"hospital"};
    Bytes authority_ = der_of(hospital_.certificate());
    Key pump_ = elliptic_key();
    std::array<std::uint8_t, 65> pump_point_ = point_of(*pump_);
    Bytes list_;

    std::optional<RecipientFault> fault(const Bytes& der) const {
        const auto judged = Recipient::judge(
            der, {.hospital_authority = authority_, .revoked = list_, .now_unix_s = today, .device_key = pump_point_});
        return judged ? std::nullopt : std::optional{judged.error()};
    }
    std::optional<RecipientFault> fault(const Certificate& certificate) const { return fault(der_of(*certificate)); }
};

TEST_F(RecipientTest, WhoCanReadAndWhomTheHospitalVouchesForIsTaken) {
    const Key curve = elliptic_key(), wide = elliptic_key(SN_secp384r1), rsa = rsa_key(3'072);
    EXPECT_EQ(fault(hospital_.issue(*curve)), std::nullopt);
    EXPECT_EQ(fault(hospital_.issue(*wide, {.extended = "emailProtection"})), std::nullopt);
    EXPECT_EQ(fault(hospital_.issue(*curve, {.usage = nullptr, .extended = "serverAuth,anyExtendedKeyUsage"})),
              std::nullopt);
    EXPECT_EQ(fault(hospital_.issue(*rsa, {.usage = "keyEncipherment"})), std::nullopt);
}

TEST_F(RecipientTest, EachWrongOneIsRefusedForItsOwnReason) {
    const Key key = elliptic_key();
    using enum RecipientFault;
    EXPECT_EQ(fault(Bytes{}), unreadable);
    EXPECT_EQ(fault(Bytes(Recipient::max_certificate_size + 1, 0x30)), unreadable);
    Bytes longer = der_of(*hospital_.issue(*key));
    longer.push_back(0);
    EXPECT_EQ(fault(longer), unreadable);
    EXPECT_EQ(fault(hospital_.issue(*key, {.from = today + 1})), early);
    EXPECT_EQ(fault(hospital_.issue(*key, {.until = today - 1})), expired);
    EXPECT_EQ(fault(Authority{"hospital"}.issue(*key)), foreign) << "of the same name";
    EXPECT_EQ(fault(hospital_.issue(*key, {.constraints = "critical,CA:TRUE", .usage = "keyCertSign,keyAgreement"})),
              authority);
    EXPECT_EQ(fault(authority_), authority);
    EXPECT_EQ(fault(hospital_.issue(*rsa_key(2'048), {.usage = "keyEncipherment"})), weak);
    EXPECT_EQ(fault(hospital_.issue(*rsa_key(1'024), {.usage = "keyEncipherment"})), weak);
    EXPECT_EQ(fault(hospital_.issue(*elliptic_key(SN_X9_62_prime192v1))), weak);
    EXPECT_EQ(fault(hospital_.issue(*elliptic_key(SN_secp256k1))), weak) << "few can read it";
    EXPECT_EQ(fault(hospital_.issue(*Key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")})), weak);
    EXPECT_EQ(fault(hospital_.issue(*key, {.digest = EVP_sha1()})), weak);
    EXPECT_EQ(fault(hospital_.issue(*key, {.usage = "digitalSignature"})), other_use);
    EXPECT_EQ(fault(hospital_.issue(*rsa_key(3'072), {.usage = "keyAgreement"})), other_use);
    EXPECT_EQ(fault(hospital_.issue(*key, {.extended = "serverAuth,clientAuth"})), other_use);
    EXPECT_EQ(fault(hospital_.issue(*pump_)), own_key);
}

TEST_F(RecipientTest, AListOfRevokedOnesIsHeededAndMustItselfBeOfTodayAndOfTheAuthority) {
    const Key key = elliptic_key();
    const Certificate receiver = hospital_.issue(*key, {.serial = 8});
    list_ = hospital_.revoked({9}, today - day, today + day);
    EXPECT_EQ(fault(receiver), std::nullopt);
    list_ = hospital_.revoked({9, 8}, today - day, today + day);
    EXPECT_EQ(fault(receiver), RecipientFault::revoked);
    list_ = hospital_.revoked({9}, today - 2 * day, today - day);
    EXPECT_EQ(fault(receiver), RecipientFault::stale_list);
    list_ = hospital_.revoked({9}, today + day, today + 2 * day);
    EXPECT_EQ(fault(receiver), RecipientFault::stale_list);
    list_ = Authority{"hospital"}.revoked({9}, today - day, today + day);
    EXPECT_EQ(fault(receiver), RecipientFault::stale_list);
    list_ = {1, 2, 3};
    EXPECT_EQ(fault(receiver), RecipientFault::stale_list);
}

TEST_F(RecipientTest, EveryBitOfItsCertificateMattersOrChangesNothingThatIsTrusted) {
    const Key key = elliptic_key();
    const Bytes good = der_of(*hospital_.issue(*key));
    for (std::size_t i = 0; i < good.size() * 8; ++i) {
        Bytes bent = good;
        bent[i / 8] = static_cast<std::uint8_t>(bent[i / 8] ^ (1U << (i % 8)));
        ASSERT_NE(fault(bent), std::nullopt) << "bit " << i;
    }
}

TEST_F(RecipientTest, EveryFaultHasItsWordsAndItsNextStepInBothLanguages) {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < recipient_fault_count; ++i) {
        const auto& row = row_of(static_cast<RecipientFault>(i));
        EXPECT_TRUE(ids.insert(row.id).second);
        for (const std::string_view text : {row.english, row.english_step, row.french, row.french_step}) {
            ASSERT_FALSE(text.empty()) << row.id;
            EXPECT_EQ(text.back(), '.') << row.id;
        }
    }
}

}  // namespace
}  // namespace basalt::eol
