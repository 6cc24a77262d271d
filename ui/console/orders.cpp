#include "ui/console/orders.h"

#include "device/factory/p256_key.h"
#include "device/firmware/access/badge.h"

namespace basalt::console {
namespace {
using access::Operation;

/// Shows a badge with one command, or nothing where none was chosen.
class Signer {
  public:
    Signer(std::filesystem::path badge, const link::ClientEnd& end, const link::ClientPapers& papers)
        : badge_(std::move(badge)), end_(end), papers_(papers) {}
    Result<link::BadgeShown> sign(Operation operation, ByteView values) const {
        if (badge_.empty()) return link::BadgeShown{};
        return sign([&](std::string_view) {
            return access::command_digest({.device = papers_.device,
                                           .challenge = end_.binding(),
                                           .sequence = end_.next_sequence(),
                                           .operation = operation,
                                           .body = values});
        });
    }
    /// Of another person's command.
    Result<link::BadgeShown> approve(const Digest& command) const {
        return sign([&](std::string_view name) { return access::approval_digest(command, name); });
    }

  private:
    template <class DigestOf>
    Result<link::BadgeShown> sign(DigestOf digest_of) const {
        link::BadgeShown shown;
        const auto key = factory::P256Key::load(badge_);
        if (!key) return std::unexpected{key.error()};
        const std::string name = badge_.stem().string();
        const auto signature = key->sign(digest_of(name));
        if (!signature) return std::unexpected{signature.error()};
        if (!shown.name.assign({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()}))
            return fail(ErrorCode::unreadable, "The badge's file has too long a name for an account.",
                        "Name it as its owner's account.");
        shown.signature = *signature;
        return shown;
    }

    std::filesystem::path badge_;
    const link::ClientEnd& end_;
    const link::ClientPapers& papers_;
};

template <class Frame>
PumpLine::Body bytes_of(const Frame& frame) {
    const auto encoded = link::CommandFrames::encode(frame);
    return {encoded.view().begin(), encoded.view().end()};
}

struct Maker {
    const Signer& signer;

    Result<PumpLine::Body> operator()(const link::LogIn& wish) const { return bytes_of(wish); }
    Result<PumpLine::Body> operator()(const link::LogOut& wish) const { return bytes_of(wish); }
    Result<PumpLine::Body> operator()(const link::ChoosePassword& wish) const { return bytes_of(wish); }
    Result<PumpLine::Body> operator()(const link::FirstPassword& wish) const { return bytes_of(wish); }
    Result<PumpLine::Body> operator()(link::OpenEmergency wish) const {
        if (wish.code.size != 0) return bytes_of(wish);  // the code is what was chosen: no badge stands in for it
        const auto shown = signer.sign(Operation::choose_emergency, {});
        if (!shown) return std::unexpected{shown.error()};
        wish.badge = *shown;
        return bytes_of(wish);
    }
    Result<PumpLine::Body> operator()(const link::TemporaryWish& wish) const {
        return act(wish.percent > 0 ? Operation::temporary_basal_up : Operation::temporary_basal_down, wish);
    }
    Result<PumpLine::Body> operator()(const link::MealWish& wish) const {
        return act(Operation::bolus_within_limit, wish);
    }
    Result<PumpLine::Body> operator()(const link::BolusWish& wish) const {
        return act(Operation::bolus_within_limit, wish);
    }
    Result<PumpLine::Body> operator()(const link::BolusYes& wish) const {
        return act(Operation::bolus_within_limit, wish);
    }
    Result<PumpLine::Body> operator()(const view::BolusWishAbove& above) const {
        return act(Operation::bolus_above_limit, above.wish);
    }
    Result<PumpLine::Body> operator()(const view::BolusYesAbove& above) const {
        return act(Operation::bolus_above_limit, above.yes);
    }
    Result<PumpLine::Body> operator()(const link::BolusCancel& wish) const {
        return act(Operation::bolus_within_limit, wish);
    }
    Result<PumpLine::Body> operator()(const link::ContextWish& wish) const {
        const bool emergency = wish.context == std::to_underlying(access::Context::emergency);
        return act(emergency ? Operation::choose_emergency : Operation::choose_context, wish);
    }
    /// The console looks at nothing but what waits; the rest the pump tells on its screen's channel.
    Result<PumpLine::Body> operator()(link::See wish) const {
        const auto shown = signer.sign(Operation::see_state, {});
        if (!shown) return std::unexpected{shown.error()};
        wish.badge = *shown;
        return bytes_of(wish);
    }
    Result<PumpLine::Body> operator()(link::Approve wish) const {
        const auto shown = signer.approve(wish.command);
        if (!shown) return std::unexpected{shown.error()};
        wish.badge = *shown;
        return bytes_of(wish);
    }

    Result<PumpLine::Body> act(Operation operation, const auto& values) const {
        link::Act act{.operation = std::to_underlying(operation)};
        const auto encoded = link::ValueFrames::encode(values);
        if (!act.values.assign(encoded.view()))
            return fail(ErrorCode::usage, "The values are longer than any that the pump takes.", "Send fewer.");
        const auto shown = signer.sign(operation, act.values.view());
        if (!shown) return std::unexpected{shown.error()};
        act.badge = *shown;
        return bytes_of(act);
    }
};

}  // namespace

PumpLine::Order order_of(view::Wish wish, std::filesystem::path badge) {
    return [wish = std::move(wish), badge = std::move(badge)](
               const link::ClientEnd& end, const link::ClientPapers& papers) -> Result<PumpLine::Body> {
        const Signer signer{badge, end, papers};
        return std::visit(Maker{signer}, wish);
    };
}

}  // namespace basalt::console
