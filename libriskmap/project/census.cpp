// SPDX-License-Identifier: MIT
#include <riskmap/project/census.hpp>

#include <algorithm>

namespace riskmap::project {

namespace {

using spec::Source;

/// Gathers layers; one that is named several times stands once, by its first role.
class Gatherer {
  public:
    explicit Gatherer(const Project& project) : m_project{project} {}

    Source* add(const Source& layer, const char* spec = "") {
        if (layer.empty())
            return nullptr;
        for (auto& known : m_sources)
            if (known.file == layer.file && known.layer == layer.layer && known.band == layer.band)
                return nullptr;
        m_sources.push_back(layer);
        auto& source = m_sources.back();
        if (source.spec.empty())
            source.spec = spec;
        source.not_codes = !m_project.check.codes;
        return &source;
    }
    void add(const AreaLayer& area, const char* spec) {
        auto* source = add(static_cast<const Source&>(area), spec);
        if (source != nullptr && std::string_view{spec} == "townships" &&
            !area.parent_field.empty())
            source->fields.emplace_back(area.parent_field, "county");
    }
    void add(const census::StackLayer& layer) {
        add(static_cast<const Source&>(layer));
        add(layer.downscale_by);
    }
    [[nodiscard]] std::vector<Source> take() { return std::move(m_sources); }

  private:
    const Project& m_project;
    std::vector<Source> m_sources;
};

void add_shelters(const ShelterRules& shelters, Gatherer& out) {
    if (!shelters.present)
        return;
    const auto& scene = shelters.scene;
    out.add(scene.people.source);
    out.add(scene.existing, "shelters");
    out.add(scene.candidates, "shelter_candidates");
    out.add(scene.roads.roads, "roads");
    for (const auto& [name, goal] : shelters.goals)
        out.add(goal);
}

void add_forest(const ForestRules& forest, Gatherer& out) {
    out.add(forest);
    out.add(forest.height, "terrain");
    out.add(forest.canopy);
    out.add(forest.cameras, "cameras");
    out.add(forest.candidates, "camera_candidates");
    out.add(forest.roads, "roads");
    out.add(forest.fires, "forest_fires");
    out.add(forest.danger);
    out.add(forest.water_points, "water_points");
}

} // namespace

Census census_of(const Project& project) {
    Gatherer gatherer{project};
    for (const auto& layer : project.census)
        gatherer.add(layer);
    gatherer.add(project.cities, "cities");
    gatherer.add(project.counties, "counties");
    gatherer.add(project.townships, "townships");
    for (const auto& hazard : project.hazards)
        for (const auto& map : hazard.maps)
            gatherer.add(map.source);
    for (const auto& exposure : project.exposures)
        gatherer.add(exposure.source);
    for (const auto* table : {&project.vulnerability, &project.capacity})
        gatherer.add(static_cast<const Source&>(*table), "township_indicators");
    if (auto* losses = gatherer.add(project.weights.losses, "losses"))
        for (const auto& hazard : project.hazards)
            losses->choices.push_back(hazard.id);
    gatherer.add(project.zoning.height, "terrain");
    add_forest(project.forest, gatherer);
    add_shelters(project.shelters, gatherer);
    Census out;
    out.sources = gatherer.take();
    out.rules.area = project.cities.empty() ? project.counties : project.cities;
    out.rules.crs = project.check.crs;
    out.rules.crs.push_back(project.crs);
    out.rules.accept = project.check.accept;
    out.rules.outside = project.check.outside;
    out.rules.border = project.check.snap;
    out.rules.hole_share = project.check.holes;
    return out;
}

} // namespace riskmap::project
