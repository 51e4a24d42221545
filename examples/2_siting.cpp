// SPDX-License-Identifier: MIT
// Which two of three places bring most people within reach: proven.
#include <cstdio>

#include <riskmap/riskmap.hpp>

int main() {
    using namespace riskmap::siting;
    Problem problem;
    problem.weights = {300, 120, 80, 500}; // people of four villages
    using Villages = std::vector<std::uint32_t>;
    problem.links.add(Villages{0, 1});    // reached from the school
    problem.links.add(Villages{1, 2});    // from the gymnasium
    problem.links.add(Villages{0, 2, 3}); // from the square
    problem.sites = 2;
    const Answer answer = cover_most(problem);
    for (const auto site : answer.sites)
        std::printf("site %zu\n", site);
    std::printf("%g of 1000 people, bound %g\n", answer.objective, answer.bound);
    return answer.objective == 1000 && answer.optimal ? 0 : 1;
}
