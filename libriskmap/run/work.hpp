// SPDX-License-Identifier: MIT
// Private: what the steps of one run share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <riskmap/atlas/style.hpp>
#include <riskmap/project/project.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/vector/layer.hpp>

#include "areas.hpp"
#include "step.hpp"

namespace riskmap::run {

using project::AreaLayer;
using project::Exposure;
using project::ForestRules;
using project::Hazard;
using project::IndicatorTable;
using project::LayerRef;
using project::LevelRules;
using project::OverrideRule;
using project::Project;

using SourcePtr = std::shared_ptr<const raster::Source>;

/// A project with its areas read, its grid and its folder of results.
struct Work {
    Project project;
    Areas areas;
    std::vector<std::string> area_warnings;
    FingerprintsPtr fingerprints;
    Settings settings = {}; ///< all
    spec::Door area_door;   ///< by which the areas were read
    Grid grid;
    std::filesystem::path out;

    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return out / ".work" / name;
    }
    [[nodiscard]] std::filesystem::path unit_raster() const { return file("units.tif"); }
    /// What maps are drawn upon is no private matter of the run: the atlas reads it.
    [[nodiscard]] std::filesystem::path heights() const { return out / "base" / "heights.tif"; }
    [[nodiscard]] std::filesystem::path neighbours() const {
        return out / "base" / "neighbours.gpkg";
    }
    [[nodiscard]] std::filesystem::path stack_raster(const std::string& id) const {
        if (id == "height")
            return heights();
        return file("stack/" + id + ".tif");
    }
    [[nodiscard]] std::filesystem::path risk_raster(const std::string& hazard) const {
        return file("risk_" + hazard + ".tif");
    }
    [[nodiscard]] SourcePtr open(const std::filesystem::path& path) const {
        return std::make_shared<const raster::Reader>(path);
    }
    /// A style in the project's palette.
    [[nodiscard]] const atlas::Style& style(const std::string& name) const {
        return atlas::style(name, project.output.palette);
    }
    /// The stack raster of a map of a hazard, of an exposure, of the terrain.
    [[nodiscard]] static std::string map_id(const Hazard& hazard, std::size_t map);
    [[nodiscard]] Language language() const { return project.language; }
    [[nodiscard]] std::string words(const char* zh, const char* en) const {
        return language() == Language::zh ? zh : en;
    }
    /// What of the project file a step goes by.
    [[nodiscard]] Settings chosen(const std::vector<std::string>& names,
                                  const std::vector<std::string_view>& but = {}) const;
    /// A source with what is said more of it: "zoning.height".
    [[nodiscard]] Settings chosen_source(const std::string& key) const;
    /// The grid, with its extent, and the language of what is told.
    [[nodiscard]] Settings common_settings() const;
    [[nodiscard]] Settings modelled_settings() const;
    /// Titles of all layers that come from models, joined.
    [[nodiscard]] std::string modelled_layers() const;
    /// Title of a hazard or exposure, marked if modelled.
    [[nodiscard]] std::string title(const Words& title, bool modelled) const;
    /// Provenance in short, for TIFF metadata.
    [[nodiscard]] std::map<std::string, std::string> provenance(const std::string& product) const;
};
using WorkPtr = std::shared_ptr<const Work>;

[[nodiscard]] Step unit_step(const WorkPtr& work);
[[nodiscard]] std::vector<Step> stack_steps(const WorkPtr& work);
[[nodiscard]] Step risk_step(const WorkPtr& work);
[[nodiscard]] Step level_step(const WorkPtr& work);
[[nodiscard]] Step figure_step(const WorkPtr& work);
/// How sure the levels are; none without draws.
[[nodiscard]] std::vector<Step> uncertainty_steps(const WorkPtr& work);
/// What that step writes.
[[nodiscard]] std::vector<std::filesystem::path> uncertainty_files(const Work& work);
[[nodiscard]] Step zone_step(const WorkPtr& work);
/// Sheets, web atlas and report, from what all steps before have written.
[[nodiscard]] std::vector<Step> atlas_steps(const WorkPtr& work, const std::vector<Step>& before);
/// The areas around the city, where the project names some.
[[nodiscard]] std::vector<Step> neighbour_steps(const WorkPtr& work);
/// Cameras, key townships and fire water, in two stages; none without a forest.
[[nodiscard]] std::vector<Step> forest_steps(const WorkPtr& work);
[[nodiscard]] std::vector<Step> township_steps(const WorkPtr& work);
/// Evaluation and plan of shelters and isolation, and, after them, reach; none without shelters.
[[nodiscard]] std::vector<Step> shelter_steps(const WorkPtr& work);
[[nodiscard]] std::vector<Step> reach_steps(const WorkPtr& work);
[[nodiscard]] std::vector<Step> product_steps(const WorkPtr& work);

/// What a step has read goes into its warnings (a line where something is not plain) and whole
/// into run.json.
void tell_accounts(StepReport& report, Language language);

/// A step of its own for the whole city: it reads the areas and depends on the project's name.
[[nodiscard]] Step city_step(const WorkPtr& work, const char* id, const char* title,
                             void (*write)(const Work&, StepReport&, const Execution&));
/// Products of the whole: in the city's folder, or in one called `several` where there are more
/// cities than one.
[[nodiscard]] std::filesystem::path city_folder(const Work& work, const char* several);
/// Areas as a layer with one field, `unit`: code and name.
[[nodiscard]] vector::Layer as_layer(const std::string& name, const std::vector<Area>& areas,
                                     const Crs& crs);

/// A raster the steps hand on: tiles, no overviews.
[[nodiscard]] raster::RasterSpec plain_spec(raster::CellType type);

/// The index of each township from a table of indicators, and how it came about.
struct UnitIndex {
    std::vector<double> values; ///< by township
    std::vector<double> weights;
};
[[nodiscard]] UnitIndex unit_index(const Work& work, const IndicatorTable& table, const char* what,
                                   StepReport& report);

} // namespace riskmap::run
