// SPDX-License-Identifier: MIT
// Steps: the products of each area.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "layers.hpp"
#include "products.hpp"

namespace riskmap::run {

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
    step.needs = {work->file("zones.gpkg"),     work->file("zones_titles.json"),
                  work->file("composite.tif"),  work->file("risk_level.tif"),
                  work->file("breaks.json"),    work->file("risk_zones.tif"),
                  work->file("prevention.tif"), work->unit_raster()};
    for (const auto& file : uncertainty_files(*work))
        step.needs.push_back(file);
    for (const auto& hazard : project.hazards)
        step.needs.push_back(work->risk_raster(hazard.id));
    step.settings =
        work->chosen({"project.id", "project.language", "areas", "levels", "zoning", "prevention",
                      "output", "hazard", "exposure", "uncertainty.draws"});
    step.go_by(work->modelled_settings());
    step.go_by(work->common_settings());
    if (const auto* people = people_of(project))
        step.needs.push_back(work->stack_raster("exposure-" + people->id));
    step.makes = product_files(*work, area);
    step.work = [work, area](const Execution& execution) {
        StepReport report{work->fingerprints};
        write_products(*work, area, report, execution);
        return report;
    };
    return step;
}

} // namespace

namespace {

/// Folders of a run that are no areas, and names that Windows keeps for devices.
std::string unusable_folder(const std::string& folder) {
    const auto name = small_letters(folder);
    for (const auto* own : {"atlas", "base", "check", "forest", "shelters", "run.json"})
        if (name == own)
            return "the run has a folder or file of that name";
    const auto stem = name.substr(0, name.find('.'));
    const bool numbered = stem.size() == 4 &&
                          (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '1' &&
                          stem[3] <= '9';
    if (numbered || stem == "con" || stem == "prn" || stem == "aux" || stem == "nul")
        return "Windows keeps that name for a device";
    if (name.ends_with('.') || name.ends_with(' '))
        return "Windows takes no name that ends in a dot or a blank";
    return {};
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
        if (const auto why = unusable_folder(folder); !why.empty())
            throw input_error(fmt::format("the code '{}' of {} cannot name a folder: {}", area.code,
                                          area.name, why),
                              "give it a code of digits, as GB/T 2260 has them");
        if (!folders.insert(small_letters(folder)).second)
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

} // namespace riskmap::run
