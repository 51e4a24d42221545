// SPDX-License-Identifier: MIT
#include <riskmap/forest/coverage.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::forest {

double SeenForest::share() const {
    return forest > 0 ? seen / forest : raster::nodata;
}

double SeenForest::twice_share() const {
    return forest > 0 ? twice / forest : raster::nodata;
}

UnitLayer unit_layer(const vector::Layer& layer, const std::string& field,
                     const ForestCells& forest, const Execution& execution) {
    UnitLayer out;
    out.name = layer.name;
    out.field = field;
    const auto at = layer.field(field);
    const auto placed = vector::transformed(layer, forest.grid().crs);
    Box box;
    for (const auto& feature : placed.features) {
        const auto& shape = feature.shape.polygons;
        if (shape.empty())
            throw input_error(fmt::format("layer '{}' holds a unit that is no polygon", layer.name),
                              "give the layer of the units' areas");
        out.units.push_back(vector::text_of(feature.values[at]));
        out.shapes.push_back(find_flaw(shape) ? repaired(shape) : shape);
        box.add(bounds(out.shapes.back()));
    }
    if (forest.grid().touching(box).empty())
        throw input_error(fmt::format("no unit of '{}' lies on the height model", layer.name),
                          "check the CRS of both");
    const auto cells =
        zonal::unit_cells(zonal::cover(out.shapes, forest.grid(), execution), forest.grid());
    for (const double unit : forest.values(*cells, execution))
        out.of_cell.push_back(std::isnan(unit) ? 0 : static_cast<std::uint32_t>(unit));
    return out;
}

Coverage coverage_of(std::span<const siting::DemandSet* const> views, std::span<const double> areas,
                     std::span<const UnitLayer> units) {
    Coverage out;
    out.times.resize(areas.size());
    constexpr std::uint16_t most = 65534;
    for (const auto* view : views)
        view->visit([&](std::uint32_t cell) {
            out.times[cell] = std::min<std::uint16_t>(out.times[cell] + 1U, most);
        });
    for (const auto* view : views) {
        CameraShare share;
        view->visit([&](std::uint32_t cell) {
            share.seen += areas[cell];
            share.alone += out.times[cell] == 1 ? areas[cell] : 0;
        });
        out.cameras.push_back(share);
    }
    const auto add = [&](SeenForest& sum, std::size_t cell) {
        sum.forest += areas[cell];
        sum.seen += out.times[cell] > 0 ? areas[cell] : 0;
        sum.twice += out.times[cell] > 1 ? areas[cell] : 0;
    };
    for (std::size_t cell = 0; cell < areas.size(); ++cell)
        add(out.all, cell);
    for (const auto& layer : units) {
        auto& sums = out.units.emplace_back(layer.units.size());
        for (std::size_t cell = 0; cell < areas.size(); ++cell)
            if (layer.of_cell[cell] > 0)
                add(sums[layer.of_cell[cell] - 1], cell);
    }
    return out;
}

Coverage coverage_of(std::span<const siting::DemandSet> views, std::span<const double> areas,
                     std::span<const UnitLayer> units) {
    std::vector<const siting::DemandSet*> pointers;
    for (const auto& view : views)
        pointers.push_back(&view);
    return coverage_of(pointers, areas, units);
}

namespace {

class TimesSeen final : public raster::Source {
  public:
    TimesSeen(const ForestCells& forest, std::vector<std::uint16_t> times)
        : m_forest{forest}, m_times{std::move(times)} {}
    [[nodiscard]] const Grid& grid() const override { return m_forest.grid(); }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::fill(values.begin(), values.end(), raster::nodata);
        const Window common = window.intersection(grid().window());
        for (auto r = common.row; r < common.row + common.rows; ++r) {
            double* row = values.data() + (r - window.row) * window.columns;
            m_forest.visit_row(r, common.column, common.column + common.columns,
                               [&](std::uint32_t number, std::int64_t column) {
                                   row[column - window.column] = m_times[number];
                               });
        }
    }

  private:
    const ForestCells& m_forest;
    std::vector<std::uint16_t> m_times;
};

} // namespace

std::shared_ptr<const raster::Source> times_seen(const ForestCells& forest,
                                                 std::vector<std::uint16_t> times) {
    return std::make_shared<TimesSeen>(forest, std::move(times));
}

} // namespace riskmap::forest
