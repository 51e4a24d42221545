// SPDX-License-Identifier: MIT
#include <riskmap/raster/source.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <mutex>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/core/vectorised.hpp>

#include "../geo/gdal.hpp"
#include "samples.hpp"
#include "tile_cache.hpp"

namespace riskmap::raster {

namespace {

/// What offices and programs write into cells without data; without branches, so that many are
/// compared at once.
constexpr bool stands_for_no_data(double value) {
    return static_cast<bool>(static_cast<int>(value == -9999) | static_cast<int>(value == -99999) |
                             static_cast<int>(value == -32768) | static_cast<int>(value < -1e30));
}

RISKMAP_VECTORISED bool hold_sentinel(const double* values, std::size_t n) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i)
        count += stands_for_no_data(values[i]) ? 1 : 0;
    return count > 0;
}

} // namespace

struct Reader::Pool {
    std::filesystem::path path;
    int band = 1;
    int bands = 1;
    Grid grid;
    Crs crs_of_file;
    bool south_up = false;
    bool signed_bytes = false;
    bool has_colours = false;
    std::atomic<bool> infinite = false;
    bool guarded = false;            ///< says which of its cells hold no data
    std::atomic<double> sentinel{0}; ///< met in a file that does not
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
    /// A number that stands for no data in most files, in one that does not say so.
    void notice_sentinel(std::span<const double> values) {
        if (guarded || sentinel.load(std::memory_order_relaxed) != 0)
            return;
        if (hold_sentinel(values.data(), values.size()))
            sentinel.store(*std::find_if(values.begin(), values.end(), &stands_for_no_data),
                           std::memory_order_relaxed);
    }
    void notice_infinity(const std::byte* samples, std::size_t n, Sample sample) {
        if (!infinite.load(std::memory_order_relaxed) && holds_infinity(samples, n, sample))
            infinite.store(true, std::memory_order_relaxed);
    }
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

Grid grid_of(GDALDatasetH dataset, const std::filesystem::path& path, const Crs& said,
             Crs& of_file) {
    double t[6] = {0, 1, 0, 0, 0, 1};
    if (GDALGetGeoTransform(dataset, t) != CE_None)
        throw input_error(
            fmt::format("'{}' has no place on the earth (no geotransform)", path.string()),
            "georeference it first, for example in QGIS, or add its world file");
    if (!std::all_of(std::begin(t), std::end(t), [](double v) { return std::isfinite(v); }))
        throw input_error(fmt::format("the place of '{}' is no number", path.string()),
                          "georeference it again");
    // Numbers that no map has: areas of such cells are 0 or infinite.
    constexpr double farthest = 1e12;
    constexpr double least = 1e-9;
    const double columns = GDALGetRasterXSize(dataset);
    const double rows = GDALGetRasterYSize(dataset);
    if (std::abs(t[0]) > farthest || std::abs(t[3]) > farthest ||
        std::abs(t[1]) * columns > farthest || std::abs(t[5]) * rows > farthest ||
        (std::abs(t[1]) < least && t[1] != 0) || (std::abs(t[5]) < least && t[5] != 0))
        throw input_error(fmt::format("'{}' lies at ({:g}, {:g}) with cells of {:g} x {:g}: no map "
                                      "has such numbers",
                                      path.string(), t[0], t[3], t[1], t[5]),
                          "georeference it again");
    if (t[2] != 0 || t[4] != 0 || t[1] <= 0 || t[5] == 0)
        throw input_error(fmt::format("'{}' is rotated or mirrored", path.string()),
                          "warp it with gdalwarp first");
    const char* wkt = GDALGetProjectionRef(dataset);
    const bool has_crs = wkt != nullptr && *wkt != '\0';
    if (!has_crs && said.empty())
        throw input_error(fmt::format("'{}' has no CRS", path.string()),
                          "say it: crs=EPSG:4549 after the file's name (in a project: crs = "
                          "\"EPSG:4549\")");
    if (has_crs)
        of_file = Crs::parse(wkt);
    Grid grid;
    grid.crs = said.empty() ? of_file : said;
    grid.columns = GDALGetRasterXSize(dataset);
    grid.rows = GDALGetRasterYSize(dataset);
    grid.left = t[0];
    grid.cell_width = t[1];
    grid.cell_height = std::abs(t[5]);
    grid.top = t[5] < 0 ? t[3] : t[3] + static_cast<double>(grid.rows) * grid.cell_height;
    return grid;
}

/// The nodata number of a band, as its type holds it.
void set_hole_of(Meaning& meaning, double number, GDALDataType type, bool signed_bytes) {
    if (type == GDT_Float32)
        set_hole<float>(meaning, number);
    else if (type == GDT_Float64)
        set_hole<double>(meaning, number);
    else
        meaning = {true, signed_bytes && number > 127 ? number - 256 : number};
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
    for (std::int64_t r = 0; r < inside.rows; ++r) {
        const std::span<double> row{first + r * window.columns,
                                    static_cast<std::size_t>(inside.columns)};
        if (signed_bytes)
            for (auto& v : row)
                v = v > 127 ? v - 256 : v;
        notice_infinity(std::as_bytes(row).data(), row.size(), Sample::f64);
        to_values(row, meaning);
        notice_sentinel(row);
    }
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
            const auto* samples = tile.samples.data() + at * bytes_of(sample);
            m_pool.notice_infinity(samples, columns, sample);
            to_values(samples, columns, sample, meaning, out + r * window.columns);
            m_pool.notice_sentinel({out + r * window.columns, columns});
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

Reader::Reader(const std::filesystem::path& path, const ReadRules& rules)
    : m_pool{std::make_unique<Pool>()} {
    const int band = rules.band;
    auto dataset = gdal::open(path, GDAL_OF_RASTER);
    const gdal::Messages unheard; // what is damaged is told when it is read
    refuse_several(dataset.get(), path);
    if (band < 1 || band > GDALGetRasterCount(dataset.get()))
        throw input_error(fmt::format("'{}' has {} band(s), not a band {}", path.string(),
                                      GDALGetRasterCount(dataset.get()), band),
                          "bands are counted from 1, as FILE:1");
    m_pool->path = path;
    m_pool->bands = GDALGetRasterCount(dataset.get());
    m_pool->band = band;
    m_pool->grid = grid_of(dataset.get(), path, rules.crs, m_pool->crs_of_file);
    double place[6];
    GDALGetGeoTransform(dataset.get(), place);
    m_pool->south_up = place[5] > 0;
    const auto handle = GDALGetRasterBand(dataset.get(), band);
    const auto data_type = GDALGetRasterDataType(handle);
    if (GDALDataTypeIsComplex(data_type) != 0)
        throw input_error(fmt::format("'{}' holds complex numbers", path.string()));
    m_pool->type = GDALGetDataTypeName(data_type);
    const char* registration = GDALGetMetadataItem(dataset.get(), "AREA_OR_POINT", nullptr);
    m_pool->point_registered = registration != nullptr && std::string_view{registration} == "Point";
    const char* pixels = GDALGetMetadataItem(handle, "PIXELTYPE", "IMAGE_STRUCTURE");
    m_pool->signed_bytes =
        data_type == GDT_Byte && pixels != nullptr && std::string_view{pixels} == "SIGNEDBYTE";
    m_pool->has_colours = GDALGetRasterColorTable(handle) != nullptr;
    int found = 0;
    auto& meaning = m_pool->meaning;
    const double hole = GDALGetRasterNoDataValue(handle, &found);
    if (rules.nodata || found != 0)
        set_hole_of(meaning, rules.nodata.value_or(hole), data_type, m_pool->signed_bytes);
    const int mask = GDALGetMaskFlags(handle);
    m_pool->has_mask = (mask & (GMF_ALL_VALID | GMF_NODATA)) == 0;
    // Bytes and numbers without a sign hold none of those that stand for no data.
    m_pool->guarded = m_pool->meaning.has_hole || m_pool->has_mask || data_type == GDT_Byte ||
                      data_type == GDT_UInt16 || data_type == GDT_UInt32;
    const double scale = GDALGetRasterScale(handle, &found);
    meaning.scale = found != 0 ? scale : 1;
    const double offset = GDALGetRasterOffset(handle, &found);
    meaning.offset = found != 0 ? offset : 0;
    meaning.scale *= rules.factor;
    meaning.offset *= rules.factor;
    if (char** names = GDALGetRasterCategoryNames(handle))
        for (; *names != nullptr; ++names)
            m_pool->categories.emplace_back(to_utf8(*names));
    m_pool->unit = to_utf8(GDALGetRasterUnitType(handle));
    int block_columns = 0;
    int block_rows = 0;
    GDALGetBlockSize(handle, &block_columns, &block_rows);
    m_pool->piece = {block_columns, block_rows};
    if (!m_pool->south_up && !m_pool->signed_bytes)
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

std::pair<double, double> Reader::as_written(double number) const {
    const auto& meaning = m_pool->meaning;
    const auto stored = (number - meaning.offset) / meaning.scale;
    double nearest = stored;
    if (m_pool->type == "Float32")
        nearest = static_cast<double>(static_cast<float>(stored));
    else if (m_pool->type != "Float64" && std::abs(stored - std::round(stored)) < 1e-6)
        nearest = std::round(stored);
    const double written = nearest * meaning.scale + meaning.offset;
    if (!std::isfinite(written))
        return {number, number};
    return std::minmax(number, written);
}

int Reader::band() const {
    return m_pool->band;
}
int Reader::bands() const {
    return m_pool->bands;
}
const Crs& Reader::crs_of_file() const {
    return m_pool->crs_of_file;
}
bool Reader::south_up() const {
    return m_pool->south_up;
}
bool Reader::has_colours() const {
    return m_pool->has_colours;
}
bool Reader::met_infinity() const {
    return m_pool->infinite.load();
}

std::optional<double> Reader::met_sentinel() const {
    const double met = m_pool->sentinel.load();
    return met == 0 ? std::nullopt : std::optional{met};
}

std::uint64_t Reader::count_infinities() const {
    std::uint64_t count = 0;
    auto dataset = m_pool->borrow();
    const auto handle = GDALGetRasterBand(dataset.get(), m_pool->band);
    const auto columns = static_cast<int>(grid().columns);
    std::vector<double> row(static_cast<std::size_t>(columns));
    const gdal::Messages unheard; // what is damaged was told when it was read
    for (int r = 0; r < static_cast<int>(grid().rows); ++r)
        if (GDALRasterIO(handle, GF_Read, 0, r, columns, 1, row.data(), columns, 1, GDT_Float64, 0,
                         0) == CE_None)
            count += static_cast<std::uint64_t>(
                std::count_if(row.begin(), row.end(), [](double v) { return std::isinf(v); }));
    m_pool->give_back(std::move(dataset));
    return count;
}

void Reader::read(const Window& window, std::span<double> values) const {
    if (!m_pool->south_up) {
        read_as_stored(window, values);
        return;
    }
    // The file's first row is the southernmost.
    read_as_stored(
        {window.column, grid().rows - window.row - window.rows, window.columns, window.rows},
        values);
    for (std::int64_t r = 0; r < window.rows / 2; ++r)
        std::swap_ranges(values.begin() + r * window.columns,
                         values.begin() + (r + 1) * window.columns,
                         values.begin() + (window.rows - 1 - r) * window.columns);
}

void Reader::read_as_stored(const Window& window, std::span<double> values) const {
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
