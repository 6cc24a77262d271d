#include "scenarios/training/mark.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace basalt {
namespace {

std::vector<std::string> programs(const char* list) {
    std::vector<std::string> files;
    std::istringstream in{list};
    for (std::string file; std::getline(in, file, ',');) files.push_back(file);
    return files;
}

std::string bytes_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>{in}, {}};
}

// The twins' own files: each defence that can be switched off has one on both sides.
const std::vector<std::string_view> twins{"image_check.cpp", "sealing.cpp"};

TEST(ProductionPrograms, HoldNoSymbolOfTheTrainingBuild) {
    for (const std::string& file : programs(PRODUCTION_PROGRAMS)) {
        const std::string program = bytes_of(file);
        EXPECT_EQ(program.find(training::mark), std::string::npos) << file;
        EXPECT_EQ(program.find("basalt8training"), std::string::npos)
            << file << ": a symbol of namespace basalt::training";
    }
}

TEST(TrainingPrograms, SayThatTheyAreTrainingPrograms) {
    for (const std::string& file : programs(TRAINING_PROGRAMS)) {
        const std::string program = bytes_of(file);
        EXPECT_NE(program.find(training::mark), std::string::npos) << file;
        EXPECT_NE(program.find("basalt8training"), std::string::npos) << file;
    }
}

TEST(TrainingTwins, EachCarriesTheMark) {
    const std::filesystem::path folder = std::filesystem::path{BASALT_SOURCE_DIR} / "scenarios/training";
    std::size_t found = 0;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".cpp") continue;
        ++found;
        EXPECT_NE(bytes_of(entry.path().string()).find("scenarios/training/mark.h"), std::string::npos) << entry.path();
    }
    EXPECT_EQ(found, twins.size()) << "a twin without a row here, or a row without its twin";
}

}  // namespace
}  // namespace basalt
