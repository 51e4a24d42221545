// SPDX-License-Identifier: MIT
#include <riskmap/zonal/statistics.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>

#include "accumulator.hpp"

namespace riskmap::zonal {

namespace {

constexpr std::array<StatisticName, 16> names{{
    {"count", "cells with data, partly covered ones by their share"},
    {"sum", "sum of value x share"},
    {"mean", "mean weighted by share"},
    {"min", "least value of any cell touched"},
    {"max", "greatest value of any cell touched"},
    {"range", "max - min"},
    {"stdev", "standard deviation (population), by share"},
    {"variance", "variance (population), by share"},
    {"median", "quantile:0.5"},
    {"quantile", "quantile:Q, Q in 0..1, interpolated"},
    {"majority", "the value with the largest share (ties: the least)"},
    {"minority", "the value with the smallest share (ties: the least)"},
    {"variety", "number of distinct values"},
    {"weighted_mean", "mean by share x weight raster"},
    {"weighted_sum", "sum of value x share x weight raster"},
    {"q", "short for quantile: q:0.9"},
}};

bool needs_values(const Statistic& statistic) {
    constexpr std::array<std::string_view, 4> whole{"median", "majority", "minority", "variety"};
    return statistic.name.starts_with("quantile") ||
           std::find(whole.begin(), whole.end(), statistic.name) != whole.end();
}

Needs needs_of(std::span<const Statistic> statistics) {
    Needs needs;
    for (const auto& statistic : statistics) {
        const auto& name = statistic.name;
        needs.values = needs.values || needs_values(statistic);
        needs.weights = needs.weights || name.starts_with("weighted");
        needs.spread = needs.spread || name == "variance" || name == "stdev";
        needs.extremes = needs.extremes || name == "min" || name == "max" || name == "range";
    }
    return needs;
}

/// The zones that a block may meet, found by the rows of blocks they reach into.
class ZonesByRow {
  public:
    ZonesByRow(std::span<const Coverage> zones, std::int64_t rows)
        : m_by_row(static_cast<std::size_t>(rows / height + 1)) {
        for (std::size_t z = 0; z < zones.size(); ++z) {
            const auto& box = zones[z].bounds();
            for (auto r = box.row / height; !box.empty() && r * height < box.row + box.rows; ++r)
                m_by_row[static_cast<std::size_t>(r)].push_back(z);
        }
    }
    /// In rising order.
    [[nodiscard]] std::vector<std::size_t> in(const Window& block,
                                              std::span<const Coverage> zones) const {
        std::vector<std::size_t> found;
        for (auto r = block.row / height; r * height < block.row + block.rows; ++r)
            for (const auto z : m_by_row[static_cast<std::size_t>(r)])
                if (!block.intersection(zones[z].bounds()).empty())
                    found.push_back(z);
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

  private:
    static constexpr std::int64_t height = 512;
    std::vector<std::vector<std::size_t>> m_by_row;
};

/// What one block adds to the zones it meets, raster by raster.
struct BlockPart {
    std::vector<std::size_t> zones;
    std::vector<Accumulator> sums; ///< of zone k and raster r: k x rasters + r
};

class Survey {
  public:
    Survey(std::span<const raster::Source* const> rasters, std::span<const Coverage> zones,
           Needs needs, const raster::Source* weights, std::size_t most_values)
        : m_rasters{rasters}, m_zones{zones}, m_needs{needs}, m_weights{weights},
          m_most_values{most_values}, m_by_row{zones, rasters[0]->grid().rows} {}

    [[nodiscard]] BlockPart of_block(const Window& block) const {
        BlockPart part;
        part.zones = m_by_row.in(block, m_zones);
        if (part.zones.empty())
            return part;
        part.sums.assign(part.zones.size() * m_rasters.size(), Accumulator{m_most_values});
        const auto weights = m_needs.weights ? m_weights->opened(block) : nullptr;
        for (std::size_t r = 0; r < m_rasters.size(); ++r) {
            const auto opened = m_rasters[r]->opened(block);
            for (const auto& slice : raster::slices_of(block))
                add_slice(slice, opened->read(slice),
                          weights ? weights->read(slice) : std::vector<double>{}, r, part);
        }
        return part;
    }

  private:
    void add_slice(const Window& slice, const std::vector<double>& values,
                   const std::vector<double>& weights, std::size_t raster, BlockPart& part) const {
        for (std::size_t k = 0; k < part.zones.size(); ++k) {
            auto& sums = part.sums[k * m_rasters.size() + raster];
            m_zones[part.zones[k]].visit(slice, [&](std::int64_t row, std::int64_t column,
                                                    std::int64_t columns, double share) {
                const auto at = static_cast<std::size_t>((row - slice.row) * slice.columns +
                                                         column - slice.column);
                sums.add(column, {&values[at], static_cast<std::size_t>(columns)},
                         weights.empty() ? nullptr : &weights[at], share, m_needs);
            });
        }
    }

