// SPDX-License-Identifier: MIT
// How far it is to the nearest site from every cell, and the areas within bands of that
// (../docs/method.md section 15).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/shelter/distance.hpp>
#include <riskmap/shelter/people.hpp>

namespace riskmap::shelter {

/// Metres or minutes from the centre of each cell of `grid` to the nearest site; nodata beyond
/// `limit` and where no road leads there. `crs` is that of the finder's places.
[[nodiscard]] std::shared_ptr<const raster::Source>
reach_source(const Grid& grid, const Crs& crs, std::shared_ptr<const SiteFinder> finder,
             const Limit& limit);

/// "500m,1000m,1500m" or "5min,10min": rising limits of one kind. \throws Error{usage}.
[[nodiscard]] std::vector<Limit> parse_bands(const std::string& text);

/// Cells by band, from 1: up to the first limit, up to the second ...; nodata beyond all.
[[nodiscard]] std::shared_ptr<const raster::Source>
band_source(std::shared_ptr<const raster::Source> reach, std::vector<Limit> bands);

/// People who live in a band, who are `from` it to the finder's nearest site.
[[nodiscard]] std::vector<double> people_by_band(const People& people, const SiteFinder& finder,
                                                 std::span<const Limit> bands,
                                                 const Execution& execution);

/// Service areas: one feature for each band of a raster of bands, not overlapping. Fields: band,
/// level (for colours), from, to, area_km2 and, if they are known, people.
[[nodiscard]] vector::Layer area_layer(const raster::Source& bands, std::span<const Limit> limits,
                                       std::span<const double> people, Language language,
                                       const Execution& execution);

} // namespace riskmap::shelter
