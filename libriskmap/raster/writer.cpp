// SPDX-License-Identifier: MIT
#include <riskmap/raster/writer.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstring>

#include <cpl_vsi.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/vectorised.hpp>

#include "../geo/gdal.hpp"
#include "deflate.hpp"
#include "overview.hpp"
#include "samples.hpp"
#include "tiff_file.hpp"

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

constexpr std::int64_t tile_side = 512;
constexpr int level = 1; // of DEFLATE: the higher ones cost much and gain little

Sample sample_of(CellType type) {
    switch (type) {
    case CellType::byte:
        return Sample::u8;
    case CellType::uint16:
        return Sample::u16;
    case CellType::float32:
        return Sample::f32;
    case CellType::float64:
        return Sample::f64;
    }
    return Sample::f64;
}

/// Differences of words shorten floats as well as planes of bytes do, at less cost.
Predictor predictor_of(CellType type) {
    return type == CellType::float32 || type == CellType::uint16 ? Predictor::differences
                                                                 : Predictor::none;
}

template <class Word>
inline Word rounded(double value) {
    constexpr double most = std::numeric_limits<Word>::max();
    // The comparison is false for NaN, which so becomes 0: nodata.
    const double positive = value > 0 ? value : 0;
    const double clamped = positive < most ? positive : most;
    return static_cast<Word>(static_cast<int>(clamped + 0.5));
}

/// `rounded`, in strips and steps that vectorise.
RISKMAP_VECTORISED void pack_bytes(const double* values, std::size_t n, std::uint8_t* out) {
    constexpr std::size_t strip = 64;
    std::array<double, strip> clamped;
    std::array<int, strip> whole;
    for (std::size_t first = 0; first < n; first += strip) {
        const std::size_t m = std::min(strip, n - first);
        for (std::size_t i = 0; i < m; ++i)
            clamped[i] = values[first + i] > 0 ? values[first + i] : 0;
        for (std::size_t i = 0; i < m; ++i)
            clamped[i] = clamped[i] < 255 ? clamped[i] : 255;
        for (std::size_t i = 0; i < m; ++i)
            whole[i] = static_cast<int>(clamped[i] + 0.5);
        for (std::size_t i = 0; i < m; ++i)
            out[first + i] = static_cast<std::uint8_t>(whole[i]);
    }
}

RISKMAP_VECTORISED void pack_floats(const double* values, std::size_t n, float* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<float>(values[i]);
}

void pack(const double* values, std::size_t n, CellType type, std::byte* out) {
    switch (type) {
    case CellType::byte:
        return pack_bytes(values, n, reinterpret_cast<std::uint8_t*>(out));
    case CellType::uint16:
        for (std::size_t i = 0; i < n; ++i)
            reinterpret_cast<std::uint16_t*>(out)[i] = rounded<std::uint16_t>(values[i]);
        return;
    case CellType::float32:
        return pack_floats(values, n, reinterpret_cast<float*>(out));
    case CellType::float64:
        std::memcpy(out, values, n * sizeof(double));
        return;
    }
}

/// A tile of nothing but nodata.
Bytes empty_tile(CellType type) {
    const std::vector<double> row(tile_side, std::numeric_limits<double>::quiet_NaN());
    const auto bytes = static_cast<std::size_t>(tile_side) * bytes_of(sample_of(type));
    Bytes tile(bytes * static_cast<std::size_t>(tile_side));
    for (std::int64_t r = 0; r < tile_side; ++r)
        pack(row.data(), row.size(), type, tile.data() + static_cast<std::size_t>(r) * bytes);
    return tile;
}

Bytes compressed(Bytes tile, CellType type) {
    const Sample sample = sample_of(type);
    const auto bytes = static_cast<std::size_t>(tile_side) * bytes_of(sample);
    if (predictor_of(type) == Predictor::differences)
        for (std::size_t at = 0; at < tile.size(); at += bytes)
            take_differences(tile.data() + at, static_cast<std::size_t>(tile_side), sample);
    return deflate(tile, level);
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

/// What GDAL writes of a raster of this kind besides its tiles.
struct Skeleton {
    Directory tags;
    std::string sidecar; ///< text of the .aux.xml; may be empty
};

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
    GDALSetRasterNoDataValue(
        band, is_class_type(spec.type) ? 0 : std::numeric_limits<double>::quiet_NaN());
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

} // namespace

struct Writer::Part::State {
    Window window;
    CellType type;
    std::int64_t stride; ///< cells from row to row of `cells`
    Bytes cells;
    bool whole_tile;
    bool with_overviews;
    bool compressed = false;
    Bytes half = {}; ///< the tile at half its size, for the overview
};

