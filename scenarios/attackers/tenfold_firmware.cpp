// The attacker's firmware: the manufacturer's, rebuilt from its published source, with one line of therapy changed: ten
// times the basal rate. Everything else is kept, so that it earns normal mode wherever that does not depend on being
// the verified program.
#include "device/firmware/process.h"

int main(int argc, char** argv) {
    using namespace basalt;
    return firmware::run(argc, argv, [](const firmware::BasalRates& rates, SecondOfDay from, std::uint32_t seconds) {
        return MilliUnits{firmware::basal_amount(rates, from, seconds).count * 10};
    });
}
