// SPDX-License-Identifier: MIT
#include <riskmap/forest/townships.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/proximity.hpp>
#include <riskmap/zonal/statistics.hpp>

namespace riskmap::forest {

namespace {

struct Ingredient {
    const char* name;
    double TownshipWeights::*weight;
    double (*value)(const Township&);
};

constexpr std::array<Ingredient, 6> ingredients{
    {{"forest", &TownshipWeights::forest, [](const Township& t) { return t.forest_m2; }},
     {"danger", &TownshipWeights::danger, [](const Township& t) { return t.danger; }},
     {"fires", &TownshipWeights::fires, [](const Township& t) { return t.fires; }},
     {"burnt", &TownshipWeights::burnt, [](const Township& t) { return t.burnt_ha; }},
     {"people", &TownshipWeights::people, [](const Township& t) { return t.edge_people; }},
     {"unseen", &TownshipWeights::unseen, [](const Township& t) { return t.unseen_m2; }}}};

} // namespace

std::vector<Fire> fires_of(spec::Table& table, const Crs& crs) {
    const auto places = table.places(crs);
    const auto burnt = table.numbers("burnt_ha");
    const auto dates = table.dates("date");
    std::vector<Fire> fires;
    std::size_t unknown = 0;
    for (std::size_t row = 0; row < table.size(); ++row) {
        // What is not known adds a fire and no area.
        unknown += std::isnan(burnt[row]) ? 1 : 0;
        fires.push_back({places[row], std::isnan(burnt[row]) ? 0 : burnt[row], dates[row].year});
    }
    if (unknown > 0)
        table.account().remark(
            {fmt::format("{} 起火灾没有受害面积，受害率偏低", unknown),
             fmt::format("{} fires say no burnt area: the damage rate is too low by them",
                         unknown)});
    const auto undated = std::count_if(dates.begin(), dates.end(),
                                       [](const spec::Date& date) { return date.year == 0; });
    if (undated > 0)
        table.account().remark(
            {fmt::format("{} 起火灾没有日期，不计入各年受害率", undated),
             fmt::format("{} fires say no date and stand in no year's rate", undated)});
    return fires;
}

TownshipWeights TownshipWeights::parse(const std::string& text) {
    TownshipWeights weights{0, 0, 0, 0, 0, 0};
    for (const auto& part : split(text, ',')) {
        const auto equals = part.find('=');
        const auto number =
            equals == std::string::npos ? std::nullopt : parse_number(part.substr(equals + 1));
        if (!number || *number < 0)
            throw Error{ErrorKind::usage, fmt::format("'{}' is no weight", part),
                        "write NAME=NUMBER,NAME=NUMBER"};
        weights.*
            row_named(ingredients, std::string{trim(part.substr(0, equals))}, "ingredient").weight =
            *number;
    }
    return weights;
}

namespace {

class Ranking {
  public:
    Ranking(const TownshipInputs& inputs, const Execution& execution)
        : m_in{inputs}, m_execution{execution}, m_areas{inputs.forest.areas()},
          m_all(inputs.townships.units.size()) {
        for (std::size_t t = 0; t < m_all.size(); ++t)
            m_all[t].name = inputs.townships.units[t];
    }

    TownshipStudy study() {
        add_forest();
        add_edge_people();
        add_fires();
        add_index();
        m_study.all = sums();
        std::stable_sort(m_all.begin(), m_all.end(), [](const Township& a, const Township& b) {
            return (std::isnan(a.index) ? -1 : a.index) > (std::isnan(b.index) ? -1 : b.index);
        });
        m_study.townships = std::move(m_all);
        return std::move(m_study);
    }

  private:
    void add_forest() {
        std::vector<double> danger;
        if (m_in.danger != nullptr)
            danger = m_in.forest.values(*m_in.danger, m_execution);
        std::vector<double> danger_area(m_all.size());
        for (std::size_t cell = 0; cell < m_areas.size(); ++cell) {
            const auto unit = m_in.townships.of_cell[cell];
            if (unit == 0)
                continue;
            auto& township = m_all[unit - 1];
            township.forest_m2 += m_areas[cell];
            if (!m_in.times_seen.empty() && m_in.times_seen[cell] == 0)
                township.unseen_m2 += m_areas[cell];
            if (!danger.empty() && !std::isnan(danger[cell])) {
                township.danger += m_areas[cell] * danger[cell];
                danger_area[unit - 1] += m_areas[cell];
            }
        }
        for (std::size_t t = 0; t < m_all.size(); ++t)
            m_all[t].danger =
                danger_area[t] > 0 ? m_all[t].danger / danger_area[t] : raster::nodata;
    }

