// SPDX-License-Identifier: MIT
#include <riskmap/atlas/export.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/atlas/picture.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/vector/layer.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;
using Written = std::vector<fs::path>;

fs::path with_suffix(fs::path stem, std::string_view suffix) {
    stem += suffix;
    return stem;
}

Written copy_raster(const fs::path& product, const fs::path& target, const char* driver,
                    const std::vector<std::string>& options) {
    const auto source = gdal::open(product, GDAL_OF_RASTER);
    const gdal::Messages messages;
    PendingFile pending{target};
    gdal::Dataset copy{GDALCreateCopy(GDALGetDriverByName(driver), pending.path().c_str(),
                                      source.get(), 0, gdal::list_of(options).get(), nullptr,
                                      nullptr)};
    const bool made = copy != nullptr;
    copy.reset();
    if (!made || !messages.text().empty())
        throw cannot_write(target, messages.text());
    pending.commit();
    return {target};
}

Written write_gtiff(const fs::path& product, const fs::path& stem, const Execution& execution) {
    return copy_raster(product, with_suffix(stem, ".tif"), "GTiff",
                       {"TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER",
                        fmt::format("NUM_THREADS={}", execution.thread_count())});
}

Written write_cog(const fs::path& product, const fs::path& stem, const Execution& execution) {
    return copy_raster(product, with_suffix(stem, ".tif"), "COG",
                       {"COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER",
                        fmt::format("NUM_THREADS={}", execution.thread_count())});
}

Written write_geopackage(const fs::path& product, const fs::path& stem, const Execution&) {
    const auto target = with_suffix(stem, ".gpkg");
    write_file(target, read_file(product));
    return {target};
}

/// One file per layer: the product's own layer under its name, others with theirs added.
template <class Write>
Written write_layers(const fs::path& product, const fs::path& stem, std::string_view suffix,
                     Write write) {
    Written written;
    for (const auto& name : vector::layer_names(product)) {
        if (name == "layer_styles")
            continue;
        const auto layer = vector::read_layer(product, name);
        const bool main = name == product.stem().string();
        const auto own = with_suffix(stem, main ? std::string{suffix}
                                                : "-" + safe_file_name(name) + std::string{suffix});
        write(own, layer);
        written.push_back(own);
    }
    return written;
}

Written write_geojson_files(const fs::path& product, const fs::path& stem, const Execution&) {
    return write_layers(product, stem, ".geojson", vector::write_geojson);
}

Written write_shapefiles(const fs::path& product, const fs::path& stem, const Execution&) {
    return write_layers(product, stem, ".shp", vector::write_shapefile);
}

std::vector<MultiPolygon> shapes_of(const fs::path& units, const char* name, const Crs& crs) {
    std::vector<MultiPolygon> shapes;
    const auto names = vector::layer_names(units);
    if (std::find(names.begin(), names.end(), name) == names.end())
        return shapes;
    for (auto& feature : vector::transformed(vector::read_layer(units, name), crs).features)
        shapes.push_back(std::move(feature.shape.polygons));
    return shapes;
}

Written write_png(const fs::path& product, const fs::path& stem, const Execution& execution) {
    const auto target = with_suffix(stem, ".png");
    PictureOptions options;
    std::vector<MultiPolygon> townships;
    std::vector<MultiPolygon> counties;
    if (const auto units = product.parent_path() / "units.gpkg"; fs::exists(units)) {
        const Crs crs = raster::Reader{product}.grid().crs;
        townships = shapes_of(units, "units", crs);
        counties = shapes_of(units, "counties", crs);
        options.thin_borders = townships;
        options.thick_borders = counties;
    }
    write_picture(product, target, options, execution);
    return {target};
}

constexpr std::array<ExportFormat, 6> formats{{
    {"gtiff", ".tif", "GeoTIFF, tiled, DEFLATE", true, &write_gtiff},
    {"cog", ".tif", "cloud optimized GeoTIFF with overviews", true, &write_cog},
    {"png", ".png", "picture with the borders of the units", true, &write_png},
    {"geojson", ".geojson", "GeoJSON after RFC 7946 (WGS 84)", false, &write_geojson_files},
    {"gpkg", ".gpkg", "GeoPackage with styles", false, &write_geopackage},
    {"shp", ".shp", "Shapefile, UTF-8, names cut to 10 bytes", false, &write_shapefiles},
}};

/// Products of all areas: files in the folders right under the run's.
std::vector<fs::path> products_of(const fs::path& run) {
    std::vector<fs::path> products;
    std::error_code failure;
    for (const auto& area : fs::directory_iterator{run, failure}) {
        if (!area.is_directory() || area.path().filename().string().starts_with('.'))
            continue;
        for (const auto& file : fs::directory_iterator{area.path()})
            if (file.path().extension() == ".tif" || file.path().extension() == ".gpkg")
                products.push_back(file.path());
    }
    if (products.empty())
        throw input_error(fmt::format("'{}' holds no products of a run", run.string()),
                          "give the folder that riskmap run wrote: out beside the project file");
    std::sort(products.begin(), products.end());
    return products;
}

} // namespace

std::span<const ExportFormat> export_formats() {
    return formats;
}

std::vector<const ExportFormat*> parse_export_formats(const std::string& list) {
    std::vector<const ExportFormat*> chosen;
    for (const auto& part : split(list, ',')) {
        const auto* format = &row_named(formats, std::string{trim(part)}, "format");
        for (const auto* other : chosen)
            if (other->suffix == format->suffix)
                throw Error{
                    ErrorKind::usage,
                    fmt::format("{} and {} write the same file names", other->name, format->name),
                    "export them to two folders"};
        chosen.push_back(format);
    }
    return chosen;
}

std::vector<fs::path> export_run(const fs::path& run, std::span<const ExportFormat* const> chosen,
                                 const fs::path& target, Overwrite overwrite,
                                 const Execution& execution) {
    const auto products = products_of(run);
    Written written;
    for (std::size_t i = 0; i < products.size(); ++i) {
        const auto& product = products[i];
        const bool is_raster = product.extension() == ".tif";
        const auto stem = target / product.parent_path().filename() / product.stem();
        for (const auto* format : chosen) {
            if (format->of_rasters != is_raster)
                continue;
            execution.progress.check();
            const auto file = with_suffix(stem, format->suffix);
            if (overwrite == Overwrite::no && fs::exists(file))
                throw input_error(fmt::format("'{}' exists already", file.string()),
                                  "add --overwrite, or export to another folder");
            const auto files = format->write(product, stem, execution);
            written.insert(written.end(), files.begin(), files.end());
        }
        execution.progress.report("export", static_cast<double>(i + 1) /
                                                static_cast<double>(products.size()));
    }
    return written;
}

} // namespace riskmap::atlas
