#include "device/firmware/therapy/kept.h"
#include "tests/fuzz/target.h"

namespace basalt::fuzz {
namespace {
firmware::Bolus running() {
    firmware::Bolus bolus;
    bolus.id = 7;
    bolus.state = firmware::BolusState::running;
    bolus.amount = {3'500};
    bolus.portion = {600};
    bolus.accepted = bolus.last = {600};
    bolus.who = *firmware::account_name("patient");
    return bolus;
}
}  // namespace

std::vector<Input> seeds() {
    const auto who = *firmware::account_name("nurse-2");
    return {bytes_of(firmware::to_text(running())), bytes_of(firmware::to_text(firmware::Bolus{})),
            bytes_of(firmware::to_text(firmware::TemporaryBasal{-50, {300'000}, {303'600}, who}))};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (const auto bolus = firmware::bolus_of(text)) {
        fuzz::require(firmware::to_text(*bolus) == text, "one bolus has one spelling");
        const MilliUnits given = firmware::given(*bolus);
        fuzz::require(given >= MilliUnits{} && given <= bolus->amount,
                      "given is never negative and never above the amount");
        const auto restarted = firmware::after_restart(*bolus, {1});
        fuzz::require(is_over(restarted) && !firmware::advance(restarted, {.now = {1}, .mode = hal::Mode::normal}).ask,
                      "nothing that was kept asks for insulin by itself");
        fuzz::require(!in_words(*bolus, {}).english.empty() && !read_back(*bolus).french.empty(), "it can be said");
    }
    if (const auto temporary = firmware::temporary_of(text)) {
        fuzz::require(firmware::to_text(*temporary) == text, "one temporary rate has one spelling");
        firmware::BasalRates rates{};
        rates.fill(firmware::basal_rate_max);
        const auto due = firmware::basal_due(rates, {0}, 300, temporary->from, *temporary);
        fuzz::require(due >= MilliUnits{} && due <= firmware::most_basal_slot(rates, 30), "no slot above the most");
    }
    return 0;
}
