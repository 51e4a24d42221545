// SPDX-License-Identifier: MIT
#include "forest_scene.hpp"

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

namespace riskmap::tool {

void SceneOptions::declare(CLI::App& app) {
    app.add_option("DEM", dem, "heights in metres, on a metric CRS")->required();
    app.add_option("--forest", forest,
                   "LANDCOVER.tif:CLASS,CLASS.. or FILE:LAYER of polygons; a raster on another\n"
                   "grid is aligned to the DEM")
        ->required();
    app.add_option("--units", units,
                   "FILE:LAYER:FIELD: areas to report by and the field that names them; repeatable")
        ->take_all();
}

void SceneOptions::declare_cameras(CLI::App& app) {
    sight.declare(app);
    app.add_option("--mast", fields.default_mast, "of cameras without a field mast_m or mast, m")
        ->capture_default_str();
    app.add_option("--range", fields.default_range,
                   "of cameras without a field range_m or range, m")
        ->capture_default_str();
    app.add_option("--id-field", fields.id, "field of ids (default: id)");
    app.add_option("--mast-field", fields.mast, "field of masts");
    app.add_option("--range-field", fields.range, "field of ranges");
}

ForestScene::ForestScene(const SceneOptions& options, const Context& context)
    : m_options{options}, m_context{context}, m_dem{open_dem(options.dem, context)},
      m_canopy{open_canopy(options.sight, m_dem->grid(), context)} {
    const auto opened = forest::open_forest(forest::ForestSource::parse(options.forest),
                                            m_dem->grid(), context.execution);
    for (const auto& text : opened.remarks)
        remark(text);
    m_cells.emplace(*opened.share, context.execution);
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
                                          const Execution& execution) {
    std::vector<forest::UnitLayer> layers;
    for (const auto& text : texts) {
        const auto colon = text.rfind(':');
        const auto [file, layer] = split_layer_name(text.substr(0, colon));
        if (colon == std::string::npos || colon == file.size())
            throw Error{ErrorKind::usage, fmt::format("--units '{}' lacks a part", text),
                        "write FILE:LAYER:FIELD, or FILE::FIELD for the first layer"};
        layers.push_back(forest::unit_layer(vector::read_layer(file, layer), text.substr(colon + 1),
                                            cells, execution));
    }
    return layers;
}

std::vector<forest::UnitLayer> ForestScene::units() const {
    return read_units(m_options.units, *m_cells, m_context.execution);
}

std::vector<forest::Camera> ForestScene::cameras(const std::string& text) {
    const auto [file, layer] = split_layer_name(text);
    auto cameras =
        forest::cameras_of(vector::read_layer(file, layer), m_dem->grid().crs, m_options.fields);
    const auto dropped = forest::drop_groundless(cameras, *m_dem);
    if (!dropped.empty())
        remark(forest::groundless_remark(dropped, text));
    return cameras;
}

} // namespace riskmap::tool
