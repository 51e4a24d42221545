// SPDX-License-Identifier: MIT
#include <riskmap/project/census.hpp>

#include <algorithm>

namespace riskmap::project {

namespace {

using census::LayerSource;

/// Gathers layers; one that is named several times stands once, by its first role.
class Gatherer {
  public:
    explicit Gatherer(const Project& project) : m_project{project} {}

    LayerSource* add(const std::filesystem::path& file, const std::string& layer,
                     const char* spec = "") {
        if (file.empty())
            return nullptr;
        for (auto& known : m_sources)
            if (known.file == file && known.layer == layer)
                return nullptr;
        LayerSource source;
        source.file = file;
        source.layer = layer;
        source.spec = spec;
        source.not_codes = !m_project.check.codes;
        m_sources.push_back(std::move(source));
        return &m_sources.back();
    }
    void add(const AreaLayer& area, const char* spec) {
        if (auto* source = add(area.file, area.layer, spec))
            rename(*source, {{area.code_field, "code"},
                             {area.name_field, "name"},
                             {area.parent_field, parent_name(spec)}});
    }
    void add(const zonal::StackLayer& layer) {
        if (auto* source = add(layer.file, layer.layer))
            source->where_nodata = layer.where_nodata;
        add(layer.downscale_by, "");
    }
    static void rename(LayerSource& source,
                       const std::vector<std::pair<std::string, std::string>>& fields) {
        for (const auto& [theirs, ours] : fields)
            if (!theirs.empty() && !ours.empty() &&
                std::none_of(source.fields.begin(), source.fields.end(),
                             [&, name = ours](const auto& f) { return f.second == name; }))
                source.fields.emplace_back(theirs, ours);
    }
    [[nodiscard]] std::vector<LayerSource> take() { return std::move(m_sources); }

  private:
    static const char* parent_name(const std::string& spec) {
        return spec == "townships" ? "county" : "";
    }
    const Project& m_project;
    std::vector<LayerSource> m_sources;
};

void add_shelters(const ShelterRules& shelters, Gatherer& out) {
    if (!shelters.present)
        return;
    const auto& scene = shelters.scene;
    out.add(scene.people.file, scene.people.layer);
    out.add(scene.existing.file, scene.existing.layer, "shelters");
    out.add(scene.candidates.file, scene.candidates.layer, "shelter_candidates");
    out.add(scene.roads.roads.file, scene.roads.roads.layer, "roads");
    for (const auto& [name, goal] : shelters.goals)
        out.add(goal.file, goal.layer);
}

void add_forest(const ForestRules& forest, Gatherer& out) {
    out.add(forest.file, forest.layer);
    out.add(forest.height, "", "terrain");
    out.add(forest.canopy, "");
    out.add(forest.cameras.file, forest.cameras.layer, "cameras");
    out.add(forest.candidates.file, forest.candidates.layer, "camera_candidates");
    out.add(forest.roads.file, forest.roads.layer, "roads");
    out.add(forest.fires.file, forest.fires.layer, "forest_fires");
    out.add(forest.danger, "");
    out.add(forest.water_points.file, forest.water_points.layer);
}

} // namespace

Census census_of(const Project& project) {
    Gatherer gatherer{project};
    for (const auto& layer : project.census) {
        auto* source = gatherer.add(layer.layer.file, layer.layer.layer, layer.spec.c_str());
        if (source == nullptr)
            continue;
        source->crs = layer.crs;
        source->encoding = layer.encoding;
        source->fields = layer.fields;
        source->where_nodata = layer.where_nodata;
    }
    gatherer.add(project.cities, "cities");
    gatherer.add(project.counties, "counties");
    gatherer.add(project.townships, "townships");
    for (const auto& hazard : project.hazards)
        for (const auto& map : hazard.maps)
            gatherer.add(map.source);
    for (const auto& exposure : project.exposures)
        gatherer.add(exposure.source);
    for (const auto* table : {&project.vulnerability, &project.capacity})
        if (auto* source = gatherer.add(table->file, table->layer, "township_indicators"))
            Gatherer::rename(*source, {{table->code_field, "code"}});
    if (auto* losses = gatherer.add(project.weights.losses, "", "losses")) {
        Gatherer::rename(*losses, {{project.weights.losses_hazard_field, "hazard"},
                                   {project.weights.losses_amount_field, "loss_10k_yuan"}});
        for (const auto& hazard : project.hazards)
            losses->choices.push_back(hazard.id);
    }
    gatherer.add(project.zoning.height, "", "terrain");
    add_forest(project.forest, gatherer);
    add_shelters(project.shelters, gatherer);
    Census out;
    out.sources = gatherer.take();
    out.rules.area = LayerSource{};
    const auto& area = project.cities.file.empty() ? project.counties : project.cities;
    out.rules.area->file = area.file;
    out.rules.area->layer = area.layer;
    out.rules.crs = project.check.crs;
    out.rules.crs.push_back(project.crs);
    out.rules.accept = project.check.accept;
    out.rules.outside = project.check.outside;
    out.rules.border = project.check.snap;
    out.rules.hole_share = project.check.holes;
    return out;
}

} // namespace riskmap::project
