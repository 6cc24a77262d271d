#include "tests/unit/boot/signed_bytes.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace basalt::test {

SigningKey::SigningKey() : key_(EVP_EC_gen("P-256"), EVP_PKEY_free) {
    std::size_t size = 0;
    if (!key_ || EVP_PKEY_get_octet_string_param(key_.get(), "pub", point_.data(), point_.size(), &size) != 1 ||
        size != point_.size())
        throw std::runtime_error{"no key could be made"};
}

Bytes SigningKey::sign(SignedHeader header, ByteView payload) const {
    header.payload_size = payload.size();
    header.payload_digest = sha256(payload);
    const auto head = header_bytes(header);

    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    Bytes der(80);
    std::size_t size = der.size();
    if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), der.data(), &size, head.data(), head.size()) != 1)
        throw std::runtime_error{"the test file could not be signed"};
    const std::uint8_t* at = der.data();
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair{
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)), ECDSA_SIG_free};
    Signature signature{};
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), signature.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), signature.data() + 32, 32);

    Bytes file(SignedHeader::total + payload.size());
    auto end = std::ranges::copy(head, file.begin()).out;
    end = std::ranges::copy(signature, end).out;
    std::ranges::copy(payload, end);
    return file;
}

Bytes payload_of(const std::vector<TestPart>& parts) {
    Bytes out(boot::ImageHead::size + boot::PartRow::size * parts.size());
    codec::Writer head{std::span{out}.first(boot::ImageHead::size)};
    boot::ImageHead{.count = static_cast<std::uint16_t>(parts.size())}.fields(head);
    std::size_t next = out.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        boot::PartRow row{.role = parts[i].role, .offset = next, .length = parts[i].bytes.size()};
        std::ranges::copy(parts[i].name.substr(0, row.name.size()), row.name.begin());
        codec::Writer writer{
            std::span{out}.subspan(boot::ImageHead::size + boot::PartRow::size * i, boot::PartRow::size)};
        row.fields(writer);
        next += parts[i].bytes.size();
    }
    for (const TestPart& part : parts) out.insert(out.end(), part.bytes.begin(), part.bytes.end());
    return out;
}

Bytes file_bytes(const std::string& path) {
    std::ifstream in{path, std::ios::binary | std::ios::ate};
    if (!in) throw std::runtime_error{"cannot read " + path};
    Bytes bytes(static_cast<std::size_t>(in.tellg()));
    in.seekg(0).read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return bytes;
}

}  // namespace basalt::test
