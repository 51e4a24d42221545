// SPDX-License-Identifier: MIT
#include <riskmap/raster/source.hpp>

#include <algorithm>
#include <cmath>
#include <mutex>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::raster {

struct Reader::Pool {
    std::filesystem::path path;
    int band = 1;
    Grid grid;
    std::string type;
    GDALDataType data_type = GDT_Unknown;
    bool has_nodata = false;
    bool point_registered = false;
    double nodata_value = 0;
    bool has_mask = false;
    double scale = 1;
    double offset = 0;
    std::vector<std::string> categories;

    std::mutex mutex;
    std::vector<gdal::Dataset> idle;

    gdal::Dataset borrow() {
        {
            const std::lock_guard lock{mutex};
            if (!idle.empty()) {
                auto dataset = std::move(idle.back());
                idle.pop_back();
                return dataset;
            }
        }
        return gdal::open(path, GDAL_OF_RASTER);
    }
    void give_back(gdal::Dataset dataset) {
        const std::lock_guard lock{mutex};
        idle.push_back(std::move(dataset));
    }
};

namespace {

Grid grid_of(GDALDatasetH dataset, const std::filesystem::path& path) {
    double t[6] = {0, 1, 0, 0, 0, 1};
    if (GDALGetGeoTransform(dataset, t) != CE_None)
        throw input_error(
            fmt::format("'{}' has no place on the earth (no geotransform)", path.string()),
            "georeference it first, for example in QGIS, or add its world file");
    if (t[2] != 0 || t[4] != 0 || t[1] <= 0 || t[5] >= 0)
        throw input_error(fmt::format("'{}' is rotated or not north-up", path.string()),
                          "warp it with gdalwarp first");
    const char* wkt = GDALGetProjectionRef(dataset);
    if (wkt == nullptr || *wkt == '\0')
        throw input_error(fmt::format("'{}' has no CRS", path.string()),
                          "give it one: gdal_edit.py -a_srs EPSG:4549 FILE");
    Grid grid;
    grid.crs = Crs::parse(wkt);
    grid.left = t[0];
    grid.top = t[3];
    grid.cell_width = t[1];
    grid.cell_height = -t[5];
    grid.columns = GDALGetRasterXSize(dataset);
    grid.rows = GDALGetRasterYSize(dataset);
    return grid;
}

/// A nodata number as the band's type would hold it (-9999.9 in Float32).
double as_stored(double value, GDALDataType type) {
    return type == GDT_Float32 ? static_cast<double>(static_cast<float>(value)) : value;
}

} // namespace

Reader::Reader(const std::filesystem::path& path, int band) : m_pool{std::make_unique<Pool>()} {
    auto dataset = gdal::open(path, GDAL_OF_RASTER);
    if (band < 1 || band > GDALGetRasterCount(dataset.get()))
        throw input_error(fmt::format("'{}' has {} band(s), not a band {}", path.string(),
                                      GDALGetRasterCount(dataset.get()), band));
    m_pool->path = path;
    m_pool->band = band;
    m_pool->grid = grid_of(dataset.get(), path);
    const auto handle = GDALGetRasterBand(dataset.get(), band);
    m_pool->data_type = GDALGetRasterDataType(handle);
    if (GDALDataTypeIsComplex(m_pool->data_type) != 0)
        throw input_error(fmt::format("'{}' holds complex numbers", path.string()));
    m_pool->type = GDALGetDataTypeName(m_pool->data_type);
    const char* registration = GDALGetMetadataItem(dataset.get(), "AREA_OR_POINT", nullptr);
    m_pool->point_registered = registration != nullptr && std::string_view{registration} == "Point";
    int found = 0;
    m_pool->nodata_value = as_stored(GDALGetRasterNoDataValue(handle, &found), m_pool->data_type);
    m_pool->has_nodata = found != 0;
    const int mask = GDALGetMaskFlags(handle);
    m_pool->has_mask = (mask & (GMF_ALL_VALID | GMF_NODATA)) == 0;
    m_pool->scale = GDALGetRasterScale(handle, &found);
    if (found == 0)
        m_pool->scale = 1;
    m_pool->offset = GDALGetRasterOffset(handle, &found);
    if (found == 0)
        m_pool->offset = 0;
    if (char** names = GDALGetRasterCategoryNames(handle))
        for (; *names != nullptr; ++names)
            m_pool->categories.emplace_back(to_utf8(*names));
    m_pool->give_back(std::move(dataset));
}

