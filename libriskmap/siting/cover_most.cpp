// SPDX-License-Identifier: MIT
#include <riskmap/siting/models.hpp>

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>

#include "cover_bound.hpp"
#include "cover_choice.hpp"
#include "cover_mip.hpp"
#include "problem_check.hpp"
#include "share_out.hpp"

namespace riskmap::siting {

namespace {

class CoverSearch {
  public:
    CoverSearch(const CoverCase& problem, const Limits& limits, const Execution& execution)
        : m_problem{problem}, m_clock{limits.seconds}, m_execution{execution}, m_random{
                                                                                   limits.seed} {}

    void search() {
        CoverChoice choice{m_problem};
        choice.fill();
        choice.exchange(m_clock, m_execution);
        keep(choice);
        CoverBound relaxation{m_problem, times_of(choice), m_execution};
        m_bound = rounded_down(relaxation.value());
        bool more = true;
        constexpr int rounds = 20;
        constexpr int steps_of_round = 120;
        for (int round = 0; round < rounds && more && !proven() && !m_clock.over(); ++round) {
            m_execution.progress.report("site search", static_cast<double>(round) / (rounds + 1));
            more = relaxation.descend(
                steps_of_round, std::max(m_value, 0.0), enough(), m_clock,
                [&](const std::vector<std::uint32_t>& filled) { try_choice(filled); });
            m_bound = rounded_down(relaxation.value());
            // Little is left to settle: exact search is quicker than more of the same.
            if (!proven() && round > 0 && finish(relaxation, few_entries))
                return;
        }
        if (!proven() && !m_clock.over()) {
            polish();
            if (!proven())
                finish(relaxation,
                       std::isfinite(m_clock.left()) ? most_entries : most_entries_unclocked);
        }
    }

    [[nodiscard]] bool found() const noexcept { return m_found; }
    [[nodiscard]] bool proven() const { return m_found && m_bound <= m_value + tolerance(); }
    [[nodiscard]] bool infeasible() const noexcept { return m_infeasible; }
    [[nodiscard]] const std::vector<std::uint32_t>& best() const noexcept { return m_best; }
    [[nodiscard]] double value() const noexcept { return m_value; }
    [[nodiscard]] double bound() const { return std::max(m_bound, m_value); }
    [[nodiscard]] const Clock& clock() const noexcept { return m_clock; }

  private:
    static constexpr std::size_t few_entries = 30'000;
    static constexpr std::size_t most_entries = 1'500'000;
    static constexpr std::size_t most_entries_unclocked = 300'000;

    [[nodiscard]] double tolerance() const { return 1e-9 * std::max(1.0, std::abs(m_value)); }
    [[nodiscard]] double enough() const {
        if (!m_found)
            return -1;
        return m_problem.granule > 0 ? m_value + m_problem.granule * (1 - 1e-6)
                                     : m_value + tolerance();
    }
    [[nodiscard]] double rounded_down(double bound) const {
        const double granule = m_problem.granule;
        return granule > 0 ? std::floor(bound / granule + 1e-6) * granule : bound;
    }
    std::vector<std::uint32_t> times_of(const CoverChoice& choice) const {
        std::vector<std::uint32_t> times(m_problem.groups());
        for (std::size_t g = 0; g < times.size(); ++g)
            times[g] = choice.times(g);
        return times;
    }

    /// What a choice is worth by the rules of the problem; less than 0: a minimum is missed.
    double worth_of(const CoverChoice& choice) const {
        if (!choice.complete())
            return -1;
        if (!m_problem.capacities.empty())
            return share_out(m_problem, with(choice.chosen())).served;
        for (const auto& floor : m_problem.floors) {
            double sum = 0;
            for (const auto g : floor.groups)
                sum += choice.times(g) > 0 ? m_problem.weights[g] : 0;
            if (sum < floor.least * (1 - 1e-12))
                return -1;
        }
        return choice.value();
    }
    /// Which candidates are open once some are chosen.
    [[nodiscard]] std::vector<bool> with(const std::vector<std::uint32_t>& chosen) const {
        std::vector<bool> open = m_problem.fixed;
        for (const auto k : chosen)
            open[k] = true;
        return open;
    }

    void keep(const CoverChoice& choice) {
        const double value = worth_of(choice);
        if (value < 0 || (m_found && value <= m_value + tolerance()))
            return;
        m_found = true;
        m_value = value;
        m_best = choice.chosen();
    }

