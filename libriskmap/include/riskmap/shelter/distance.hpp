// SPDX-License-Identifier: MIT
// How far it is from people to shelters: along roads, or straight where there are none
// (../docs/method.md section 15).
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/geometry.hpp>
#include <riskmap/network/travel.hpp>

namespace riskmap::shelter {

/// How far is near enough.
struct Limit {
    double amount = 0;    ///< m or s
    bool minutes = false; ///< a time; else a distance

    /// "1500m", "1.5km", "20min", "0.5h". \throws Error{usage} without a unit.
    [[nodiscard]] static Limit parse(const std::string& text);
    /// "1500 m", "20 min".
    [[nodiscard]] std::string text() const;
};

/// A cost as people read it: "820 m", "12.5 min".
[[nodiscard]] std::string cost_text(double cost, bool minutes);

/// The nearest of some sites. Safe for many threads.
class SiteFinder {
  public:
    virtual ~SiteFinder() = default;
    [[nodiscard]] virtual network::NearestSite::Hit from(Point place) const = 0;
    /// The same for places that lie together; may be quicker.
    virtual void from_together(std::span<const Point> places,
                               std::span<network::NearestSite::Hit> hits) const;
    [[nodiscard]] std::vector<network::NearestSite::Hit> from(std::span<const Point> places,
                                                              const Execution& execution) const;
};

/// Ways between people and sites. All places are in one metric CRS.
class Distances {
  public:
    virtual ~Distances() = default;
    /// For each site the people within the limit, rising.
    [[nodiscard]] virtual std::vector<std::vector<network::Reached>>
    reach(std::span<const Point> sites, std::span<const Point> people, double limit,
          const Execution& execution) const = 0;
    /// Finds the nearest site from anywhere, however far; valid as long as this.
    [[nodiscard]] virtual std::unique_ptr<const SiteFinder>
    finder(std::span<const Point> sites, const Execution& execution) const = 0;
    /// Whether a place comes to anything that leads on: NaN if it does not, else metres off
    /// the roads.
    [[nodiscard]] virtual std::vector<double> access(std::span<const Point> places,
                                                     const Execution& execution) const = 0;
    /// Whether the road at the door of a place, the nearest one, is closed there: nobody leaves or
    /// comes.
    [[nodiscard]] virtual std::vector<bool> cut_off(std::span<const Point> places,
                                                    const Execution& execution) const = 0;
};

/// Straight, times `factor`; for a time on foot at `kmh`.
[[nodiscard]] std::unique_ptr<Distances> straight(double factor, const Limit& limit, double kmh);

/// Roads and how places come to them.
struct RoadNetwork {
    std::shared_ptr<const network::Graph> graph;
    std::shared_ptr<const network::AccessIndex> index;
    network::Costs costs;
    bool heeds_closed = true; ///< `costs` do; false: a day on which all roads are open
    double factor = 1.3;      ///< of a straight walk
};
/// Along the roads to which each place comes; nobody goes more than `AccessRules::most` metres off
/// them. Who is that near to a site walks straight, times `factor`, where that is shorter and no
/// barrier lies between.
[[nodiscard]] std::unique_ptr<Distances> along_roads(RoadNetwork roads);

} // namespace riskmap::shelter
