// SPDX-License-Identifier: MIT
#include "districts.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>

#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// Weight that pairs of candidates share, judged by a sample of the demands that keeps
/// the number of pairs looked at within bounds.
std::map<Pair, double> shared_weights(const Reduced& problem) {
    constexpr std::uint64_t most_looks = 50'000'000;
    const std::size_t n = problem.weights.size();
    std::vector<std::uint32_t> times(n);
    for (const auto& set : problem.candidates)
        set.visit([&](std::uint32_t i) { ++times[i]; });
    std::uint64_t looks = 0;
    for (const auto t : times)
        looks += std::uint64_t{t} * t / 2;
    const auto every = static_cast<std::uint32_t>(looks / most_looks + 1);
    std::vector<std::vector<std::uint32_t>> coverers((n + every - 1) / every);
    for (std::size_t j = 0; j < problem.candidates.size(); ++j)
        problem.candidates[j].visit([&](std::uint32_t i) {
            if (i % every == 0)
                coverers[i / every].push_back(static_cast<std::uint32_t>(j));
        });
    std::map<Pair, double> shared;
    for (std::size_t s = 0; s < coverers.size(); ++s)
        for (std::size_t a = 0; a < coverers[s].size(); ++a)
            for (std::size_t b = a + 1; b < coverers[s].size(); ++b)
                shared[{coverers[s][a], coverers[s][b]}] += problem.weights[s * every];
    return shared;
}

std::vector<std::vector<std::size_t>> members_of(const Reduced& problem, std::size_t most) {
    const auto n = static_cast<std::uint32_t>(problem.candidates.size());
    std::vector<std::uint32_t> district(n);
    std::iota(district.begin(), district.end(), 0U);
    std::vector<std::vector<std::size_t>> members(n);
    for (std::uint32_t j = 0; j < n; ++j)
        members[j] = {j};
    if (most > 1) {
        const auto shared = shared_weights(problem);
        std::vector<std::pair<double, Pair>> pairs;
        for (const auto& [pair, weight] : shared)
            pairs.emplace_back(-weight, pair);
        std::sort(pairs.begin(), pairs.end());
        for (const auto& [weight, pair] : pairs) {
            auto a = district[pair.first];
            auto b = district[pair.second];
            if (a == b || members[a].size() + members[b].size() > most)
                continue;
            for (const auto j : members[b])
                district[j] = a;
            members[a].insert(members[a].end(), members[b].begin(), members[b].end());
            members[b].clear();
        }
    }
    std::erase_if(members, [](const auto& m) { return m.empty(); });
    for (auto& m : members)
        std::sort(m.begin(), m.end());
    return members;
}

/// The words of all members side by side, place by place.
void list_demands(District& district, const Reduced& problem) {
    struct Part {
        std::uint32_t place;
        std::uint16_t member;
        std::uint64_t bits;
    };
    std::vector<Part> parts;
    for (std::size_t m = 0; m < district.members.size(); ++m) {
        const auto& set = problem.candidates[district.members[m]];
        for (std::size_t w = 0; w < set.words(); ++w)
            parts.push_back({set.word(w).place, static_cast<std::uint16_t>(m), set.word(w).bits});
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const Part& a, const Part& b) { return a.place < b.place; });
    for (auto first = parts.begin(); first != parts.end();) {
        auto end = first;
        std::uint64_t any = 0;
        for (; end != parts.end() && end->place == first->place; ++end)
            any |= end->bits;
        for (; any != 0; any &= any - 1) {
            const auto bit = std::countr_zero(any);
            std::uint32_t pattern = 0;
            for (auto part = first; part != end; ++part)
                pattern |= static_cast<std::uint32_t>(part->bits >> bit & 1U) << part->member;
            district.demands.push_back(first->place * 64 + static_cast<std::uint32_t>(bit));
            district.patterns.push_back(static_cast<std::uint16_t>(pattern));
        }
        first = end;
    }
    district.demands.shrink_to_fit();
    district.patterns.shrink_to_fit();
}

void list_sets(District& district, const Reduced& problem) {
    const std::size_t sets = std::size_t{1} << district.members.size();
    district.costs.resize(sets);
    district.by_cost.resize(sets);
    for (std::size_t s = 1; s < sets; ++s) {
        const auto lowest = static_cast<std::size_t>(std::countr_zero(s));
        district.costs[s] = district.costs[s & (s - 1)] + problem.costs[district.members[lowest]];
    }
    std::iota(district.by_cost.begin(), district.by_cost.end(), std::uint16_t{0});
    std::stable_sort(
        district.by_cost.begin(), district.by_cost.end(),
        [&](std::uint16_t a, std::uint16_t b) { return district.costs[a] < district.costs[b]; });
}

} // namespace

std::vector<District> districts_of(const Reduced& problem, std::size_t most,
                                   const Execution& execution) {
    const auto members = members_of(problem, most);
    std::vector<District> districts(members.size());
    parallel_for(execution, districts.size(), [&](std::size_t d) {
        districts[d].members = members[d];
        if (members[d].size() > 1)
            list_demands(districts[d], problem);
        list_sets(districts[d], problem);
    });
    return districts;
}

} // namespace riskmap::siting
