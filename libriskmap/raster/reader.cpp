// SPDX-License-Identifier: MIT
#include <riskmap/raster/source.hpp>

#include <algorithm>
#include <array>
#include <mutex>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "../geo/gdal.hpp"
#include "samples.hpp"
#include "tile_cache.hpp"

namespace riskmap::raster {

struct Reader::Pool {
    std::filesystem::path path;
    int band = 1;
    Grid grid;
    std::string type;
    bool point_registered = false;
    bool has_mask = false;
    std::vector<std::string> categories;
    std::string unit;
    Meaning meaning;
    Piece piece;
    std::unique_ptr<TileCache> cache; ///< of a file that is decoded without GDAL

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

    /// Fills the part `inside` of `window`, whose values are `values`.
    void read_by_gdal(const Window& inside, const Window& window, std::span<double> values);
    /// Cells that the mask band hides become nodata.
    void hide_masked(GDALRasterBandH handle, const Window& inside, const Window& window,
                     std::span<double> values) const;
    [[nodiscard]] Error failure(const Window& inside, const std::string& reason) const;
};

namespace {

std::vector<std::string> variables_of(GDALDatasetH dataset) {
    char** list = GDALGetMetadata(dataset, "SUBDATASETS");
    std::vector<std::string> names;
    for (int i = 1;; ++i) {
        const char* name = CSLFetchNameValue(list, fmt::format("SUBDATASET_{}_NAME", i).c_str());
        if (name == nullptr)
            return names;
        const std::string_view text{name};
        names.emplace_back(text.substr(text.rfind(':') + 1));
    }
}

double* place_in(const Window& window, const Window& inside, std::span<double> values) {
    return values.data() + (inside.row - window.row) * window.columns + inside.column -
           window.column;
}

/// A NetCDF file of several variables is no raster: which one is meant has to be said.
void refuse_several(GDALDatasetH dataset, const std::filesystem::path& path) {
    const auto names = variables_of(dataset);
    if (GDALGetRasterCount(dataset) == 0 && !names.empty())
        throw input_error(
            fmt::format("'{}' holds several rasters: {}", path.string(), fmt::join(names, ", ")),
            fmt::format("name one: {}:{}", path.string(), names.front()));
}

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

/// Whether GDAL's values are those that the file's own bytes spell.
bool same_type(GDALDataType type, Sample sample) {
    constexpr std::array<GDALDataType, 7> types{GDT_Byte,  GDT_UInt16,  GDT_Int16,  GDT_UInt32,
                                                GDT_Int32, GDT_Float32, GDT_Float64};
    return type == types[static_cast<std::size_t>(sample)];
}

std::unique_ptr<TileCache> tiles_of(GDALDatasetH dataset, GDALRasterBandH band,
                                    const std::filesystem::path& path, int number,
                                    const Grid& grid) {
    const auto driver = GDALGetDatasetDriver(dataset);
    if (std::string_view{GDALGetDriverShortName(driver)} != "GTiff")
        return nullptr;
    auto tiles = TiffTiles::open(path, number);
    if (!tiles || !same_type(GDALGetRasterDataType(band), tiles->sample()) ||
        tiles->columns() != grid.columns || tiles->rows() != grid.rows)
        return nullptr;
    return std::make_unique<TileCache>(std::move(tiles));
}

} // namespace

Error Reader::Pool::failure(const Window& inside, const std::string& reason) const {
    return input_error(fmt::format("cannot read '{}' at columns {}-{}, rows {}-{}: {}",
                                   path.string(), inside.column, inside.column + inside.columns - 1,
                                   inside.row, inside.row + inside.rows - 1,
                                   reason.empty() ? "damaged block" : reason),
                       "the file is damaged or cut short: get it again");
}

void Reader::Pool::read_by_gdal(const Window& inside, const Window& window,
                                std::span<double> values) {
    auto dataset = borrow();
    const auto handle = GDALGetRasterBand(dataset.get(), band);
    double* first = place_in(window, inside, values);
    const gdal::Messages messages;
    if (GDALRasterIO(handle, GF_Read, static_cast<int>(inside.column), static_cast<int>(inside.row),
                     static_cast<int>(inside.columns), static_cast<int>(inside.rows), first,
                     static_cast<int>(inside.columns), static_cast<int>(inside.rows), GDT_Float64,
                     sizeof(double),
                     static_cast<int>(window.columns) * static_cast<int>(sizeof(double))) !=
        CE_None)
        throw failure(inside, messages.text());
    for (std::int64_t r = 0; r < inside.rows; ++r)
        to_values({first + r * window.columns, static_cast<std::size_t>(inside.columns)}, meaning);
    hide_masked(handle, inside, window, values);
    give_back(std::move(dataset));
}

void Reader::Pool::hide_masked(GDALRasterBandH handle, const Window& inside, const Window& window,
                               std::span<double> values) const {
    if (!has_mask)
        return;
    std::vector<unsigned char> mask(inside.size());
    const gdal::Messages messages;
    const auto columns = static_cast<int>(inside.columns);
    const auto rows = static_cast<int>(inside.rows);
    if (GDALRasterIO(GDALGetMaskBand(handle), GF_Read, static_cast<int>(inside.column),
                     static_cast<int>(inside.row), columns, rows, mask.data(), columns, rows,
                     GDT_Byte, 0, 0) != CE_None)
        throw failure(inside, messages.text());
    double* first = place_in(window, inside, values);
    for (std::int64_t r = 0; r < inside.rows; ++r)
        for (std::int64_t c = 0; c < inside.columns; ++c)
            if (mask[static_cast<std::size_t>(r * inside.columns + c)] == 0)
                first[r * window.columns + c] = nodata;
}

/// The decoded tiles of a window.
class Reader::OpenTiles final : public Source {
  public:
    OpenTiles(Pool& pool, const Window& window) : m_pool{pool} {
        const auto& tiles = pool.cache->tiles();
        m_first_across = window.column / tiles.tile_columns();
        m_first_down = window.row / tiles.tile_rows();
        if (window.empty())
            return;
        m_across = (window.column + window.columns - 1) / tiles.tile_columns() + 1 - m_first_across;
        const auto down = (window.row + window.rows - 1) / tiles.tile_rows() + 1 - m_first_down;
        for (std::int64_t j = 0; j < down; ++j)
            for (std::int64_t i = 0; i < m_across; ++i)
                m_tiles.push_back(pool.cache->tile(m_first_across + i, m_first_down + j, window));
    }
    [[nodiscard]] const Grid& grid() const override { return m_pool.grid; }
    using Source::read;
    /// Of windows that reach beyond what was opened, the part within is read.
    void read(const Window& window, std::span<double> values) const override {
        std::fill(values.begin(), values.end(), nodata);
        const auto& layout = m_pool.cache->tiles();
        for (std::size_t k = 0; k < m_tiles.size(); ++k) {
            const auto i = static_cast<std::int64_t>(k) % m_across + m_first_across;
            const auto j = static_cast<std::int64_t>(k) / m_across + m_first_down;
            const Window tile{i * layout.tile_columns(), j * layout.tile_rows(),
                              layout.tile_columns(), layout.tile_rows()};
            const Window part = tile.intersection(window).intersection(m_pool.grid.window());
            if (!part.empty())
                copy(*m_tiles[k], tile, part, window, values);
        }
        if (m_pool.has_mask)
            hide(window, values);
    }

