// SPDX-License-Identifier: MIT
// Steps: the products of each area.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "layers.hpp"
#include "products.hpp"

namespace riskmap::project {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> product_files(const Work& work, const ProductArea& area) {
    std::vector<std::string> products{"composite_risk", "risk_level", "risk_zones",
                                      "prevention_zones", "units"};
    for (const auto& hazard : work.project.hazards)
        products.push_back("risk_" + hazard.id);
    std::vector<fs::path> files;
    if (work.project.uncertainty.draws > 0) {
        products.emplace_back("level_certainty");
        if (work.project.output.has("tif"))
            for (const char* name :
                 {"level_probability", "level_likely", "risk_mean", "risk_spread"})
                files.push_back(area.folder / (std::string{name} + ".tif"));
    }
    for (const auto& product : products)
        for (const std::string format : {"tif", "gpkg", "geojson", "csv", "qml"}) {
            const bool wanted = format == "qml" || work.project.output.has(format);
            if (wanted && (product != "units" || format != "tif"))
                files.push_back(area.folder / (product + "." + format));
        }
    return files;
}

Step product_step(const WorkPtr& work, const ProductArea& area) {
    const auto& project = work->project;
    Step step;
    step.id = "products " + area.folder.filename().string();
    step.title = "products of " + area.name;
    step.inputs = {work->file("zones.gpkg"),     work->file("zones_titles.json"),
                   work->file("composite.tif"),  work->file("risk_level.tif"),
                   work->file("breaks.json"),    work->file("risk_zones.tif"),
                   work->file("prevention.tif"), work->unit_raster()};
    for (const auto& file : uncertainty_files(*work))
        step.inputs.push_back(file);
    for (const auto& hazard : project.hazards)
        step.inputs.push_back(work->risk_raster(hazard.id));
    step.parameters = {{"areas", area_json(*work)},
                       {"grid", grid_json(*work)},
                       {"levels", to_json(project.levels)},
                       {"zoning", to_json(*work, project.zoning)},
                       {"project", project.id},
                       {"formats", project.output.formats},
                       {"palette", project.output.palette},
                       {"certainty", project.uncertainty.draws > 0},
                       {"modelled", work->modelled_layers()}};
    for (const auto& hazard : project.hazards)
        step.parameters["hazards"].push_back(to_json(*work, hazard));
    if (const auto* people = people_of(project)) {
        step.inputs.push_back(work->stack_raster("exposure-" + people->id));
        step.parameters["people"] = to_json(*work, *people);
    }
    step.outputs = product_files(*work, area);
    step.work = [work, area](const Execution& execution) {
        StepReport report;
        write_products(*work, area, report, execution);
        return report;
    };
    return step;
}

} // namespace

std::vector<ProductArea> product_areas(const Work& work) {
    const auto& areas = work.areas;
    std::vector<ProductArea> out;
    std::set<std::string> folders;
    const auto add = [&](const Area& area, bool county, std::size_t index) -> ProductArea& {
        ProductArea product;
        product.code = area.code;
        product.name = area.name;
        product.county = county;
        product.index = index;
        const auto folder = safe_file_name(area.code);
        if (!folders.insert(folder).second)
            throw input_error(fmt::format("two areas would write to the same folder '{}'", folder),
                              "give the city and each county a code of its own");
        product.folder = work.out / folder;
        return out.emplace_back(std::move(product));
    };
    for (std::size_t c = 0; c < areas.cities.size(); ++c) {
        auto& city = add(areas.cities[c], false, c);
        for (std::size_t k = 0; k < areas.counties.size(); ++k)
            if (areas.counties[k].parent == c)
                city.counties.push_back(k);
        for (std::size_t t = 0; t < areas.townships.size(); ++t)
            if (areas.city_of_township(t) == c)
                city.townships.push_back(t);
    }
    for (std::size_t k = 0; k < areas.counties.size(); ++k) {
        auto& county = add(areas.counties[k], true, k);
        for (std::size_t t = 0; t < areas.townships.size(); ++t)
            if (areas.townships[t].parent == k)
                county.townships.push_back(t);
    }
    std::erase_if(out, [](const ProductArea& area) { return area.townships.empty(); });
    return out;
}

Grid area_grid(const Work& work, const ProductArea& area) {
    Box box;
    for (const auto t : area.townships)
        box.add(bounds(work.areas.townships[t].shape));
    auto window = work.grid.touching(box);
    window.columns = std::max<std::int64_t>(window.columns, 1);
    window.rows = std::max<std::int64_t>(window.rows, 1);
    return work.grid.cut(window);
}

std::vector<Step> product_steps(const WorkPtr& work) {
    std::vector<Step> steps;
    for (const auto& area : product_areas(*work))
        steps.push_back(product_step(work, area));
    return steps;
}

} // namespace riskmap::project
