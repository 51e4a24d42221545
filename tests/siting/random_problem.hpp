// SPDX-License-Identifier: MIT
// Small random cases of the siting models, for tests beside all choices there are.
#pragma once

#include <random>

#include <riskmap/siting/models.hpp>

namespace riskmap::test {

struct Shape {
    std::size_t demands = 30;
    std::size_t candidates = 11;
    double radius = 0.3; ///< links longer than that are left out
    bool whole = true;   ///< whole weights
};

/// Demands and candidates in a unit square.
inline siting::Problem random_problem(unsigned seed, const Shape& shape) {
    std::mt19937 random{seed};
    std::uniform_real_distribution<double> any{0, 1};
    siting::Problem problem;
    std::vector<Point> places(shape.demands);
    for (auto& place : places) {
        place = {any(random), any(random)};
        const double weight = 1 + 20 * any(random);
        problem.weights.push_back(shape.whole ? std::floor(weight) : weight);
    }
    problem.weights[0] = 0; // nobody lives there
    for (std::size_t j = 0; j < shape.candidates; ++j) {
        const Point site{any(random), any(random)};
        std::vector<std::uint32_t> demands;
        std::vector<double> costs;
        for (std::uint32_t i = 0; i < shape.demands; ++i) {
            const double d = std::hypot(places[i].x - site.x, places[i].y - site.y);
            if (d <= shape.radius) {
                demands.push_back(i);
                costs.push_back(std::round(1000 * d));
            }
        }
        problem.links.add(demands, costs);
    }
    return problem;
}

} // namespace riskmap::test
