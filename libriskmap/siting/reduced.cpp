// SPDX-License-Identifier: MIT
#include "reduced.hpp"

#include <algorithm>
#include <utility>

#include <riskmap/core/exact_sum.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

namespace {

/// Who covers a demand, as the sum of one random number per candidate: equal for equal
/// sets, and of 128 bits, so that unequal sets do not collide.
struct Signature {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const Signature&, const Signature&) = default;
};

/// splitmix64 (Steele, Lea and Flood 2014).
std::uint64_t scrambled(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

/// Numbers signatures in the order in which they come.
class Groups {
  public:
    /// The number of a signature, and whether it is new.
    std::pair<std::uint32_t, bool> number(const Signature& signature) {
        if (2 * (m_signatures.size() + 1) > m_table.size())
            grow();
        auto& entry = find(signature);
        const bool is_new = entry == none;
        if (is_new) {
            entry = static_cast<std::uint32_t>(m_signatures.size());
            m_signatures.push_back(signature);
        }
        return {entry, is_new};
    }

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    std::uint32_t& find(const Signature& signature) {
        std::size_t at = signature.low & (m_table.size() - 1);
        while (m_table[at] != none && m_signatures[m_table[at]] != signature)
            at = (at + 1) & (m_table.size() - 1);
        return m_table[at];
    }
    void grow() {
        m_table.assign(std::max<std::size_t>(1024, 2 * m_table.size()), none);
        for (std::size_t g = 0; g < m_signatures.size(); ++g)
            find(m_signatures[g]) = static_cast<std::uint32_t>(g);
    }

    std::vector<Signature> m_signatures;
    std::vector<std::uint32_t> m_table; ///< open addressing; a power of two
};

std::vector<Signature> signatures(const Covering& problem) {
    std::vector<Signature> all(problem.weights.size());
    for (std::size_t j = 0; j < problem.candidates.size(); ++j) {
        const auto low = scrambled(2 * j);
        const auto high = scrambled(2 * j + 1);
        problem.candidates[j].visit([&](std::uint32_t i) {
            all[i].low += low;
            all[i].high += high;
        });
    }
    problem.covered.visit([&](std::uint32_t i) { all[i] = {}; });
    return all;
}

} // namespace

Reduced reduced(const Covering& problem, bool even, const Execution& execution) {
    Reduced out;
    ExactSum before;
    problem.covered.visit([&](std::uint32_t i) { before.add(problem.weights[i]); });
    out.covered_before = before.total();
    auto all = signatures(problem);
    // Groups are numbered by their first demand: neighbours stay neighbours.
    constexpr std::uint32_t no_group = ~std::uint32_t{0};
    Groups groups;
    std::vector<std::uint32_t> group_led_by(all.size(), no_group);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i] == Signature{} || !(problem.weights[i] > 0))
            continue;
        const auto [group, is_new] = groups.number(all[i]);
        if (is_new) {
            group_led_by[i] = group;
            out.weights.push_back(0);
        }
        out.weights[group] += problem.weights[i];
    }
    groups = {};
    all = {};
    ExactSum total;
    for (const double weight : out.weights)
        total.add(weight);
    out.total = total.total();
    std::vector<DemandSet> sets(problem.candidates.size());
    parallel_for(execution, sets.size(), [&](std::size_t j) {
        problem.candidates[j].visit([&](std::uint32_t i) {
            if (group_led_by[i] != no_group)
                sets[j].add(group_led_by[i]);
        });
        sets[j].close();
    });
    for (std::size_t j = 0; j < sets.size(); ++j)
        if (!sets[j].empty()) {
            out.candidates.push_back(std::move(sets[j]));
            out.costs.push_back(even || problem.costs.empty() ? 1 : problem.costs[j]);
            out.origin.push_back(j);
        }
    return out;
}

} // namespace riskmap::siting
