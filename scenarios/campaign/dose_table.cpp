#include "scenarios/campaign/dose_table.h"

#include "device/link/frame_channel.h"

#include <nlohmann/json.hpp>

namespace basalt::campaign {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t slot_s = 301;  // in it the firmware has a slot
// The gateway passes frames on in the computer's time, not in the device's: it may take some slots until the firmware
// has the question, and then some milliseconds until the board has the answer.
constexpr int slots_for_an_answer = 6, reply_ms = 300;

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

void ask(hal::Seqpacket& radio, std::uint32_t id, std::uint64_t from) {
    link::Request request{.id = id, .operation = link::Operation::read_doses, .argument = {}};
    request.argument.size = 8;
    for (std::size_t i = 0; i < 8; ++i) request.argument.data[i] = static_cast<std::uint8_t>(from >> (8 * i));
    (void)radio.send(link::LinkFrames::encode(request).view());
}

/// All replies to request `id`; false when the last one has not come.
bool collect(hal::Seqpacket& radio, std::uint32_t id, std::vector<DoseRow>& rows, std::uint64_t& next, bool& more) {
    std::array<std::uint8_t, max_frame_size> buffer;
    for (;;) {
        const std::array ends{radio.get()};
        if (hal::wait_readable(ends, reply_ms) == 0) return false;
        const auto received = radio.receive(buffer, hal::Wait::no);
        if (received.arrival == hal::Arrival::ended) return false;
        if (received.arrival != hal::Arrival::frame) continue;
        const auto frame = link::LinkFrames::decode(ByteView{buffer}.first(received.size));
        const auto* reply = frame ? std::get_if<link::Reply>(&*frame) : nullptr;
        if (reply == nullptr || reply->id != id) continue;
        if (reply->status != link::Status::ok) return false;
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
        if (!simulation.device().process_of(bench::Part::gateway)) return std::nullopt;
        ask(simulation.device().radio(), id, next);
        bool answered = false;
        for (int slot = 0; !answered && slot < slots_for_an_answer; ++slot) {
            if (auto on = simulation.run_until(simulation.now() + slot_s); !on) return std::unexpected{on.error()};
            answered = collect(simulation.device().radio(), id, rows, next, more);
        }
        if (!answered) return std::nullopt;
    }
    return rows;
}

}  // namespace basalt::campaign