Writer::Part::Part(std::unique_ptr<State> state) : m_state{std::move(state)} {}
Writer::Part::~Part() = default;
Writer::Part::Part(Part&&) noexcept = default;

void Writer::Part::fill(const Window& piece, std::span<const double> values) {
    auto& state = *m_state;
    const auto bytes = bytes_of(sample_of(state.type));
    for (std::int64_t r = 0; r < piece.rows; ++r) {
        const auto at =
            (piece.row + r - state.window.row) * state.stride + piece.column - state.window.column;
        pack(values.data() + r * piece.columns, static_cast<std::size_t>(piece.columns), state.type,
             state.cells.data() + static_cast<std::size_t>(at) * bytes);
    }
}

void Writer::Part::close() {
    auto& state = *m_state;
    if (!state.whole_tile || state.compressed)
        return;
    if (state.with_overviews)
        state.half = halved(state.cells, tile_side, state.type);
    state.cells = raster::compressed(std::move(state.cells), state.type);
    state.compressed = true;
}

/// A tile whose cells come in several parts.
struct HalfTile {
    Bytes cells;
    std::size_t missing = 0;
};

/// One image of the file, the whole or an overview.
struct Level {
    Image image;
    std::int64_t across = 0;
    std::int64_t down = 0;
    std::map<std::int64_t, HalfTile> begun = {}; ///< by tile number

    Level(std::int64_t columns, std::int64_t rows)
        : across{(columns + tile_side - 1) / tile_side}, down{(rows + tile_side - 1) / tile_side} {
        image.columns = columns;
        image.rows = rows;
        image.tiles.resize(static_cast<std::size_t>(across * down));
    }
    [[nodiscard]] Window tile(std::int64_t number) const {
        const Window whole{number % across * tile_side, number / across * tile_side, tile_side,
                           tile_side};
        return whole.intersection({0, 0, image.columns, image.rows});
    }
};

/// Cells of one window, `stride` cells from row to row.
struct Block {
    Window window;
    std::int64_t stride;
    const Bytes& cells;
};

struct Writer::State {
    Grid grid;
    RasterSpec spec;
    PendingFile product;
    PendingFile spooled; ///< of a COG: tiles as they come, before they are put in order
    Skeleton skeleton;
    Bytes nothing;             ///< a tile of nodata
    std::vector<Level> levels; ///< the whole, then its overviews
    std::unique_ptr<GrowingFile> file;
    std::map<std::int64_t, Bytes> finished; ///< of the whole: waiting for those before them
    std::int64_t next = 0;                  ///< the tile of the whole to be appended

    [[nodiscard]] bool streamed() const { return spec.layout == Layout::tiled; }
    void lay_out();
    void finish(std::size_t level, std::int64_t number, Bytes stream);
    void add(std::size_t level, const Block& block);
    void complete(std::size_t level, std::int64_t number, Bytes cells);
    void add_half(std::size_t level, std::int64_t number, const Bytes& half);
};

void Writer::State::lay_out() {
    levels.emplace_back(grid.columns, grid.rows);
    while (!streamed() &&
           std::max(levels.back().image.columns, levels.back().image.rows) > tile_side)
        levels.emplace_back((levels.back().image.columns + 1) / 2,
                            (levels.back().image.rows + 1) / 2);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        levels[i].image.tags = skeleton.tags;
        levels[i].image.overview = i > 0;
    }
    file = std::make_unique<GrowingFile>(streamed() ? product.path() : spooled.path(),
                                         product.target().string());
    if (streamed())
        start_stream(*file);
}

void Writer::State::finish(std::size_t level, std::int64_t number, Bytes stream) {
    if (level > 0 || !streamed()) {
        levels[level].image.tiles[static_cast<std::size_t>(number)] = file->append(stream);
        return;
    }
    finished[number] = std::move(stream);
    for (; !finished.empty() && finished.begin()->first == next; ++next) {
        levels[0].image.tiles[static_cast<std::size_t>(next)] =
            file->append(finished.begin()->second);
        finished.erase(finished.begin());
    }
}

/// A tile whose cells are all there.
void Writer::State::complete(std::size_t level, std::int64_t number, Bytes cells) {
    if (level + 1 < levels.size())
        add_half(level, number, halved(cells, tile_side, spec.type));
    finish(level, number, compressed(std::move(cells), spec.type));
}

void Writer::State::add_half(std::size_t level, std::int64_t number, const Bytes& half) {
    const Window tile = levels[level].tile(number);
    add(level + 1, {{tile.column / 2, tile.row / 2, (tile.columns + 1) / 2, (tile.rows + 1) / 2},
                    tile_side / 2,
                    half});
}

