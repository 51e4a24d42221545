// SPDX-License-Identifier: MIT
#include <riskmap/forest/cells.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/vector/layer.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::forest {

ForestCells::ForestCells(const raster::Source& share, const Execution& execution)
    : m_grid{share.grid()}, m_words_a_row{static_cast<std::size_t>((m_grid.columns + 63) / 64)} {
    const auto words = m_words_a_row * static_cast<std::size_t>(m_grid.rows);
    const auto bytes = words * (sizeof(std::uint64_t) + sizeof(std::uint32_t));
    if (bytes > execution.memory_budget())
        throw MemoryError(fmt::format("the map of the forest takes {} MB", (bytes >> 20U) + 1),
                          fmt::format("give --memory {}M or more", (bytes >> 20U) + 1));
    m_bits.resize(words);
    m_before.resize(words);
    const auto blocks = raster::reading_blocks(share);
    // Rows of blocks share words, so that they are put in one after the other.
    parallel_ordered(
        execution, "forest", {blocks.size(), raster::most_cells(blocks) * sizeof(double)},
        [&](std::size_t b) { return share.read(blocks[b]); },
        [&](std::size_t b, const std::vector<double>& values) {
            const Window& block = blocks[b];
            const double* value = values.data();
            for (auto r = block.row; r < block.row + block.rows; ++r)
                for (auto c = block.column; c < block.column + block.columns; ++c)
                    if (*value++ >= 0.5)
                        m_bits[static_cast<std::size_t>(r) * m_words_a_row +
                               static_cast<std::size_t>(c) / 64] |= std::uint64_t{1} << (c % 64);
        });
    std::uint64_t count = 0;
    Box box;
    for (std::size_t w = 0; w < words; ++w) {
        m_before[w] = static_cast<std::uint32_t>(count);
        if (m_bits[w] == 0)
            continue;
        count += static_cast<std::uint64_t>(std::popcount(m_bits[w]));
        const std::size_t row_number = w / m_words_a_row;
        const auto row = static_cast<double>(row_number);
        const auto column = static_cast<double>(w % m_words_a_row * 64);
        box.add(Point{column + std::countr_zero(m_bits[w]), row});
        box.add(Point{column + 63 - std::countl_zero(m_bits[w]), row});
    }
    if (count > std::numeric_limits<std::uint32_t>::max())
        throw input_error(fmt::format("{} cells of forest are too many", count),
                          "use a coarser height model, or a part of the area");
    m_size = count;
    if (m_size == 0)
        throw input_error("there is no forest on the grid of the height model",
                          "check the classes given for forest, and that both layers overlap");
    m_bounds = {static_cast<std::int64_t>(box.left), static_cast<std::int64_t>(box.bottom),
                static_cast<std::int64_t>(box.right - box.left) + 1,
                static_cast<std::int64_t>(box.top - box.bottom) + 1};
}

std::vector<double> ForestCells::areas() const {
    const CellAreas cell_areas{m_grid};
    std::vector<double> out(m_size);
    visit([&](std::uint32_t number, std::int64_t column, std::int64_t row) {
        out[number] = cell_areas.at(column, row);
    });
    return out;
}

std::vector<double> ForestCells::values(const raster::Source& source,
                                        const Execution& execution) const {
    std::vector<double> out(m_size, raster::nodata);
    const auto blocks = raster::reading_blocks(source);
    parallel_for(execution, blocks.size(), [&](std::size_t b) {
        const Window& block = blocks[b];
        const auto cells = source.read(block);
        for (auto r = block.row; r < block.row + block.rows; ++r)
            visit_row(r, block.column, block.column + block.columns,
                      [&](std::uint32_t number, std::int64_t column) {
                          out[number] = cells[static_cast<std::size_t>(
                              (r - block.row) * block.columns + column - block.column)];
                      });
    });
    return out;
}

spec::Source parse_forest(const std::string& text) {
    auto source = spec::Source::parse(text);
    std::vector<double> classes;
    for (const auto& part : split(source.layer, ',')) {
        const auto number = parse_number(part);
        if (!number)
            return source;
        classes.push_back(*number);
    }
    source.classes = std::move(classes);
    source.layer.clear();
    return source;
}

namespace {

OpenedForest open_classes(const spec::Source& source, const Grid& grid, spec::Door& door) {
    const auto landcover = door.raster(source).reader();
    OpenedForest out;
    if (!landcover->grid().matches(grid)) {
        const auto plan = raster::plan_alignment(landcover->grid(), grid, raster::Kind::classes);
        if (plan.overlap <= 0)
            throw input_error(
                fmt::format("'{}' does not meet the height model", source.file.string()),
                "check the CRS of both");
        out.remarks.push_back(fmt::format("'{}' lies on another grid than the heights and was "
                                          "aligned ({}; {:.0f} % of the grid covered)",
                                          source.file.string(), plan.rule, 100 * plan.overlap));
    }
    out.classes = raster::aligned(landcover, grid, {raster::Kind::classes, 0.5});
    out.share = raster::mapped(out.classes, [classes = source.classes](double value) {
        return std::find(classes.begin(), classes.end(), value) != classes.end() ? 1.0
                                                                                 : raster::nodata;
    });
    return out;
}

vector::Layer read_polygons(const spec::Source& source, spec::Door& door) {
    if (source.layer.empty() && spec::is_raster(source.file))
        throw input_error(fmt::format("'{}' is a raster", source.file.string()),
                          "name the classes that are forest, as LANDCOVER.tif:30");
    return std::move(door.table(source, spec::any_layer(), spec::Shapes::wanted).layer());
}

OpenedForest open_polygons(const spec::Source& source, const Grid& grid, spec::Door& door,
                           const Execution& execution) {
    OpenedForest out;
    const auto layer = vector::transformed(read_polygons(source, door), grid.crs);
    std::vector<MultiPolygon> shapes;
    Box box;
    std::size_t repaired_shapes = 0;
    for (const auto& feature : layer.features) {
        if (feature.shape.polygons.empty())
            continue;
        const bool flawed = find_flaw(feature.shape.polygons).has_value();
        repaired_shapes += flawed ? 1 : 0;
        shapes.push_back(flawed ? repaired(feature.shape.polygons) : feature.shape.polygons);
        box.add(bounds(shapes.back()));
    }
    if (shapes.empty())
        throw input_error(fmt::format("'{}' holds no polygons of forest", source.file.string()),
                          "give FILE:LAYER with polygons, or LANDCOVER.tif:CLASS");
    if (grid.touching(box).empty())
        throw input_error(fmt::format("'{}' does not meet the height model", source.file.string()),
                          "check the CRS of both");
    if (repaired_shapes > 0)
        out.remarks.push_back(fmt::format("{} polygons of '{}' were not valid and were repaired",
                                          repaired_shapes, source.file.string()));
    // Overlapping polygons are one forest.
    const std::vector<MultiPolygon> one{dissolved(shapes)};
    out.share = zonal::polygon_means(zonal::cover(one, grid, execution), {1.0}, grid, 0.5);
    return out;
}

} // namespace

OpenedForest open_forest(const spec::Source& source, const Grid& grid, spec::Door& door,
                         const Execution& execution) {
    return source.classes.empty() ? open_polygons(source, grid, door, execution)
                                  : open_classes(source, grid, door);
}

} // namespace riskmap::forest
