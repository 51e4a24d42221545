// SPDX-License-Identifier: MIT
#include <riskmap/spec/mismatch.hpp>

#include <algorithm>
#include <cmath>

namespace riskmap::spec {

namespace {

/// An easting of a Gauss-Kruger zone has eight digits where its number stands in front.
bool counts_zones(const Crs& crs) {
    return crs.wkt().find("0500000") != std::string::npos ||
           crs.name().find("zone") != std::string::npos;
}

bool is_transverse_mercator(const Crs& crs) {
    return crs.wkt().find("Transverse_Mercator") != std::string::npos ||
           crs.wkt().find("Transverse Mercator") != std::string::npos ||
           crs.wkt().find("Gauss_Kruger") != std::string::npos;
}

} // namespace

bool swapped(const Crs& crs, const Box& box) {
    if (crs.empty() || box.empty())
        return false;
    if (crs.geographic())
        return box.left >= 3 && box.right <= 54 && box.bottom >= 73 && box.top <= 136;
    const bool northings_first = box.left >= 1.9e6 && box.right <= 6e6;
    const bool eastings = (box.bottom >= 1e5 && box.top <= 9e5) ||
                          (box.bottom >= 1.3e7 && box.top <= 4.6e7); // with the zone's number
    return is_transverse_mercator(crs) && northings_first && eastings;
}

std::optional<Words> mismatch(const Crs& crs, const Box& box) {
    if (crs.empty() || box.empty())
        return std::nullopt;
    const double farthest_x = std::max(std::abs(box.left), std::abs(box.right));
    const double farthest_y = std::max(std::abs(box.bottom), std::abs(box.top));
    const bool degrees_like = farthest_x <= 360.001 && farthest_y <= 90.001;
    if (crs.geographic())
        return degrees_like ? std::nullopt
                            : std::optional{Words{"坐标不是度", "the coordinates are no degrees"}};
    // About the origin of a local system a few metres are metres.
    const bool local = std::max(std::abs(box.middle().x), std::abs(box.middle().y)) <= 1;
    if (degrees_like && !local)
        return Words{"坐标像是度，而坐标系以米为单位",
                     "they look like degrees, and the CRS counts metres"};
    if (swapped(crs, box))
        return Words{"横坐标与纵坐标颠倒了", "x and y are swapped"};
    if (is_transverse_mercator(crs) && !counts_zones(crs) && box.left >= 1e7 && box.right < 6e7)
        return Words{"横坐标带有带号，坐标系没有",
                     "the eastings carry a zone number that the CRS does not have"};
    return std::nullopt;
}

} // namespace riskmap::spec
