// SPDX-License-Identifier: MIT
#include <riskmap/raster/align.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "cell_map.hpp"

namespace riskmap::raster {

namespace {

/// Source cells per target cell along each side, at the middle of the target.
Point source_cells_per_cell(const CellMap& map, const Grid& target) {
    const Point middle{static_cast<double>(target.columns) / 2,
                       static_cast<double>(target.rows) / 2};
    const Point a = map.exact(middle);
    const Point b = map.exact({middle.x + 1, middle.y});
    const Point c = map.exact({middle.x, middle.y + 1});
    return {std::hypot(b.x - a.x, b.y - a.y), std::hypot(c.x - a.x, c.y - a.y)};
}

/// Whether the target's cells are cells of the source, and at which offset.
bool same_cells(const Grid& source, const Grid& target, std::int64_t& column, std::int64_t& row) {
    if (!(source.crs == target.crs))
        return false;
    constexpr double slack = 1e-6;
    const auto span = static_cast<double>(std::max(target.columns, target.rows));
    if (std::abs(source.cell_width - target.cell_width) * span > slack * source.cell_width ||
        std::abs(source.cell_height - target.cell_height) * span > slack * source.cell_height)
        return false;
    const Point corner = source.to_cells({target.left, target.top});
    column = std::llround(corner.x);
    row = std::llround(corner.y);
    return std::abs(corner.x - static_cast<double>(column)) < slack &&
           std::abs(corner.y - static_cast<double>(row)) < slack;
}

class View : public Source {
  public:
    View(std::shared_ptr<const Source> source, const Grid& target)
        : m_source{std::move(source)}, m_grid{target} {}
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;

  protected:
    [[nodiscard]] const Source& source() const { return *m_source; }
    [[nodiscard]] Piece piece() const override { return m_source->piece(); }

  private:
    std::shared_ptr<const Source> m_source;
    Grid m_grid;
};

class Shifted final : public View {
  public:
    Shifted(std::shared_ptr<const Source> source, const Grid& target, std::int64_t column,
            std::int64_t row)
        : View{std::move(source), target}, m_column{column}, m_row{row} {}
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        source().read(shifted(window), values);
    }
    [[nodiscard]] std::unique_ptr<const Source> opened(const Window& window) const override {
        return std::make_unique<Shifted>(source().opened(shifted(window)), grid(), m_column, m_row);
    }

  private:
    [[nodiscard]] Window shifted(const Window& window) const {
        return {window.column + m_column, window.row + m_row, window.columns, window.rows};
    }
    std::int64_t m_column;
    std::int64_t m_row;
};

/// A piece of the source around some positions in its cells.
struct Patch {
    Window window;
    std::vector<double> values;

    Patch(const Source& source, std::span<const Point> positions, std::int64_t margin) {
        Box box;
        for (const auto p : positions)
            if (std::isfinite(p.x) && std::isfinite(p.y))
                box.add(p);
        if (box.empty())
            return;
        const auto limit = [](double v) {
            return static_cast<std::int64_t>(std::clamp(v, -1e9, 1e9));
        };
        window.column = limit(std::floor(box.left)) - margin;
        window.row = limit(std::floor(box.bottom)) - margin;
        window.columns = limit(std::floor(box.right)) + margin + 1 - window.column;
        window.rows = limit(std::floor(box.top)) + margin + 1 - window.row;
        Window whole = source.grid().window();
        window = window.intersection(whole);
        if (!window.empty())
            values = source.read(window);
    }
    [[nodiscard]] double at(std::int64_t column, std::int64_t row) const {
        column -= window.column;
        row -= window.row;
        if (column < 0 || row < 0 || column >= window.columns || row >= window.rows)
            return nodata;
        return values[static_cast<std::size_t>(row * window.columns + column)];
    }
};

/// Bilinear or nearest: one position per target cell.
class Sampled final : public View {
  public:
    Sampled(std::shared_ptr<const Source> source, const Grid& target, bool nearest)
        : View{std::move(source), target}, m_map{target, this->source().grid()}, m_nearest{
                                                                                     nearest} {}
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::vector<Point> centres;
        m_map.lattice(window.column, window.row, window.columns, window.rows, 0.5, centres);
        const Patch patch{source(), centres, 1};
        for (std::size_t i = 0; i < centres.size(); ++i)
            values[i] = m_nearest ? nearest(patch, centres[i]) : bilinear(patch, centres[i]);
    }

