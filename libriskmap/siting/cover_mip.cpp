// SPDX-License-Identifier: MIT
#include "cover_mip.hpp"

#include <algorithm>
#include <cmath>

namespace riskmap::siting {

namespace {

using Fate = CoverBound::Fate;
using Entries = std::vector<std::pair<int, double>>;

} // namespace

std::optional<CoverMip> CoverMip::of(const CoverCase& problem, const std::vector<Fate>& fates,
                                     std::size_t most_entries) {
    CoverMip mip{problem, fates};
    if (!mip.build(most_entries, false))
        return std::nullopt;
    return mip;
}

bool CoverMip::build(std::size_t most_entries, bool elastic) {
    m_valued = !elastic;
    for (std::size_t k = 0; k < m_problem->candidates(); ++k)
        if (m_fates[k] == Fate::either)
            m_columns[k] = m_mip.add_switch(0);
    m_served.resize(m_problem->groups());
    m_served_anyhow.resize(m_problem->groups());
    add_rules(elastic);
    const bool fits =
        m_problem->capacities.empty() ? add_groups(most_entries) : add_limited_groups(most_entries);
    if (fits)
        add_floors(elastic);
    return fits;
}

void CoverMip::add_rules(bool elastic) {
    for (const auto& rule : m_problem->rules) {
        Entries entries;
        double least = static_cast<double>(rule.least);
        double most = static_cast<double>(std::min(rule.most, rule.candidates.size()));
        for (const auto k : rule.candidates) {
            if (open(k)) {
                --least;
                --most;
            } else if (m_columns[k] >= 0) {
                entries.emplace_back(m_columns[k], 1);
            }
        }
        if (!elastic) {
            m_mip.add_row(rule.least == 0 ? -Mip::infinity : least, most, entries);
            continue;
        }
        // Of changes of the same size quotas change rather than the number of sites.
        const bool number_of_sites = rule.name.empty();
        m_slack.least.push_back(m_mip.add_column(1, 0, Mip::infinity, false));
        m_slack.most.push_back(
            m_mip.add_column(number_of_sites ? 1.001 : 1, 0, Mip::infinity, false));
        auto upper = entries;
        upper.emplace_back(m_slack.most.back(), -1);
        m_mip.add_row(-Mip::infinity, most, upper);
        entries.emplace_back(m_slack.least.back(), 1);
        m_mip.add_row(least, Mip::infinity, entries);
    }
    if (!m_problem->budget)
        return;
    Entries entries;
    double left = *m_problem->budget;
    double dearest = 0;
    for (std::size_t k = 0; k < m_problem->candidates(); ++k) {
        const double cost = m_problem->costs[k];
        dearest = std::max(dearest, cost);
        if (m_columns[k] >= 0)
            entries.emplace_back(m_columns[k], cost);
        else if (open(k) && !m_problem->fixed[k])
            left -= cost;
    }
    if (elastic) {
        m_slack.budget = m_mip.add_column(1 / std::max(dearest, 1e-9), 0, Mip::infinity, false);
        entries.emplace_back(m_slack.budget, -1);
    }
    // Costs add up with rounding.
    m_mip.add_row(-Mip::infinity, left + 1e-9 * std::max(1.0, std::abs(left)), entries);
}

bool CoverMip::add_groups(std::size_t most_entries) {
    const auto& p = *m_problem;
    for (std::size_t g = 0; g < p.groups(); ++g) {
        Entries links;
        double times = 0;
        for (const auto k : p.served_by[g]) {
            times += open(k) ? 1 : 0;
            if (m_columns[k] >= 0)
                links.emplace_back(m_columns[k], -1);
        }
        const double worth[] = {p.weights[g] * p.first[g], p.weights[g] * p.second[g]};
        for (int n = 0; n < 2; ++n) {
            if (times > n) {
                m_constant += worth[n];
                if (n == 0)
                    m_served_anyhow[g] = p.weights[g];
                continue;
            }
            if (links.empty() || (n == 1 && worth[1] <= 0))
                continue;
            const int z = m_mip.add_column(m_valued ? -worth[n] : 0, 0, 1, false);
            if (n == 0)
                m_served[g].emplace_back(z, p.weights[g]);
            // The second time needs one more than the first has taken: both share a row.
            links.emplace_back(z, 1);
        }
        if (std::any_of(links.begin(), links.end(), [](const auto& l) { return l.second > 0; }))
            m_mip.add_row(-Mip::infinity, 0, links);
        if (m_mip.entries() > most_entries)
            return false;
    }
    return true;
}

bool CoverMip::add_limited_groups(std::size_t most_entries) {
    const auto& p = *m_problem;
    std::vector<Entries> taken(p.groups());
    for (std::uint32_t k = 0; k < p.candidates(); ++k) {
        if (!open(k) && m_columns[k] < 0)
            continue;
        Entries load;
        for (const auto g : p.serves[k]) {
            const double most = std::min(p.weights[g], p.capacities[k]);
            if (most <= 0)
                continue;
            const int y = m_mip.add_column(m_valued ? -p.first[g] : 0, 0, most, false);
            load.emplace_back(y, 1);
            taken[g].emplace_back(y, 1);
            m_served[g].emplace_back(y, 1);
            if (!open(k)) {
                const std::pair<int, double> link[] = {{y, 1.0}, {m_columns[k], -most}};
                m_mip.add_row(-Mip::infinity, 0, link);
            }
        }
        if (!open(k))
            load.emplace_back(m_columns[k], -p.capacities[k]);
        if (!std::isinf(p.capacities[k]))
            m_mip.add_row(-Mip::infinity, open(k) ? p.capacities[k] : 0, load);
        if (m_mip.entries() > most_entries)
            return false;
    }
    for (std::size_t g = 0; g < p.groups(); ++g)
        if (taken[g].size() > 1)
            m_mip.add_row(-Mip::infinity, p.weights[g], taken[g]);
    return true;
}

void CoverMip::add_floors(bool elastic) {
    for (const auto& floor : m_problem->floors) {
        Entries entries;
        double least = floor.least;
        double all = 0;
        for (const auto g : floor.groups) {
            least -= m_served_anyhow[g];
            all += m_problem->weights[g];
            entries.insert(entries.end(), m_served[g].begin(), m_served[g].end());
        }
        if (elastic) {
            // A whole minimum missed counts like a site.
            m_slack.floors.push_back(
                m_mip.add_column(1 / std::max(floor.least, 1e-9), 0, Mip::infinity, false));
            entries.emplace_back(m_slack.floors.back(), 1);
        }
        m_mip.add_row(least - 1e-9 * std::max(1.0, all), Mip::infinity, entries);
    }
}

CoverMip::Outcome CoverMip::solve(double value, const Clock& clock,
                                  const Execution& execution) const {
    Mip::Task task;
    task.cutoff = std::isfinite(value) ? m_constant - value : Mip::infinity;
    task.granule = m_problem->granule;
    const auto mip = m_mip.solve(task, clock, execution);
    Outcome outcome;
    outcome.finished = mip.finished;
    outcome.bound = m_constant - mip.bound;
    outcome.found = !mip.values.empty();
    if (!outcome.found)
        return outcome;
    for (std::uint32_t k = 0; k < m_problem->candidates(); ++k)
        if (!m_problem->fixed[k] &&
            (open(k) ||
             (m_columns[k] >= 0 && mip.values[static_cast<std::size_t>(m_columns[k])] > 0.5)))
            outcome.chosen.push_back(k);
    return outcome;
}

CoverMip::Relaxation CoverMip::smallest_relaxation(const CoverCase& problem, const Clock& clock,
                                                   const Execution& execution) {
    std::vector<Fate> fates(problem.candidates(), Fate::either);
    for (std::size_t k = 0; k < fates.size(); ++k)
        if (problem.fixed[k])
            fates[k] = Fate::open;
    CoverMip mip{problem, fates};
    mip.build(std::numeric_limits<std::size_t>::max(), true);
    const auto outcome = mip.m_mip.solve({}, clock, execution);
    Relaxation relaxation;
    if (outcome.values.empty())
        return relaxation;
    const auto take = [&](const std::vector<int>& columns) {
        std::vector<double> values;
        for (const int column : columns)
            values.push_back(outcome.values[static_cast<std::size_t>(column)]);
        return values;
    };
    relaxation.least = take(mip.m_slack.least);
    relaxation.most = take(mip.m_slack.most);
    relaxation.floors = take(mip.m_slack.floors);
    if (mip.m_slack.budget >= 0)
        relaxation.budget = outcome.values[static_cast<std::size_t>(mip.m_slack.budget)];
    return relaxation;
}

} // namespace riskmap::siting
