// SPDX-License-Identifier: MIT
#include "cover_choice.hpp"

#include <algorithm>
#include <numeric>
#include <queue>

#include <riskmap/core/parallel.hpp>

namespace riskmap::siting {

CoverChoice::CoverChoice(const CoverCase& problem)
    : m_problem{&problem}, m_times(problem.groups()), m_chosen(problem.candidates()),
      m_gains(problem.candidates()), m_counts(problem.rules.size()) {
    for (std::size_t k = 0; k < problem.candidates(); ++k)
        for (const auto g : problem.serves[k])
            m_gains[k] += problem.weights[g] * problem.first[g];
    for (std::size_t k = 0; k < problem.candidates(); ++k)
        if (problem.fixed[k])
            add(k);
}

std::vector<std::uint32_t> CoverChoice::chosen() const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t k = 0; k < m_chosen.size(); ++k)
        if (m_chosen[k] && !m_problem->fixed[k])
            all.push_back(k);
    return all;
}

void CoverChoice::add(std::size_t k) {
    const auto& p = *m_problem;
    for (const auto g : p.serves[k]) {
        const auto times = m_times[g]++;
        const double came = p.weights[g] * more(g, times);
        m_value += came;
        if (times > 2)
            continue;
        // Others gain less of it from now on; those that are chosen already lose less.
        const double gain = p.weights[g] * (more(g, times + 1) - more(g, times));
        const double loss = times == 0 ? 0 : p.weights[g] * (more(g, times) - more(g, times - 1));
        for (const auto other : p.served_by[g])
            if (other != k)
                m_gains[other] += m_chosen[other] ? loss : gain;
    }
    m_chosen[k] = true;
    m_cost += p.fixed[k] ? 0 : p.costs[k];
    for (const auto rule : p.rules_of[k])
        ++m_counts[rule];
}

void CoverChoice::remove(std::size_t k) {
    const auto& p = *m_problem;
    m_chosen[k] = false;
    m_cost -= p.costs[k];
    for (const auto rule : p.rules_of[k])
        --m_counts[rule];
    for (const auto g : p.serves[k]) {
        const auto times = --m_times[g];
        m_value -= p.weights[g] * more(g, times);
        if (times > 2)
            continue;
        const double gain = p.weights[g] * (more(g, times) - more(g, times + 1));
        const double loss = times == 0 ? 0 : p.weights[g] * (more(g, times - 1) - more(g, times));
        for (const auto other : p.served_by[g])
            if (other != k)
                m_gains[other] += m_chosen[other] ? loss : gain;
    }
}

bool CoverChoice::allows(std::uint32_t in, std::uint32_t out) const {
    const auto& p = *m_problem;
    if (p.budget) {
        const double cost = m_cost + p.costs[in] - (out == nobody ? 0 : p.costs[out]);
        if (cost > *p.budget * (1 + 1e-12))
            return false;
    }
    if (p.rules.empty())
        return true;
    const auto counts_for = [&](std::uint32_t k, std::uint32_t rule) {
        return k != nobody &&
               std::find(p.rules_of[k].begin(), p.rules_of[k].end(), rule) != p.rules_of[k].end();
    };
    std::size_t wanting = 0; // sites that quotas still ask for, as if no site counted twice
    for (std::uint32_t r = 0; r < p.rules.size(); ++r) {
        const auto& rule = p.rules[r];
        const auto after = m_counts[r] + (counts_for(in, r) ? 1 : 0) - (counts_for(out, r) ? 1 : 0);
        if (after > rule.most && after > m_counts[r])
            return false;
        wanting += after < rule.least ? rule.least - after : 0;
    }
    if (wanting == 0 || !p.sites)
        return true;
    const auto room = *p.sites - std::min(*p.sites, m_counts[0] + (out == nobody ? 1 : 0));
    return wanting <= room;
}

bool CoverChoice::complete() const {
    for (std::size_t r = 0; r < m_counts.size(); ++r)
        if (m_counts[r] < m_problem->rules[r].least)
            return false;
    return true;
}

bool CoverChoice::needed(std::uint32_t k) const {
    return std::any_of(m_problem->rules_of[k].begin(), m_problem->rules_of[k].end(),
                       [&](std::uint32_t r) { return m_counts[r] < m_problem->rules[r].least; });
}

