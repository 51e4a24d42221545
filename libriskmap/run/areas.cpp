// SPDX-License-Identifier: MIT
#include "areas.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::run {

namespace {

struct RawArea {
    Area area;
    std::string parent_code;
};

std::string where(const AreaLayer& source) {
    return source.file.filename().string() + (source.layer.empty() ? "" : ":" + source.layer);
}

void repair(Area& area, const AreaLayer& source, std::vector<std::string>& warnings) {
    if (const auto flaw = find_flaw(area.shape)) {
        area.shape = repaired(area.shape);
        warnings.push_back(fmt::format(
            "{}: {} ({}) was not valid and was repaired: {} at ({:.6g}, {:.6g})", where(source),
            area.code, area.name, flaw->reason, flaw->place.x, flaw->place.y));
    }
}

std::vector<RawArea> read_level(const AreaLayer& source, const char* spec, const Crs& crs,
                                const char* what, spec::Door& door,
                                std::vector<std::string>& warnings) {
    auto table = door.table(source, spec, spec::Shapes::required);
    const auto codes = table.unit_codes("code");
    const auto names = table.texts("name");
    const auto parents = source.parent_field.empty() ? std::vector<std::string>(table.size())
                                                     : table.unit_codes_of(source.parent_field);
    auto layer = vector::transformed(std::move(table.layer()), crs);
    std::vector<RawArea> areas;
    std::map<std::string, std::size_t> seen;
    for (std::size_t row = 0; row < layer.features.size(); ++row) {
        RawArea raw;
        raw.area.code = codes[row];
        raw.area.name = names[row];
        raw.parent_code = parents[row];
        raw.area.shape = std::move(layer.features[row].shape.polygons);
        if (raw.area.code.empty())
            throw input_error(
                fmt::format("{}: {} {} has no code", where(source), what, areas.size() + 1),
                "fill it, or name another column with code_field");
        if (const auto [at, fresh] = seen.try_emplace(raw.area.code, areas.size()); !fresh)
            throw input_error(fmt::format("{}: code '{}' stands twice ({} and {})", where(source),
                                          raw.area.code, areas[at->second].area.name,
                                          raw.area.name),
                              "give each its own code, or dissolve the two");
        if (raw.area.shape.empty())
            throw input_error(
                fmt::format("{}: {} '{}' has no polygon", where(source), what, raw.area.code));
        repair(raw.area, source, warnings);
        areas.push_back(std::move(raw));
    }
    if (areas.empty())
        throw input_error(fmt::format("{} holds no {}", where(source), what));
    return areas;
}

/// The area of the level above that has most in common with this one.
std::size_t largest_overlap(const Area& area, const std::vector<Area>& above,
                            const std::string& file) {
    const Box box = bounds(area.shape);
    double most = 0;
    std::size_t best = above.size();
    for (std::size_t i = 0; i < above.size(); ++i) {
        if (!box.meets(bounds(above[i].shape)))
            continue;
        const double common = common_area(area.shape, above[i].shape);
        if (common > most) {
            most = common;
            best = i;
        }
    }
    if (best == above.size())
        throw input_error(fmt::format("{}: '{}' ({}) lies in no area of the level above", file,
                                      area.code, area.name),
                          "check that both layers are of the same place and CRS");
    return best;
}

std::vector<Area> linked(std::vector<RawArea> raw, const std::vector<Area>& above,
                         const AreaLayer& source, const char* above_name) {
    std::map<std::string, std::size_t> by_code;
    for (std::size_t i = 0; i < above.size(); ++i)
        by_code[above[i].code] = i;
    std::vector<Area> areas;
    std::vector<std::string> lost;
    for (auto& entry : raw) {
        if (source.parent_field.empty()) {
            entry.area.parent =
                above.size() == 1 ? 0 : largest_overlap(entry.area, above, where(source));
        } else if (const auto found = by_code.find(entry.parent_code); found != by_code.end()) {
            entry.area.parent = found->second;
        } else {
            lost.push_back(fmt::format("{} ({} '{}')", entry.area.code, source.parent_field,
                                       entry.parent_code));
        }
        areas.push_back(std::move(entry.area));
    }
    if (!lost.empty())
        throw input_error(
            fmt::format(
                "{}: {} of the areas belong to no {}: {}{}", where(source), lost.size(), above_name,
                fmt::join(std::span{lost}.first(std::min<std::size_t>(3, lost.size())), ", "),
                lost.size() > 3 ? ", ..." : ""),
            fmt::format("correct the field '{}', or leave parent_field out to go by "
                        "the largest common area",
                        source.parent_field));
    return areas;
}

} // namespace

Areas read_areas(const Project& project, spec::Door& door, std::vector<std::string>& warnings) {
    Areas areas;
    areas.crs = Crs::parse(project.crs);
    auto counties = read_level(project.counties, "counties", areas.crs, "county", door, warnings);
    if (project.cities.file.empty()) {
        std::vector<MultiPolygon> shapes;
        for (const auto& county : counties)
            shapes.push_back(county.area.shape);
        areas.cities.push_back(
            {project.city_code, project.city_name.in(project.language), dissolved(shapes), 0});
        if (!project.counties.parent_field.empty())
            warnings.push_back("areas.counties.parent_field is not used: there is one city");
        auto plain = project.counties;
        plain.parent_field.clear();
        areas.counties = linked(std::move(counties), areas.cities, plain, "city");
    } else {
        for (auto& raw : read_level(project.cities, "cities", areas.crs, "city", door, warnings))
            areas.cities.push_back(std::move(raw.area));
        areas.counties = linked(std::move(counties), areas.cities, project.counties, "city");
    }
    areas.townships =
        linked(read_level(project.townships, "townships", areas.crs, "township", door, warnings),
               areas.counties, project.townships, "county");
    return areas;
}

Grid project_grid(const Project& project, const Areas& areas) {
    Box box;
    for (const auto& township : areas.townships)
        box.add(bounds(township.shape));
    if (project.extent && !project.extent->meets(box))
        throw input_error("grid.extent does not overlap the townships",
                          "give left, bottom, right, top in units of the grid's CRS");
    return Grid::covering(areas.crs, project.extent.value_or(box), project.cell_size);
}

std::vector<MultiPolygon> shapes_of(const std::vector<Area>& areas) {
    std::vector<MultiPolygon> shapes;
    for (const auto& area : areas)
        shapes.push_back(area.shape);
    return shapes;
}

} // namespace riskmap::run
