// SPDX-License-Identifier: MIT
#include <riskmap/risk/uncertainty.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/vectorised.hpp>

#include "risk_draw.hpp"

namespace riskmap::risk {

namespace {

constexpr double sample_size = 100000;
constexpr std::size_t sample_bins = 2048; ///< breaks of a draw are exact to one of these
constexpr std::size_t slice = 1024;       ///< cells whose layers stay in a core's cache
constexpr int levels = 5;

/// All that is read of a block.
struct Block {
    CellBlock cells;
    std::vector<double> units;
    std::vector<double> people;
    std::vector<double> level;
};

class BlockReader {
  public:
    explicit BlockReader(const UncertainModel& model)
        : m_model{model}, m_peopled(model.unit_count, 1) {}

    /// Finds the units where nobody lives: their cells weigh one each from here on.
    void find_empty_units(const std::vector<Window>& blocks, const Execution& execution) {
        if (!m_model.people)
            return;
        std::vector<std::vector<char>> seen(blocks.size());
        parallel_for(execution, blocks.size(), [&](std::size_t b) {
            execution.progress.check();
            const auto units = m_model.units->read(blocks[b]);
            const auto level = m_model.levels->read(blocks[b]);
            const auto people = m_model.people->read(blocks[b]);
            seen[b].assign(m_model.unit_count, 0);
            for (std::size_t i = 0; i < units.size(); ++i)
                if (!std::isnan(units[i]) && !std::isnan(level[i]) && people[i] > 0)
                    seen[b][static_cast<std::size_t>(units[i]) - 1] = 1;
        });
        m_peopled.assign(m_model.unit_count, 0);
        for (const auto& units : seen)
            for (std::size_t u = 0; u < units.size(); ++u)
                m_peopled[u] |= units[u];
    }

    [[nodiscard]] Block read(const Window& window) const {
        Block block;
        block.cells.size = window.size();
        for (const auto& layer : m_model.hazards)
            block.cells.hazards.push_back(layer.values->read(window));
        for (const auto& layer : m_model.exposures)
            block.cells.exposures.push_back(layer.values->read(window));
        block.cells.vulnerability = m_model.vulnerability ? m_model.vulnerability->read(window)
                                                          : std::vector<double>(window.size(), 1.0);
        block.units = m_model.units->read(window);
        block.level = m_model.levels->read(window);
        block.people =
            m_model.people ? m_model.people->read(window) : std::vector<double>(window.size(), 1.0);
        // A cell with risk but without a count of people weighs nothing.
        for (std::size_t i = 0; i < block.people.size(); ++i)
            if (!std::isnan(block.units[i]) &&
                m_peopled[static_cast<std::size_t>(block.units[i]) - 1] == 0)
                block.people[i] = 1;
            else if (std::isnan(block.people[i]))
                block.people[i] = 0;
        return block;
    }