  private:
    static double nearest(const Patch& patch, Point p) {
        if (!std::isfinite(p.x))
            return nodata;
        return patch.at(static_cast<std::int64_t>(std::floor(p.x)),
                        static_cast<std::int64_t>(std::floor(p.y)));
    }
    /// Validity is that of the source cell below; the value is weighted over
    /// those of the four neighbours that are valid.
    static double bilinear(const Patch& patch, Point p) {
        if (std::isnan(nearest(patch, p)))
            return nodata;
        const double x = std::floor(p.x - 0.5);
        const double y = std::floor(p.y - 0.5);
        const double u = p.x - 0.5 - x;
        const double v = p.y - 0.5 - y;
        const auto c = static_cast<std::int64_t>(x);
        const auto r = static_cast<std::int64_t>(y);
        const std::array<double, 4> weight{(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
        const std::array<double, 4> value{patch.at(c, r), patch.at(c + 1, r), patch.at(c, r + 1),
                                          patch.at(c + 1, r + 1)};
        double sum = 0;
        double total = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            if (std::isnan(value[k]))
                continue;
            sum += weight[k] * value[k];
            total += weight[k];
        }
        return sum / total;
    }

    CellMap m_map;
    bool m_nearest;
};

/// Area-weighted mean or majority of the source cells under each target cell.
class Averaged final : public View {
  public:
    Averaged(std::shared_ptr<const Source> source, const Grid& target, bool majority,
             double valid_share)
        : View{std::move(source), target}, m_map{target, this->source().grid()},
          m_majority{majority}, m_valid_share{valid_share} {}
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::vector<Point> corners;
        m_map.lattice(window.column, window.row, window.columns + 1, window.rows + 1, 0, corners);
        const Patch patch{source(), corners, 1};
        std::vector<std::pair<double, double>> parts;
        for (std::int64_t r = 0; r < window.rows; ++r) {
            for (std::int64_t c = 0; c < window.columns; ++c) {
                const auto k = static_cast<std::size_t>(r * (window.columns + 1) + c);
                const auto below = k + static_cast<std::size_t>(window.columns) + 1;
                const std::array<Point, 4> cell{corners[k], corners[k + 1], corners[below + 1],
                                                corners[below]};
                values[static_cast<std::size_t>(r * window.columns + c)] =
                    combine(patch, cell, parts);
            }
        }
    }

