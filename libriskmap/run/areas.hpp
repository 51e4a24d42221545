// SPDX-License-Identifier: MIT
// Private: the three levels of areas of a project.
#pragma once

#include <string>
#include <vector>

#include <riskmap/geo/grid.hpp>
#include <riskmap/project/project.hpp>

namespace riskmap::run {

using project::AreaLayer;
using project::Project;

struct Area {
    std::string code;
    std::string name;
    MultiPolygon shape;
    std::size_t parent = 0; ///< place in the level above
};

struct Areas {
    Crs crs;
    std::vector<Area> cities;
    std::vector<Area> counties;
    std::vector<Area> townships;

    [[nodiscard]] std::size_t city_of_township(std::size_t t) const {
        return counties[townships[t].parent].parent;
    }
};

/// Reads, checks, repairs and links the layers of a project, in the CRS of its
/// grid. \throws Error{input}: missing field, empty or double code, a township
/// of no county.
[[nodiscard]] Areas read_areas(const Project& project, spec::Door& door,
                               std::vector<std::string>& warnings);

[[nodiscard]] Grid project_grid(const Project& project, const Areas& areas);
[[nodiscard]] std::vector<MultiPolygon> shapes_of(const std::vector<Area>& areas);

} // namespace riskmap::run
