// SPDX-License-Identifier: MIT
#include <riskmap/census/shift.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace riskmap::census {

namespace {

constexpr double pi = std::numbers::pi;
// Krasovsky's ellipsoid, on which the approximation is stated.
constexpr double semi_major = 6378245.0;
constexpr double eccentricity2 = 0.00669342162296594323;
constexpr double metres_per_degree = 111320;

bool in_china(Point p) {
    return p.x >= 72.004 && p.x <= 137.8347 && p.y >= 0.8293 && p.y <= 55.8271;
}

double waves(double x, double along) {
    return (20 * std::sin(6 * x * pi) + 20 * std::sin(2 * x * pi) + 20 * std::sin(along * pi) +
            40 * std::sin(along / 3 * pi)) *
           2 / 3;
}

double north_metres(double x, double y) {
    return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * std::sqrt(std::abs(x)) +
           waves(x, y) + (160 * std::sin(y / 12 * pi) + 320 * std::sin(y / 30 * pi)) * 2 / 3;
}

double east_metres(double x, double y) {
    return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * std::sqrt(std::abs(x)) +
           waves(x, x) + (150 * std::sin(x / 12 * pi) + 300 * std::sin(x / 30 * pi)) * 2 / 3;
}

Point moved_by(Point p, double east, double north) {
    return {p.x + east / (metres_per_degree * std::cos(p.y * pi / 180)),
            p.y + north / metres_per_degree};
}

} // namespace

Point gcj02_of(Point p) {
    if (!in_china(p))
        return p;
    const double north = north_metres(p.x - 105, p.y - 35);
    const double east = east_metres(p.x - 105, p.y - 35);
    const double latitude = p.y * pi / 180;
    const double magic = 1 - eccentricity2 * std::sin(latitude) * std::sin(latitude);
    const double meridian = semi_major * (1 - eccentricity2) / (magic * std::sqrt(magic));
    const double parallel = semi_major / std::sqrt(magic) * std::cos(latitude);
    return {p.x + east * 180 / (parallel * pi), p.y + north * 180 / (meridian * pi)};
}

namespace {

/// Where a shift comes from, by going back what is missing.
Point undone(Point shifted, Point (*shift)(Point)) {
    Point guess = shifted;
    for (int step = 0; step < 30; ++step) {
        const Point there = shift(guess);
        const Point miss{shifted.x - there.x, shifted.y - there.y};
        guess = {guess.x + miss.x, guess.y + miss.y};
        if (std::hypot(miss.x, miss.y) < 1e-12)
            break;
    }
    return guess;
}

} // namespace

Point true_place_of(Point gcj02) {
    return undone(gcj02, &gcj02_of);
}

Point bd09_of(Point p) {
    if (!in_china(p))
        return p;
    const Point gcj = gcj02_of(p);
    constexpr double turns = pi * 3000 / 180;
    const double radius = std::hypot(gcj.x, gcj.y) + 0.00002 * std::sin(gcj.y * turns);
    const double angle = std::atan2(gcj.y, gcj.x) + 0.000003 * std::cos(gcj.x * turns);
    return {radius * std::cos(angle) + 0.0065, radius * std::sin(angle) + 0.006};
}

Point true_place_of_bd09(Point bd09) {
    return undone(bd09, &bd09_of);
}

bool ShiftStudy::bd09() const {
    return before > 1 && without_bd09 < without && without_bd09 < 0.3 * before &&
           without_bd09 <= 1.5 * after + 1;
}

bool ShiftStudy::gcj02() const {
    return !bd09() && before > 1 && without < 0.3 * before && without <= 1.5 * after + 1;
}

bool ShiftStudy::shifted() const {
    return !gcj02() && !bd09() && before > 1 && after < 0.3 * before && std::hypot(east, north) > 5;
}

ShiftStudy study_shift(Point middle, const Misfit& misfit) {
    ShiftStudy study;
    study.before = misfit([](Point p) { return p; });
    study.without = misfit(true_place_of);
    study.without_bd09 = misfit(true_place_of_bd09);
    const auto at = [&](double east, double north) {
        return misfit([=](Point p) { return moved_by(p, -east, -north); });
    };
    // From rest and from the shifts that GCJ-02 and BD-09 have here, downhill on a cross that
    // shrinks.
    const auto metres = [&](Point there) {
        return std::array{(there.x - middle.x) * metres_per_degree * std::cos(middle.y * pi / 180),
                          (there.y - middle.y) * metres_per_degree};
    };
    study.after = study.before;
    for (const auto& start :
         {std::array{0.0, 0.0}, metres(gcj02_of(middle)), metres(bd09_of(middle))}) {
        auto best = start;
        double value = at(best[0], best[1]);
        for (int halving = 0; halving < 10; ++halving) {
            const double step = 256.0 / (1 << halving); // to half a metre
            for (bool better = true; better;) {
                better = false;
                for (const auto& way :
                     {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}}) {
                    const std::array next{best[0] + way[0] * step, best[1] + way[1] * step};
                    if (std::hypot(next[0], next[1]) > 2000)
                        continue;
                    if (const double there_value = at(next[0], next[1]);
                        there_value < value - 1e-9) {
                        value = there_value;
                        best = next;
                        better = true;
                    }
                }
            }
        }
        if (value < study.after) {
            study.after = value;
            study.east = best[0];
            study.north = best[1];
        }
    }
    return study;
}

} // namespace riskmap::census
