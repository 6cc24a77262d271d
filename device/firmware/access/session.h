// device/firmware/access/session.h: who is in, over which link, until when.
#pragma once
#include "device/common/units.h"
#include "device/firmware/access/vocabulary.h"

#include <expected>
#include <string>
#include <vector>

namespace basalt::access {

/// Seconds without a request after which a session is over (R7): a screen left alone in a corridor is nobody's.
struct IdleLimits {
    std::uint64_t home_s = 30 * 60, ward_s = 10 * 60, emergency_s = 2 * 60;
    constexpr std::uint64_t in(Context context) const noexcept {
        return context == Context::home ? home_s : context == Context::ward ? ward_s : emergency_s;
    }
};

struct Session {
    std::string account;
    std::string link;  ///< it serves this link alone
    Role role = Role::nobody;
    bool by_password = false;  ///< else by a badge
    bool must_change = false;  ///< nothing but a new password is open to it
    std::uint64_t last_s = 0;  ///< last request
    /// What it adds to the factors of a request.
    Factors factors() const noexcept { return by_password && !must_change ? Factors{Factor::password} : Factors{}; }
};

/// The sessions of one device: one for each link, at most `most`. None outlives a restart: it stands in memory alone.
class Sessions {
  public:
    static constexpr std::size_t most = 16;

    /// In place of the link's earlier session, or, when all places are taken, of the one that was idle longest: nobody
    /// is kept out because others forgot to log out.
    void open(Session session, Tick now);
    /// The link's session, and this is a request in it; nullptr: there is none, or it was idle for its limit, and is
    /// gone. The pointer is good until the next call.
    const Session* use(std::string_view link, Context context, Tick now, const IdleLimits& limits = {});
    /// As use(), but no request of a person: a screen that refreshes itself keeps nobody logged in.
    const Session* look(std::string_view link, Context context, Tick now, const IdleLimits& limits = {});
    /// As look(), without forgetting one that is over.
    bool stands(std::string_view link, Context context, Tick now, const IdleLimits& limits = {}) const;
    /// Nobody used that account over another link since.
    bool is_newest_of_its_account(std::string_view link) const;
    void close(std::string_view link);
    /// Account disabled, its password or badge changed: it is out everywhere.
    void close_all_of(std::string_view account);
    std::size_t size() const noexcept { return sessions_.size(); }

  private:
    std::vector<Session> sessions_;
};

}  // namespace basalt::access
