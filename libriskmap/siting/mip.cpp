// SPDX-License-Identifier: MIT
#include "mip.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <CbcEventHandler.hpp>
#include <CbcHeuristic.hpp>
#include <CbcHeuristicRINS.hpp>
#include <CbcModel.hpp>
#include <CglClique.hpp>
#include <CglFlowCover.hpp>
#include <CglGomory.hpp>
#include <CglKnapsackCover.hpp>
#include <CglMixedIntegerRounding2.hpp>
#include <CglPreProcess.hpp>
#include <CglProbing.hpp>
#include <CglZeroHalf.hpp>
#include <ClpEventHandler.hpp>
#include <ClpSimplex.hpp>
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <riskmap/core/error.hpp>

namespace riskmap::siting {

namespace {

/// How much has been done, and when enough is enough. CBC's frames are not made for exceptions.
class Work {
  public:
    Work(const Execution& execution, const Clock& clock, std::int64_t most_iterations)
        : m_execution{execution}, m_clock{clock}, m_most{most_iterations} {}

    void count() { ++m_iterations; }
    [[nodiscard]] std::int64_t iterations() const { return m_iterations; }
    /// The user has asked to stop, time is up, or the number of simplex iterations is used up.
    [[nodiscard]] bool over() const { return m_iterations > m_most || must_stop(); }
    [[nodiscard]] bool far_over() const { return m_iterations > 2 * m_most || must_stop(); }
    /// A linear program was left half solved: what CBC makes of it is not to be trusted.
    bool broken_off = false;

  private:
    [[nodiscard]] bool must_stop() const {
        try {
            m_execution.progress.check();
        } catch (const Error&) {
            return true;
        }
        return m_clock.over();
    }

    const Execution& m_execution;
    const Clock& m_clock;
    std::int64_t m_most;
    std::int64_t m_iterations = 0;
};

class LpWatch : public ClpEventHandler {
  public:
    explicit LpWatch(Work& work) : m_work{&work} {}
    int event(Event what) override {
        constexpr int go_on = -1;
        constexpr int stop = 5;
        constexpr int every = 64; // looking at the clock costs more than an iteration
        if (what != endOfIteration)
            return go_on;
        m_work->count();
        if (m_work->iterations() % every != 0 || !m_work->far_over())
            return go_on;
        m_work->broken_off = true;
        return stop;
    }
    [[nodiscard]] ClpEventHandler* clone() const override { return new LpWatch(*this); }

  private:
    Work* m_work;
};

class TreeWatch : public CbcEventHandler {
  public:
    explicit TreeWatch(Work& work) : m_work{&work} {}
    CbcAction event(CbcEvent /*what*/) override { return m_work->over() ? stop : noAction; }
    [[nodiscard]] CbcEventHandler* clone() const override { return new TreeWatch(*this); }

