// SPDX-License-Identifier: MIT
#include <riskmap/raster/writer.hpp>

#include <algorithm>
#include <cstring>

#include <riskmap/core/file.hpp>

#include "../geo/gdal.hpp"
#include "overview.hpp"
#include "packing.hpp"
#include "skeleton.hpp"

namespace riskmap::raster {

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

namespace {

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

} // namespace

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
