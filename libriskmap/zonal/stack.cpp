// SPDX-License-Identifier: MIT
#include <riskmap/zonal/stack.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/vector/layer.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::zonal {

namespace {

using raster::Kind;
using raster::Source;

void check_overlap(const StackLayer& layer, const StackPlan& plan, const Grid& grid) {
    if (plan.overlap <= 0)
        throw input_error(fmt::format("'{}' ({}) does not overlap the grid ({})",
                                      layer.file.string(), plan.crs, grid.crs.name()),
                          "check the declared CRS of the file, and the extent of the grid");
}

/// A mix of grids that lie half a cell apart is mostly a mistake of registration.
void check_half_cell(const StackLayer& layer, const Grid& source, const Grid& grid,
                     const raster::AlignmentPlan& plan) {
    const bool same_size = std::abs(source.cell_width - grid.cell_width) < 1e-6 * grid.cell_width;
    const auto half = [](double offset) { return std::abs(offset - 0.5) < 0.01; };
    if (!layer.kind && source.crs == grid.crs && same_size &&
        (half(plan.offset_columns) || half(plan.offset_rows)))
        throw input_error(fmt::format("'{}' lies half a cell off the grid", layer.file.string()),
                          "if that is meant, say kind = \"continuous\", \"classes\" or \"counts\"; "
                          "if its values belong to points, set AREA_OR_POINT=Point in the file");
}

std::shared_ptr<const Source> of_classes(std::shared_ptr<const Source> source,
                                         const std::vector<double>& classes) {
    return raster::mapped(std::move(source), [classes](double v) {
        return std::find(classes.begin(), classes.end(), v) != classes.end() ? 1.0 : 0.0;
    });
}

StackedLayer stack_raster(const StackLayer& layer, const Grid& grid, double valid_share) {
    const auto reader =
        std::make_shared<const raster::Reader>(raster::with_variable(layer.file, layer.layer));
    const bool shares = !layer.classes.empty();
    StackedLayer out;
    out.kind = shares ? Kind::continuous : layer.kind.value_or(Kind::continuous);
    const auto alignment = raster::plan_alignment(reader->grid(), grid, out.kind);
    out.plan = {
        layer.file.filename().string(),
        reader->grid().crs.name(),
        fmt::format("{:.6g} x {:.6g}", reader->grid().cell_width, reader->grid().cell_height),
        alignment.offset_columns,
        alignment.offset_rows,
        alignment.overlap,
        (shares ? "area of classes, " : "") + alignment.rule};
    check_overlap(layer, out.plan, grid);
    check_half_cell(layer, reader->grid(), grid, alignment);
    if (reader->point_registered())
        out.plan.remarks.push_back("point-registered: shifted by half a cell");
    if (!reader->declares_nodata())
        out.plan.remarks.push_back("declares no nodata value: every cell counts as data");
    std::shared_ptr<const Source> source = reader;
    if (shares)
        source = of_classes(source, layer.classes);
    out.cells = raster::aligned(source, grid, {out.kind, valid_share});
    if (shares) {
        out.cells = raster::areas_of(out.cells);
        out.kind = Kind::counts;
    }
    return out;
}

struct Parts {
    std::vector<MultiPolygon> polygons;
    std::vector<LineString> lines;
    std::vector<Point> points;
    std::vector<double> polygon_values;
    std::vector<double> point_values;
};

Parts parts_of(vector::Layer source, const StackLayer& layer, StackPlan& plan) {
    Parts parts;
    const bool has_field = !layer.field.empty();
    const std::size_t field = has_field ? source.field(layer.field) : 0;
    std::size_t repaired_shapes = 0;
    for (auto& feature : source.features) {
        const double value =
            has_field ? vector::number_of(feature.values[field]).value_or(raster::nodata) : 1.0;
        auto& shape = feature.shape;
        if (!shape.polygons.empty()) {
            if (find_flaw(shape.polygons)) {
                shape.polygons = repaired(shape.polygons);
                ++repaired_shapes;
            }
            parts.polygons.push_back(std::move(shape.polygons));
            parts.polygon_values.push_back(value);
        }
        for (auto& line : shape.lines)
            parts.lines.push_back(std::move(line));
        for (const auto point : shape.points) {
            parts.points.push_back(point);
            parts.point_values.push_back(value);
        }
    }
    if (repaired_shapes > 0)
        plan.remarks.push_back(
            fmt::format("{} polygons that are not valid were repaired", repaired_shapes));
    return parts;
}

std::string measure_of(const StackLayer& layer, const Parts& parts) {
    const bool field = !layer.field.empty();
    if (layer.measure != "auto")
        return layer.measure;
    if (!parts.polygons.empty())
        return field ? "mean" : "area";
    if (!parts.lines.empty())
        return "length";
    return field ? "sum" : "count";
}

std::shared_ptr<const Source> cells_of(const StackLayer& layer, const std::string& measure,
                                       const Parts& parts, const Grid& grid, double valid_share,
                                       const Execution& execution) {
    const auto need = [&](bool there, const char* what) {
        if (!there)
            throw input_error(
                fmt::format("'{}': measure {} needs {}", layer.file.string(), measure, what));
    };
    if (measure == "mean" || measure == "area") {
        need(!parts.polygons.empty(), "polygons");
        auto coverages = cover(parts.polygons, grid, execution);
        if (measure == "area")
            return polygon_areas(std::move(coverages), grid);
        need(!layer.field.empty(), "a field");
        return polygon_means(std::move(coverages), parts.polygon_values, grid, valid_share);
    }
    if (measure == "length") {
        need(!parts.lines.empty(), "lines");
        return line_lengths(parts.lines, grid);
    }
    need(!parts.points.empty(), "points");
    need(measure == "count" || !layer.field.empty(), "a field");
    return point_sums(parts.points,
                      measure == "count" ? std::vector<double>(parts.points.size(), 1.0)
                                         : parts.point_values,
                      grid);
}

std::shared_ptr<const Source> downscaled_cells(const StackLayer& layer, const Parts& parts,
                                               const Grid& grid, const Execution& execution) {
    const auto cover_classes = std::make_shared<const raster::Reader>(layer.downscale_by);
    const auto weights = raster::mapped(
        std::shared_ptr<const Source>{raster::aligned(cover_classes, grid, {Kind::classes, 0.5})},
        [pairs = layer.class_weights](double v) {
            for (const auto& pair : pairs)
                if (pair.x == v)
                    return pair.y;
            return 0.0;
        });
    return downscaled(cover(parts.polygons, grid, execution), parts.polygon_values, weights,
                      execution);
}

StackedLayer stack_vector(const StackLayer& layer, const Grid& grid, double valid_share,
                          const Execution& execution) {
    auto source = vector::read_layer(layer.file, layer.layer);
    StackedLayer out;
    out.plan.file = layer.file.filename().string() + ":" + source.name;
    out.plan.crs = source.crs.name();
    out.plan.cells = fmt::format("{} features", source.features.size());
    const auto parts = parts_of(vector::transformed(std::move(source), grid.crs), layer, out.plan);
    Box box = bounds(std::span<const Point>{parts.points});
    for (const auto& polygon : parts.polygons)
        box.add(bounds(polygon));
    for (const auto& line : parts.lines)
        box.add(bounds(std::span<const Point>{line}));
    const auto touched = grid.touching(box);
    out.plan.overlap =
        static_cast<double>(touched.size()) / static_cast<double>(grid.window().size());
    check_overlap(layer, out.plan, grid);
    if (!layer.downscale_by.empty()) {
        out.plan.rule = "dasymetric, unit totals kept";
        out.kind = Kind::counts;
        out.cells = downscaled_cells(layer, parts, grid, execution);
        return out;
    }
    const auto measure = measure_of(layer, parts);
    out.kind = measure == "mean" ? Kind::continuous : Kind::counts;
    out.plan.rule = measure + (layer.field.empty() ? "" : " of " + layer.field);
    out.cells = cells_of(layer, measure, parts, grid, valid_share, execution);
    return out;
}

} // namespace