  private:
    const UncertainModel& m_model;
    std::vector<char> m_peopled;
};

/// Appends cell `i` of a block to a sample.
void take_cell(const Block& from, std::size_t i, Block& to) {
    to.cells.hazards.resize(from.cells.hazards.size());
    to.cells.exposures.resize(from.cells.exposures.size());
    for (std::size_t h = 0; h < from.cells.hazards.size(); ++h)
        to.cells.hazards[h].push_back(from.cells.hazards[h][i]);
    for (std::size_t e = 0; e < from.cells.exposures.size(); ++e)
        to.cells.exposures[e].push_back(from.cells.exposures[e][i]);
    to.cells.vulnerability.push_back(from.cells.vulnerability[i]);
    to.units.push_back(from.units[i]);
    to.people.push_back(from.people[i]);
    to.level.push_back(from.level[i]);
    ++to.cells.size;
}

/// Every k-th cell of every k-th row that has risk.
Block sample_of(const UncertainModel& model, const BlockReader& reader,
                const Execution& execution) {
    const Grid& grid = model.units->grid();
    const double cells = static_cast<double>(grid.columns) * static_cast<double>(grid.rows);
    const auto step =
        std::max<std::int64_t>(1, std::llround(std::floor(std::sqrt(cells / sample_size))));
    Block sample;
    for (std::int64_t r = step / 2; r < grid.rows; r += step) {
        execution.progress.check();
        const auto row = reader.read({0, r, grid.columns, 1});
        for (std::int64_t c = step / 2; c < grid.columns; c += step)
            if (const auto i = static_cast<std::size_t>(c);
                !std::isnan(row.level[i]) && !std::isnan(row.units[i]))
                take_cell(row, i, sample);
    }
    return sample;
}

std::vector<double> sample_risk(const UncertainModel& model, const RiskDraw& draw,
                                const Block& sample) {
    std::vector<double> risk(sample.cells.size);
    RiskRoom room;
    for (std::size_t first = 0; first < risk.size(); first += slice)
        risk_of(model, draw, sample.cells, first,
                std::span{risk}.subspan(first, std::min(slice, risk.size() - first)), room);
    return risk;
}

/// Bounds above which a cell has level 2, 3, 4, 5; infinity for levels that do not occur.
std::array<double, levels - 1> bounds_of(const std::vector<double>& risk,
                                         const raster::BreakRule& rule) {
    raster::ValueCounts counts{sample_bins};
    counts.add(risk);
    const auto upper = raster::find_breaks(counts.bins(), rule).upper;
    std::array<double, levels - 1> bounds;
    bounds.fill(std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k + 1 < upper.size() && k < bounds.size(); ++k)
        bounds[k] = upper[k];
    return bounds;
}

RISKMAP_VECTORISED void count_above(const double* risk, std::size_t n, double bound,
                                    double* count) {
    for (std::size_t i = 0; i < n; ++i)
        count[i] += risk[i] > bound ? 1.0 : 0.0;
}

RISKMAP_VECTORISED void add_moments(const double* risk, std::size_t n, double* sum,
                                    double* squares) {
    for (std::size_t i = 0; i < n; ++i) {
        sum[i] += risk[i];
        squares[i] += risk[i] * risk[i];
    }
}

/// What a block comes to.
struct BlockResult {
    std::vector<double> probability;
    std::vector<double> likely;
    std::vector<double> mean;
    std::vector<double> spread;
    /// Of each unit in the block: people, and people x risk in each draw (the last: no error).
    std::map<std::size_t, std::vector<double>> unit_sums;
    std::map<std::size_t, double> unit_people;
    /// Of each unit in the block, if levels of units follow from shares: cells, and how many have
    /// level 2, 3, 4, 5 or more in each draw.
    std::map<std::size_t, std::vector<double>> unit_reached;
    std::map<std::size_t, double> unit_cells;
    double certainty = 0;
    std::size_t cells = 0;
};

struct Draws {
    std::vector<RiskDraw> draws; ///< the last one is without error
    std::vector<std::array<double, levels - 1>> bounds;
};

/// Runs of cells of one unit within a slice.
struct UnitRun {
    std::size_t unit = 0;
    std::size_t first = 0;
    std::size_t count = 0;
};

class BlockStudy {
  public:
    BlockStudy(const UncertainModel& model, const Draws& draws) : m_model{model}, m_draws{draws} {}

    [[nodiscard]] BlockResult study(const Block& whole) {
        const std::size_t n = whole.units.size();
        BlockResult result;
        for (auto* values : {&result.probability, &result.likely, &result.mean, &result.spread})
            values->assign(n, raster::nodata);
        // Only cells with risk, side by side, so that no time goes into the others.
        Block block;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < n; ++i)
            if (!std::isnan(whole.level[i]) && !std::isnan(whole.units[i])) {
                take_cell(whole, i, block);
                places.push_back(i);
            }
        for (std::size_t first = 0; first < places.size(); first += slice)
            study_slice(block, first, std::min(slice, places.size() - first), places, result);
        return result;
    }

  private:
    void study_slice(const Block& block, std::size_t first, std::size_t n,
                     const std::vector<std::size_t>& places, BlockResult& result) {
        m_risk.resize(n);
        m_sum.assign(n, 0);
        m_squares.assign(n, 0);
        for (auto& count : m_above)
            count.assign(n, 0);
        const auto runs = runs_of(block, first, n, result);
        const std::size_t draws = m_draws.draws.size() - 1;
        for (std::size_t d = 0; d <= draws; ++d) {
            risk_of(m_model, m_draws.draws[d], block.cells, first, m_risk, m_room);
            for (const auto& run : runs) {
                double sum = 0;
                for (std::size_t i = run.first; i < run.first + run.count; ++i)
                    sum += block.people[first + i] * m_risk[i];
                result.unit_sums[run.unit][d] += sum;
            }
            if (d == draws)
                break;
            if (m_model.unit_share > 0)
                count_reached(runs, d, result);
            add_moments(m_risk.data(), n, m_sum.data(), m_squares.data());
            for (std::size_t k = 0; k < m_above.size(); ++k)
                count_above(m_risk.data(), n, m_draws.bounds[d][k], m_above[k].data());
        }
        for (std::size_t i = 0; i < n; ++i)
            tell(block.level[first + i], i, static_cast<double>(draws), places[first + i], result);
    }