    void add_edge_people() {
        if (m_in.people == nullptr)
            return;
        const auto forest = times_seen(m_in.forest, std::vector<std::uint16_t>(m_areas.size(), 1));
        const auto distance = raster::proximity(*forest, m_execution);
        const Grid& grid = m_in.forest.grid();
        const auto near = raster::computed(
            {raster::borrowed(*m_in.people)},
            [&](const Window& window, raster::Cells in, std::span<double> out) {
                for (std::int64_t r = 0; r < window.rows; ++r)
                    for (std::int64_t c = 0; c < window.columns; ++c) {
                        const auto i = static_cast<std::size_t>(r * window.columns + c);
                        const auto at = static_cast<std::size_t>((window.row + r) * grid.columns +
                                                                 window.column + c);
                        out[i] = distance[at] <= m_in.edge ? in[0][i] : raster::nodata;
                    }
            });
        const auto zones = zonal::cover(m_in.townships.shapes, grid, m_execution);
        const std::array statistics{zonal::Statistic::parse("sum")};
        const auto rows = zonal::zonal_statistics(*near, zones, statistics, m_execution);
        for (std::size_t t = 0; t < m_all.size(); ++t)
            m_all[t].edge_people = std::isnan(rows[t][0]) ? 0 : rows[t][0];
        forget_people_where_unknown(zones);
    }

    /// Where the people are not known at all is not where nobody is.
    void forget_people_where_unknown(const std::vector<zonal::Coverage>& zones) {
        const std::array statistics{zonal::Statistic::parse("count")};
        const auto rows = zonal::zonal_statistics(*m_in.people, zones, statistics, m_execution);
        for (std::size_t t = 0; t < m_all.size(); ++t)
            if (!(rows[t][0] > 0))
                m_all[t].edge_people = raster::nodata;
    }

    [[nodiscard]] std::optional<std::size_t> township_at(Point place) const {
        for (std::size_t t = 0; t < m_in.townships.shapes.size(); ++t)
            if (contains(m_in.townships.shapes[t], place))
                return t;
        return std::nullopt;
    }

    void add_fires() {
        int first = std::numeric_limits<int>::max();
        int last = 0;
        std::size_t elsewhere = 0;
        std::vector<std::map<int, double>> by_year(m_all.size());
        std::map<int, double> all_by_year;
        for (const auto& fire : m_in.fires) {
            // A fire elsewhere still says that the record reaches so far.
            if (fire.year > 0) {
                first = std::min(first, fire.year);
                last = std::max(last, fire.year);
            }
            const auto township = township_at(fire.place);
            if (!township) {
                ++elsewhere;
                continue;
            }
            m_all[*township].fires += 1;
            m_all[*township].burnt_ha += fire.burnt_ha;
            if (fire.year > 0) {
                by_year[*township][fire.year] += fire.burnt_ha;
                all_by_year[fire.year] += fire.burnt_ha;
            }
        }
        m_study.years = m_in.years > 0 ? m_in.years : std::max(1, last - first + 1);
        if (elsewhere > 0)
            m_study.remarks.push_back(
                fmt::format("{} of {} fires lie in no township and are not counted", elsewhere,
                            m_in.fires.size()));
        constexpr double long_record = 60;
        if (m_in.years <= 0 && m_study.years > long_record)
            m_study.remarks.push_back(fmt::format(
                "the fires run from {} to {}: is the first year one that was not known? "
                "If the record is shorter say so (--years)",
                first, last));
        for (std::size_t t = 0; t < m_all.size(); ++t)
            add_damage(m_all[t], by_year[t]);
        m_all_by_year = std::move(all_by_year);
    }