    void try_choice(const std::vector<std::uint32_t>& filled) {
        CoverChoice choice{m_problem};
        for (const auto k : filled)
            if (choice.allows(k))
                choice.add(k);
        choice.fill();
        if (choice.value() < std::max(m_last_tried, 0.99 * m_value))
            return;
        m_last_tried = choice.value();
        choice.exchange(m_clock, m_execution);
        keep(choice);
    }

    void polish() {
        if (!m_found || !m_problem.capacities.empty() || !m_problem.floors.empty())
            return;
        constexpr std::uint64_t most_looks = 4'000'000'000;
        std::uint64_t looks = 1;
        for (std::size_t g = 0; g < m_problem.groups(); ++g)
            looks += m_problem.served_by[g].size();
        CoverChoice choice{m_problem};
        for (const auto k : m_best)
            choice.add(k);
        const auto times =
            static_cast<int>(std::clamp<std::uint64_t>(most_looks / (looks * 20), 2, 400));
        shake(choice, m_problem, times, m_random, m_clock, m_execution);
        keep(choice);
    }

    /// Exact search in what the bound leaves open, if that is little; whether all is settled.
    bool finish(CoverBound& relaxation, std::size_t entries) {
        const double target = m_found ? enough() : -std::numeric_limits<double>::infinity();
        const auto mip = CoverMip::of(m_problem, relaxation.fates(target), entries);
        // Not again what has been too hard already.
        if (!mip || static_cast<double>(mip->entries()) > 0.7 * m_last_entries)
            return false;
        m_last_entries = static_cast<double>(mip->entries());
        const auto outcome = mip->solve(
            m_found ? m_value : -std::numeric_limits<double>::infinity(), m_clock, m_execution);
        if (outcome.found)
            take(outcome.chosen);
        if (outcome.finished && !m_found) {
            m_infeasible = true;
            return true;
        }
        if (outcome.finished) {
            m_bound = m_value;
            return true;
        }
        m_bound = std::min(m_bound, rounded_down(std::max(outcome.bound, m_value)));
        return proven();
    }

    /// The answer of exact search: minimums are known to be kept.
    void take(const std::vector<std::uint32_t>& chosen) {
        CoverChoice choice{m_problem};
        for (const auto k : chosen)
            choice.add(k);
        double value = choice.value();
        if (!m_problem.capacities.empty())
            value = share_out(m_problem, with(chosen)).served;
        if (m_found && value <= m_value)
            return;
        m_found = true;
        m_value = value;
        m_best = chosen;
    }

