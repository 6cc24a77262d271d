// The defences that a workshop switches off can be switched off in the training build alone.
#include "scenarios/training/marker.h"
#include "tests/unit/structure/tree.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace basalt::test {
namespace {

bool holds_marker(const std::string& program) {
    std::ifstream file{std::filesystem::path{BASALT_BINARY_DIR} / "bin" / program, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_FALSE(bytes.empty()) << program << " was not built";
    return bytes.find(training::marker) != std::string::npos;
}

TEST(Training, NoProgramOfAProductionDeviceHoldsATrainingTwin) {
    for (const char* program : {"basalt-guardian", "basalt-boot", "basalt-firmware", "basalt-gateway"})
        EXPECT_FALSE(holds_marker(program)) << program;
    for (const char* program : {"basalt-boot-training", "basalt-firmware-training"})
        EXPECT_TRUE(holds_marker(program)) << program;
}

TEST(Training, EveryTrainingTwinStandsBesideAFileOfTheDeviceAndCarriesTheMarker) {
    for (const SourceFile& file : tree()) {
        if (file.folder() != "scenarios/training" || !file.path.ends_with(".cpp")) continue;
        EXPECT_NE(file.text.find("#include \"scenarios/training/marker.h\""), std::string::npos) << file.path;
        const std::string name = file.path.substr(file.folder().size());
        int twins = 0;
        for (const SourceFile& other : tree())
            twins += lies_in(other.folder(), "device") && other.path.ends_with(name) ? 1 : 0;
        EXPECT_EQ(twins, 1) << file.path;
    }
}

}  // namespace
}  // namespace basalt::test
