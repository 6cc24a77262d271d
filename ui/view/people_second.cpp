// The second person's part of people.h, where the pump is used, and what to look at when an answer fails.
#include "ui/view/people.h"
#include "ui/view/people_words.h"

namespace basalt::view {

std::optional<Wish> People::look_for_changes(bool badge_chosen) {
    changes_.clear();
    if (!may_ask(false)) return std::nullopt;
    if (!badge_chosen) return object(words::need_badge), std::nullopt;
    shown_change_ = 0;
    unfit_change_ = false;
    return ask(Asked::changes, link::See{.what = link::Shown::changes});
}

void People::next_change() {
    if (!changes_.empty()) shown_change_ = (shown_change_ + 1) % changes_.size();
}

std::optional<Wish> People::approve(bool badge_chosen) {
    if (shown_change_ >= changes_.size() || !may_ask(false)) return std::nullopt;
    if (!badge_chosen) return object(words::need_badge), std::nullopt;
    return ask(Asked::approve, link::Approve{.command = changes_[shown_change_].command});
}

std::optional<Wish> People::choose_context(access::Context context, bool badge_chosen) {
    if (!may_ask(false)) return std::nullopt;
    if (!badge_chosen) return object(words::need_badge), std::nullopt;
    return ask(Asked::context, link::ContextWish{std::to_underlying(context)});
}

/// One change that does not fit what would be signed makes the whole answer unfit: the pump, or who is between, lies.
void People::take_change(const std::string& body) {
    constexpr std::size_t most = 16;
    const auto change = access::read_change(body, device_);
    if (!change)
        unfit_change_ = true;
    else if (*change && changes_.size() < most)
        changes_.push_back(**change);
}

const scenarios::Words& People::look_at(Asked what) {
    switch (what) {
        case Asked::give:
        case Asked::cancel:
            return words::unknown_bolus;
        case Asked::temporary:
            return words::unknown_temporary;
        case Asked::first_password:
        case Asked::password:
            return words::unknown_password;
        case Asked::emergency:
            return words::unknown_emergency;
        case Asked::approve:
            return words::unknown_approval;
        case Asked::context:
            return words::unknown_context;
        case Asked::log_in:
        case Asked::log_out:
            return words::unknown_session;
        case Asked::meal:
        case Asked::propose:
        case Asked::changes:
            break;
    }
    return words::unknown_harmless;
}

}  // namespace basalt::view
