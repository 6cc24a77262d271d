// Files signed by a key of the test's own, and images of any parts, right or wrong.
#pragma once
#include "device/boot/image.h"
#include "device/common/signed_file.h"

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;

namespace basalt::test {

using Bytes = std::vector<std::uint8_t>;

class SigningKey {
  public:
    SigningKey();
    const PublicKey& point() const { return point_; }
    /// The header is taken as it is, but for the payload's size and digest.
    Bytes sign(SignedHeader header, ByteView payload) const;

  private:
    std::shared_ptr<evp_pkey_st> key_;
    PublicKey point_{};
};

struct TestPart {
    boot::Role role;
    std::string name;
    Bytes bytes;
};
/// As docs/formats/image.md says, without asking whether the parts keep its rules.
Bytes payload_of(const std::vector<TestPart>& parts);

Bytes file_bytes(const std::string& path);

}  // namespace basalt::test