bool StackLayer::is_vector() const {
    constexpr std::array<std::string_view, 9> suffixes{".gpkg", ".shp", ".geojson", ".json", ".csv",
                                                       ".gml",  ".kml", ".gdb",     ".fgb"};
    return std::find(suffixes.begin(), suffixes.end(), file.extension().string()) != suffixes.end();
}

StackLayer StackLayer::parse(const std::string& text, std::string* name) {
    const auto parts = parse_layer_text(text);
    if (parts.file.empty())
        throw Error{ErrorKind::usage, "a layer without file", "write 'FILE kind=counts'"};
    StackLayer layer;
    layer.file = parts.file;
    layer.layer = parts.layer;
    std::string own_name = layer.layer.empty() ? layer.file.stem().string() : layer.layer;
    const auto number = [&](std::string_view digits) {
        const auto parsed = parse_number(digits);
        if (!parsed)
            throw Error{ErrorKind::usage,
                        fmt::format("layer '{}': '{}' is not a number", parts.file, digits)};
        return *parsed;
    };
    for (const auto& [key, value] : parts.words) {
        if (key == "kind")
            layer.kind = raster::parse_kind(value);
        else if (key == "field")
            layer.field = value;
        else if (key == "measure")
            layer.measure = value;
        else if (key == "name")
            own_name = value;
        else if (key == "where-nodata")
            layer.where_nodata = number(value);
        else if (key == "classes")
            for (const auto& part : split(value, ','))
                layer.classes.push_back(number(part));
        else {
            const std::vector<std::string> known{"kind",    "field",        "measure",
                                                 "classes", "where-nodata", "name"};
            const auto near = nearest_name(key, known);
            throw Error{ErrorKind::usage,
                        fmt::format("layer '{}': unknown word '{}'", parts.file, key),
                        near ? fmt::format("did you mean '{}='?", *near)
                             : fmt::format("known: {}=", fmt::join(known, "=, "))};
        }
    }
    if (name != nullptr)
        *name = own_name;
    return layer;
}