    const CoverCase& m_problem;
    Clock m_clock;
    const Execution& m_execution;
    std::mt19937_64 m_random;
    std::vector<std::uint32_t> m_best;
    double m_value = 0;
    double m_bound = 0;
    double m_last_tried = 0;
    double m_last_entries = std::numeric_limits<double>::infinity();
    bool m_found = false;
    bool m_infeasible = false;
};

/// Refuses quotas that cannot be kept, and says what the nearest ones are that can.
void require_quotas(const CoverCase& problem, const Clock& clock, const Execution& execution) {
    const auto nearest = CoverMip::smallest_relaxation(problem, clock, execution);
    std::vector<std::string> all;
    const auto tell = [&](const std::string& text) { all.push_back(text); };
    constexpr double tiny = 1e-6;
    for (std::size_t r = 0; r < nearest.least.size(); ++r) {
        const auto& rule = problem.rules[r];
        if (nearest.least[r] > tiny)
            tell(fmt::format("'{}': at least {:g} instead of {}", rule.name,
                             std::max(0.0, static_cast<double>(rule.least) -
                                               std::floor(nearest.least[r] + 1 - tiny)),
                             rule.least));
        if (nearest.most[r] > tiny) {
            const double more = static_cast<double>(rule.most) + std::ceil(nearest.most[r] - tiny);
            tell(rule.name.empty()
                     ? fmt::format("{:g} new sites instead of {}", more, rule.most)
                     : fmt::format("'{}': at most {:g} instead of {}", rule.name, more, rule.most));
        }
    }
    for (std::size_t f = 0; f < nearest.floors.size(); ++f)
        if (nearest.floors[f] > tiny * problem.floors[f].least)
            tell(fmt::format("'{}': {:.6g} fewer people", problem.floors[f].name,
                             std::ceil(nearest.floors[f] - tiny)));
    if (nearest.budget > tiny)
        tell(fmt::format("a budget larger by {:.6g}", nearest.budget));
    constexpr std::size_t most_told = 6;
    std::string changes;
    for (std::size_t c = 0; c < std::min(all.size(), most_told); ++c)
        changes += (c == 0 ? "" : "; ") + all[c];
    if (all.size() > most_told)
        changes += fmt::format("; and {} more of the kind", all.size() - most_told);
    throw Error{ErrorKind::infeasible, "no choice of sites keeps all quotas and limits",
                changes.empty() ? "lower the minimums, or raise the number of sites"
                                : "the smallest change that lets one do so: " + changes};
}

/// Shares of groups dealt to their demands in turn, and who serves most of each demand.
void deal_out(const CoverCase& small, const Problem& problem,
              const std::vector<std::uint32_t>& chosen, Answer& answer) {
    std::vector<bool> open = small.fixed;
    for (const auto k : chosen)
        open[k] = true;
    const auto shares = share_out(small, open);
    std::vector<std::vector<std::pair<std::uint32_t, double>>> servers(small.groups());
    for (std::size_t k = 0; k < small.candidates(); ++k) {
        const auto list = small.serves[k];
        for (std::size_t e = 0; e < shares.amounts[k].size(); ++e)
            if (shares.amounts[k][e] > 1e-9 * small.weights[list[e]])
                servers[list[e]].emplace_back(static_cast<std::uint32_t>(small.origin[k]),
                                              shares.amounts[k][e]);
    }
    answer.server.assign(problem.weights.size(), nobody);
    for (std::uint32_t i = 0; i < problem.weights.size(); ++i) {
        if (small.group_of[i] == nobody)
            continue;
        auto& left = servers[small.group_of[i]];
        double want = problem.weights[i];
        double most = 0;
        while (want > 1e-9 * problem.weights[i] && !left.empty()) {
            auto& [site, amount] = left.back();
            const double taken = std::min(want, amount);
            answer.shares.push_back({i, site, taken});
            if (taken > most) {
                most = taken;
                answer.server[i] = site;
            }
            want -= taken;
            amount -= taken;
            if (amount <= 1e-9 * problem.weights[i])
                left.pop_back();
        }
    }
}

double served_by_existing(const CoverCase& small, const Problem& problem) {
    std::vector<bool> open(small.candidates());
    for (std::size_t k = 0; k < open.size(); ++k)
        open[k] = problem.role(small.origin[k]) == Role::existing;
    return share_out(small, open).served;
}

} // namespace

Answer cover_most(const Problem& problem, const Limits& limits, const Execution& execution) {
    check(problem);
    if (!problem.sites && !problem.budget)
        throw input_error("neither a number of sites nor a budget is given");
    if (problem.sites)
        require_sites(problem);
    if (!problem.capacities.empty() && problem.backup > 0)
        throw Error{ErrorKind::usage, "backup and capacities do not go together",
                    "give one of them"};
    if (!problem.capacities.empty() && !problem.minimums.empty())
        throw Error{ErrorKind::usage, "least shares and capacities do not go together",
                    "give one of them: within capacities it is not settled who is served"};
    const Clock clock{limits.seconds};
    const CoverCase small{problem, execution};
    CoverSearch search{small, limits, execution};
    search.search();
    if (!search.found()) {
        if (search.infeasible())
            require_quotas(small, search.clock(), execution);
        throw Error{ErrorKind::infeasible,
                    "no choice of sites that keeps all quotas was found in time",
                    "raise the time limit, or lower the minimums"};
    }
    Answer answer;
    answer.before =
        problem.capacities.empty() ? served_before(problem) : served_by_existing(small, problem);
    answer.objective = small.constant - answer.before + search.value();
    answer.bound = small.constant - answer.before + search.bound();
    answer.optimal = search.proven();
    std::vector<std::uint32_t> chosen;
    for (const auto k : search.best())
        chosen.push_back(static_cast<std::uint32_t>(small.origin[k]));
    answer.sites = chosen_sites(problem, chosen);
    if (problem.capacities.empty())
        answer.server = nearest_servers(problem, answer.sites);
    else
        deal_out(small, problem, search.best(), answer);
    answer.seconds = clock.seconds();
    close(answer);
    return answer;
}

} // namespace riskmap::siting
