// SPDX-License-Identifier: MIT
#include <riskmap/raster/writer.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::raster {

namespace {

struct FreeColours {
    void operator()(GDALColorTableH table) const noexcept { GDALDestroyColorTable(table); }
};

GDALDataType gdal_type(CellType type) {
    switch (type) {
    case CellType::byte:
        return GDT_Byte;
    case CellType::uint16:
        return GDT_UInt16;
    case CellType::float32:
        return GDT_Float32;
    case CellType::float64:
        return GDT_Float64;
    }
    return GDT_Unknown;
}

bool is_class_type(CellType type) {
    return type == CellType::byte || type == CellType::uint16;
}

void set_classes(GDALRasterBandH band, const std::vector<ClassEntry>& classes) {
    const std::unique_ptr<void, FreeColours> colours{GDALCreateColorTable(GPI_RGB)};
    int most = 0;
    for (const auto& entry : classes)
        most = std::max(most, entry.value);
    std::vector<std::string> names(static_cast<std::size_t>(most) + 1);
    const GDALColorEntry clear{0, 0, 0, 0};
    GDALSetColorEntry(colours.get(), 0, &clear);
    for (const auto& entry : classes) {
        const GDALColorEntry colour{entry.red, entry.green, entry.blue, 255};
        GDALSetColorEntry(colours.get(), entry.value, &colour);
        names[static_cast<std::size_t>(entry.value)] = entry.name;
    }
    GDALSetRasterColorTable(band, colours.get());
    GDALSetRasterCategoryNames(band, gdal::list_of(names).get());
}

/// GDAL asks now and then whether to go on.
int go_on(double, const char*, void* progress) {
    try {
        static_cast<const Progress*>(progress)->check();
    } catch (const Error&) {
        return 0;
    }
    return 1;
}

} // namespace

struct Writer::State {
    Grid grid;
    RasterSpec spec;
    unsigned threads = 1;
    Progress progress;
    PendingFile product;
    PendingFile plain; ///< what is written first; the same as the product unless that is a COG
    gdal::Dataset dataset;
    std::vector<double> buffer;

    [[nodiscard]] Error failure(const gdal::Messages& messages) const {
        return input_error(
            fmt::format("cannot write '{}': {}", product.target().string(), messages.text()),
            "check the folder's permission and the free space of the disk");
    }
    [[nodiscard]] const std::filesystem::path& first_path() const {
        return spec.layout == Layout::tiled ? product.path() : plain.path();
    }
};

Writer::Writer(const std::filesystem::path& target, const Grid& grid, RasterSpec spec,
               const Execution& execution) {
    gdal::start();
    auto plain_name = target;
    plain_name.replace_extension(".plain.tif");
    m_state.reset(new State{grid,
                            std::move(spec),
                            execution.thread_count(),
                            execution.progress,
                            PendingFile{target},
                            PendingFile{plain_name},
                            {},
                            {}});
    auto& state = *m_state;
    std::vector<std::string> options{"TILED=YES", "BLOCKXSIZE=512", "BLOCKYSIZE=512",
                                     "BIGTIFF=IF_SAFER"};
    if (state.spec.layout == Layout::tiled) {
        options.emplace_back("COMPRESS=DEFLATE");
        options.emplace_back("ZLEVEL=1");
        options.push_back(fmt::format("NUM_THREADS={}", state.threads));
    }
    const gdal::Messages messages;
    state.dataset.reset(GDALCreate(GDALGetDriverByName("GTiff"), state.first_path().c_str(),
                                   static_cast<int>(grid.columns), static_cast<int>(grid.rows), 1,
                                   gdal_type(state.spec.type), gdal::list_of(options).get()));
    if (!state.dataset)
        throw state.failure(messages);
    double transform[6] = {grid.left, grid.cell_width, 0, grid.top, 0, -grid.cell_height};
    GDALSetGeoTransform(state.dataset.get(), transform);
    GDALSetProjection(state.dataset.get(), grid.crs.wkt().c_str());
    for (const auto& [key, value] : state.spec.metadata)
        GDALSetMetadataItem(state.dataset.get(), ("RISKMAP_" + key).c_str(), value.c_str(),
                            nullptr);
    const auto band = GDALGetRasterBand(state.dataset.get(), 1);
    GDALSetRasterNoDataValue(
        band, is_class_type(state.spec.type) ? 0 : std::numeric_limits<double>::quiet_NaN());
    if (!state.spec.description.empty())
        GDALSetDescription(band, state.spec.description.c_str());
    if (!state.spec.unit.empty())
        GDALSetRasterUnitType(band, state.spec.unit.c_str());
    if (!state.spec.classes.empty())
        set_classes(band, state.spec.classes);
}

Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;

const Grid& Writer::grid() const {
    return m_state->grid;
}

void Writer::write(const Window& window, std::span<const double> values) {
    auto& state = *m_state;
    const gdal::Messages messages;
    const bool classes = is_class_type(state.spec.type);
    state.buffer.assign(values.begin(), values.end());
    if (classes)
        for (auto& v : state.buffer)
            v = std::isnan(v) ? 0 : v;
    if (GDALRasterIO(GDALGetRasterBand(state.dataset.get(), 1), GF_Write,
                     static_cast<int>(window.column), static_cast<int>(window.row),
                     static_cast<int>(window.columns), static_cast<int>(window.rows),
                     state.buffer.data(), static_cast<int>(window.columns),
                     static_cast<int>(window.rows), GDT_Float64, 0, 0) != CE_None)
        throw state.failure(messages);
}

void Writer::commit() {
    auto& state = *m_state;
    const gdal::Messages messages;
    GDALFlushCache(state.dataset.get());
    if (!messages.text().empty())
        throw state.failure(messages);
    if (state.spec.layout == Layout::cloud_optimized) {
        const bool classes = is_class_type(state.spec.type);
        const std::vector<std::string> options{"COMPRESS=DEFLATE",
                                               "LEVEL=6",
                                               classes ? "PREDICTOR=NO" : "PREDICTOR=YES",
                                               "BLOCKSIZE=512",
                                               classes ? "RESAMPLING=MODE" : "RESAMPLING=AVERAGE",
                                               fmt::format("NUM_THREADS={}", state.threads),
                                               "BIGTIFF=IF_SAFER"};
        gdal::Dataset copy{GDALCreateCopy(GDALGetDriverByName("COG"), state.product.path().c_str(),
                                          state.dataset.get(), 0, gdal::list_of(options).get(),
                                          go_on, &state.progress)};
        state.progress.check();
        if (!copy)
            throw state.failure(messages);
    }
    state.dataset.reset();
    if (!messages.text().empty())
        throw state.failure(messages);
    state.product.commit();
    m_state.reset();
}

} // namespace riskmap::raster