void Writer::State::add(std::size_t level, const Block& block) {
    const auto bytes = bytes_of(sample_of(spec.type));
    const auto& window = block.window;
    auto& own = levels[level];
    for (auto j = window.row / tile_side; j * tile_side < window.row + window.rows; ++j) {
        for (auto i = window.column / tile_side; i * tile_side < window.column + window.columns;
             ++i) {
            const auto number = j * own.across + i;
            const Window place = own.tile(number);
            const Window common = place.intersection(window);
            auto& half = own.begun[number];
            if (half.cells.empty()) {
                half.cells = nothing;
                half.missing = place.size();
            }
            for (std::int64_t r = common.row; r < common.row + common.rows; ++r) {
                const auto to = (r - place.row) * tile_side + common.column - place.column;
                const auto from = (r - window.row) * block.stride + common.column - window.column;
                std::memcpy(half.cells.data() + static_cast<std::size_t>(to) * bytes,
                            block.cells.data() + static_cast<std::size_t>(from) * bytes,
                            static_cast<std::size_t>(common.columns) * bytes);
            }
            half.missing -= std::min(half.missing, common.size());
            if (half.missing == 0) {
                auto cells = std::move(half.cells);
                own.begun.erase(number);
                complete(level, number, std::move(cells));
            }
        }
    }
}

Writer::Writer(const std::filesystem::path& target, const Grid& grid, RasterSpec spec) {
    gdal::start();
    auto spool_name = target;
    spool_name.replace_extension(".tiles");
    auto skeleton = skeleton_of(grid, spec);
    auto nothing = empty_tile(spec.type);
    m_state.reset(new State{grid,
                            std::move(spec),
                            PendingFile{target},
                            PendingFile{spool_name},
                            std::move(skeleton),
                            std::move(nothing),
                            {},
                            nullptr,
                            {},
                            0});
    m_state->lay_out();
}

Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;

const Grid& Writer::grid() const {
    return m_state->grid;
}

Writer::Part Writer::part(const Window& window) const {
    auto part = std::make_unique<Part::State>();
    part->window = window;
    part->type = m_state->spec.type;
    part->with_overviews = m_state->levels.size() > 1;
    const auto column = window.column / tile_side;
    const auto row = window.row / tile_side;
    const auto& whole = m_state->levels[0];
    const Window tile = whole.tile(row * whole.across + column);
    part->whole_tile = window.column == tile.column && window.row == tile.row &&
                       window.columns == tile.columns && window.rows == tile.rows;
    if (part->whole_tile) {
        part->stride = tile_side;
        part->cells = m_state->nothing;
    } else {
        part->stride = window.columns;
        part->cells.resize(window.size() * bytes_of(sample_of(part->type)));
    }
    return Part{std::move(part)};
}

void Writer::put(Part part) {
    auto& state = *part.m_state;
    if (!state.whole_tile) {
        m_state->add(0, {state.window, state.stride, state.cells});
        return;
    }
    part.close();
    const auto number =
        state.window.row / tile_side * m_state->levels[0].across + state.window.column / tile_side;
    if (state.with_overviews)
        m_state->add_half(0, number, state.half);
    m_state->finish(0, number, std::move(state.cells));
}

void Writer::write(const Window& window, std::span<const double> values) {
    auto whole = part(window);
    whole.fill(window, values);
    put(std::move(whole));
}

void Writer::commit() {
    auto& state = *m_state;
    const Bytes empty = compressed(state.nothing, state.spec.type);
    for (std::size_t level = 0; level < state.levels.size(); ++level) {
        auto& own = state.levels[level];
        while (!own.begun.empty()) {
            auto [number, half] = std::move(*own.begun.begin());
            own.begun.erase(own.begun.begin());
            state.complete(level, number, std::move(half.cells));
        }
        for (std::size_t number = 0; number < own.image.tiles.size(); ++number)
            if (own.image.tiles[number].bytes == 0 &&
                !state.finished.contains(static_cast<std::int64_t>(number)))
                state.finish(level, static_cast<std::int64_t>(number), empty);
    }
    if (state.streamed()) {
        finish_stream(*state.file, state.levels[0].image);
    } else {
        std::vector<Image> images;
        for (auto& level : state.levels)
            images.push_back(std::move(level.image));
        GrowingFile product{state.product.path(), state.product.target().string()};
        write_cloud_optimized(product, images, *state.file);
    }
    state.file.reset();
    if (!state.skeleton.sidecar.empty())
        write_file(state.product.path().string() + ".aux.xml", state.skeleton.sidecar);
    state.product.commit();
    m_state.reset();
}

} // namespace riskmap::raster
