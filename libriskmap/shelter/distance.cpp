// SPDX-License-Identifier: MIT
#include <riskmap/shelter/distance.hpp>

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>

#include "walks.hpp"

namespace riskmap::shelter {

Limit Limit::parse(const std::string& text) {
    struct Unit {
        std::string_view name;
        double factor;
        bool minutes;
    };
    static constexpr Unit units[] = {
        {"km", 1000, false}, {"min", 60, true}, {"m", 1, false}, {"h", 3600, true}, {"s", 1, true}};
    for (const auto& unit : units) {
        if (!text.ends_with(unit.name))
            continue;
        const auto number = parse_number(text.substr(0, text.size() - unit.name.size()));
        if (number && *number > 0)
            return {*number * unit.factor, unit.minutes};
        break;
    }
    throw Error{ErrorKind::usage, fmt::format("'{}' is no limit", text),
                "give a number with its unit, as 1500m, 1.5km or 20min"};
}

std::string Limit::text() const {
    return cost_text(amount, minutes);
}

std::string cost_text(double cost, bool minutes) {
    return minutes ? fmt::format("{:.4g} min", cost / 60) : fmt::format("{:.0f} m", cost);
}

namespace {

/// As far as it may be, across anything.
network::AccessRules anywhere() {
    network::AccessRules rules;
    rules.most = std::numeric_limits<double>::infinity();
    return rules;
}

class StraightFinder final : public SiteFinder {
  public:
    StraightFinder(std::span<const Point> sites, double cost_per_metre)
        : m_walks{anywhere(), cost_per_metre, sites, {}} {}
    using SiteFinder::from;
    [[nodiscard]] network::NearestSite::Hit from(Point place) const override {
        network::NearestSite::Hit hit;
        m_walks.improve(place, hit);
        return hit;
    }

  private:
    Walks m_walks;
};

class Straight final : public Distances {
  public:
    Straight(double factor, double per_metre) : m_cost_per_metre{factor * per_metre} {}

    [[nodiscard]] std::vector<std::vector<network::Reached>>
    reach(std::span<const Point> sites, std::span<const Point> people, double limit,
          const Execution& execution) const override {
        const Walks walks{anywhere(), m_cost_per_metre, people, {}};
        std::vector<std::vector<network::Reached>> all(sites.size());
        parallel_for(execution, sites.size(),
                     [&](std::size_t s) { all[s] = walks.within(sites[s], limit); });
        return all;
    }

    [[nodiscard]] std::unique_ptr<const SiteFinder>
    finder(std::span<const Point> sites, const Execution& /*execution*/) const override {
        return std::make_unique<StraightFinder>(sites, m_cost_per_metre);
    }

    [[nodiscard]] std::vector<double> access(std::span<const Point> places,
                                             const Execution& /*execution*/) const override {
        return std::vector<double>(places.size(), 0.0);
    }
    [[nodiscard]] std::vector<bool> cut_off(std::span<const Point> places,
                                            const Execution& /*execution*/) const override {
        return std::vector<bool>(places.size());
    }

  private:
    double m_cost_per_metre;
};

} // namespace

void SiteFinder::from_together(std::span<const Point> places,
                               std::span<network::NearestSite::Hit> hits) const {
    for (std::size_t i = 0; i < places.size(); ++i)
        hits[i] = from(places[i]);
}

std::vector<network::NearestSite::Hit> SiteFinder::from(std::span<const Point> places,
                                                        const Execution& execution) const {
    std::vector<network::NearestSite::Hit> hits(places.size());
    constexpr std::size_t piece = 1024;
    parallel_for(execution, (places.size() + piece - 1) / piece, [&](std::size_t first) {
        execution.progress.check();
        for (auto i = first * piece; i < std::min(places.size(), (first + 1) * piece); ++i)
            hits[i] = from(places[i]);
    });
    return hits;
}

std::unique_ptr<Distances> straight(double factor, const Limit& limit, double kmh) {
    if (!(factor >= 1))
        throw Error{ErrorKind::usage, fmt::format("a detour factor of {:g}", factor),
                    "ways are at least as long as the straight line: 1 or more"};
    if (!(kmh > 0))
        throw Error{ErrorKind::usage, "a walking speed is not above 0", "give km/h"};
    return std::make_unique<Straight>(factor, limit.minutes ? 3.6 / kmh : 1);
}

} // namespace riskmap::shelter