double share_without_data(const StackLayer& layer, const Grid& grid, const Execution& execution) {
    if (layer.is_vector())
        return raster::nodata;
    const raster::Reader reader{raster::with_variable(layer.file, layer.layer)};
    const CrsTransform back{grid.crs, reader.grid().crs};
    const auto blocks = blocks_of(reader.grid().touching(back.apply(grid.extent())));
    std::uint64_t cells = 0;
    std::uint64_t empty = 0;
    parallel_ordered(
        execution, "share without data", {blocks.size(), raster::most_cells(blocks) * 16},
        [&](std::size_t b) {
            const auto values = reader.read(blocks[b]);
            return static_cast<std::uint64_t>(std::count_if(
                values.begin(), values.end(), [](double v) { return std::isnan(v); }));
        },
        [&](std::size_t b, std::uint64_t count) {
            cells += blocks[b].size();
            empty += count;
        });
    return cells == 0 ? 1 : static_cast<double>(empty) / static_cast<double>(cells);
}

StackedLayer stacked(const StackLayer& layer, const Grid& grid, double valid_share,
                     const Execution& execution) {
    auto out = layer.is_vector() ? stack_vector(layer, grid, valid_share, execution)
                                 : stack_raster(layer, grid, valid_share);
    if (layer.where_nodata) {
        const double value = *layer.where_nodata;
        out.cells = raster::computed(
            {out.cells}, [value](const Window&, raster::Cells in, std::span<double> cells) {
                for (std::size_t i = 0; i < cells.size(); ++i)
                    cells[i] = std::isnan(in[0][i]) ? value : in[0][i];
            });
        out.plan.remarks.push_back(fmt::format("nodata taken as {:g}", value));
    }
    return out;
}

} // namespace riskmap::zonal
