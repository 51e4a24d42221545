// SPDX-License-Identifier: MIT
// Location problems of the size of a province, made with a seed: towns of many sizes, each with
// people and candidate sites around its middle. Prints what was found, the bound and the time.
//   bench_location [demands] [candidates] [sites] [seed]
#include <cmath>
#include <cstdlib>
#include <random>

#include <fmt/format.h>
#include <sys/resource.h>

#include <riskmap/geo/geometry.hpp>
#include <riskmap/shelter/distance.hpp>
#include <riskmap/siting/models.hpp>

namespace {

using riskmap::Point;

/// Points around towns whose sizes fall off as one over their rank.
std::vector<Point> places(std::size_t n, const std::vector<Point>& towns, std::mt19937_64& random) {
    std::vector<double> sizes;
    for (std::size_t t = 0; t < towns.size(); ++t)
        sizes.push_back(1 / std::sqrt(static_cast<double>(t) + 1));
    std::discrete_distribution<std::size_t> town{sizes.begin(), sizes.end()};
    std::normal_distribution<double> spread{0, 6000};
    std::vector<Point> points(n);
    for (auto& point : points) {
        const auto& middle = towns[town(random)];
        point = {middle.x + spread(random), middle.y + spread(random)};
    }
    return points;
}

/// The radius at which a demand has `wanted` candidates on average.
double radius_for(const std::vector<Point>& sites, const std::vector<Point>& demands,
                  double wanted) {
    double low = 10;
    double high = 100'000;
    const std::vector<Point> few{
        demands.begin(),
        demands.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(2000, demands.size()))};
    for (int step = 0; step < 30; ++step) {
        const double middle = (low + high) / 2;
        std::size_t links = 0;
        for (const auto& reached :
             riskmap::shelter::straight(1, {middle, false}, 4)->reach(sites, few, middle, {}))
            links += reached.size();
        (static_cast<double>(links) / static_cast<double>(few.size()) < wanted ? low : high) =
            middle;
    }
    return high;
}

} // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, std::size_t fallback) {
        return argc > i ? std::strtoull(argv[i], nullptr, 10) : fallback;
    };
    const auto demands = argument(1, 1'000'000);
    const auto candidates = argument(2, 10'000);
    std::mt19937_64 random{argument(4, 1)};
    std::uniform_real_distribution<double> anywhere{0, 300'000};
    std::vector<Point> towns(400);
    for (auto& town : towns)
        town = {anywhere(random), anywhere(random)};
    const auto people = places(demands, towns, random);
    const auto sites = places(candidates, towns, random);
    riskmap::siting::Problem problem;
    std::lognormal_distribution<double> number{3, 1};
    for (std::size_t i = 0; i < demands; ++i)
        problem.weights.push_back(std::ceil(number(random)));
    const double radius = radius_for(sites, people, 100);
    std::vector<std::uint32_t> near;
    std::size_t links = 0;
    for (const auto& reached :
         riskmap::shelter::straight(1, {radius, false}, 4)->reach(sites, people, radius, {})) {
        near.clear();
        for (const auto& one : reached)
            near.push_back(one.demand);
        links += near.size();
        problem.links.add(near);
    }
    problem.sites = argument(3, 200);
    riskmap::siting::Limits limits;
    limits.seconds = 600;
    const auto answer = riskmap::siting::cover_most(problem, limits);
    double all = 0;
    for (const double weight : problem.weights)
        all += weight;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("{} demands, {} candidates, {:.1f} a demand, {} sites: {:.0f} ({:.1f} % of all), "
               "bound {:.0f}, gap {:.3f} %, {:.1f} s, {:.1f} GB\n",
               demands, candidates, static_cast<double>(links) / static_cast<double>(demands),
               answer.sites.size(), answer.objective, 100 * answer.objective / all, answer.bound,
               100 * answer.gap, answer.seconds, static_cast<double>(usage.ru_maxrss) / 1e6);
}
