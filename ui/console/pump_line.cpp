#include "ui/console/pump_line.h"

#include "device/link/crypto.h"
#include "device/link/drop.h"
#include "device/link/frame_channel.h"

#include <chrono>
#include <ctime>

namespace basalt::console {
namespace {
using view::LineNews;
constexpr int listen_ms = 100, retry_ms = 1'000;
}  // namespace

/// One connection, and what is under way on it.
class PumpLine::Session {
  public:
    /// Errors: those of TlsClient, and of the handshake.
    static Result<std::unique_ptr<Session>> open(PumpLine& line, const link::ClientPapers& papers,
                                                 link::Chance& chance) {
        auto tls = link::TlsClient::connect(line.place_.port, papers, std::time(nullptr), connect_ms);
        if (!tls) return std::unexpected{tls.error()};
        auto session = std::unique_ptr<Session>{new Session{line, papers, std::move(*tls)}};
        if (auto begun = session->begin(chance); !begun) return std::unexpected{begun.error()};
        return session;
    }

    /// Errors: nothing was sent.
    Result<void> send(const Order& order) {
        const auto body = order(end_, papers_);
        if (!body) return std::unexpected{body.error()};
        const auto sent = end_.command(*body, line_.now_s_);
        if (!sent)
            return fail(ErrorCode::refused, "There is no session with the pump any more.",
                        "The console connects again.");
        if (auto handed = tls_.send(link::LinkFrames::encode(sent->frame).view()); !handed) {
            end_.not_sent(sent->sequence);
            return handed;
        }
        under_way_ = sent->sequence;
        return {};
    }

    /// Takes what comes within a moment, and does what time asks for. An error: the connection is over.
    Result<void> listen() {
        auto lived = take_frames();
        if (lived)
            if (const auto alive = end_.on_time(line_.now_s_))
                lived = tls_.send(link::LinkFrames::encode(*alive).view());
        if (!lived) end_.lost();
        if (lived && end_.over()) lived = fail(ErrorCode::io, "The session with the pump is over.", "It begins again.");
        tell_of_end();
        return lived;
    }

    void close() {
        if (const auto bye = end_.close(line_.now_s_)) (void)tls_.send(link::LinkFrames::encode(*bye).view());
        end_.lost();
        tell_of_end();
    }

  private:
    Session(PumpLine& line, const link::ClientPapers& papers, link::TlsClient tls)
        : line_(line),
          papers_(papers),
          tls_(std::move(tls)),
          end_({.self = papers.client, .device = papers.device, .identity = papers.identity}) {}

    Result<void> begin(link::Chance& chance) {
        const std::uint64_t asked_s = line_.now_s_;
        const auto hello = end_.hello(chance, asked_s);
        if (!hello) return fail(ErrorCode::io, "This computer gave no random number.", "It is tried again.");
        if (auto sent = tls_.send(link::LinkFrames::encode(*hello).view()); !sent) return sent;
        while (line_.wanted() && line_.now_s_ <= asked_s + link::handshake_s) {
            const auto frame = tls_.receive(listen_ms);
            if (!frame) return std::unexpected{frame.error()};
            const auto decoded = frame->empty() ? std::nullopt : as_optional(*frame);
            const auto* answer = decoded ? std::get_if<link::Answer>(&*decoded) : nullptr;
            if (answer == nullptr) continue;
            const auto dropped = end_.on_answer(*answer, line_.now_s_);
            if (!dropped) return {};
            // A false pump is never tried as if nothing were; whatever else was wrong may be right next time.
            return fail(*dropped == link::Drop::false_pump ? ErrorCode::refused : ErrorCode::io,
                        std::string{link::row_of(*dropped).english}, "It is tried again.");
        }
        return fail(ErrorCode::io, "The pump did not answer in time.", "It is tried again.");
    }

    static std::optional<link::LinkFrames::Any> as_optional(ByteView frame) {
        auto decoded = link::LinkFrames::decode(frame);
        return decoded ? std::optional{std::move(*decoded)} : std::nullopt;
    }

