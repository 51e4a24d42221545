// SPDX-License-Identifier: MIT
// Steps: which township each cell belongs to; every layer on the grid.
#include <atomic>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "work.hpp"

namespace riskmap::run {

namespace {

Json plan_json(const census::StackPlan& plan) {
    const auto rounded = [](double v) { return std::round(v * 1e6) / 1e6; };
    return {{"file", plan.file},
            {"crs", plan.crs},
            {"cells", plan.cells},
            {"offset_columns", rounded(plan.offset_columns)},
            {"offset_rows", rounded(plan.offset_rows)},
            {"overlap", rounded(plan.overlap)},
            {"rule", plan.rule},
            {"remarks", plan.remarks}};
}

/// Writes a layer on the grid and counts how much of the area has data.
StepReport stack(const Work& work, const census::StackLayer& layer, const std::string& id,
                 const Execution& execution) {
    StepReport report{work.fingerprints};
    const auto stacked =
        census::stacked(layer, work.grid, work.project.valid_share, report.door, execution);
    std::atomic<std::uint64_t> inside{0};
    std::atomic<std::uint64_t> valid{0};
    const auto counted =
        raster::computed({stacked.cells, work.open(work.unit_raster())},
                         [&](const Window&, raster::Cells in, std::span<double> out) {
                             std::uint64_t here = 0;
                             std::uint64_t good = 0;
                             for (std::size_t i = 0; i < out.size(); ++i) {
                                 out[i] = in[0][i];
                                 here += std::isnan(in[1][i]) ? 0 : 1;
                                 good += std::isnan(in[1][i]) || std::isnan(out[i]) ? 0 : 1;
                             }
                             inside += here;
                             valid += good;
                         });
    // Counts keep their total only in double precision.
    const auto type = stacked.kind == raster::Kind::counts ? raster::CellType::float64
                                                           : raster::CellType::float32;
    raster::Writer writer{work.stack_raster(id), work.grid, plain_spec(type)};
    raster::copy(*counted, writer, execution, id);
    if (valid == 0)
        throw input_error(fmt::format("'{}' has no data inside the area", layer.file.string()),
                          "check its nodata value and its CRS; if nodata means none there, say "
                          "where_nodata = 0");
    writer.commit();
    report.facts = plan_json(stacked.plan);
    const double share = 1 - static_cast<double>(valid) / static_cast<double>(inside);
    report.facts["share_without_data"] = std::round(share * 1e6) / 1e6;
    for (const auto& remark : stacked.plan.remarks)
        report.warnings.push_back(fmt::format("{}: {}", id, remark));
    if (share > 0.001)
        report.warnings.push_back(fmt::format(
            "{}: {:.1f} % of the area has no data and no risk is computed there", id, 100 * share));
    tell_accounts(report, work.language());
    return report;
}

/// Keys of hazards and exposures that say nothing of their layer.
const std::vector<std::string_view> not_of_layers{".title",     ".title_en", ".normalise",
                                                  ".direction", ".curve",    ".weight",
                                                  ".error",     ".modelled", ".people"};

Step stack_step(const WorkPtr& work, const census::StackLayer& layer, const std::string& id,
                Settings settings) {
    Step step;
    step.id = "stack " + id;
    step.title = "onto the grid: " + id;
    step.needs = {work->unit_raster()};
    step.makes = {work->stack_raster(id)};
    step.settings = std::move(settings);
    step.go_by(work->common_settings());
    step.reads_areas = false; // but their cells
    step.work = [work, layer, id](const Execution& execution) {
        return stack(*work, layer, id, execution);
    };
    return step;
}

} // namespace

Step unit_step(const WorkPtr& work) {
    Step step;
    step.id = "areas";
    step.title = "areas: which township each cell belongs to";
    step.makes = {work->unit_raster()};
    step.settings = work->chosen({"areas", "project.language"});
    step.go_by(work->common_settings());
    step.work = [work](const Execution& execution) {
        const auto shapes = shapes_of(work->areas.townships);
        const auto units =
            zonal::unit_cells(zonal::cover(shapes, work->grid, execution), work->grid);
        auto spec = plain_spec(work->areas.townships.size() < 65535 ? raster::CellType::uint16
                                                                    : raster::CellType::float64);
        raster::Writer writer{work->unit_raster(), work->grid, spec};
        raster::copy(*units, writer, execution, "areas");
        writer.commit();
        StepReport report{work->fingerprints};
        report.warnings = work->area_warnings;
        report.door = work->area_door;
        tell_accounts(report, work->language());
        report.facts = {{"cities", work->areas.cities.size()},
                        {"counties", work->areas.counties.size()},
                        {"townships", work->areas.townships.size()}};
        return report;
    };
    return step;
}

std::vector<Step> stack_steps(const WorkPtr& work) {
    std::vector<Step> steps;
    for (const auto& hazard : work->project.hazards)
        for (std::size_t m = 0; m < hazard.maps.size(); ++m)
            steps.push_back(stack_step(work, hazard.maps[m].source, Work::map_id(hazard, m),
                                       work->chosen({"hazard." + hazard.id}, not_of_layers)));
    for (const auto& exposure : work->project.exposures)
        steps.push_back(stack_step(work, exposure.source, "exposure-" + exposure.id,
                                   work->chosen({"exposure." + exposure.id}, not_of_layers)));
    if (const auto& height = work->project.zoning.height; !height.empty()) {
        census::StackLayer layer;
        static_cast<spec::Source&>(layer) = height;
        layer.kind = raster::Kind::continuous;
        steps.push_back(stack_step(work, layer, "height", work->chosen_source("zoning.height")));
    }
    return steps;
}

} // namespace riskmap::run
