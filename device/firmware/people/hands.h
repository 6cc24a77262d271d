// device/firmware/people/hands.h: what carries out an operation that was decided and put on record. The firmware's
// hands are device/firmware/people_at_work.h; tests have others.
#pragma once
#include "device/firmware/access/operation.h"
#include "device/firmware/link_answers.h"
#include "device/firmware/therapy/words.h"
#include "device/link/commands.h"
#include "device/link/messages.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace basalt::firmware {

/// How a command ended, for the person who gave it.
struct Done {
    link::Outcome outcome = link::Outcome::not_done;
    Sentence words;
    /// More for the client's screen, beside `words`; an object.
    nlohmann::ordered_json more = nlohmann::ordered_json::object();
};
/// It is under way in this tick: Desk::finish() is told under this number.
struct UnderWay {
    std::uint32_t number = 0;
};

/// What was wanted of an operation; nothing where it has no values.
using Values = std::optional<link::ValueFrames::Any>;
/// nullptr: it is not of that kind.
template <class V>
const V* value_of(const Values& values) noexcept {
    return values ? std::get_if<V>(&*values) : nullptr;
}

/// One operation, decided. `who`: the account, or "emergency" where the sealed code opened it.
struct Order {
    std::uint32_t number = 0;  ///< for UnderWay
    access::Operation operation{};
    Values values{};
    std::string_view who;
    /// The operation that the table opened is bolus_above_limit: who decided may go that far.
    bool above_patient_limit = false;
};

class Hands {
  public:
    virtual ~Hands() = default;
    /// Carries it out, in this tick. Refuses in words what therapy does not allow.
    virtual std::variant<Done, UnderWay> carry_out(const Order& order) = 0;
    /// What it is by its effect on the insulin, as things stand: the operation that is judged and put on record.
    virtual access::Operation judged(access::Operation operation, const Values&) const { return operation; }
    /// Whether this pump does that operation at all, with these values. Asked before anybody presses or signs.
    virtual bool knows(access::Operation operation, const Values& values) const = 0;
    /// What is to be seen, as the bodies of one to link::max_replies replies; or why not, in words. The read is put on
    /// record, under `who`.
    virtual std::variant<Bodies, Done> show(link::Shown what, std::uint64_t from, std::string_view who) = 0;

  protected:
    Hands() = default;
    Hands(const Hands&) = default;
    Hands& operator=(const Hands&) = default;
};

}  // namespace basalt::firmware