    Result<void> take_frames() {
        for (auto frame = tls_.receive(listen_ms);; frame = tls_.receive(0)) {
            if (!frame) return std::unexpected{frame.error()};
            if (frame->empty()) return {};
            const auto decoded = as_optional(*frame);
            const auto* sealed = decoded ? std::get_if<link::SealedOut>(&*decoded) : nullptr;
            if (sealed == nullptr) continue;
            const auto taken = end_.take(*sealed, line_.now_s_);
            if (!taken.reply || !under_way_ || taken.reply->answers != *under_way_) continue;
            const ByteView body = taken.reply->body.view();
            line_.tell({.kind = LineNews::Kind::said, .body = {body.begin(), body.end()}});
        }
    }

    void tell_of_end() {
        if (!under_way_) return;
        const auto state = end_.state(*under_way_);
        if (state == link::CommandState::waiting) return;
        under_way_.reset();
        line_.tell({.kind = LineNews::Kind::ended, .state = state});
    }

    PumpLine& line_;
    const link::ClientPapers& papers_;
    link::TlsClient tls_;
    link::ClientEnd end_;
    std::optional<std::uint64_t> under_way_;
};

PumpLine::PumpLine(Place place) : place_(std::move(place)), thread_([this] { work(); }) {}

PumpLine::~PumpLine() {
    {
        const std::scoped_lock lock{mutex_};
        stop_ = true;
        wanted_ = false;
    }
    changed_.notify_all();
    thread_.join();
}

void PumpLine::want(bool wanted) {
    {
        const std::scoped_lock lock{mutex_};
        if (wanted_ == wanted) return;
        wanted_ = wanted;
        if (!wanted) {
            order_.reset();
            leave_ = true;
        }
    }
    changed_.notify_all();
}

bool PumpLine::wanted() const {
    const std::scoped_lock lock{mutex_};
    return wanted_ && !leave_;
}

bool PumpLine::send(Order order) {
    {
        const std::scoped_lock lock{mutex_};
        if (!stands_ || under_way_) return false;
        order_ = std::move(order);
        under_way_ = true;
    }
    changed_.notify_all();
    return true;
}

std::vector<LineNews> PumpLine::take_news() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(news_, {});
}

void PumpLine::tell(LineNews news) {
    const std::scoped_lock lock{mutex_};
    if (news.kind == LineNews::Kind::connected) stands_ = true;
    if (news.kind == LineNews::Kind::lost) stands_ = false;
    if (news.kind == LineNews::Kind::ended) under_way_ = false;
    news_.push_back(std::move(news));
}

/// Until something changed, or the time is over. False: the line is not wanted.
bool PumpLine::pause(int milliseconds) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::milliseconds{milliseconds}, [this] { return stop_ || leave_; });
    return wanted_ && !leave_;
}

void PumpLine::work() {
    link::SystemChance chance;
    auto papers = link::read_papers(place_.clients);
    if (!papers) papers.error().code = ErrorCode::unreadable;  // one sentence for all that may be wrong with them
    std::unique_ptr<Session> session;
    for (;;) {
        std::optional<Order> order;
        bool wanted = false;
        {
            std::unique_lock lock{mutex_};
            if (!session) changed_.wait(lock, [this] { return stop_ || wanted_ || leave_; });
            if (stop_) break;
            wanted = wanted_ && !leave_;
            order = wanted ? std::exchange(order_, std::nullopt) : std::nullopt;
        }
        if (!wanted) {
            if (session) session->close();
            session.reset();
            const std::scoped_lock lock{mutex_};
            stands_ = under_way_ = leave_ = false;
            news_.clear();  // whoever left the line asks for none of it
            continue;
        }
        if (!session) {
            auto opened = papers ? Session::open(*this, *papers, chance) : std::unexpected{papers.error()};
            if (opened) {
                session = std::move(*opened);
                tell({.kind = LineNews::Kind::connected, .device = papers->device});
            } else {
                tell({.kind = LineNews::Kind::lost, .why = opened.error()});
                (void)pause(retry_ms);
            }
            continue;
        }
        if (order)
            if (auto sent = session->send(*order); !sent)
                tell({.kind = LineNews::Kind::ended, .state = link::CommandState::not_done, .why = sent.error()});
        if (auto heard = session->listen(); !heard) {
            session.reset();
            tell({.kind = LineNews::Kind::lost, .why = heard.error()});
        }
    }
    if (session) session->close();
}

}  // namespace basalt::console
