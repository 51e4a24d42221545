// SPDX-License-Identifier: MIT
// What `check` and `ingest` share: layers, specifications, rules.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <riskmap/census/check.hpp>

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

    void declare(CLI::App& app);
};

struct CensusRequest {
    std::vector<census::LayerSource> sources;
    std::vector<census::LayerSpec> specs;
    census::CheckRules rules;
};
/// Of layers, or of a project file. \throws Error as both do.
[[nodiscard]] CensusRequest request_of(const CensusOptions& options);
[[nodiscard]] std::vector<census::LayerSpec> specs_of(const CensusOptions& options);

} // namespace riskmap::tool
