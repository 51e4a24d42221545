// SPDX-License-Identifier: MIT
// Private: a step of a run, what it needs and makes, and what it tells.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/content.hpp>
#include <riskmap/record/settings.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::run {

using Json = nlohmann::ordered_json;
using record::Settings;
using FingerprintsPtr = std::shared_ptr<Fingerprints>;

/// Those of some sections, or single keys, without keys that end in one of `but`.
[[nodiscard]] Settings chosen(const Settings& all, const std::vector<std::string>& names,
                              const std::vector<std::string_view>& but = {});

/// What a step tells: things its reader must know, and numbers for run.json.
struct StepReport {
    /// \param fingerprints of the run: what the door opens is remembered with its content.
    explicit StepReport(const FingerprintsPtr& fingerprints) : door{fingerprints} {}

    spec::Door door; ///< by which the step reads what offices gave
    std::vector<std::string> warnings = {};
    Json facts = Json::object();
};

struct Step {
    std::string id;
    std::string title;
    std::vector<std::filesystem::path> needs; ///< made by other steps
    std::vector<std::filesystem::path> makes;
    Settings settings;       ///< of the project file that it goes by
    bool reads_areas = true; ///< whether the layers of areas, read before all steps, go in
    std::function<StepReport(const Execution&)> work;

    void need(const std::vector<std::filesystem::path>& files) {
        needs.insert(needs.end(), files.begin(), files.end());
    }
    void go_by(const Settings& more) { settings.insert(more.begin(), more.end()); }
};

} // namespace riskmap::run
