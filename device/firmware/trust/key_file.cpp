#include "device/firmware/trust/key_file.h"

#include "device/firmware/trust/bounded_file.h"

#include <algorithm>
#include <concepts>

namespace basalt::firmware {
namespace {

constexpr std::array<std::uint8_t, 8> magic{'B', 'A', 'S', 'K', 'E', 'Y', '2', 0};

class Writer {
  public:
    void bytes(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    template <std::unsigned_integral T>
    void number(T value) {
        for (std::size_t i = 0; i < sizeof(T); ++i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    void blob(const tpm::Blob& blob) {
        for (const auto* part : {&blob.public_part, &blob.private_part}) {
            number(static_cast<std::uint16_t>(part->size()));
            bytes(*part);
        }
    }
    tpm::ByteVector take() { return std::move(out_); }

  private:
    tpm::ByteVector out_;
};

/// After the first fault every further field stays as it was, and ok() is false.
class Reader {
  public:
    explicit Reader(ByteView in) : in_{in} {}
    ByteView bytes(std::size_t size) {
        ok_ = ok_ && size <= in_.size();
        if (!ok_) return {};
        const ByteView taken = in_.first(size);
        in_ = in_.subspan(size);
        return taken;
    }
    template <std::size_t N>
    void array(std::array<std::uint8_t, N>& into) {
        std::ranges::copy(bytes(N), into.begin());
    }
    template <std::unsigned_integral T>
    T number() {
        std::uint64_t value = 0;
        unsigned shift = 0;
        for (const std::uint8_t byte : bytes(sizeof(T))) {
            value |= static_cast<std::uint64_t>(byte) << shift;
            shift += 8;
        }
        return static_cast<T>(value);
    }
    void blob(tpm::Blob& into) {
        for (auto* part : {&into.public_part, &into.private_part}) {
            const auto size = number<std::uint16_t>();
            ok_ = ok_ && size <= tpm::blob_max;
            const ByteView data = bytes(size);
            part->assign(data.begin(), data.end());
        }
    }
    bool whole() const { return ok_ && in_.empty(); }

  private:
    ByteView in_;
    bool ok_ = true;
};

std::unexpected<Error> unreadable() {
    return fail(ErrorCode::unreadable, "keys.bin is no key file, or one of another version of Basalt.",
                "Restore the device, or provision it again.");
}

}  // namespace

tpm::ByteVector encode(const KeyFile& keys) {
    Writer out;
    out.bytes(magic);
    out.bytes(keys.storage_root);
    out.bytes(keys.policy_key);
    out.number(keys.switched_off);
    out.blob(keys.channel_key);
    out.blob(keys.identity_key);
    out.blob(keys.pepper);
    for (const ClassKeyRecord& record : keys.classes) {
        out.number(record.alive);
        out.blob(record.sealed_half);
    }
    return out.take();
}

Result<KeyFile> decode_key_file(ByteView file) {
    Reader in{file};
    if (file.size() > key_file_max || !std::ranges::equal(in.bytes(magic.size()), magic)) return unreadable();
    KeyFile keys;
    in.array(keys.storage_root);
    in.array(keys.policy_key);
    keys.switched_off = in.number<std::uint32_t>();
    in.blob(keys.channel_key);
    in.blob(keys.identity_key);
    in.blob(keys.pepper);
    for (std::size_t i = 0; i < keys.classes.size(); ++i) {
        keys.classes[i].use = tpm::data_classes[i];
        keys.classes[i].alive = in.number<std::uint64_t>();
        in.blob(keys.classes[i].sealed_half);
    }
    if (!in.whole()) return unreadable();
    return keys;
}

Result<KeyFile> read_key_file(const std::filesystem::path& file) {
    const auto bytes = read_bounded(file, key_file_max);
    if (!bytes) return std::unexpected{bytes.error()};
    return decode_key_file(*bytes);
}

}  // namespace basalt::firmware
