#include "device/firmware/therapy/typed_number.h"

#include "tests/fuzz/target.h"

namespace basalt::fuzz {
std::vector<Input> seeds() {
    return {bytes_of("3.50"), bytes_of("0,05"), bytes_of("300"), bytes_of("5,5"), bytes_of("05"), bytes_of("1.000,5")};
}
}  // namespace basalt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace basalt;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const auto insulin = firmware::typed_insulin(text);
    if (insulin) {
        fuzz::require(*insulin >= firmware::bolus_step && *insulin <= firmware::most_bolus_typed,
                      "insulin is in its range");
        // Nothing that was read can be read in another way: its own words, with either sign, are the same amount.
        const auto words = firmware::units_in_words(*insulin);
        fuzz::require(firmware::typed_insulin(words.english.substr(0, words.english.find(' '))) == insulin &&
                          firmware::typed_insulin(words.french.substr(0, words.french.find(' '))) == insulin,
                      "an amount is read back as itself");
    } else {
        fuzz::require(!in_words(insulin.error(), firmware::TypedField::insulin).english.empty(),
                      "a refusal has its words");
    }
    if (const auto carbs = firmware::typed_carbs(text))
        fuzz::require(*carbs >= firmware::Carbs{} && *carbs <= firmware::most_carbs, "carbohydrate is in its range");
    for (const auto unit : {firmware::GlucoseUnit::mg_dl, firmware::GlucoseUnit::mmol_l})
        if (const auto glucose = firmware::typed_glucose_mg_dl(text, unit))
            fuzz::require(*glucose >= 20 && *glucose <= 600, "glucose is in its range");
    if (const auto rate = firmware::typed_basal_rate(text))
        fuzz::require(firmware::is_settable(*rate), "a rate can be set");
    return 0;
}