void CoverChoice::fill() {
    // Gains are up to date, but an entry may be old: it is looked at again when it leads.
    using Offer = std::pair<double, std::uint32_t>;
    const auto less = [](const Offer& a, const Offer& b) {
        return a.first < b.first || (a.first == b.first && a.second > b.second);
    };
    std::priority_queue<Offer, std::vector<Offer>, decltype(less)> offers{less};
    for (std::uint32_t k = 0; k < m_chosen.size(); ++k)
        if (!m_chosen[k])
            offers.emplace(worth_for_cost(m_gains[k], m_problem->costs[k]), k);
    std::vector<std::uint32_t> worthless;
    while (!offers.empty()) {
        auto [worth, k] = offers.top();
        offers.pop();
        const double now = worth_for_cost(m_gains[k], m_problem->costs[k]);
        if (now < worth) {
            offers.emplace(now, k);
            continue;
        }
        if (now <= 0) {
            worthless.push_back(k);
            continue;
        }
        if (allows(k))
            add(k);
    }
    for (const auto k : worthless)
        if (needed(k) && allows(k))
            add(k);
}

CoverChoice::Swap CoverChoice::best_swap(std::uint32_t out,
                                         const std::vector<std::uint32_t>& by_gain,
                                         std::vector<double>& shared) const {
    const auto& p = *m_problem;
    std::vector<std::uint32_t> near;
    for (const auto g : p.serves[out]) {
        const auto times = m_times[g];
        const double back = p.weights[g] * (more(g, times - 1) - more(g, times));
        if (back == 0)
            continue;
        for (const auto k : p.served_by[g]) {
            if (m_chosen[k])
                continue;
            if (shared[k] == 0)
                near.push_back(k);
            shared[k] += back;
        }
    }
    Swap best{1e-9 * (1 + m_value), nobody, out};
    const auto look = [&](std::uint32_t k) {
        const double better = m_gains[k] + shared[k] - m_gains[out];
        if ((better > best.better || (better == best.better && k < best.in)) && allows(k, out))
            best = {better, k, out};
    };
    for (const auto k : near)
        look(k);
    for (const auto k : near)
        shared[k] = 0;
    for (const auto k : by_gain) {
        if (m_gains[k] - m_gains[out] <= best.better)
            break;
        look(k); // one that is near was looked at with what it shares, and is no better now
    }
    return best;
}

void CoverChoice::exchange(const Clock& clock, const Execution& execution) {
    std::vector<std::uint32_t> by_gain;
    // Threads cost more than they save on a small problem.
    const std::size_t pieces = m_problem->serves.entries() < 1'000'000 ? 1 : 16;
    while (!clock.over()) {
        execution.progress.check();
        by_gain.clear();
        for (std::uint32_t k = 0; k < m_chosen.size(); ++k)
            if (!m_chosen[k])
                by_gain.push_back(k);
        std::stable_sort(by_gain.begin(), by_gain.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return m_gains[a] > m_gains[b]; });
        const auto outs = chosen();
        std::vector<Swap> swaps(outs.size());
        parallel_for(execution, pieces, [&](std::size_t piece) {
            std::vector<double> shared(m_chosen.size());
            for (std::size_t s = piece; s < outs.size(); s += pieces)
                swaps[s] = best_swap(outs[s], by_gain, shared);
        });
        Swap best{0, nobody, nobody};
        for (const auto& swap : swaps)
            if (swap.in != nobody && (best.in == nobody || swap.better > best.better))
                best = swap;
        if (best.in == nobody)
            break;
        remove(best.out);
        add(best.in);
        fill();
    }
}

void shake(CoverChoice& best, const CoverCase& problem, int times, std::mt19937_64& random,
           const Clock& clock, const Execution& execution) {
    for (int t = 0; t < times && !clock.over(); ++t) {
        const auto chosen = best.chosen();
        if (chosen.empty())
            return;
        CoverChoice trial = best;
        const auto first = chosen[random() % chosen.size()];
        std::size_t more = 1 + random() % 3;
        trial.remove(first);
        for (const auto g : problem.serves[first])
            for (const auto k : problem.served_by[g])
                if (more > 0 && trial.has(k) && !problem.fixed[k] && random() % 2 == 0) {
                    trial.remove(k);
                    --more;
                }
        // What was just taken out would mostly come back: one of the neighbours goes first.
        std::vector<std::uint32_t> near;
        for (const auto g : problem.serves[first])
            for (const auto k : problem.served_by[g])
                if (!trial.has(k) && k != first)
                    near.push_back(k);
        if (!near.empty())
            if (const auto k = near[random() % near.size()]; trial.allows(k))
                trial.add(k);
        trial.fill();
        trial.exchange(clock, execution);
        if (trial.complete() && trial.value() > best.value() * (1 + 1e-12))
            best = trial;
    }
}

} // namespace riskmap::siting
