// Badges, and changes that two people make: two accounts, two badges, two roles, one exact change.
#include "device/firmware/access/two_person.h"

#include "device/factory/p256_key.h"
#include "tests/support/page.h"

#include <gtest/gtest.h>

#include <set>

namespace basalt::access {
namespace {

using factory::P256Key;

struct Person {
    std::string name;
    Role role;
    P256Key key = *P256Key::generate();
    Badge badge() const { return {.key = key.point(), .account = name, .for_emergencies = false, .revoked = false}; }
};

const std::vector<std::uint8_t> body{1, 2, 3};
Command release() {
    return {.device = {1}, .challenge = {2}, .sequence = 3, .operation = Operation::leave_failsafe, .body = body};
}

/// Why it was refused; nothing when it was not.
std::optional<ApprovalRefusal> refusal_of(const std::expected<Asker, ApprovalRefusal>& answer) {
    return answer ? std::nullopt : std::optional{answer.error()};
}

class TwoPersons : public testing::Test {
  protected:
    Person physician_{"dr.roy", Role::physician}, engineer_{"b.lang", Role::biomedical};
    PendingChange pending_{.command = command_digest(release()),
                           .operation = Operation::leave_failsafe,
                           .account = "dr.roy",
                           .badge = physician_.key.point(),
                           .role = Role::physician,
                           .factors = Factor::badge | Factor::password,
                           .met = {},
                           .asked_s = 1'000};
    Approval approval_by(const Person& person) const {
        const Digest command = pending_.command;
        return {person.name, person.role, true, command, *person.key.sign(approval_digest(command, person.name))};
    }
};

TEST_F(TwoPersons, APhysicianAndAnEngineerLeaveFailsafeTogether) {
    const auto asker = with_second(pending_, approval_by(engineer_), engineer_.badge(), Tick{1'100});
    ASSERT_TRUE(asker.has_value());
    EXPECT_TRUE(decide(pending_.operation, Context::ward, *asker).allowed());
    EXPECT_FALSE(decide(pending_.operation, Context::home, *asker).allowed());
    Approval without_password = approval_by(engineer_);
    without_password.by_password = false;
    const auto less = with_second(pending_, without_password, engineer_.badge(), Tick{1'100});
    ASSERT_TRUE(less.has_value());
    EXPECT_EQ(decide(pending_.operation, Context::ward, *less).refused().reason, Reason::second_unfit);
}

TEST_F(TwoPersons, OnePersonCountsOnceWhateverRolesAndBadgesTheyHold) {
    // The same account in another role, with another badge of its own.
    const Person again{"dr.roy", Role::biomedical};
    EXPECT_EQ(refusal_of(with_second(pending_, approval_by(again), again.badge(), Tick{1'100})),
              ApprovalRefusal::same_person);
    // Another account that presents the first person's badge.
    Person borrowed = {"b.lang", Role::biomedical, *P256Key::generate()};
    Approval approval = approval_by(borrowed);
    approval.signature = *physician_.key.sign(approval_digest(pending_.command, "b.lang"));
    Badge badge = physician_.badge();
    badge.account = "b.lang";
    EXPECT_EQ(refusal_of(with_second(pending_, approval, badge, Tick{1'100})), ApprovalRefusal::same_badge);
    const Person colleague{"dr.weiss", Role::physician};
    EXPECT_EQ(refusal_of(with_second(pending_, approval_by(colleague), colleague.badge(), Tick{1'100})),
              ApprovalRefusal::same_role);
}

TEST_F(TwoPersons, TheSecondSignsThisChangeInTheirOwnNameWithinTenMinutes) {
    const auto refusal = [&](const Approval& approval, const Badge& badge, std::uint64_t now) {
        return refusal_of(with_second(pending_, approval, badge, Tick{now}));
    };
    const Badge badge = engineer_.badge();
    EXPECT_EQ(refusal(approval_by(engineer_), badge, 1'600), std::nullopt);
    EXPECT_EQ(refusal(approval_by(engineer_), badge, 1'601), ApprovalRefusal::too_late);
    EXPECT_EQ(refusal(approval_by(engineer_), badge, 999), ApprovalRefusal::too_late);
    Approval other = approval_by(engineer_);
    other.command[0] ^= 1;
    EXPECT_EQ(refusal(other, badge, 1'100), ApprovalRefusal::other_change);
    Approval blank = approval_by(engineer_);  // signed the command itself, not an approval of it
    blank.signature = *engineer_.key.sign(pending_.command);
    EXPECT_EQ(refusal(blank, badge, 1'100), ApprovalRefusal::not_signed);
    Approval in_anothers_name = approval_by(engineer_);
    in_anothers_name.signature = *engineer_.key.sign(approval_digest(pending_.command, "c.noir"));
    EXPECT_EQ(refusal(in_anothers_name, badge, 1'100), ApprovalRefusal::not_signed);
    Badge of_another = badge;
    of_another.account = "c.noir";
    EXPECT_EQ(refusal(approval_by(engineer_), of_another, 1'100), ApprovalRefusal::not_signed);
    Badge revoked = badge;
    revoked.revoked = true;
    EXPECT_EQ(refusal(approval_by(engineer_), revoked, 1'100), ApprovalRefusal::not_signed);
    Badge emergency = badge;
    emergency.for_emergencies = true;
    EXPECT_EQ(refusal(approval_by(engineer_), emergency, 1'100), ApprovalRefusal::not_signed);
    std::set<std::string_view> words;
    for (unsigned i = 0; i < 6; ++i)
        for (const Language language : {Language::english, Language::french})
            EXPECT_TRUE(words.insert(in_words(static_cast<ApprovalRefusal>(i), language)).second);
}

TEST(BadgeSignature, FitsThisKeyAndThisDigestAloneAsTheGuardiansVerifierSaysToo) {
    const Person person{"b.lang", Role::biomedical};
    const Digest digest = command_digest(release());
    const Signature signature = *person.key.sign(digest);
    Badge badge = person.badge();
    EXPECT_TRUE(signed_by(badge, digest, signature));
    EXPECT_TRUE(signature_fits(digest, signature, badge.key));
    for (std::size_t i = 0; i < signature.size(); i += 5) {
        Signature changed = signature;
        changed[i] ^= 0x10;
        EXPECT_FALSE(signed_by(badge, digest, changed)) << i;
    }
    for (std::size_t i = 0; i < badge.key.size(); i += 5) {
        Badge changed = badge;
        changed.key[i] ^= 0x10;
        EXPECT_FALSE(signed_by(changed, digest, signature)) << i;
    }
    EXPECT_FALSE(signed_by(badge, sha256(digest), signature));
    EXPECT_FALSE(signed_by(badge, digest, Signature{}));
    EXPECT_FALSE(signed_by(Badge{}, digest, signature));
    badge.revoked = true;
    EXPECT_FALSE(signed_by(badge, digest, signature));
}

TEST(BadgeSignature, SpeaksOfOneDeviceOneLinkOnePlaceOneOperationAndOneBody) {
    std::set<Digest> digests;
    const auto add = [&](const Command& command) { EXPECT_TRUE(digests.insert(command_digest(command)).second); };
    add(release());
    Command other = release();
    other.device = {9};
    add(other);
    other = release();
    other.challenge = {9};
    add(other);
    other = release();
    other.sequence = 4;
    add(other);
    other = release();
    other.operation = Operation::crypto_erase;
    add(other);
    const std::vector<std::uint8_t> longer{1, 2, 3, 0};
    other = release();
    other.body = longer;
    add(other);
    EXPECT_NE(approval_digest(command_digest(release()), "b.lang"), command_digest(release()));
}

TEST(BadgeSignature, SignsTheDigestsOfTheFormatPage) {
    const auto hex = [](const Digest& digest) {
        std::string text;
        for (const std::uint8_t byte : digest) {
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
        return text;
    };
    const Digest command = command_digest(release());
    const std::string page = test::text_of_page("access.md");
    EXPECT_NE(page.find(hex(command)), std::string::npos) << hex(command);
    EXPECT_NE(page.find(hex(approval_digest(command, "b.lang"))), std::string::npos)
        << hex(approval_digest(command, "b.lang"));
    EXPECT_EQ(std::to_underlying(Operation::leave_failsafe), 24);
}

}  // namespace
}  // namespace basalt::access
