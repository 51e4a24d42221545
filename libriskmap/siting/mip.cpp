// SPDX-License-Identifier: MIT
#include "mip.hpp"

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
#include <CoinPackedMatrix.hpp>
#include <OsiClpSolverInterface.hpp>

#include <riskmap/core/error.hpp>

namespace riskmap::siting {

namespace {

/// Whether the user has asked to stop, or time is up. CBC's frames are not made for exceptions.
bool must_stop(const Execution& execution, const Clock& clock) {
    try {
        execution.progress.check();
    } catch (const Error&) {
        return true;
    }
    return clock.over();
}

class LpWatch : public ClpEventHandler {
  public:
    LpWatch(const Execution& execution, const Clock& clock)
        : m_execution{&execution}, m_clock{&clock} {}
    int event(Event what) override {
        constexpr int stop = 5;
        constexpr int every = 64; // iterations: looking at the clock costs more than one
        if (what != endOfIteration || ++m_iterations % every != 0)
            return -1;
        return must_stop(*m_execution, *m_clock) ? stop : -1;
    }
    [[nodiscard]] ClpEventHandler* clone() const override { return new LpWatch(*this); }

  private:
    const Execution* m_execution;
    const Clock* m_clock;
    int m_iterations = 0;
};

class TreeWatch : public CbcEventHandler {
  public:
    TreeWatch(const Execution& execution, const Clock& clock)
        : m_execution{&execution}, m_clock{&clock} {}
    CbcAction event(CbcEvent /*what*/) override {
        return must_stop(*m_execution, *m_clock) ? stop : noAction;
    }
    [[nodiscard]] CbcEventHandler* clone() const override { return new TreeWatch(*this); }

  private:
    const Execution* m_execution;
    const Clock* m_clock;
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
    OsiClpSolverInterface solver;
    solver.messageHandler()->setLogLevel(0);
    solver.getModelPtr()->setLogLevel(0);
    const auto bounded = [&](std::vector<double> all) {
        for (double& b : all)
            if (std::isinf(b))
                b = b > 0 ? solver.getInfinity() : -solver.getInfinity();
        return all;
    };
    solver.loadProblem(matrix, m_lower.data(), bounded(m_upper).data(), m_costs.data(),
                       bounded(m_row_lower).data(), bounded(m_row_upper).data());
    for (std::size_t c = 0; c < m_whole.size(); ++c)
        if (m_whole[c])
            solver.setInteger(static_cast<int>(c));
    solver.setHintParam(OsiDoReducePrint, true, OsiHintTry);
    LpWatch lp_watch{execution, clock};
    solver.getModelPtr()->passInEventHandler(&lp_watch);

    // What is wanted is better by a granule, or by more than rounding.
    const double margin =
        task.granule > 0 ? task.granule * (1 - 1e-4) : 1e-9 * std::max(1.0, std::abs(task.cutoff));
    const double cutoff = task.cutoff - margin;
    solver.initialSolve();
    execution.progress.check();
    if (solver.isProvenPrimalInfeasible()) {
        outcome.bound = task.cutoff;
        outcome.finished = true;
        return outcome;
    }
    if (!solver.isProvenOptimal())
        return outcome;
    outcome.bound = std::min(solver.getObjValue(), task.cutoff);
    if (solver.getObjValue() > cutoff) {
        outcome.bound = task.cutoff;
        outcome.finished = true;
        return outcome;
    }
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
    model.setMaximumNodes(task.most_nodes);
    if (std::isfinite(clock.left()))
        model.setMaximumSeconds(clock.left());
    add_methods(model);
    model.setNumberThreads(0);
    TreeWatch watch{execution, clock};
    model.passInEventHandler(&watch);
    model.branchAndBound();
    execution.progress.check();
    outcome.finished = model.isProvenOptimal() || model.isProvenInfeasible();
    if (model.bestSolution() != nullptr) {
        outcome.values.assign(model.bestSolution(), model.bestSolution() + m_costs.size());
        outcome.objective = model.getObjValue();
    }
    if (outcome.finished)
        outcome.bound = std::min(outcome.objective, task.cutoff);
    else
        outcome.bound = std::max(outcome.bound,
                                 std::min(model.getBestPossibleObjValue(), task.cutoff));
    return outcome;
}

} // namespace riskmap::siting
