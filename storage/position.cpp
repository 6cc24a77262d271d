#include "storage/position.h"

namespace basalt::storage {

Result<PositionTable> PositionTable::open(const Database& database) {
    auto replace =
        database.prepare("INSERT OR REPLACE INTO position (one, log_seq, log_hash, state) VALUES (1, ?, ?, ?)");
    if (!replace) return std::unexpected{replace.error()};
    auto one = database.prepare("SELECT log_seq, log_hash, state FROM position WHERE one = 1");
    if (!one) return std::unexpected{one.error()};
    return PositionTable{std::move(*replace), std::move(*one)};
}

Result<void> PositionTable::set(const Position& position) {
    return replace_.run(position.log.seq, Blob{position.log.hash}, Blob{position.state});
}

Result<Position> PositionTable::get() {
    auto row = one_.one<std::int64_t, Digest, std::vector<std::uint8_t>>();
    if (!row) return std::unexpected{row.error()};
    if (!*row) return Position{};
    auto& [seq, hash, state] = **row;
    return Position{{static_cast<std::uint64_t>(seq), hash}, std::move(state)};
}

}  // namespace basalt::storage
