#include "device/link/certificate.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>

namespace basalt::link {
namespace {

// ITU-T X.690: what stands in front of each value.
enum Tag : std::uint8_t {
    boolean = 0x01,
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    object = 0x06,
    utf8_string = 0x0C,
    utc_time = 0x17,
    sequence = 0x30,
    set = 0x31,
    version_field = 0xA0,
    extensions_field = 0xA3,
};

Der value(Tag tag, std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (const ByteView part : parts) size += part.size();
    Der out{tag};
    if (size >= 0x100) out.push_back(0x82);
    if (size >= 0x100) out.push_back(static_cast<std::uint8_t>(size >> 8));
    if (size >= 0x80 && size < 0x100) out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(size));
    for (const ByteView part : parts) out.insert(out.end(), part.begin(), part.end());
    return out;
}

ByteView bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Object identifiers, as they are encoded.
constexpr std::array<std::uint8_t, 3> common_name_id{0x55, 0x04, 0x03}, basic_constraints_id{0x55, 0x1D, 0x13},
    key_usage_id{0x55, 0x1D, 0x0F}, extended_usage_id{0x55, 0x1D, 0x25};
constexpr std::array<std::uint8_t, 8> ecdsa_with_sha256_id{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
constexpr std::array<std::uint8_t, 7> ec_public_key_id{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01};
constexpr std::array<std::uint8_t, 8> prime256v1_id{0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 8> server_auth_id{0x2B, 6, 1, 5, 5, 7, 3, 1},
    client_auth_id{0x2B, 6, 1, 5, 5, 7, 3, 2};

Der algorithm() { return value(sequence, {value(object, {ecdsa_with_sha256_id})}); }

/// UTCTime: years 1950 to 2049.
Der time_at(std::int64_t unix_s) {
    using namespace std::chrono;
    const sys_seconds at{seconds{unix_s}};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss clock{at - day};
    std::string text;
    const auto two_digits = [&text](auto number) {
        text += static_cast<char>('0' + number / 10 % 10);
        text += static_cast<char>('0' + number % 10);
    };
    two_digits(static_cast<int>(date.year()) % 100);
    two_digits(static_cast<unsigned>(date.month()));
    two_digits(static_cast<unsigned>(date.day()));
    two_digits(clock.hours().count());
    two_digits(clock.minutes().count());
    two_digits(clock.seconds().count());
    text += 'Z';
    return value(utc_time, {bytes_of(text)});
}

Der extension(ByteView id, ByteView content) {
    constexpr std::array<std::uint8_t, 1> yes{0xFF};
    return value(sequence, {value(object, {id}), value(boolean, {yes}), value(octet_string, {content})});
}

/// All critical: who does not understand one does not accept the certificate.
Der extensions(CertificateUse use) {
    constexpr std::array<std::uint8_t, 1> yes{0xFF}, none{0}, one{1};
    constexpr std::array<std::uint8_t, 2> signs{7, 0x80};               // digitalSignature
    constexpr std::array<std::uint8_t, 2> signs_certificates{1, 0x86};  // digitalSignature, keyCertSign, cRLSign
    const bool leaf = use == CertificateUse::server || use == CertificateUse::client;
    const Der constraints =
        leaf ? value(sequence, {})
             : value(sequence, {value(boolean, {yes}), value(integer, {use == CertificateUse::root ? one : none})});
    Der all = extension(basic_constraints_id, constraints);
    const Der usage = extension(key_usage_id, value(bit_string, {leaf ? signs : signs_certificates}));
    all.insert(all.end(), usage.begin(), usage.end());
    if (leaf) {
        const auto& purpose = use == CertificateUse::server ? server_auth_id : client_auth_id;
        const Der extended = extension(extended_usage_id, value(sequence, {value(object, {purpose})}));
        all.insert(all.end(), extended.begin(), extended.end());
    }
    return value(extensions_field, {value(sequence, {all})});
}

/// An integer of r||s: no leading zeros, and one where it would be negative.
Der positive(ByteView number) {
    while (number.size() > 1 && number.front() == 0) number = number.subspan(1);
    constexpr std::array<std::uint8_t, 1> zero{0};
    return value(integer, {(number.front() & 0x80) != 0 ? ByteView{zero} : ByteView{}, number});
}

}  // namespace

Der name_of(std::string_view common_name) {
    const Der pair = value(sequence, {value(object, {common_name_id}), value(utf8_string, {bytes_of(common_name)})});
    return value(sequence, {value(set, {pair})});
}

Der to_be_signed(const CertificateOrder& order) {
    constexpr std::array<std::uint8_t, 1> version_3{2}, no_unused_bits{0};
    const Der subject = name_of(order.subject);
    const Der validity = value(sequence, {time_at(order.from_unix_s), time_at(order.until_unix_s)});
    const Der key =
        value(sequence, {value(sequence, {value(object, {ec_public_key_id}), value(object, {prime256v1_id})}),
                         value(bit_string, {no_unused_bits, order.key})});
    const Der extended = extensions(order.use);
    const Der rest = value(sequence, {order.issuer, validity, subject, key, extended});
    Digest serial = sha256(bytes_of("basalt serial 1"), rest);
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);  // positive, and of one length
    return value(sequence,
                 {value(version_field, {value(integer, {version_3})}), value(integer, {ByteView{serial}.first(16)}),
                  algorithm(), order.issuer, validity, subject, key, extended});
}

Der certificate(ByteView to_be_signed, const Signature& signature) {
    constexpr std::array<std::uint8_t, 1> no_unused_bits{0};
    const ByteView both{signature};
    const Der pair = value(sequence, {positive(both.first(32)), positive(both.subspan(32))});
    return value(sequence, {to_be_signed, algorithm(), value(bit_string, {no_unused_bits, pair})});
}

}  // namespace basalt::link