    std::span<const raster::Source* const> m_rasters;
    std::span<const Coverage> m_zones;
    Needs m_needs;
    const raster::Source* m_weights;
    std::size_t m_most_values;
    ZonesByRow m_by_row;
};

/// How many distinct values of each zone fit into half the budget.
std::size_t values_that_fit(const Execution& execution, std::size_t zones) {
    constexpr std::uint64_t bytes_each = 28;
    const auto fitting =
        execution.memory_budget() / 2 / bytes_each / std::max<std::size_t>(1, zones);
    return std::clamp<std::uint64_t>(fitting, 256, raster::ValueCounts::exact_values);
}

} // namespace

std::span<const StatisticName> statistic_names() {
    return names;
}

Statistic Statistic::parse(const std::string& text) {
    Statistic statistic;
    const auto colon = text.find(':');
    std::string word = text.substr(0, colon);
    if (word == "q")
        word = "quantile";
    if (word == "std" || word == "stddev")
        word = "stdev";
    (void)row_named(names, word, "statistic");
    statistic.name = text;
    if ((word == "quantile") != (colon != std::string::npos))
        throw Error{ErrorKind::usage, fmt::format("'{}': only quantile takes a number", text),
                    "for example quantile:0.9"};
    if (word == "quantile") {
        const auto q = parse_number(std::string_view{text}.substr(colon + 1));
        if (!q || *q < 0 || *q > 1)
            throw Error{ErrorKind::usage, fmt::format("'{}': the share must be 0 to 1", text)};
        statistic.argument = *q;
        statistic.name = "quantile:" + text.substr(colon + 1);
    } else {
        statistic.name = word;
    }
    return statistic;
}

std::string Statistic::field_name() const {
    return name.starts_with("quantile") ? fmt::format("q{:.6g}", argument * 100) : name;
}

std::vector<Statistic> parse_statistics(const std::string& list) {
    std::vector<Statistic> statistics;
    for (const auto& part : split(list, ','))
        statistics.push_back(Statistic::parse(std::string{trim(part)}));
    return statistics;
}

std::vector<Coverage> cover(std::span<const MultiPolygon> zones, const Grid& grid,
                            const Execution& execution) {
    std::vector<Coverage> coverages(zones.size());
    parallel_for(execution, zones.size(), [&](std::size_t i) {
        coverages[i] = Coverage{zones[i], grid};
    });
    return coverages;
}

ZonalTable zonal_table(std::span<const raster::Source* const> rasters,
                       std::span<const Coverage> zones, std::span<const Statistic> statistics,
                       const Execution& execution, const raster::Source* weights) {
    const Needs needs = needs_of(statistics);
    if (needs.weights && weights == nullptr)
        throw Error{ErrorKind::usage, "weighted statistics need a raster of weights",
                    "give --weights RASTER"};
    const Grid grid = rasters[0]->grid();
    const auto check = [&](const raster::Source& source, const char* what) {
        if (!source.grid().matches(grid))
            throw input_error(fmt::format("{} is on another grid than the values: {} and {}", what,
                                          source.grid().describe(), grid.describe()),
                              "bring it onto the same grid with riskmap stack --like");
    };
    for (const auto* raster : rasters)
        check(*raster, "a raster");
    if (weights != nullptr)
        check(*weights, "the raster of weights");
    const auto blocks = raster::reading_blocks(*rasters[0]);
    const auto most_values = values_that_fit(execution, zones.size() * rasters.size());
    const Survey survey{rasters, zones, needs, weights, most_values};
    std::vector<Accumulator> totals(zones.size() * rasters.size(), Accumulator{most_values});
    parallel_ordered(
        execution, "zonal statistics",
        {blocks.size(), raster::most_cells(blocks) * (needs.values ? 64 : 16)},
        [&](std::size_t b) { return survey.of_block(blocks[b]); },
        [&](std::size_t, BlockPart&& part) {
            for (std::size_t k = 0; k < part.sums.size(); ++k)
                totals[part.zones[k / rasters.size()] * rasters.size() + k % rasters.size()].merge(
                    part.sums[k], needs);
        });
    ZonalTable table;
    table.rows.resize(zones.size());
    std::vector<double> errors(zones.size());
    parallel_for(execution, zones.size(), [&](std::size_t z) {
        for (std::size_t r = 0; r < rasters.size(); ++r)
            for (const double answer :
                 totals[z * rasters.size() + r].answers(statistics, errors[z]))
                table.rows[z].push_back(answer);
    });
    for (const double error : errors)
        table.value_error = std::max(table.value_error, error);
    return table;
}

std::vector<std::vector<double>> zonal_statistics(const raster::Source& values,
                                                  std::span<const Coverage> zones,
                                                  std::span<const Statistic> statistics,
                                                  const Execution& execution,
                                                  const raster::Source* weights) {
    const raster::Source* const raster = &values;
    return zonal_table({&raster, 1}, zones, statistics, execution, weights).rows;
}

} // namespace riskmap::zonal
