// SPDX-License-Identifier: MIT
// Who reaches a shelter, and which shelters are full (../docs/method.md section 15).
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <riskmap/shelter/distance.hpp>
#include <riskmap/shelter/people.hpp>
#include <riskmap/shelter/sites.hpp>

namespace riskmap::shelter {

inline constexpr std::uint32_t none = ~std::uint32_t{0};

/// A layer of units, and in which of them people and sites are.
struct Units {
    std::string name;
    std::vector<std::string> names;
    std::vector<MultiPolygon> shapes;                                 ///< in the working CRS
    std::vector<std::uint32_t> of_people, of_existing, of_candidates; ///< or none

    /// \throws Error{input}: no polygons, no such field.
    [[nodiscard]] static Units of(const vector::Layer& layer, const std::string& field,
                                  const Crs& crs);
    [[nodiscard]] std::vector<std::uint32_t> locate(std::span<const Point> places) const;
};

/// Everything that does not depend on which sites are open. Places are in `crs`.
struct Scene {
    std::string title; ///< of the scenario; may be empty
    Crs crs;
    People people;              ///< who has to find a shelter
    People residents;           ///< everybody, for a calm day; empty: they are `people`
    std::vector<Site> existing; ///< those that are unsuitable do not serve
    std::vector<Site> candidates;
    std::vector<Units> units;
    Limit limit;
    std::shared_ptr<const Distances> distances;
    std::shared_ptr<const Distances> calm_distances; ///< with all roads open; none: the same
    std::vector<std::string> remarks;                ///< what readers of the report should know

    /// People within the limit of each site: existing ones, then candidates.
    std::vector<std::vector<network::Reached>> reached;
    std::vector<double> access;    ///< of people: m off the roads, NaN: no road near
    std::vector<bool> door_closed; ///< of people: the road at the door is closed

    [[nodiscard]] const Site& site(std::size_t s) const {
        return s < existing.size() ? existing[s] : candidates[s - existing.size()];
    }
    [[nodiscard]] std::size_t sites() const { return existing.size() + candidates.size(); }
};
/// Fills in `reached`, `access`, `door_closed` and where everything lies in the units.
void look_around(Scene& scene, const Execution& execution);

/// People of a unit, or of all.
struct Service {
    double people = 0;
    double served = 0;   ///< within the limit of a shelter; with capacities: who has a place
    double twice = 0;    ///< of two or more
    double capacity = 0; ///< of the shelters that stand there
    std::size_t shelters = 0;
    double mean = 0;  ///< cost to the nearest shelter of those who are served
    double worst = 0; ///< and of the one who is furthest

    /// NaN where nobody is.
    [[nodiscard]] double share() const;
};

/// What one shelter does: people for whom it is the nearest within the limit.
struct SiteService {
    double people = 0;
    double mean = 0;
    double worst = 0;
    double within = 0; ///< all within its limit, whoever else serves them

    /// People for its capacity; NaN without one.
    [[nodiscard]] double use(const Site& site) const;
};

enum class Reach : std::uint8_t {
    served,
    too_far,     ///< the nearest shelter is beyond the limit
    no_road,     ///< no road near enough
    no_way,      ///< no shelter is reached by road, closed roads or not: an island
    door_closed, ///< the road at the door is closed
    cut_off,     ///< roads that are closed lie between
    no_place,    ///< near enough, and all shelters there are full
};
constexpr std::size_t reaches = 7;
/// For reports.
[[nodiscard]] const Words& words_of(Reach reach);

/// People of one place who go to one site.
struct Placement {
    std::uint32_t demand = 0;
    std::size_t site = 0;
    double people = 0;
    double cost = 0;
};

struct Evaluation {
    std::vector<std::size_t> open;     ///< sites of the scene
    bool capacities = false;           ///< nobody is served beyond them
    std::vector<Placement> placements; ///< by demand and site: who goes where
    Service all;
    std::array<double, reaches> people_by_reach{}; ///< they add up to `all.people`
    std::vector<std::vector<Service>> units;       ///< by layer and unit
    std::vector<SiteService> sites;                ///< by open site
    // by people
    std::vector<std::uint32_t> server;              ///< nearest open site within the limit, or none
    std::vector<network::NearestSite::Hit> nearest; ///< place in `open`, however far
    std::vector<Reach> reach;
};
/// `capacities`: served is who has a place; the most that the open sites can hold together, by a
/// greatest flow. \throws Error{input}: then, a capacity that is not known.
[[nodiscard]] Evaluation evaluate(const Scene& scene, std::vector<std::size_t> open,
                                  const Execution& execution, bool capacities = false);

/// The most people for whom some open sites have room.
[[nodiscard]] double people_with_a_place(const Scene& scene, const std::vector<std::size_t>& open,
                                         const Execution& execution);

/// The sites that exist and are suitable.
[[nodiscard]] std::vector<std::size_t> existing_sites(const Scene& scene);

/// The calm day beside the scenario: all that exists serves, all roads are open, all residents
/// count. Without units.
[[nodiscard]] Service calm_service(const Scene& scene, const Execution& execution);

} // namespace riskmap::shelter