  private:
    double combine(const Patch& patch, const std::array<Point, 4>& cell,
                   std::vector<std::pair<double, double>>& parts) const {
        const Box box = bounds(cell);
        if (!std::isfinite(box.left + box.right + box.top + box.bottom))
            return nodata;
        parts.clear();
        double valid = 0;
        const auto last_row = static_cast<std::int64_t>(std::ceil(box.top));
        const auto last_column = static_cast<std::int64_t>(std::ceil(box.right));
        for (auto row = static_cast<std::int64_t>(std::floor(box.bottom)); row < last_row; ++row) {
            for (auto column = static_cast<std::int64_t>(std::floor(box.left));
                 column < last_column; ++column) {
                const double value = patch.at(column, row);
                if (std::isnan(value))
                    continue;
                const Box unit{static_cast<double>(column), static_cast<double>(row),
                               static_cast<double>(column + 1), static_cast<double>(row + 1)};
                const double weight = overlap(cell, box, unit);
                valid += weight;
                if (weight > 0)
                    parts.emplace_back(value, weight);
            }
        }
        const double whole = m_map.affine() ? (box.right - box.left) * (box.top - box.bottom)
                                            : std::abs(signed_area(cell));
        if (parts.empty() || valid < m_valid_share * whole * (1 - 1e-9))
            return nodata;
        return m_majority ? majority(parts) : mean(parts, valid);
    }
    [[nodiscard]] double overlap(const std::array<Point, 4>& cell, const Box& box,
                                 const Box& unit) const {
        if (!m_map.affine())
            return convex_overlap(cell, unit);
        return std::max(0.0, std::min(box.right, unit.right) - std::max(box.left, unit.left)) *
               std::max(0.0, std::min(box.top, unit.top) - std::max(box.bottom, unit.bottom));
    }
    static double mean(const std::vector<std::pair<double, double>>& parts, double total) {
        double sum = 0;
        for (const auto& [value, weight] : parts)
            sum += value * weight;
        return sum / total;
    }
    static double majority(std::vector<std::pair<double, double>>& parts) {
        std::sort(parts.begin(), parts.end());
        double best = nodata;
        double most = 0;
        for (std::size_t i = 0; i < parts.size();) {
            double area = 0;
            const double value = parts[i].first;
            for (; i < parts.size() && parts[i].first == value; ++i)
                area += parts[i].second;
            if (area > most * (1 + 1e-12)) {
                most = area;
                best = value;
            }
        }
        return best;
    }

    CellMap m_map;
    bool m_majority;
    double m_valid_share;
};

/// Each source cell deals its count to the target cells by shares of its area;
/// the shares of one source cell sum to 1, so the total is kept.
class Dealt final : public View {
  public:
    Dealt(std::shared_ptr<const Source> source, const Grid& target, double valid_share)
        : View{std::move(source), target}, m_forward{this->source().grid(), target},
          m_back{target, this->source().grid()}, m_valid_share{valid_share} {}
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::fill(values.begin(), values.end(), 0.0);
        std::vector<double> covered(values.size());
        const Window cells = source_window(window);
        if (!cells.empty())
            deal(window, cells, values, covered);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (values[i] == 0 && covered[i] < m_valid_share * (1 - 1e-9))
                values[i] = nodata;
    }

  private:
    [[nodiscard]] Window source_window(const Window& window) const {
        const Box box = m_back.extent(window);
        Window cells = source().grid().touching(box);
        cells = {cells.column - 1, cells.row - 1, cells.columns + 2, cells.rows + 2};
        return cells.intersection(source().grid().window());
    }
    void deal(const Window& window, const Window& cells, std::span<double> values,
              std::span<double> covered) const {
        const auto counts = source().read(cells);
        std::vector<Point> corners;
        m_forward.lattice(cells.column, cells.row, cells.columns + 1, cells.rows + 1, 0, corners);
        for (std::int64_t r = 0; r < cells.rows; ++r) {
            for (std::int64_t c = 0; c < cells.columns; ++c) {
                const double count = counts[static_cast<std::size_t>(r * cells.columns + c)];
                if (std::isnan(count))
                    continue;
                const auto k = static_cast<std::size_t>(r * (cells.columns + 1) + c);
                const auto below = k + static_cast<std::size_t>(cells.columns) + 1;
                deal_cell({corners[k], corners[k + 1], corners[below + 1], corners[below]}, count,
                          window, values, covered);
            }
        }
    }
    void deal_cell(const std::array<Point, 4>& quad, double count, const Window& window,
                   std::span<double> values, std::span<double> covered) const {
        const Box box = bounds(quad);
        if (!std::isfinite(box.left + box.right + box.top + box.bottom))
            return;
        const double area = m_forward.affine() ? (box.right - box.left) * (box.top - box.bottom)
                                               : std::abs(signed_area(quad));
        const auto first_row =
            std::max(window.row, static_cast<std::int64_t>(std::floor(box.bottom)));
        const auto last_row =
            std::min(window.row + window.rows, static_cast<std::int64_t>(std::ceil(box.top)));
        const auto first_column =
            std::max(window.column, static_cast<std::int64_t>(std::floor(box.left)));
        const auto last_column = std::min(window.column + window.columns,
                                          static_cast<std::int64_t>(std::ceil(box.right)));
        for (auto row = first_row; row < last_row; ++row) {
            for (auto column = first_column; column < last_column; ++column) {
                const Box unit{static_cast<double>(column), static_cast<double>(row),
                               static_cast<double>(column + 1), static_cast<double>(row + 1)};
                const double part = m_forward.affine()
                                        ? std::max(0.0, std::min(box.right, unit.right) -
                                                            std::max(box.left, unit.left)) *
                                              std::max(0.0, std::min(box.top, unit.top) -
                                                                std::max(box.bottom, unit.bottom))
                                        : convex_overlap(quad, unit);
                const auto at = static_cast<std::size_t>((row - window.row) * window.columns +
                                                         column - window.column);
                values[at] += count * (part / area);
                covered[at] += part;
            }
        }
    }

    CellMap m_forward;
    CellMap m_back;
    double m_valid_share;
};