Reader::~Reader() = default;

const Grid& Reader::grid() const {
    return m_pool->grid;
}
const std::filesystem::path& Reader::path() const {
    return m_pool->path;
}
const std::string& Reader::type_name() const {
    return m_pool->type;
}
bool Reader::declares_nodata() const {
    return m_pool->has_nodata || m_pool->has_mask;
}
bool Reader::point_registered() const {
    return m_pool->point_registered;
}
const std::vector<std::string>& Reader::categories() const {
    return m_pool->categories;
}

std::string Reader::metadata(const std::string& key) const {
    auto dataset = m_pool->borrow();
    const char* value = GDALGetMetadataItem(dataset.get(), ("RISKMAP_" + key).c_str(), nullptr);
    std::string text = value == nullptr ? "" : to_utf8(value);
    m_pool->give_back(std::move(dataset));
    return text;
}

void Reader::read(const Window& window, std::span<double> values) const {
    std::fill(values.begin(), values.end(), nodata);
    const Window inside = window.intersection(grid().window());
    if (inside.empty())
        return;
    double* first = values.data() + (inside.row - window.row) * window.columns +
                    (inside.column - window.column);
    auto dataset = m_pool->borrow();
    const auto band = GDALGetRasterBand(dataset.get(), m_pool->band);
    const auto x = static_cast<int>(inside.column);
    const auto y = static_cast<int>(inside.row);
    const auto w = static_cast<int>(inside.columns);
    const auto h = static_cast<int>(inside.rows);
    const gdal::Messages messages;
    const auto fail = [&] {
        throw input_error(fmt::format("cannot read '{}' at columns {}-{}, rows {}-{}: {}",
                                      m_pool->path.string(), x, x + w - 1, y, y + h - 1,
                                      messages.text()),
                          "the file is damaged or cut short: get it again");
    };
    if (GDALRasterIO(band, GF_Read, x, y, w, h, first, w, h, GDT_Float64, sizeof(double),
                     static_cast<int>(window.columns) * static_cast<int>(sizeof(double))) !=
        CE_None)
        fail();
    std::vector<unsigned char> mask;
    if (m_pool->has_mask) {
        mask.resize(inside.size());
        if (GDALRasterIO(GDALGetMaskBand(band), GF_Read, x, y, w, h, mask.data(), w, h, GDT_Byte, 0,
                         0) != CE_None)
            fail();
    }
    const bool test = m_pool->has_nodata;
    const double hole = m_pool->nodata_value;
    const double scale = m_pool->scale;
    const double offset = m_pool->offset;
    for (std::int64_t r = 0; r < inside.rows; ++r) {
        double* row = first + r * window.columns;
        const unsigned char* seen = mask.empty() ? nullptr : mask.data() + r * inside.columns;
        for (std::int64_t c = 0; c < inside.columns; ++c) {
            const double v = row[c];
            const bool bad =
                !std::isfinite(v) || (test && v == hole) || (seen != nullptr && seen[c] == 0);
            row[c] = bad ? nodata : v * scale + offset;
        }
    }
    m_pool->give_back(std::move(dataset));
}

InMemory::InMemory(Grid grid, std::vector<double> values)
    : m_grid{std::move(grid)}, m_values{std::move(values)} {
    if (m_values.size() != m_grid.window().size())
        throw Error{ErrorKind::internal, "values do not fill their grid"};
}

void InMemory::read(const Window& window, std::span<double> values) const {
    std::fill(values.begin(), values.end(), nodata);
    const Window inside = window.intersection(m_grid.window());
    for (std::int64_t r = inside.row; r < inside.row + inside.rows; ++r)
        std::copy_n(m_values.data() + r * m_grid.columns + inside.column, inside.columns,
                    values.data() + (r - window.row) * window.columns +
                        (inside.column - window.column));
}

} // namespace riskmap::raster
