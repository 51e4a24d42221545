// SPDX-License-Identifier: MIT
#include <riskmap/project/project.hpp>

#include <algorithm>

#include "sections/sections.hpp"

namespace riskmap::project {

bool OutputRules::has(const std::string& format) const {
    return std::find(formats.begin(), formats.end(), format) != formats.end();
}

Project read_project(const std::filesystem::path& path, const Instead& instead) {
    const CheckedFile file{path, instead};
    Project project;
    project.written = file.written();
    project.file = path;
    // Some sections name what others hold: weights and overrides the hazards, zones an exposure.
    for (auto* read :
         {&read_head, &read_areas, &read_grid, &read_hazards, &read_exposures, &read_indicators,
          &read_weights, &read_risk, &read_zoning, &read_prevention, &read_forest, &read_check,
          &read_scenario, &read_shelters, &read_uncertainty, &read_atlas, &read_output})
        (*read)(file, project);
    return project;
}

} // namespace riskmap::project
