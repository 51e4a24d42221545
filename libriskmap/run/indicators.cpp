// SPDX-License-Identifier: MIT
// Vulnerability and capacity of townships from a table of indicators.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/risk/weights.hpp>
#include <riskmap/vector/layer.hpp>

#include "work.hpp"

namespace riskmap::run {

namespace {

std::vector<std::size_t> rows_of_townships(const Work& work, spec::Table& layer,
                                           const IndicatorTable& table) {
    const auto codes = layer.unit_codes("code");
    std::map<std::string, std::size_t> by_code;
    for (std::size_t r = 0; r < layer.size(); ++r)
        if (!by_code.emplace(codes[r], r).second)
            throw input_error(
                fmt::format("'{}': code '{}' stands twice", table.file.string(), codes[r]));
    std::vector<std::size_t> rows;
    for (const auto& township : work.areas.townships) {
        const auto found = by_code.find(township.code);
        if (found == by_code.end())
            throw input_error(fmt::format("'{}' has no row for township {} ({})",
                                          table.file.string(), township.code, township.name),
                              "add the row, or correct its code");
        rows.push_back(found->second);
    }
    if (const auto more = layer.size() - rows.size(); more > 0)
        layer.account().remark({fmt::format("{} 行不属于本项目的乡镇，未用", more),
                                fmt::format("{} rows are of no township of the project", more)});
    return rows;
}

/// An indicator by the rules of its field in the specification, else as any number.
std::vector<double> numbers_of(spec::Table& layer, const std::string& name) {
    const auto* known = layer.spec().field(name);
    spec::FieldSpec rules;
    if (known != nullptr)
        rules = *known;
    rules.name = name;
    rules.kind = spec::FieldKind::number;
    rules.required = false;
    return layer.numbers_of(name, rules);
}

std::vector<double> weights_of(const IndicatorTable& table, const risk::Matrix& indices,
                               const char* what) {
    std::vector<std::string> names;
    std::vector<double> given;
    for (const auto& indicator : table.indicators) {
        names.push_back(indicator.field);
        given.push_back(indicator.weight);
    }
    if (table.weights == "given")
        return risk::checked_weights(given, names);
    if (table.weights == "entropy")
        return risk::entropy_weights(indices);
    if (table.weights == "critic")
        return risk::critic_weights(indices);
    if (table.weights == "ahp") {
        if (table.ahp.size() != names.size())
            throw input_error(fmt::format("the AHP matrix of [{}] has {} rows for {} indicators",
                                          what, table.ahp.size(), names.size()));
        return risk::ahp_weights(risk::Matrix::from_rows(table.ahp),
                                 table.force ? risk::Consistency::reported
                                             : risk::Consistency::required)
            .weights;
    }
    return std::vector<double>(names.size(), 1.0 / static_cast<double>(names.size()));
}

} // namespace

UnitIndex unit_index(const Work& work, const IndicatorTable& table, const char* what,
                     StepReport& report) {
    auto layer = report.door.table(table, "township_indicators", spec::Shapes::none);
    const auto rows = rows_of_townships(work, layer, table);
    risk::Matrix indices{rows.size(), table.indicators.size()};
    for (std::size_t k = 0; k < table.indicators.size(); ++k) {
        const auto& indicator = table.indicators[k];
        const auto numbers = numbers_of(layer, indicator.field);
        std::vector<double> values;
        for (std::size_t u = 0; u < rows.size(); ++u) {
            if (std::isnan(numbers[rows[u]]))
                throw input_error(fmt::format("'{}': {} of township {} is not known",
                                              table.file.string(), indicator.field,
                                              work.areas.townships[u].code),
                                  "fill the cell, or leave the indicator out");
            values.push_back(numbers[rows[u]]);
        }
        const auto scale =
            risk::fit(risk::NormaliseRule::parse(indicator.normalise,
                                                 risk::parse_direction(indicator.direction)),
                      values);
        if (scale.constant())
            report.warnings.push_back(fmt::format(
                "{}: indicator {} is the same everywhere and adds nothing", what, indicator.field));
        for (std::size_t u = 0; u < rows.size(); ++u)
            indices(u, k) = scale(values[u]);
    }
    UnitIndex out;
    out.weights = weights_of(table, indices, what);
    for (std::size_t u = 0; u < rows.size(); ++u) {
        double index = 0;
        for (std::size_t k = 0; k < out.weights.size(); ++k)
            index += out.weights[k] * indices(u, k);
        out.values.push_back(table.range[0] + index * (table.range[1] - table.range[0]));
    }
    return out;
}

} // namespace riskmap::run
