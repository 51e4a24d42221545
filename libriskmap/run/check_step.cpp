// SPDX-License-Identifier: MIT
#include "check_step.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/census/report.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/project/census.hpp>

namespace riskmap::run {

using project::Census;
using project::census_of;

namespace {

StepReport work(const Project& project, const Census& census, const std::filesystem::path& folder,
                const FingerprintsPtr& fingerprints, const Execution& execution) {
    StepReport out{fingerprints};
    for (const auto& source : census.sources)
        out.door.note(source.file);
    const auto report =
        census::check(census.sources, census.rules, spec::built_in_specs(), execution);
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
    out.facts = {{"errors", errors}, {"warnings", warnings}, {"accepted", report.accepted}};
    if (errors + warnings > 0)
        out.warnings.push_back(fmt::format("check: {} errors and {} warnings in the layers; see {}",
                                           errors, warnings, "check/findings.html"));
    return out;
}

} // namespace

Step check_step(const Project& project, const std::filesystem::path& out,
                const FingerprintsPtr& fingerprints) {
    const auto census = census_of(project);
    const auto folder = out / "check";
    Step step;
    step.id = "check";
    step.title = "what is wrong with the layers";
    for (const char* name : {"findings.json", "findings.csv", "findings.gpkg", "findings.html"})
        step.makes.push_back(folder / name);
    step.settings =
        chosen(record::settings_of(project.written),
               {"areas", "grid", "census", "check", "hazard", "exposure", "vulnerability",
                "capacity", "weights", "zoning", "forest", "shelter", "project.language"},
               {".title", ".title_en", ".weight"});
    step.reads_areas = false; // it opens them itself
    step.work = [project, census, folder, fingerprints](const Execution& execution) {
        return work(project, census, folder, fingerprints, execution);
    };
    return step;
}

} // namespace riskmap::run
