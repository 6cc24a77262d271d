#include "device/firmware/access/operation.h"

namespace basalt::access {
namespace {

constexpr Word unknown{"unknown", "", "something that this pump does not know",
                       "quelque chose que cette pompe ne connaît pas"};

static_assert(storage::operation_words.size() == operation_count);

}  // namespace

const Word& word(Operation operation) noexcept {
    return is_known(operation) ? storage::operation_words[std::to_underlying(operation)] : unknown;
}

std::optional<Operation> find_operation(std::string_view key) noexcept {
    for (std::size_t i = 0; i < operation_count; ++i)
        if (storage::operation_words[i].key == key) return static_cast<Operation>(i);
    return std::nullopt;
}

}  // namespace basalt::access
