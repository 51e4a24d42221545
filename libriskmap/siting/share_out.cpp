// SPDX-License-Identifier: MIT
#include "share_out.hpp"

#include <algorithm>

namespace riskmap::siting {

namespace {

/// A link between an open candidate and a group, and what flows through it.
struct Flow {
    std::uint32_t candidate;
    std::uint32_t group;
    double amount = 0;
};

class Sharing {
  public:
    Sharing(const CoverCase& problem, const std::vector<bool>& open)
        : m_problem{problem}, m_left{problem.weights}, m_room(problem.candidates()),
          m_by_group(problem.groups()), m_by_candidate(problem.candidates()) {
        for (std::uint32_t k = 0; k < problem.candidates(); ++k) {
            if (!open[k])
                continue;
            m_room[k] = problem.capacities[k];
            for (const auto g : problem.serves[k]) {
                m_by_group[g].push_back(static_cast<std::uint32_t>(m_flows.size()));
                m_by_candidate[k].push_back(static_cast<std::uint32_t>(m_flows.size()));
                m_flows.push_back({k, g});
            }
        }
    }

    void run() {
        // Those with few to turn to first; then along chains of people who move on.
        std::vector<std::uint32_t> order(m_problem.groups());
        for (std::uint32_t g = 0; g < order.size(); ++g)
            order[g] = g;
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return m_by_group[a].size() < m_by_group[b].size();
        });
        for (const auto g : order)
            for (const auto f : m_by_group[g])
                push(f, std::min(m_left[g], m_room[m_flows[f].candidate]));
        for (const auto g : order)
            while (m_left[g] > tiny(g) && augment(g))
                ;
    }
    [[nodiscard]] Shares shares() const {
        Shares out;
        out.amounts.resize(m_problem.candidates());
        for (std::size_t k = 0; k < m_by_candidate.size(); ++k)
            for (const auto f : m_by_candidate[k]) {
                out.amounts[k].push_back(m_flows[f].amount);
                out.served += m_flows[f].amount;
            }
        return out;
    }

  private:
    [[nodiscard]] double tiny(std::uint32_t g) const { return 1e-9 * m_problem.weights[g]; }

    void push(std::uint32_t f, double amount) {
        m_flows[f].amount += amount;
        m_left[m_flows[f].group] -= amount;
        m_room[m_flows[f].candidate] -= amount;
    }

    /// One shortest chain from a group with weight left to a candidate with room.
    bool augment(std::uint32_t start) {
        constexpr std::uint32_t none = ~std::uint32_t{0};
        std::vector<std::uint32_t> came_by(m_problem.candidates(), none); // flow into the candidate
        std::vector<std::uint32_t> left_by(m_problem.groups(), none);     // flow that gives way
        std::vector<std::uint32_t> queue{start};
        std::vector<bool> seen(m_problem.groups());
        seen[start] = true;
        for (std::size_t q = 0; q < queue.size(); ++q)
            for (const auto f : m_by_group[queue[q]]) {
                const auto k = m_flows[f].candidate;
                if (came_by[k] != none)
                    continue;
                came_by[k] = f;
                if (m_room[k] > 1e-9) {
                    follow(start, k, came_by, left_by);
                    return true;
                }
                for (const auto back : m_by_candidate[k]) {
                    const auto g = m_flows[back].group;
                    if (!seen[g] && m_flows[back].amount > tiny(g)) {
                        seen[g] = true;
                        left_by[g] = back;
                        queue.push_back(g);
                    }
                }
            }
        return false;
    }

    void follow(std::uint32_t start, std::uint32_t last, const std::vector<std::uint32_t>& came_by,
                const std::vector<std::uint32_t>& left_by) {
        double amount = std::min(m_left[start], m_room[last]);
        for (auto k = last; m_flows[came_by[k]].group != start;) {
            const auto back = left_by[m_flows[came_by[k]].group];
            amount = std::min(amount, m_flows[back].amount);
            k = m_flows[back].candidate;
        }
        for (auto k = last;;) {
            const auto f = came_by[k];
            m_flows[f].amount += amount;
            if (m_flows[f].group == start)
                break;
            const auto back = left_by[m_flows[f].group];
            m_flows[back].amount -= amount;
            k = m_flows[back].candidate;
        }
        m_left[start] -= amount;
        m_room[last] -= amount;
    }

    const CoverCase& m_problem;
    std::vector<double> m_left; ///< by group
    std::vector<double> m_room; ///< by candidate
    std::vector<Flow> m_flows;
    std::vector<std::vector<std::uint32_t>> m_by_group;
    std::vector<std::vector<std::uint32_t>> m_by_candidate;
};

} // namespace

Shares share_out(const CoverCase& problem, const std::vector<bool>& open) {
    Sharing sharing{problem, open};
    sharing.run();
    return sharing.shares();
}

} // namespace riskmap::siting