    void count_reached(const std::vector<UnitRun>& runs, std::size_t draw,
                       BlockResult& result) const {
        for (const auto& run : runs) {
            auto& reached = result.unit_reached[run.unit];
            reached.resize((m_draws.draws.size() - 1) * (levels - 1));
            for (std::size_t k = 0; k + 1 < levels; ++k) {
                double count = 0;
                for (std::size_t i = run.first; i < run.first + run.count; ++i)
                    count += m_risk[i] > m_draws.bounds[draw][k] ? 1 : 0;
                reached[draw * (levels - 1) + k] += count;
            }
        }
    }

    std::vector<UnitRun> runs_of(const Block& block, std::size_t first, std::size_t n,
                                 BlockResult& result) const {
        std::vector<UnitRun> runs;
        for (std::size_t i = 0; i < n; ++i) {
            const auto unit = static_cast<std::size_t>(block.units[first + i]) - 1;
            if (runs.empty() || runs.back().unit != unit)
                runs.push_back({unit, i, 0});
            ++runs.back().count;
            result.unit_people[unit] += block.people[first + i];
            result.unit_cells[unit] += 1;
            result.unit_sums[unit].resize(m_draws.draws.size());
        }
        return runs;
    }

    void tell(double published, std::size_t i, double draws, std::size_t place,
              BlockResult& result) const {
        std::array<double, levels> times{};
        double above = draws;
        for (std::size_t k = 0; k < m_above.size(); ++k) {
            times[k] = above - m_above[k][i];
            above = m_above[k][i];
        }
        times.back() = above;
        const auto likely = std::max_element(times.begin(), times.end()) - times.begin();
        const auto level = static_cast<std::size_t>(std::clamp(published, 1.0, 5.0)) - 1;
        result.probability[place] = times[level] / draws;
        result.likely[place] = static_cast<double>(likely + 1);
        const double mean = m_sum[i] / draws;
        result.mean[place] = mean;
        result.spread[place] = std::sqrt(std::max(0.0, m_squares[i] / draws - mean * mean));
        result.certainty += times[level] / draws;
        ++result.cells;
    }

    const UncertainModel& m_model;
    const Draws& m_draws;
    RiskRoom m_room;
    std::vector<double> m_risk;
    std::vector<double> m_sum;
    std::vector<double> m_squares;
    std::array<std::vector<double>, levels - 1> m_above;
};

/// Unit means of a draw from sums; NaN for units without cells.
std::vector<double> unit_means(const std::vector<std::vector<double>>& sums,
                               const std::vector<double>& people, std::size_t draw) {
    std::vector<double> means(sums.size(), raster::nodata);
    for (std::size_t u = 0; u < means.size(); ++u)
        if (people[u] > 0)
            means[u] = sums[u][draw] / people[u];
    return means;
}

/// 1 for the highest; equal ones share the middle of their ranks.
std::vector<double> ranks_of(const std::vector<double>& values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isnan(values[i]))
            order.push_back(i);
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    std::vector<double> ranks(values.size(), raster::nodata);
    for (std::size_t i = 0; i < order.size();) {
        std::size_t end = i;
        while (end < order.size() && values[order[end]] == values[order[i]])
            ++end;
        for (std::size_t k = i; k < end; ++k)
            ranks[order[k]] = (static_cast<double>(i + 1) + static_cast<double>(end)) / 2;
        i = end;
    }
    return ranks;
}

class UnitStudy {
  public:
    UnitStudy(const UncertainModel& model, std::size_t draws)
        : m_model{model}, m_draws{draws}, m_sums(model.unit_count, std::vector<double>(draws + 1)),
          m_people(model.unit_count), m_cells(model.unit_count),
          m_reached(model.unit_share > 0 ? model.unit_count : 0,
                    std::vector<double>(draws * (levels - 1))) {}

