// SPDX-License-Identifier: MIT
// Project files.
#include <riskmap/project/census.hpp>

#include "target.hpp"

using namespace riskmap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = fuzz::file_of(data, size, "project.toml");
    static const bool layer_is_there = [&] {
        std::ofstream{file.parent_path() / "a.csv"} << "code,name\n330602,x\n";
        return true;
    }();
    (void)layer_is_there;
    fuzz::answer([&] { (void)project::census_of(project::read_project(file)); });
    return 0;
}
