// SPDX-License-Identifier: MIT
// The corpus of broken layers (tests/data/broken/make.py), each with what has to be found.
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include <riskmap/census/finding.hpp>
#include <riskmap/census/mend.hpp>

#include "tools/program.hpp"

namespace riskmap::census {
namespace {

const std::filesystem::path corpus =
    std::filesystem::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";

struct Case {
    std::string words;  ///< as in expected.csv
    std::string quoted; ///< for the shell
    std::string rule;
};

/// "a.shp spec=x b.tif --area c" as arguments: key=value belongs to the layer before it.
std::string quoted(const std::string& words) {
    std::vector<std::string> arguments;
    for (const auto& word : split(words, ' ')) {
        if (word.find('=') != std::string::npos && !arguments.empty())
            arguments.back() += " " + word;
        else
            arguments.push_back(word);
    }
    std::string out;
    for (const auto& argument : arguments)
        out += "'" + argument + "' ";
    return out;
}

std::vector<Case> cases() {
    std::vector<Case> out;
    std::istringstream lines{test::read_text(corpus / "expected.csv")};
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const auto comma = line.rfind(',');
        out.push_back(
            {line.substr(0, comma), quoted(line.substr(0, comma)), line.substr(comma + 1)});
    }
    return out;
}

std::vector<std::string> rules_found(const std::string& arguments,
                                     const std::filesystem::path& folder, int* status = nullptr) {
    const auto answer = test::program("check --json " + arguments, folder);
    if (status != nullptr)
        *status = answer.status;
    std::vector<std::string> names;
    const auto json = nlohmann::json::parse(answer.out, nullptr, false);
    if (json.is_discarded())
        return {"no JSON: " + answer.error};
    for (const auto& [name, count] : json["rules"].items())
        names.push_back(name);
    return names;
}

TEST(Corpus, EveryFaultIsFoundAndNothingElse) {
    std::set<std::string> seen;
    int broken = 0;
    for (const auto& entry : cases()) {
        int status = -1;
        const auto found = rules_found(entry.quoted, corpus, &status);
        if (entry.rule.empty()) {
            EXPECT_TRUE(found.empty()) << entry.words << ": " << found[0];
            EXPECT_EQ(status, 0) << entry.words;
            continue;
        }
        ++broken;
        seen.insert(entry.rule);
        EXPECT_EQ(found, std::vector<std::string>{entry.rule}) << entry.words;
        for (const auto& rule : rules())
            if (rule.name == entry.rule) {
                EXPECT_EQ(status, rule.severity == Severity::error ? 1 : 0) << entry.words;
            }
    }
    EXPECT_GE(broken, 60);
    for (const auto& rule : rules())
        EXPECT_TRUE(seen.contains(rule.name)) << "no case of " << rule.name;
}

TEST(Corpus, WhatIsMendableIsMended) {
    std::set<std::string> mendable;
    for (const auto& rule : rules())
        if (rule.mendable)
            mendable.insert(rule.name);
    std::set<std::string> seen;
    for (const auto& entry : cases()) {
        if (!mendable.contains(entry.rule))
            continue;
        const test::Folder folder;
        const auto fixed = folder / "fixed";
        const auto answer =
            test::program("check -q " + entry.quoted + " --fix " + fixed.string(), corpus);
        const auto changes = test::read_text(fixed / "changes.csv");
        EXPECT_NE(changes.find(entry.rule), std::string::npos) << entry.words << changes;
        for (const auto& file : std::filesystem::directory_iterator{fixed})
            if (file.path().extension() == ".gpkg") {
                EXPECT_TRUE(
                    rules_found(
                        "'" + file.path().string() + " spec=" +
                            [&] {
                                bool raster = false;
                                spec::Source source;
                                source.file = corpus / entry.words.substr(0, entry.words.find(' '));
                                const auto* spec = spec_of(source, spec::built_in_specs(), raster);
                                return spec == nullptr ? std::string{"townships"} : spec->id;
                            }() +
                            "' --crs-allowed EPSG:4326",
                        fixed)
                        .empty())
                    << entry.words;
            }
        seen.insert(entry.rule);
    }
    EXPECT_EQ(seen, mendable);
}

TEST(Corpus, TheOriginalsAreNotTouched) {
    const test::Folder folder;
    std::filesystem::copy(corpus, folder / "broken", std::filesystem::copy_options::recursive);
    const auto print = [&] {
        std::string all;
        for (const auto& file : std::filesystem::recursive_directory_iterator{folder / "broken"})
            if (file.is_regular_file())
                all += file.path().string() + std::to_string(file.file_size()) +
                       std::to_string(file.last_write_time().time_since_epoch().count());
        return all;
    };
    const auto before = print();
    (void)test::program("check -q townships_border.geojson buildings_bowtie.geojson "
                        "'townships_gbk/townships_gbk.shp spec=townships' flood_depth.tif "
                        "flood_depth.img --fix ../fixed -o ../found",
                        folder / "broken");
    EXPECT_TRUE(std::filesystem::exists(folder / "fixed/townships_border.gpkg"));
    EXPECT_EQ(print(), before);
    // A copy may not take the place of what it is made from.
    const auto twice =
        test::program("check -q townships.gpkg --fix . --overwrite", folder / "broken");
    EXPECT_EQ(twice.status, 1);
    EXPECT_NE(twice.error.find("would replace itself"), std::string::npos) << twice.error;
    EXPECT_EQ(print(), before);
}

} // namespace
} // namespace riskmap::census
