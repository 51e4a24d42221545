// SPDX-License-Identifier: MIT
#include <riskmap/census/stack.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/spec/value.hpp>
#include <riskmap/vector/stream.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::census {

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

StackedLayer stack_raster(const StackLayer& layer, const Grid& grid, double valid_share,
                          spec::Door& door) {
    const auto opened = door.raster(layer, layer.wanted);
    const auto& reader = opened.reader();
    const bool shares = !layer.classes.empty();
    StackedLayer out;
    const bool coloured = !layer.kind && !shares && reader->has_colours();
    out.kind = shares     ? Kind::continuous
               : coloured ? Kind::classes
                          : layer.kind.value_or(Kind::continuous);
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
    const auto remark = [&](const char* zh, const char* en) {
        out.plan.remarks.emplace_back(en);
        opened.account().remark({zh, en});
    };
    if (coloured)
        remark("像元值对应颜色，按类别取（否则用 kind= 说明）",
               "its cells stand for colours and are taken for classes (else say kind=)");
    if (reader->point_registered())
        out.plan.remarks.emplace_back("point-registered: shifted by half a cell");
    if (!reader->declares_nodata())
        out.plan.remarks.emplace_back("declares no nodata value: every cell counts as data");
    std::shared_ptr<const Source> source = reader;
    if (shares)
        source = of_classes(source, layer.classes);
    const auto density = spec::density_of(layer.unit.empty() ? reader->unit() : layer.unit);
    if (out.kind == Kind::counts && density) {
        const bool per_km2 = density->per_m2 == 1e-6;
        remark(per_km2 ? "单位为每平方公里，已乘以像元面积" : "单位为单位面积，已乘以像元面积",
               per_km2 ? "its unit is per km2: multiplied by the area of each cell"
                       : "its unit is by area: multiplied by the area of each cell");
        source = spec::in_each_cell(source, *density);
    }
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

/// The rules for a field that somebody names: any number.
const spec::FieldSpec& any_number() {
    static const spec::FieldSpec rules = [] {
        spec::FieldSpec field;
        field.name = "value";
        field.kind = spec::FieldKind::number;
        return field;
    }();
    return rules;
}

/// Numbers that words stand for; a word that is not said is an error.
std::vector<double> values_of_words(spec::Table& table, const StackLayer& layer) {
    std::vector<double> values;
    const auto words = table.texts_of(layer.field);
    for (std::size_t row = 0; row < words.size(); ++row) {
        const auto known = layer.class_values.find(words[row]);
        const auto number = parse_number(words[row]);
        if (words[row].empty())
            values.push_back(raster::nodata);
        else if (known == layer.class_values.end() && !number)
            throw input_error(fmt::format("{}: {} is '{}', for which classes say no value",
                                          table.where(row), layer.field, words[row]),
                              fmt::format("add {}=VALUE to classes", words[row]));
        else
            values.push_back(known != layer.class_values.end() ? known->second : *number);
    }
    return values;
}

std::vector<double> values_of(spec::Table& table, const StackLayer& layer) {
    if (layer.field.empty())
        return std::vector<double>(table.size(), 1.0);
    if (!layer.class_values.empty())
        return values_of_words(table, layer);
    try {
        return table.numbers_of(layer.field, any_number());
    } catch (const Error& error) {
        // Words where numbers are wanted: a field of levels in words.
        if (std::string_view{error.what()}.find("not a number") == std::string_view::npos)
            throw;
        throw input_error(error.what(), "say what its words stand for: classes=WORD=VALUE,..");
    }
}

Parts parts_of(spec::Table& table, const StackLayer& layer, const Crs& crs, StackPlan& plan) {
    Parts parts;
    const auto values = values_of(table, layer);
    auto source = vector::transformed(std::move(table.layer()), crs);
    std::size_t repaired_shapes = 0;
    for (std::size_t row = 0; row < source.features.size(); ++row) {
        const double value = values[row];
        auto& shape = source.features[row].shape;
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
            // A feature of several points has its amount once.
            parts.point_values.push_back(value / static_cast<double>(shape.points.size()));
        }
    }
    if (repaired_shapes > 0)
        plan.remarks.push_back(
            fmt::format("{} polygons that are not valid were repaired", repaired_shapes));
    return parts;
}

