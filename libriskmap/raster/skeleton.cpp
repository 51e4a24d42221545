// SPDX-License-Identifier: MIT
#include "skeleton.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include <cpl_vsi.h>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "../geo/gdal.hpp"
#include "packing.hpp"

namespace riskmap::raster {

namespace {

struct FreeColours {
    void operator()(GDALColorTableH table) const noexcept { GDALDestroyColorTable(table); }
};

GDALDataType gdal_type(CellType type) {
    switch (type) {
    case CellType::byte:
    case CellType::mask:
        return GDT_Byte;
    case CellType::uint16:
    case CellType::count:
        return GDT_UInt16;
    case CellType::float32:
        return GDT_Float32;
    case CellType::float64:
        return GDT_Float64;
    }
    return GDT_Unknown;
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

/// A file name of GDAL's memory, and what is left there, gone at the end.
class MemoryFile {
  public:
    MemoryFile() {
        static std::atomic<unsigned> serial{0};
        m_name = fmt::format("/vsimem/riskmap-{}.tif", ++serial);
    }
    ~MemoryFile() {
        VSIUnlink(m_name.c_str());
        VSIUnlink(sidecar().c_str());
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    [[nodiscard]] const std::string& name() const noexcept { return m_name; }
    [[nodiscard]] std::string sidecar() const { return m_name + ".aux.xml"; }
    [[nodiscard]] static std::span<const std::byte> bytes(const std::string& name) {
        vsi_l_offset size = 0;
        const auto* data = VSIGetMemFileBuffer(name.c_str(), &size, FALSE);
        return std::as_bytes(std::span{data, data == nullptr ? 0 : static_cast<std::size_t>(size)});
    }

  private:
    std::string m_name;
};

} // namespace

Skeleton skeleton_of(const Grid& grid, const RasterSpec& spec) {
    const MemoryFile file;
    const std::vector<std::string> options{
        "TILED=YES",
        fmt::format("BLOCKXSIZE={}", tile_side),
        fmt::format("BLOCKYSIZE={}", tile_side),
        "COMPRESS=DEFLATE",
        fmt::format("PREDICTOR={}", static_cast<int>(predictor_of(spec.type))),
        "SPARSE_OK=TRUE",
        "ENDIANNESS=LITTLE"};
    const gdal::Messages messages;
    gdal::Dataset dataset{GDALCreate(GDALGetDriverByName("GTiff"), file.name().c_str(), 1, 1, 1,
                                     gdal_type(spec.type), gdal::list_of(options).get())};
    if (!dataset)
        throw Error{ErrorKind::internal, fmt::format("no GeoTIFF: {}", messages.text())};
    double transform[6] = {grid.left, grid.cell_width, 0, grid.top, 0, -grid.cell_height};
    GDALSetGeoTransform(dataset.get(), transform);
    GDALSetProjection(dataset.get(), grid.crs.wkt().c_str());
    for (const auto& [key, value] : spec.metadata)
        GDALSetMetadataItem(dataset.get(), ("RISKMAP_" + key).c_str(), value.c_str(), nullptr);
    const auto band = GDALGetRasterBand(dataset.get(), 1);
    GDALSetRasterNoDataValue(band, hole_of(spec.type));
    if (!spec.description.empty())
        GDALSetDescription(band, spec.description.c_str());
    if (!spec.unit.empty())
        GDALSetRasterUnitType(band, spec.unit.c_str());
    if (!spec.classes.empty())
        set_classes(band, spec.classes);
    dataset.reset();
    const auto sidecar = MemoryFile::bytes(file.sidecar());
    return {read_directory(MemoryFile::bytes(file.name())),
            {reinterpret_cast<const char*>(sidecar.data()), sidecar.size()}};
}

} // namespace riskmap::raster
