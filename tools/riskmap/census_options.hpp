// SPDX-License-Identifier: MIT
// What `check` and `ingest` share: layers, specifications, rules.
#pragma once

#include <string>
#include <vector>

#include <riskmap/census/check.hpp>

#include "arguments.hpp"
#include "command.hpp"

namespace riskmap::tool {

struct CensusOptions {
    std::vector<std::string> inputs;
    std::vector<std::filesystem::path> specs;
    std::vector<std::string> accept;
    std::vector<std::string> crs;
    std::string area;
    std::string against;
    double snap = 1;
    double outside = 1000;

    void declare(Arguments& app);
};

struct CensusRequest {
    std::vector<spec::Source> sources;
    std::vector<spec::LayerSpec> specs;
    census::CheckRules rules;
};
/// Of layers, or of a project file. \throws Error as both do.
[[nodiscard]] CensusRequest request_of(const CensusOptions& options, Language language);
/// A line for each file that is not used, with the reason.
void print_left_out(const std::vector<census::LeftOut>& files, const Context& context);
[[nodiscard]] std::vector<spec::LayerSpec> specs_of(const CensusOptions& options);

} // namespace riskmap::tool
