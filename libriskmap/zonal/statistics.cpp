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

/// What one block adds to the zones it meets.
using BlockPart = std::vector<std::pair<std::size_t, Accumulator>>;

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

std::vector<std::vector<double>> zonal_statistics(const raster::Source& values,
                                                  std::span<const Coverage> zones,
                                                  std::span<const Statistic> statistics,
                                                  const Execution& execution,
                                                  const raster::Source* weights) {
    Needs needs;
    for (const auto& statistic : statistics) {
        needs.values = needs.values || needs_values(statistic);
        needs.weights = needs.weights || statistic.name.starts_with("weighted");
    }
    if (needs.weights && weights == nullptr)
        throw Error{ErrorKind::usage, "weighted statistics need a raster of weights",
                    "give --weights RASTER"};
    if (weights != nullptr && !weights->grid().matches(values.grid()))
        throw input_error("the raster of weights is on another grid than the values",
                          "bring it onto the same grid with riskmap stack --like");
    const auto blocks = blocks_of(values.grid().window());
    std::vector<Accumulator> totals(zones.size());
    parallel_ordered(
        execution, "zonal statistics", blocks.size(),
        [&](std::size_t b) {
            BlockPart part;
            const auto& block = blocks[b];
            std::vector<double> cells;
            std::vector<double> weight_cells;
            for (std::size_t z = 0; z < zones.size(); ++z) {
                if (block.intersection(zones[z].bounds()).empty())
                    continue;
                if (cells.empty()) {
                    cells = values.read(block);
                    if (needs.weights)
                        weight_cells = weights->read(block);
                }
                Accumulator accumulator;
                zones[z].visit(block, [&](std::int64_t row, std::int64_t column,
                                          std::int64_t columns, double share) {
                    const auto at = static_cast<std::size_t>((row - block.row) * block.columns +
                                                             column - block.column);
                    accumulator.add(&cells[at], needs.weights ? &weight_cells[at] : nullptr,
                                    static_cast<std::size_t>(columns), share, needs);
                });
                if (accumulator.empty())
                    continue;
                if (needs.values)
                    accumulator.compress();
                part.emplace_back(z, std::move(accumulator));
            }
            return part;
        },
        [&](std::size_t, BlockPart&& part) {
            for (auto& [zone, accumulator] : part)
                totals[zone].merge(std::move(accumulator));
        });
    std::vector<std::vector<double>> answers;
    for (auto& total : totals) {
        total.compress();
        auto& answer = answers.emplace_back();
        for (const auto& statistic : statistics)
            answer.push_back(total.answer(statistic));
    }
    return answers;
}

} // namespace riskmap::zonal
