// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>

#include <fmt/format.h>
#include <ogr_api.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/vector/stream.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::vector {

std::vector<std::string> layer_names(const std::filesystem::path& path) {
    const auto dataset = gdal::open(path, GDAL_OF_VECTOR);
    std::vector<std::string> names;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset.get()); ++i)
        names.push_back(to_utf8(OGR_L_GetName(GDALDatasetGetLayer(dataset.get(), i))));
    return names;
}

Layer read_layer(const std::filesystem::path& path, const std::string& name, Geometry geometry) {
    LayerStream stream{path, name};
    if (geometry == Geometry::wanted && stream.crs().empty())
        throw input_error(
            fmt::format("layer '{}' of '{}' has no CRS", stream.name(), path.string()),
            "give it one: ogr2ogr -a_srs EPSG:4490 NEW OLD, or add its .prj file");
    Layer layer{
        stream.name(), geometry == Geometry::wanted ? stream.crs() : Crs{}, stream.fields(), {}};
    while (const auto batch = stream.next())
        for (auto& source : stream.values_of(*batch)) {
            if (geometry == Geometry::none)
                source.feature.shape = {};
            layer.features.push_back(std::move(source.feature));
        }
    return layer;
}

} // namespace riskmap::vector