    void add(const BlockResult& block) {
        for (const auto& [unit, sums] : block.unit_sums)
            for (std::size_t d = 0; d < sums.size(); ++d)
                m_sums[unit][d] += sums[d];
        for (const auto& [unit, people] : block.unit_people)
            m_people[unit] += people;
        for (const auto& [unit, cells] : block.unit_cells)
            m_cells[unit] += cells;
        for (const auto& [unit, reached] : block.unit_reached)
            for (std::size_t i = 0; i < reached.size(); ++i)
                m_reached[unit][i] += reached[i];
    }

    [[nodiscard]] std::vector<UnitCertainty> tell() const {
        const std::size_t n = m_model.unit_count;
        std::vector<UnitCertainty> units(n);
        std::vector<std::array<std::size_t, levels + 1>> times(n);
        std::vector<std::vector<double>> ranks(n);
        std::vector<double> sum(n);
        std::vector<double> squares(n);
        const auto base = unit_means(m_sums, m_people, m_draws);
        const auto base_levels =
            m_model.unit_levels.empty() ? levels_of(base) : m_model.unit_levels;
        for (std::size_t d = 0; d < m_draws; ++d) {
            const auto means = unit_means(m_sums, m_people, d);
            const auto level = m_reached.empty() ? levels_of(means) : levels_by_share(d);
            const auto rank = ranks_of(means);
            for (std::size_t u = 0; u < n; ++u) {
                ++times[u][static_cast<std::size_t>(level[u])];
                ranks[u].push_back(rank[u]);
                sum[u] += means[u];
                squares[u] += means[u] * means[u];
            }
        }
        const auto base_rank = ranks_of(base);
        for (std::size_t u = 0; u < n; ++u) {
            auto& unit = units[u];
            if (std::isnan(base[u]) || base_levels[u] == 0)
                continue;
            const auto draws = static_cast<double>(m_draws);
            unit.level = base_levels[u];
            unit.likely = static_cast<int>(std::max_element(times[u].begin() + 1, times[u].end()) -
                                           times[u].begin());
            unit.certainty =
                static_cast<double>(times[u][static_cast<std::size_t>(unit.level)]) / draws;
            unit.mean = sum[u] / draws;
            unit.spread = std::sqrt(std::max(0.0, squares[u] / draws - unit.mean * unit.mean));
            unit.rank = base_rank[u];
            std::sort(ranks[u].begin(), ranks[u].end());
            unit.rank_low = ranks[u][static_cast<std::size_t>(0.05 * (draws - 1))];
            unit.rank_high = ranks[u][static_cast<std::size_t>(std::ceil(0.95 * (draws - 1)))];
        }
        return units;
    }

  private:
    [[nodiscard]] std::vector<int> levels_of(const std::vector<double>& means) const {
        raster::ValueCounts counts;
        counts.add(means);
        const auto upper = raster::find_breaks(counts.bins(), m_model.unit_breaks).upper;
        std::vector<int> level(means.size());
        for (std::size_t u = 0; u < means.size(); ++u)
            level[u] =
                std::isnan(means[u]) ? 0 : static_cast<int>(raster::class_of(means[u], upper));
        return level;
    }

    [[nodiscard]] std::vector<int> levels_by_share(std::size_t draw) const {
        std::vector<int> level(m_cells.size());
        for (std::size_t u = 0; u < level.size(); ++u) {
            if (m_cells[u] == 0)
                continue;
            level[u] = 1;
            for (std::size_t k = 0; k + 1 < levels; ++k)
                if (m_reached[u][draw * (levels - 1) + k] >= m_model.unit_share * m_cells[u])
                    level[u] = static_cast<int>(k) + 2;
        }
        return level;
    }

    const UncertainModel& m_model;
    std::size_t m_draws;
    std::vector<std::vector<double>> m_sums;
    std::vector<double> m_people;
    std::vector<double> m_cells;
    std::vector<std::vector<double>> m_reached; ///< [unit][draw, bound]; empty: by means
};

