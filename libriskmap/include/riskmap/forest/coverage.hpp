// SPDX-License-Identifier: MIT
// How much of the forest cameras see (../docs/method.md section 14).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <riskmap/forest/cameras.hpp>

namespace riskmap::forest {

/// True areas of forest in square metres.
struct SeenForest {
    double forest = 0;
    double seen = 0;  ///< by one camera or more
    double twice = 0; ///< by two or more

    /// Of the forest; NaN where there is none.
    [[nodiscard]] double share() const;
    [[nodiscard]] double twice_share() const;
};

/// A layer of units, brought to the forest's grid: each forest cell belongs to the unit that
/// has most of it, if units have at least half.
struct UnitLayer {
    std::string name;               ///< of the layer
    std::string field;              ///< that names the units
    std::vector<std::string> units; ///< their names
    std::vector<MultiPolygon> shapes;
    std::vector<std::uint32_t> of_cell; ///< by forest cell: 1 + the unit, 0: none
};
/// \throws Error{input}: not polygons, no such field, none meets the grid.
[[nodiscard]] UnitLayer unit_layer(const vector::Layer& layer, const std::string& field,
                                   const ForestCells& forest, const Execution& execution);

struct CameraShare {
    double seen = 0;  ///< forest that it sees, m2
    double alone = 0; ///< forest that only it sees, m2
};

/// Everything about one target height.
struct Coverage {
    double target = 0;
    SeenForest all;
    std::vector<CameraShare> cameras;
    std::vector<std::vector<SeenForest>> units; ///< by unit layer and unit
    std::vector<std::uint16_t> times; ///< by forest cell: how many cameras see it, 65534 at most
};

/// What the sets of cells that cameras see add up to.
[[nodiscard]] Coverage coverage_of(std::span<const siting::DemandSet* const> views,
                                   std::span<const double> areas, std::span<const UnitLayer> units);

[[nodiscard]] Coverage coverage_of(std::span<const siting::DemandSet> views,
                                   std::span<const double> areas, std::span<const UnitLayer> units);

/// How many cameras see each cell; nodata where no forest is.
[[nodiscard]] std::shared_ptr<const raster::Source> times_seen(const ForestCells& forest,
                                                               std::vector<std::uint16_t> times);

} // namespace riskmap::forest
