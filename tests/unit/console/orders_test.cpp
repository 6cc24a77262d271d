// Each wish travels as its own operation, and a badge signs where it was chosen alone.
#include "ui/console/orders.h"

#include "device/firmware/access/operation.h"

#include <gtest/gtest.h>

namespace basalt::console {
namespace {
using access::Operation;

link::CommandFrames::Any sent(view::Wish wish) {
    const link::ClientEnd end{{}};
    const auto body = order_of(std::move(wish), {})(end, {});
    EXPECT_TRUE(body);
    return *link::CommandFrames::decode(*body);
}
Operation operation_of(view::Wish wish) {
    return static_cast<Operation>(std::get<link::Act>(sent(std::move(wish))).operation);
}

TEST(Orders, EveryWishIsTheOperationThatItMeansAndNoOther) {
    EXPECT_EQ(operation_of(link::MealWish{400}), Operation::bolus_within_limit);
    EXPECT_EQ(operation_of(link::BolusWish{.amount = 1'000_mU}), Operation::bolus_within_limit);
    EXPECT_EQ(operation_of(link::BolusYes{1'000_mU}), Operation::bolus_within_limit);
    EXPECT_EQ(operation_of(link::BolusCancel{}), Operation::bolus_within_limit);
    EXPECT_EQ(operation_of(view::BolusWishAbove{{.amount = 9'000_mU}}), Operation::bolus_above_limit);
    EXPECT_EQ(operation_of(view::BolusYesAbove{{9'000_mU}}), Operation::bolus_above_limit);
    EXPECT_EQ(operation_of(link::TemporaryWish{-50, 1'800}), Operation::temporary_basal_down);
    EXPECT_EQ(operation_of(link::TemporaryWish{}), Operation::temporary_basal_down);
    EXPECT_EQ(operation_of(link::TemporaryWish{20, 1'800}), Operation::temporary_basal_up);
    EXPECT_EQ(operation_of(link::ContextWish{0}), Operation::choose_context);
    EXPECT_EQ(operation_of(link::ContextWish{1}), Operation::choose_context);
    EXPECT_EQ(operation_of(link::ContextWish{2}), Operation::choose_emergency);
    EXPECT_TRUE(std::holds_alternative<link::LogIn>(sent(link::LogIn{})));
    EXPECT_TRUE(std::holds_alternative<link::LogOut>(sent(link::LogOut{})));
    EXPECT_TRUE(std::holds_alternative<link::ChoosePassword>(sent(link::ChoosePassword{})));
    EXPECT_TRUE(std::holds_alternative<link::FirstPassword>(sent(link::FirstPassword{})));
    EXPECT_EQ(std::get<link::See>(sent(link::See{.what = link::Shown::changes})).what, link::Shown::changes);
}

TEST(Orders, ATypedEmergencyCodeGoesAloneWhateverBadgeIsChosen) {
    const link::ClientEnd end{{}};
    const std::filesystem::path no_such_badge = "no-such-folder/ward-emergency.pem";
    link::OpenEmergency by_code;
    const std::array<std::uint8_t, 4> code{'A', 'B', 'C', 'D'};
    ASSERT_TRUE(by_code.code.assign(code));
    const auto body = order_of(by_code, no_such_badge)(end, {});
    ASSERT_TRUE(body) << "the badge is not even looked at";
    EXPECT_EQ(std::get<link::OpenEmergency>(*link::CommandFrames::decode(*body)).badge.name.size, 0U);
    EXPECT_FALSE(order_of(link::OpenEmergency{}, no_such_badge)(end, {})) << "without a code the badge is needed";
}

TEST(Orders, WithoutTheBadgesFileNothingIsApproved) {
    const link::ClientEnd end{{}};
    EXPECT_FALSE(order_of(link::Approve{}, {})(end, {}));
    EXPECT_FALSE(order_of(link::Approve{}, "no-such-folder/nurse.pem")(end, {}));
}

}  // namespace
}  // namespace basalt::console
