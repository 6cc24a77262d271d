#include "scenarios/campaign/dose_table.h"

#include "device/hal/screen_frames.h"

#include <nlohmann/json.hpp>

namespace basalt::campaign {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t slot_s = 301;  // in it the firmware has a slot
// A slot in which the firmware was killed, or could not put the access on record, has no answer.
constexpr int slots_for_an_answer = 6;

struct Page {
    std::vector<DoseRow> rows;
    std::uint64_t next = 0;
    bool more = false;
};

std::optional<Page> read_page(std::string_view body) {
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("rows") || !json.contains("next_row")) return std::nullopt;
    Page page;
    for (const auto& row : json["rows"])
        page.rows.push_back({row.value("amount_mu", std::int64_t{0}), row.value("target_mu", std::int64_t{0}),
                             row.value("origin", std::string{})});
    page.next = json["next_row"];
    page.more = json.value("more", false);
    return page;
}

void ask(hal::Seqpacket& screen, std::uint32_t id, std::uint64_t from) {
    const hal::ScreenRequest request{.id = id, .question = hal::ScreenQuestion::doses, .from = from};
    (void)screen.send(hal::ScreenFrames::encode(request).view());
}

/// All replies to request `id`; false when the last one has not come.
bool collect(hal::Seqpacket& screen, std::uint32_t id, std::vector<DoseRow>& rows, std::uint64_t& next, bool& more) {
    std::array<std::uint8_t, max_frame_size> buffer;
    for (;;) {
        const auto received = screen.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::ended || received.arrival == hal::Arrival::nothing) return false;
        if (received.arrival != hal::Arrival::frame) continue;
        const auto frame = hal::ScreenFrames::decode(ByteView{buffer}.first(received.size));
        const auto* reply = frame ? std::get_if<hal::ScreenReply>(&*frame) : nullptr;
        if (reply == nullptr || reply->id != id) continue;
        if (reply->status != hal::ScreenStatus::ok) return false;
        const auto body = reply->body.view();
        auto page = read_page({reinterpret_cast<const char*>(body.data()), body.size()});
        if (!page) return false;
        rows.insert(rows.end(), page->rows.begin(), page->rows.end());
        next = page->next;
        more = page->more;
        if (reply->last) return true;
    }
}

}  // namespace

Result<std::optional<std::vector<DoseRow>>> read_dose_table(bench::Simulation& simulation) {
    std::vector<DoseRow> rows;
    std::uint64_t next = 1;
    bool more = true;
    for (std::uint32_t id = 1; more && id <= 6; ++id) {
        if (!simulation.device().process_of(bench::Part::firmware)) return std::nullopt;
        ask(simulation.device().screen(), id, next);
        bool answered = false;
        for (int slot = 0; !answered && slot < slots_for_an_answer; ++slot) {
            if (auto on = simulation.run_until(simulation.now() + slot_s); !on) return std::unexpected{on.error()};
            answered = collect(simulation.device().screen(), id, rows, next, more);
        }
        if (!answered) return std::nullopt;
    }
    return rows;
}

}  // namespace basalt::campaign