std::shared_ptr<const Source> spread_evenly(const Parts& parts, const Grid& grid,
                                            const Execution& execution) {
    const auto coverages = zonal::cover(parts.polygons, grid, execution);
    const auto even =
        raster::mapped(zonal::polygon_areas(coverages, grid), [](double) { return 1.0; });
    return zonal::downscaled(coverages, parts.polygon_values, even, execution);
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
        auto coverages = zonal::cover(parts.polygons, grid, execution);
        if (measure == "area")
            return zonal::polygon_areas(std::move(coverages), grid);
        need(!layer.field.empty(), "a field");
        return zonal::polygon_means(std::move(coverages), parts.polygon_values, grid, valid_share);
    }
    if (measure == "length") {
        need(!parts.lines.empty(), "lines");
        return zonal::line_lengths(parts.lines, grid);
    }
    need(!parts.points.empty() || (measure == "sum" && !parts.polygons.empty()), "points");
    need(measure == "count" || !layer.field.empty(), "a field");
    if (parts.points.empty())
        return spread_evenly(parts, grid, execution);
    return zonal::point_sums(parts.points,
                             measure == "count" ? std::vector<double>(parts.points.size(), 1.0)
                                                : parts.point_values,
                             grid);
}

std::shared_ptr<const Source> downscaled_cells(const StackLayer& layer, const Parts& parts,
                                               const Grid& grid, spec::Door& door,
                                               const Execution& execution) {
    const auto cover_classes = door.raster(layer.downscale_by).reader();
    const auto weights = raster::mapped(
        std::shared_ptr<const Source>{raster::aligned(cover_classes, grid, {Kind::classes, 0.5})},
        [pairs = layer.class_weights](double v) {
            for (const auto& pair : pairs)
                if (pair.x == v)
                    return pair.y;
            return 0.0;
        });
    return zonal::downscaled(zonal::cover(parts.polygons, grid, execution), parts.polygon_values,
                             weights, execution);
}

/// Tells features that lie beyond the grid and so count nowhere.
void tell_beyond(const Parts& parts, const Grid& grid, bool amounts, spec::Account& account) {
    const Box extent = grid.extent();
    std::size_t beyond = 0;
    double amount = 0;
    const auto count = [&](const Box& box, double value) {
        if (box.left <= extent.right && box.right >= extent.left && box.bottom <= extent.top &&
            box.top >= extent.bottom)
            return;
        ++beyond;
        amount += std::isfinite(value) ? value : 0;
    };
    for (std::size_t i = 0; i < parts.points.size(); ++i)
        count(bounds(std::span{&parts.points[i], 1}), parts.point_values[i]);
    for (std::size_t i = 0; i < parts.polygons.size(); ++i)
        count(bounds(parts.polygons[i]), parts.polygon_values[i]);
    if (beyond == 0)
        return;
    account.remark({fmt::format("{} 个在栅格范围之外，不计入{}", beyond,
                                amounts ? fmt::format("（合计 {:.10g}）", amount) : ""),
                    fmt::format("{} lie beyond the grid and are not counted{}", beyond,
                                amounts ? fmt::format(" ({:.10g} in all)", amount) : "")});
}