  private:
    void copy(const Tile& tile, const Window& place, const Window& part, const Window& window,
              std::span<double> values) const {
        if (tile.found == TiffTiles::Found::damaged)
            throw m_pool.failure(place.intersection(m_pool.grid.window()),
                                 "the length or checksum of this block is wrong");
        if (tile.found == TiffTiles::Found::foreign) {
            m_pool.read_by_gdal(part, window, values);
            return;
        }
        const auto columns = static_cast<std::size_t>(part.columns);
        double* out = place_in(window, part, values);
        const auto& meaning = m_pool.meaning;
        if (tile.found == TiffTiles::Found::sparse) {
            if (meaning.has_hole)
                return;
            double zero = 0;
            to_values({&zero, 1}, meaning);
            for (std::int64_t r = 0; r < part.rows; ++r)
                std::fill_n(out + r * window.columns, columns, zero);
            return;
        }
        const Sample sample = m_pool.cache->tiles().sample();
        for (std::int64_t r = 0; r < part.rows; ++r) {
            const auto at = static_cast<std::size_t>((part.row + r - place.row) * place.columns +
                                                     part.column - place.column);
            to_values(tile.samples.data() + at * bytes_of(sample), columns, sample, meaning,
                      out + r * window.columns);
        }
    }
    void hide(const Window& window, std::span<double> values) const {
        const Window inside = window.intersection(m_pool.grid.window());
        if (inside.empty())
            return;
        auto dataset = m_pool.borrow();
        m_pool.hide_masked(GDALGetRasterBand(dataset.get(), m_pool.band), inside, window, values);
        m_pool.give_back(std::move(dataset));
    }