void check(const UncertainModel& model, const UncertaintyRules& rules) {
    if (rules.draws < 2)
        throw Error{ErrorKind::usage, "uncertainty needs two draws or more", "try 1000"};
    if (!(rules.breakpoints >= 0 && rules.breakpoints < 0.5))
        throw Error{
            ErrorKind::usage,
            fmt::format("breakpoints cannot move by {:g} of their range", rules.breakpoints),
            "take 0 to 0.49"};
    if (!(rules.concentration > 0 && rules.concentration <= 1e6))
        throw Error{ErrorKind::usage,
                    "the concentration of weights must be above 0 and at most 1e6",
                    "100 is usual; the larger, the surer the weights"};
    for (const auto* group : {&model.hazards, &model.exposures})
        for (const auto& layer : *group)
            if (!(layer.error >= 0 && layer.error <= 2))
                throw Error{
                    ErrorKind::usage,
                    fmt::format("{}: {:g} is not a relative error", layer.name, layer.error),
                    "take 0 to 2; 0.1 is ten per cent"};
    if (!model.unit_levels.empty() && model.unit_levels.size() != model.unit_count)
        throw Error{ErrorKind::internal, "levels of units do not fit their number"};
}

std::vector<FactorShare> factor_shares(const UncertainModel& model, const DrawMaker& maker,
                                       const UncertaintyRules& rules, const Block& sample,
                                       const Execution& execution) {
    const auto of_units = [&](std::span<const double> uniforms) {
        const auto risk = sample_risk(model, maker.make(uniforms), sample);
        std::vector<std::vector<double>> sums(model.unit_count, std::vector<double>(1));
        std::vector<double> people(model.unit_count);
        for (std::size_t i = 0; i < risk.size(); ++i) {
            const auto unit = static_cast<std::size_t>(sample.units[i]) - 1;
            sums[unit][0] += sample.people[i] * risk[i];
            people[unit] += sample.people[i];
        }
        return unit_means(sums, people, 0);
    };
    const std::size_t n = std::max<std::size_t>(32, rules.draws / 4);
    const auto indices = sobol_indices(of_units, maker.factor_of(), n, rules.seed + 1, execution);
    std::vector<FactorShare> shares;
    for (std::size_t f = 0; f < indices.size(); ++f)
        shares.push_back({maker.factors()[f], indices[f]});
    return shares;
}

} // namespace

Uncertainty study_uncertainty(const UncertainModel& model, const UncertaintyRules& rules,
                              const UncertaintyWriters& writers, const Execution& execution) {
    check(model, rules);
    const DrawMaker maker{model, rules};
    const auto blocks = blocks_of(model.units->grid().window(), 256);
    BlockReader reader{model};
    reader.find_empty_units(blocks, execution);
    const auto sample = sample_of(model, reader, execution);
    Draws draws;
    draws.draws.resize(rules.draws + 1);
    draws.bounds.resize(rules.draws);
    parallel_for(execution, rules.draws, [&](std::size_t d) {
        execution.progress.check();
        std::vector<double> uniforms(maker.width());
        for (std::size_t c = 0; c < uniforms.size(); ++c)
            uniforms[c] = uniform(rules.seed, d, c);
        draws.draws[d] = maker.make(uniforms);
        draws.bounds[d] = bounds_of(sample_risk(model, draws.draws[d], sample), model.cell_breaks);
    });
    draws.draws.back() = maker.base();

    Uncertainty result;
    UnitStudy units{model, rules.draws};
    double certainty = 0;
    double cells = 0;
    const std::uint64_t bytes =
        std::uint64_t{256} * 256 * 8 * (2 * (model.hazards.size() + model.exposures.size()) + 16);
    parallel_ordered(
        execution, "uncertainty", {blocks.size(), bytes},
        [&](std::size_t b) {
            execution.progress.check();
            return BlockStudy{model, draws}.study(reader.read(blocks[b]));
        },
        [&](std::size_t b, const BlockResult& block) {
            for (const auto& [writer, values] :
                 {std::pair{writers.probability, &block.probability},
                  std::pair{writers.likely, &block.likely}, std::pair{writers.mean, &block.mean},
                  std::pair{writers.spread, &block.spread}})
                if (writer != nullptr)
                    writer->write(blocks[b], *values);
            units.add(block);
            certainty += block.certainty;
            cells += static_cast<double>(block.cells);
        });
    result.units = units.tell();
    result.mean_certainty = cells > 0 ? certainty / cells : raster::nodata;
    result.factors = factor_shares(model, maker, rules, sample, execution);
    return result;
}

} // namespace riskmap::risk