StackedLayer stack_vector(const StackLayer& layer, const Grid& grid, double valid_share,
                          spec::Door& door, const Execution& execution) {
    auto table = door.table(layer, spec::any_layer(), spec::Shapes::wanted);
    StackedLayer out;
    out.plan.file = layer.file.filename().string() + ":" + table.layer().name;
    out.plan.crs = table.layer().crs.name();
    out.plan.cells = fmt::format("{} features", table.size());
    const auto parts = parts_of(table, layer, grid.crs, out.plan);
    Box box = bounds(std::span<const Point>{parts.points});
    for (const auto& polygon : parts.polygons)
        box.add(bounds(polygon));
    for (const auto& line : parts.lines)
        box.add(bounds(std::span<const Point>{line}));
    const auto touched = grid.touching(box);
    out.plan.overlap =
        static_cast<double>(touched.size()) / static_cast<double>(grid.window().size());
    check_overlap(layer, out.plan, grid);
    const auto measure = layer.downscale_by.empty() ? measure_of(layer) : "sum";
    tell_beyond(parts, grid, measure == "sum", table.account());
    if (!layer.downscale_by.empty()) {
        out.plan.rule = "dasymetric, unit totals kept";
        out.kind = Kind::counts;
        out.cells = downscaled_cells(layer, parts, grid, door, execution);
        return out;
    }
    out.kind = measure == "mean" ? Kind::continuous : Kind::counts;
    const bool spread = measure == "sum" && parts.points.empty();
    out.plan.rule = measure + (layer.field.empty() ? "" : " of " + layer.field) +
                    (spread ? ", spread over the area of each" : "") +
                    (layer.measure == "auto" ? " (auto)" : "");
    out.cells = cells_of(layer, measure, parts, grid, valid_share, execution);
    return out;
}

} // namespace

std::string measure_of(const StackLayer& layer) {
    if (layer.measure != "auto")
        return layer.measure;
    spec::LayerReader reader{layer, nullptr};
    const bool field = !layer.field.empty();
    while (const auto batch = reader.stream.next())
        for (const auto& source : reader.features_of(*batch)) {
            if (source.type == vector::ShapeType::polygon)
                return !field ? "area" : layer.role == Role::amount ? "sum" : "mean";
            if (source.type == vector::ShapeType::line)
                return "length";
            if (source.type == vector::ShapeType::point)
                return field ? "sum" : "count";
        }
    return field ? "sum" : "count";
}

bool StackLayer::is_vector() const {
    return !spec::is_raster(file);
}

StackLayer StackLayer::parse(const std::string& text, std::string* name) {
    constexpr std::array<std::string_view, 3> keys{"field", "measure", "name"};
    spec::Pairs rest;
    StackLayer layer;
    static_cast<spec::Source&>(layer) = spec::Source::parse(text, {keys, {}}, rest);
    if (layer.file.empty())
        throw Error{ErrorKind::usage, "a layer without file", "write 'FILE kind=counts'"};
    std::string own_name = layer.layer.empty() ? layer.file.stem().string() : layer.layer;
    for (const auto& [key, value] : rest) {
        if (key == "field")
            layer.field = value;
        else if (key == "measure")
            layer.measure = value;
        else
            own_name = value;
    }
    if (name != nullptr)
        *name = own_name;
    return layer;
}

double share_without_data(const StackLayer& layer, const Grid& grid, const Execution& execution) {
    if (layer.is_vector())
        return raster::nodata;
    spec::Door unheard; // what it has to say was told when it was stacked
    const auto opened = unheard.raster(layer, layer.wanted);
    const auto& reader = *opened.reader();
    const CrsTransform back{grid.crs, reader.grid().crs};
    const auto blocks = blocks_of(reader.grid().touching(back.apply(grid.extent())));
    std::uint64_t cells = 0;
    std::uint64_t empty = 0;
    parallel_ordered(
        execution, "share without data", {blocks.size(), raster::most_cells(blocks) * 16},
        [&](std::size_t b) {
            const auto values = static_cast<const Source&>(reader).read(blocks[b]);
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
                     spec::Door& door, const Execution& execution) {
    auto out = layer.is_vector() ? stack_vector(layer, grid, valid_share, door, execution)
                                 : stack_raster(layer, grid, valid_share, door);
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

} // namespace riskmap::census
