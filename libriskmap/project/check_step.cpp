// SPDX-License-Identifier: MIT
#include "check_step.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/census/report.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/project/census.hpp>

namespace riskmap::project {

namespace {

Json json_of(const Census& census, const CheckSettings& settings) {
    Json json{{"stop", settings.stop},       {"accept", census.rules.accept},
              {"crs", census.rules.crs},     {"outside", census.rules.outside},
              {"snap", census.rules.border}, {"holes", census.rules.hole_share},
              {"codes", settings.codes}};
    for (const auto& source : census.sources)
        json["layers"].push_back({source.label(), source.spec, source.crs, source.encoding,
                                  source.fields, source.where_nodata.has_value()});
    return json;
}

StepReport work(const Project& project, const Census& census, const std::filesystem::path& folder,
                const Execution& execution) {
    const auto report =
        census::check(census.sources, census.rules, census::built_in_specs(), execution);
    census::write_check(folder, report, project.language);
    using enum census::Severity;
    const auto errors = report.findings.count(error);
    const auto warnings = report.findings.count(warning);
    const auto page = (folder / "findings.html").string();
    const bool stop = (project.check.stop == "error" && errors > 0) ||
                      (project.check.stop == "warning" && errors + warnings > 0);
    if (stop)
        throw input_error(
            fmt::format("check: {} errors and {} warnings in the layers; see {}", errors, warnings,
                        page),
            "mend them (riskmap check --fix helps), or in [check] accept rules or say stop = "
            "\"never\"");
    StepReport out;
    out.facts = {{"errors", errors}, {"warnings", warnings}, {"accepted", report.accepted}};
    if (errors + warnings > 0)
        out.warnings.push_back(fmt::format("check: {} errors and {} warnings in the layers; see {}",
                                           errors, warnings, "check/findings.html"));
    return out;
}

} // namespace

Step check_step(const Project& project, const std::filesystem::path& out) {
    const auto census = census_of(project);
    const auto folder = out / "check";
    Step step;
    step.id = "check";
    step.title = "what is wrong with the layers";
    for (const auto& source : census.sources)
        if (std::find(step.inputs.begin(), step.inputs.end(), source.file) == step.inputs.end())
            step.inputs.push_back(source.file);
    for (const char* name : {"findings.json", "findings.csv", "findings.gpkg", "findings.html"})
        step.outputs.push_back(folder / name);
    step.parameters = json_of(census, project.check);
    step.work = [project, census, folder](const Execution& execution) {
        return work(project, census, folder, execution);
    };
    return step;
}

} // namespace riskmap::project
