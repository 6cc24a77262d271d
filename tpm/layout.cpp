#include "tpm/layout.h"

#include <utility>

namespace basalt::tpm {
namespace {

constexpr std::array<std::string_view, key_use_count> refs{"basalt key 1 channel", "basalt key 1 configuration",
                                                           "basalt key 1 patient", "basalt key 1 log"};
constexpr std::size_t prefix = std::string_view{"basalt key 1 "}.size();

}  // namespace

std::string_view name_of(KeyUse use) noexcept { return refs[std::to_underlying(use)].substr(prefix); }

ByteView policy_ref(KeyUse use) noexcept {
    const std::string_view text = refs[std::to_underlying(use)];
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace basalt::tpm
