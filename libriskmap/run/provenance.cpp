// SPDX-License-Identifier: MIT
#include "provenance.hpp"

#include <riskmap/core/file.hpp>
#include <riskmap/run/run.hpp>

#include "products.hpp"

namespace riskmap::run {

namespace fs = std::filesystem;

record::Record provenance(const Work& work, const std::vector<const Step*>& steps,
                          const State& state) {
    const auto& project = work.project;
    record::Record record;
    record.program = "riskmap " + version();
    record.project = {project.id,
                      project.title,
                      project.language,
                      fs::path{project.file}.filename().string(),
                      sha256_of_file(project.file),
                      project.notes,
                      work.modelled_layers()};
    for (const auto& area : product_areas(work))
        record.areas.push_back(
            {area.folder.filename().string(), area.code, area.name, area.county});
    const auto& grid = work.grid;
    record.grid = {grid.crs.name(), grid.cell_width, grid.left, grid.top, grid.columns, grid.rows};
    for (const auto& hazard : project.hazards)
        record.hazards.push_back({hazard.id, hazard.title, hazard.modelled, false});
    for (const auto& exposure : project.exposures)
        record.exposures.push_back(
            {exposure.id, exposure.title, exposure.modelled, exposure.people});
    const auto background = [&](const char* name, const fs::path& file, bool wanted) {
        if (wanted)
            record.background[name] = file.lexically_relative(work.out).generic_string();
    };
    background("heights", work.heights(), !project.zoning.height.empty());
    background("neighbours", work.neighbours(),
               project.atlas.make && !project.atlas.neighbours.empty());
    record.parameters = project.written;
    for (auto& [file, sha256] : state.opened(steps))
        record.inputs.emplace(file, sha256);
    for (const auto* step : steps)
        if (const auto* done = state.find(step->id)) {
            for (const auto& warning : done->warnings)
                record.warnings.push_back(warning);
            if (!done->facts.empty())
                record.steps.emplace_back(step->id, done->facts.dump());
        }
    return record;
}

} // namespace riskmap::run