  private:
    Work* m_work;
};

void add_methods(CbcModel& model) {
    CglProbing probing;
    probing.setUsingObjective(1);
    probing.setMaxPass(1);
    probing.setMaxPassRoot(1);
    probing.setMaxProbe(10);
    probing.setMaxProbeRoot(50);
    probing.setMaxLook(10);
    probing.setMaxLookRoot(50);
    probing.setRowCuts(3);
    model.addCutGenerator(&probing, -1, "probing");
    CglGomory gomory;
    gomory.setLimit(100);
    model.addCutGenerator(&gomory, -98, "gomory");
    CglKnapsackCover knapsack;
    model.addCutGenerator(&knapsack, -98, "knapsack");
    CglClique clique;
    clique.setStarCliqueReport(false);
    clique.setRowCliqueReport(false);
    model.addCutGenerator(&clique, -98, "clique");
    CglZeroHalf zero_half;
    model.addCutGenerator(&zero_half, -98, "zero-half");
    CglMixedIntegerRounding2 rounding;
    model.addCutGenerator(&rounding, -98, "rounding");
    CglFlowCover flow;
    model.addCutGenerator(&flow, -98, "flow");
    CbcRounding simple{model};
    model.addHeuristic(&simple, "rounding");
    CbcHeuristicRINS rins{model};
    rins.setHowOften(100);
    model.addHeuristic(&rins, "rins");
}

} // namespace

int Mip::add_column(double cost, double lower, double upper, bool whole) {
    m_costs.push_back(cost);
    m_lower.push_back(lower);
    m_upper.push_back(upper);
    m_whole.push_back(whole);
    return static_cast<int>(m_costs.size()) - 1;
}

void Mip::add_row(double lower, double upper, std::span<const std::pair<int, double>> entries) {
    const auto row = static_cast<int>(m_row_lower.size());
    m_row_lower.push_back(lower);
    m_row_upper.push_back(upper);
    for (const auto& [column, value] : entries)
        m_entries.push_back({row, column, value});
}

Mip::Outcome Mip::solve(const Task& task, const Clock& clock, const Execution& execution) const {
    Outcome outcome;
    if (clock.over())
        return outcome;
    std::vector<int> rows, columns;
    std::vector<double> values;
    rows.reserve(m_entries.size());
    columns.reserve(m_entries.size());
    values.reserve(m_entries.size());
    for (const auto& entry : m_entries) {
        rows.push_back(entry.row);
        columns.push_back(entry.column);
        values.push_back(entry.value);
    }
    CoinPackedMatrix matrix{true, rows.data(), columns.data(), values.data(),
                            static_cast<CoinBigIndex>(m_entries.size())};
    matrix.setDimensions(static_cast<int>(m_row_lower.size()), static_cast<int>(m_costs.size()));
    constexpr double iterations_times_entries = 3e9;
    Work work{execution, clock,
              std::isfinite(clock.left())
                  ? std::numeric_limits<std::int64_t>::max() / 2
                  : static_cast<std::int64_t>(iterations_times_entries /
                                              static_cast<double>(m_entries.size() + 1000))};
    LpWatch lp_watch{work};
    // Not by OsiClp or ClpSimplex::initialSolve: the one leaves the watch behind, the other puts
    // a handler of its own in the place of ours for Ctrl-C.
    ClpSimplex lp;
    lp.setLogLevel(0);
    lp.loadProblem(matrix, m_lower.data(), m_upper.data(), m_costs.data(), m_row_lower.data(),
                   m_row_upper.data());
    lp.passInEventHandler(&lp_watch);
    lp.dual();
    execution.progress.check();

    // What is wanted is better by a granule, or by more than rounding.
    const double margin =
        task.granule > 0 ? task.granule * (1 - 1e-4) : 1e-9 * std::max(1.0, std::abs(task.cutoff));
    const double cutoff = task.cutoff - margin;
    if (work.broken_off)
        return outcome;
    if (lp.isProvenPrimalInfeasible()) {
        outcome.bound = task.cutoff;
        outcome.finished = true;
        return outcome;
    }
    if (!lp.isProvenOptimal())
        return outcome;
    outcome.bound = std::min(lp.objectiveValue(), task.cutoff);
    if (lp.objectiveValue() > cutoff) {
        outcome.bound = task.cutoff;
        outcome.finished = true;
        return outcome;
    }
    OsiClpSolverInterface solver{&lp};
    solver.messageHandler()->setLogLevel(0);
    solver.setHintParam(OsiDoReducePrint, true, OsiHintTry);
    for (std::size_t c = 0; c < m_whole.size(); ++c)
        if (m_whole[c])
            solver.setInteger(static_cast<int>(c));
    CbcModel model{solver};
    model.setLogLevel(0);
    model.messageHandler()->setLogLevel(0);
    model.solver()->messageHandler()->setLogLevel(0);
    if (std::isfinite(task.cutoff))
        model.setCutoff(cutoff);
    if (task.granule > 0)
        model.setCutoffIncrement(task.granule * (1 - 1e-3));
    model.setAllowableGap(0);
    model.setAllowableFractionGap(1e-10);
    if (std::isfinite(clock.left()))
        model.setMaximumSeconds(clock.left());
    add_methods(model);
    model.setNumberThreads(0);
    TreeWatch watch{work};
    model.passInEventHandler(&watch);
    model.branchAndBound();
    execution.progress.check();
    outcome.finished = !work.broken_off && (model.isProvenOptimal() || model.isProvenInfeasible());
    if (model.bestSolution() != nullptr) {
        outcome.values.assign(model.bestSolution(), model.bestSolution() + m_costs.size());
        outcome.objective = model.getObjValue();
    }
    if (outcome.finished)
        outcome.bound = std::min(outcome.objective, task.cutoff);
    else if (!work.broken_off)
        outcome.bound =
            std::max(outcome.bound, std::min(model.getBestPossibleObjValue(), task.cutoff));
    return outcome;
}

} // namespace riskmap::siting
