// SPDX-License-Identifier: MIT
#include "forest_scene.hpp"

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/forest/ground.hpp>

namespace riskmap::tool {

void SceneOptions::declare(Arguments& app) {
    app.add_option("DEM", dem, "heights in metres, on a metric CRS")->required();
    app.add_option("--forest", forest,
                   "LANDCOVER.tif:CLASS,CLASS.. or FILE:LAYER of polygons; a raster on another\n"
                   "grid is aligned to the DEM")
        ->required();
    app.add_option("--units", units,
                   "FILE:LAYER:FIELD: areas to report by and the field that names them; repeatable")
        ->take_all();
    app.add_option(
        "--area", area,
        "FILE[:LAYER] of the city: what lies outside is neither forest to be seen nor a\n"
        "place to build (default: all that the rasters hold)");
    app.add_option("--margin", margin, "with --area: so many metres around it count as well")
        ->between(0.0, 1e6);
}

void SceneOptions::declare_cameras(Arguments& app) {
    sight.declare(app);
    app.add_option("--mast", defaults.mast, "of cameras that do not say mast_m (挂高), m")
        ->capture_default_str();
    app.add_option("--range", defaults.range, "of cameras that do not say range_m (监控半径), m")
        ->capture_default_str();
    app.add_option("--id-field", id_field,
                   "field of ids (default: by data/spec: id, 设备编号 ...)");
    app.add_option("--mast-field", mast_field, "field of masts");
    app.add_option("--range-field", range_field, "field of ranges");
}

ForestScene::ForestScene(const SceneOptions& options, const Context& context)
    : m_options{options}, m_context{context}, m_dem{open_dem(options.dem, options.sight, context)},
      m_canopy{open_canopy(options.sight, m_dem->grid(), context)} {
    m_forest = forest::open_forest(forest::parse_forest(options.forest), m_dem->grid(),
                                   context.door, context.execution);
    for (const auto& text : m_forest.remarks)
        remark(text);
    if (options.area.empty() && options.margin > 0)
        throw Error{ErrorKind::usage, "a margin, and no area", "give --area FILE:LAYER"};
    if (!options.area.empty()) {
        auto table = context.door.table(spec::Source::parse(options.area), spec::any_layer(),
                                        spec::Shapes::wanted);
        const auto layer = vector::transformed(std::move(table.layer()), m_dem->grid().crs);
        std::vector<MultiPolygon> shapes;
        for (const auto& feature : layer.features)
            if (!feature.shape.polygons.empty())
                shapes.push_back(feature.shape.polygons);
        if (shapes.empty())
            throw input_error(fmt::format("'{}' holds no polygons", options.area),
                              "give the layer of the city, or of its counties");
        m_area.emplace(std::move(shapes), options.margin);
    }
    m_cells.emplace(m_area ? *m_area->forest(m_forest.share, context.execution) : *m_forest.share,
                    context.execution);
}

void ForestScene::tell_ground(const std::vector<forest::UnitLayer>& units) {
    if (!units.empty())
        if (const auto gaps = forest::cover_remark(m_forest, units[0], m_context.execution);
            !gaps.empty())
            remark(gaps);
    for (const auto& text : forest::ground_remarks(scene(), m_context.execution))
        remark(text);
}

void ForestScene::tell_across(const std::vector<forest::Camera>& cameras,
                              const visibility::Sight& sight,
                              std::span<const siting::DemandSet> views) {
    const auto across =
        forest::seen_across(cameras, scene(), sight, m_context.execution, views).remark();
    if (!across.empty())
        remark(sight.target > 0 ? fmt::format("targets {:g} m high: {}", sight.target, across)
                                : across);
}

void ForestScene::keep_within(std::vector<forest::Camera>& sites, const std::string& text) {
    if (!m_area)
        return;
    if (const auto told = m_area->keep_within(sites, text); !told.empty())
        remark(told);
}

void ForestScene::remark(const std::string& text) {
    m_context.warn(text);
    m_remarks.push_back(text);
}

forest::Scene ForestScene::scene() const {
    return {*m_dem, m_canopy.get(), *m_cells};
}

std::vector<forest::UnitLayer> read_units(const std::vector<std::string>& texts,
                                          const forest::ForestCells& cells,
                                          const Context& context) {
    std::vector<forest::UnitLayer> layers;
    for (const auto& text : texts) {
        const auto named = spec::FieldSource::parse(text);
        if (named.field.empty() || named.source.empty())
            throw Error{ErrorKind::usage, fmt::format("--units '{}' lacks a part", text),
                        "write FILE:LAYER:FIELD, or FILE::FIELD for the first layer"};
        const auto areas = context.door.areas(named);
        layers.push_back(forest::unit_layer(areas.layer, areas.field, cells, context.execution));
    }
    return layers;
}

std::vector<forest::UnitLayer> ForestScene::units() const {
    return read_units(m_options.units, *m_cells, m_context);
}

spec::Source ForestScene::source_of(const std::string& text) const {
    auto source = spec::Source::parse(text);
    for (const auto& [theirs, ours] : {std::pair{m_options.id_field, "id"},
                                       {m_options.mast_field, "mast_m"},
                                       {m_options.range_field, "range_m"},
                                       {m_options.cost_field, "cost_10k_yuan"}})
        if (!theirs.empty())
            source.fields.emplace_back(theirs, ours);
    return source;
}

void ForestScene::drop_groundless(std::vector<forest::Camera>& cameras, const std::string& text) {
    const auto dropped = forest::drop_groundless(cameras, *m_dem);
    if (!dropped.empty())
        remark(forest::groundless_remark(dropped, text));
}

std::vector<forest::Camera> ForestScene::cameras(const std::string& text,
                                                 const std::string& prefix) {
    auto table = m_context.door.table(source_of(text), "cameras", spec::Shapes::points);
    auto cameras = forest::cameras_of(table, m_dem->grid().crs, m_options.defaults, prefix);
    drop_groundless(cameras, text);
    return cameras;
}

std::vector<forest::Camera> ForestScene::water_points(const std::string& text) {
    auto table = m_context.door.table(source_of(text), "water_points", spec::Shapes::points);
    auto points = forest::water_points_of(table, m_dem->grid().crs, m_options.defaults.cost);
    drop_groundless(points, text);
    return points;
}

} // namespace riskmap::tool