bool down_sampled(const Point& ratio) {
    return std::max(ratio.x, ratio.y) > 1 + 1e-6;
}

} // namespace

Kind parse_kind(const std::string& name) {
    for (const auto kind : {Kind::continuous, Kind::classes, Kind::counts})
        if (name == name_of(kind))
            return kind;
    throw Error{ErrorKind::usage, fmt::format("unknown kind of raster '{}'", name),
                "known: continuous, classes, counts"};
}

const char* name_of(Kind kind) {
    switch (kind) {
    case Kind::continuous:
        return "continuous";
    case Kind::classes:
        return "classes";
    case Kind::counts:
        return "counts";
    }
    return "";
}

std::unique_ptr<Source> aligned(std::shared_ptr<const Source> source, const Grid& target,
                                const AlignOptions& options) {
    std::int64_t column = 0;
    std::int64_t row = 0;
    if (same_cells(source->grid(), target, column, row))
        return std::make_unique<Shifted>(std::move(source), target, column, row);
    if (options.kind == Kind::counts)
        return std::make_unique<Dealt>(std::move(source), target, options.valid_share);
    const bool classes = options.kind == Kind::classes;
    if (down_sampled(source_cells_per_cell(CellMap{target, source->grid()}, target)))
        return std::make_unique<Averaged>(std::move(source), target, classes, options.valid_share);
    return std::make_unique<Sampled>(std::move(source), target, classes);
}

AlignmentPlan plan_alignment(const Grid& source, const Grid& target, Kind kind) {
    AlignmentPlan plan;
    const CellMap back{target, source};
    const CellMap forward{source, target};
    const Point ratio = source_cells_per_cell(back, target);
    plan.source_cells = std::max(ratio.x, ratio.y);
    const Point corner = forward.exact({0, 0});
    plan.offset_columns = corner.x - std::floor(corner.x);
    plan.offset_rows = corner.y - std::floor(corner.y);
    const Box covered = target.extent();
    const Box theirs = forward.extent(source.window());
    plan.overlap =
        std::max(0.0, std::min(covered.right, theirs.right) - std::max(covered.left, theirs.left)) *
        std::max(0.0, std::min(covered.top, theirs.top) - std::max(covered.bottom, theirs.bottom)) /
        ((covered.right - covered.left) * (covered.top - covered.bottom));
    std::int64_t column = 0;
    std::int64_t row = 0;
    if (same_cells(source, target, column, row))
        plan.rule = "as is";
    else if (kind == Kind::counts)
        plan.rule = "split by area, total kept";
    else if (down_sampled(ratio))
        plan.rule = kind == Kind::classes ? "majority by area" : "area-weighted mean";
    else
        plan.rule = kind == Kind::classes ? "nearest" : "bilinear";
    return plan;
}

} // namespace riskmap::raster