    Pool& m_pool;
    std::int64_t m_first_across = 0;
    std::int64_t m_first_down = 0;
    std::int64_t m_across = 0;
    std::vector<std::shared_ptr<const Tile>> m_tiles;
};

std::filesystem::path with_variable(const std::filesystem::path& file,
                                    const std::string& variable) {
    return variable.empty() ? file : std::filesystem::path{file.string() + ":" + variable};
}

std::vector<std::string> variables_of(const std::filesystem::path& path) {
    const auto dataset = gdal::open(path, GDAL_OF_RASTER);
    const gdal::Messages unheard;
    return GDALGetRasterCount(dataset.get()) == 0 ? variables_of(dataset.get())
                                                  : std::vector<std::string>{};
}

Reader::Reader(const std::filesystem::path& path, int band) : m_pool{std::make_unique<Pool>()} {
    auto dataset = gdal::open(path, GDAL_OF_RASTER);
    const gdal::Messages unheard; // what is damaged is told when it is read
    refuse_several(dataset.get(), path);
    if (band < 1 || band > GDALGetRasterCount(dataset.get()))
        throw input_error(fmt::format("'{}' has {} band(s), not a band {}", path.string(),
                                      GDALGetRasterCount(dataset.get()), band));
    m_pool->path = path;
    m_pool->band = band;
    m_pool->grid = grid_of(dataset.get(), path);
    const auto handle = GDALGetRasterBand(dataset.get(), band);
    const auto data_type = GDALGetRasterDataType(handle);
    if (GDALDataTypeIsComplex(data_type) != 0)
        throw input_error(fmt::format("'{}' holds complex numbers", path.string()));
    m_pool->type = GDALGetDataTypeName(data_type);
    const char* registration = GDALGetMetadataItem(dataset.get(), "AREA_OR_POINT", nullptr);
    m_pool->point_registered = registration != nullptr && std::string_view{registration} == "Point";
    int found = 0;
    auto& meaning = m_pool->meaning;
    meaning.hole = as_stored(GDALGetRasterNoDataValue(handle, &found), data_type);
    meaning.has_hole = found != 0;
    const int mask = GDALGetMaskFlags(handle);
    m_pool->has_mask = (mask & (GMF_ALL_VALID | GMF_NODATA)) == 0;
    const double scale = GDALGetRasterScale(handle, &found);
    meaning.scale = found != 0 ? scale : 1;
    const double offset = GDALGetRasterOffset(handle, &found);
    meaning.offset = found != 0 ? offset : 0;
    if (char** names = GDALGetRasterCategoryNames(handle))
        for (; *names != nullptr; ++names)
            m_pool->categories.emplace_back(to_utf8(*names));
    m_pool->unit = to_utf8(GDALGetRasterUnitType(handle));
    int block_columns = 0;
    int block_rows = 0;
    GDALGetBlockSize(handle, &block_columns, &block_rows);
    m_pool->piece = {block_columns, block_rows};
    m_pool->cache = tiles_of(dataset.get(), handle, path, band, m_pool->grid);
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
    return m_pool->meaning.has_hole || m_pool->has_mask;
}
bool Reader::point_registered() const {
    return m_pool->point_registered;
}
const std::vector<std::string>& Reader::categories() const {
    return m_pool->categories;
}

const std::string& Reader::unit() const {
    return m_pool->unit;
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
    if (m_pool->cache)
        OpenTiles{*m_pool, inside}.read(window, values);
    else
        m_pool->read_by_gdal(inside, window, values);
}

std::unique_ptr<const Source> Reader::opened(const Window& window) const {
    if (!m_pool->cache)
        return Source::opened(window);
    return std::make_unique<OpenTiles>(*m_pool, window.intersection(grid().window()));
}

Source::Piece Reader::piece() const {
    return m_pool->piece;
}

} // namespace riskmap::raster
