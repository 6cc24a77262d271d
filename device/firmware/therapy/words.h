// device/firmware/therapy/words.h: sentences of the therapy in the languages that people read it in, and how amounts
// are written in them.
#pragma once
#include "device/common/units.h"

#include <string>
#include <string_view>

namespace basalt::firmware {

/// A constant in both languages. Neither part is empty.
struct Words {
    std::string_view english, french;
};

/// A whole sentence, or several. Neither part is empty.
struct Sentence {
    std::string english, french;
};
inline Sentence sentence(const Words& words) { return {std::string{words.english}, std::string{words.french}}; }

/// "3.5 units", "3,5 unités", "1 unit". Exact, no digit more than needed: a zero behind the decimal sign is read as ten
/// times as much where the sign is overlooked. Never "U", which is read as a nought.
Sentence units_in_words(MilliUnits amount);
/// "4 minutes", "2 hours 5 minutes": whole minutes, rounded up; "1 minute" at least.
Sentence duration_in_words(std::uint64_t seconds);

}  // namespace basalt::firmware
