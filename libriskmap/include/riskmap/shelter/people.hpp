// SPDX-License-Identifier: MIT
// The people who need a shelter: where they are and how many (../docs/method.md section 15).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>

namespace riskmap::shelter {

/// People in places: villages, buildings or cells.
struct People {
    std::vector<Point> places;
    std::vector<double> numbers;
    std::vector<std::string> ids; ///< of villages and buildings; cells have none

    [[nodiscard]] std::size_t size() const noexcept { return places.size(); }
    [[nodiscard]] double total() const;
    /// The id, or the number from 1.
    [[nodiscard]] std::string id(std::size_t i) const;
};

/// "FILE:LAYER:FIELD" of points (villages) or polygons (buildings, taken at their middle), or
/// "FILE.tif" of people per cell; with further words as every source. The field is a head of the
/// file, or "population" for what the specification `villages` calls so.
struct PeopleSource {
    spec::Source source;
    std::string field; ///< empty: a raster

    /// \throws Error{usage}.
    [[nodiscard]] static PeopleSource parse(const std::string& text);
};

/// The layer or raster as it lies, in its own CRS. Cells with nobody are left out; places whose
/// number is not known too, which the account tells.
struct OpenedPeople {
    People people;
    Crs crs;
};
/// \throws Error{input}: negative numbers, text for a number, lines, nobody at all.
[[nodiscard]] OpenedPeople read_people(const PeopleSource& source, spec::Door& door,
                                       const Execution& execution);

/// Carries places over; those that cannot be are left out, their number is returned.
std::size_t carry(People& people, const Crs& from, const Crs& to);

/// A rule by which people have to move: the raster says more than `above` where they are.
struct MoveRule {
    spec::Source source;
    double above = 0;

    /// "RASTER.tif:0.5", or "RASTER.tif:BAND:0.5", and further words as every source.
    /// \throws Error{usage}.
    [[nodiscard]] static MoveRule parse(const std::string& text);
};
/// Keeps only those to whom at least one rule applies (each is counted once). Where no raster has
/// data it is not known; how many people that are is told. `crs` is that of the people.
void keep_movers(People& people, const Crs& crs, const std::vector<MoveRule>& rules,
                 spec::Door& door, const Execution& execution);

} // namespace riskmap::shelter
