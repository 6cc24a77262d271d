#include "ui/view/units.h"

#include "scenarios/engine/number.h"
#include "ui/view/words.h"

namespace basalt::view {

std::string in_units(double units, int places, scenarios::Language language) {
    const bool french = language == scenarios::Language::french;
    std::string digits = scenarios::number(units, places, language);
    if (digits.find(french ? ',' : '.') != std::string::npos) {
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.back() == ',' || digits.back() == '.') digits.pop_back();
    }
    const bool one = french ? units < 2 : digits == "1";
    return digits + ' ' + std::string{(one ? words::unit_word : words::units_word).in(language)};
}

}  // namespace basalt::view