    void add_damage(Township& township, const std::map<int, double>& by_year) const {
        if (m_in.fires.empty()) {
            township.damage_permille = township.worst_damage_permille = raster::nodata;
            return;
        }
        const auto permille = [&](double hectares) {
            return township.forest_m2 > 0 ? 1000 * hectares * 10000 / township.forest_m2
                                          : raster::nodata;
        };
        township.damage_permille = permille(township.burnt_ha / m_study.years);
        for (const auto& [year, hectares] : by_year)
            if (permille(hectares) > township.worst_damage_permille) {
                township.worst_damage_permille = permille(hectares);
                township.worst_year = year;
            }
    }

    [[nodiscard]] bool given(const Ingredient& ingredient) const {
        const std::string name{ingredient.name};
        return name == "forest" || (name == "danger" && m_in.danger != nullptr) ||
               ((name == "fires" || name == "burnt") && !m_in.fires.empty()) ||
               (name == "people" && m_in.people != nullptr) ||
               (name == "unseen" && !m_in.times_seen.empty());
    }

    void add_index() {
        std::vector<double> weighted(m_all.size());
        std::vector<double> known(m_all.size()); // weights of what is known of each
        double weights = 0;
        for (const auto& ingredient : ingredients) {
            const double weight = m_in.weights.*ingredient.weight;
            if (!given(ingredient)) {
                m_study.left_out.emplace_back(ingredient.name);
                continue;
            }
            double least = std::numeric_limits<double>::infinity();
            double most = -least;
            for (const auto& township : m_all) {
                const double value = ingredient.value(township);
                if (township.forest_m2 > 0 && !std::isnan(value)) {
                    least = std::min(least, value);
                    most = std::max(most, value);
                }
            }
            std::size_t unknown = 0;
            for (std::size_t t = 0; t < m_all.size(); ++t) {
                const double value = ingredient.value(m_all[t]);
                if (std::isnan(value)) {
                    unknown += m_all[t].forest_m2 > 0 ? 1 : 0;
                    continue;
                }
                if (most > least)
                    weighted[t] += weight * (value - least) / (most - least);
                known[t] += weight;
            }
            if (unknown > 0)
                m_study.remarks.push_back(
                    fmt::format("{} of {} townships is not known: their index is that of the rest",
                                ingredient.name, unknown));
            weights += weight;
        }
        if (!(weights > 0))
            throw input_error("no ingredient of the index has a weight",
                              "give weights to some that are there");
        raster::ValueCounts counts;
        for (std::size_t t = 0; t < m_all.size(); ++t) {
            m_all[t].index =
                m_all[t].forest_m2 > 0 && known[t] > 0 ? weighted[t] / known[t] : raster::nodata;
            counts.add(std::span{&m_all[t].index, 1});
        }
        const auto upper =
            raster::find_breaks(counts.bins(), raster::BreakRule::parse("natural-breaks", 5)).upper;
        m_study.levels = static_cast<int>(upper.size());
        for (auto& township : m_all)
            if (!std::isnan(township.index)) {
                township.level = static_cast<int>(raster::class_of(township.index, upper));
                township.key = township.level >= 4;
            }
    }

    [[nodiscard]] Township sums() {
        Township all;
        double danger_area = 0;
        for (const auto& township : m_all) {
            all.forest_m2 += township.forest_m2;
            all.fires += township.fires;
            all.burnt_ha += township.burnt_ha;
            all.edge_people += std::isnan(township.edge_people) ? 0 : township.edge_people;
            all.unseen_m2 += township.unseen_m2;
            if (!std::isnan(township.danger)) {
                all.danger += township.danger * township.forest_m2;
                danger_area += township.forest_m2;
            }
        }
        all.danger = danger_area > 0 ? all.danger / danger_area : raster::nodata;
        all.index = raster::nodata;
        add_damage(all, m_all_by_year);
        for (const auto& [year, hectares] : m_all_by_year)
            m_study.damage_by_year[year] =
                all.forest_m2 > 0 ? 1000 * hectares * 10000 / all.forest_m2 : raster::nodata;
        return all;
    }

    const TownshipInputs& m_in;
    const Execution& m_execution;
    std::vector<double> m_areas;
    std::vector<Township> m_all;
    std::map<int, double> m_all_by_year;
    TownshipStudy m_study;
};

} // namespace

TownshipStudy rank_townships(const TownshipInputs& inputs, const Execution& execution) {
    return Ranking{inputs, execution}.study();
}

} // namespace riskmap::forest
