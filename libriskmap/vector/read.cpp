// SPDX-License-Identifier: MIT
#include <riskmap/vector/layer.hpp>

#include <algorithm>

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

std::vector<LayerSummary> summaries_of(const std::filesystem::path& path) {
    const auto dataset = gdal::open(path, GDAL_OF_VECTOR);
    const gdal::Messages unheard; // what is wrong is told when it is read
    // What only a walk through the file could count is taken to hold something.
    const bool counted = is_workbook(path);
    std::vector<LayerSummary> out;
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset.get()); ++i) {
        const OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), i);
        const auto features = counted ? OGR_L_GetFeatureCount(layer, 1) : 1;
        out.push_back({to_utf8(OGR_L_GetName(layer)),
                       static_cast<std::uint64_t>(std::max<GIntBig>(0, features)),
                       static_cast<std::size_t>(OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(layer)))});
    }
    return out;
}

bool is_workbook(const std::filesystem::path& path) {
    const auto ending = small_letters(path.extension().string());
    return ending == ".xlsx" || ending == ".xls" || ending == ".ods";
}

bool holds_instructions(const std::string& sheet) {
    for (const char* word : {"说明", "须知", "解释", "目录", "封面", "字典", "代码表"})
        if (sheet.find(word) != std::string::npos)
            return true;
    const auto small = small_letters(sheet);
    return small == "readme" || small == "instructions" || small == "contents";
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
