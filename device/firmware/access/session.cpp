#include "device/firmware/access/session.h"

#include <algorithm>
#include <utility>

namespace basalt::access {

void Sessions::open(Session session, Tick now) {
    close(session.link);
    if (sessions_.size() >= most) sessions_.erase(std::ranges::min_element(sessions_, {}, &Session::last_s));
    session.last_s = now.seconds;
    sessions_.push_back(std::move(session));
}

const Session* Sessions::use(std::string_view link, Context context, Tick now, const IdleLimits& limits) {
    if (look(link, context, now, limits) == nullptr) return nullptr;
    const auto found = std::ranges::find(sessions_, link, &Session::link);
    found->last_s = now.seconds;
    return &*found;
}

bool Sessions::stands(std::string_view link, Context context, Tick now, const IdleLimits& limits) const {
    const auto found = std::ranges::find(sessions_, link, &Session::link);
    return found != sessions_.end() && now.seconds >= found->last_s && now.seconds - found->last_s < limits.in(context);
}

bool Sessions::is_newest_of_its_account(std::string_view link) const {
    const auto own = std::ranges::find(sessions_, link, &Session::link);
    return own != sessions_.end() && std::ranges::none_of(sessions_, [&](const Session& other) {
               return other.account == own->account && other.link != link && other.last_s >= own->last_s;
           });
}

const Session* Sessions::look(std::string_view link, Context context, Tick now, const IdleLimits& limits) {
    const auto found = std::ranges::find(sessions_, link, &Session::link);
    if (found == sessions_.end()) return nullptr;
    if (!stands(link, context, now, limits)) {
        sessions_.erase(found);
        return nullptr;
    }
    return &*found;
}

void Sessions::close(std::string_view link) {
    std::erase_if(sessions_, [&](const Session& session) { return session.link == link; });
}

void Sessions::close_all_of(std::string_view account) {
    std::erase_if(sessions_, [&](const Session& session) { return session.account == account; });
}

}  // namespace basalt::access
