// SPDX-License-Identifier: MIT
// What it costs to go along edges, and who reaches whom within a limit
// (../docs/method.md section 15).
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/network/access.hpp>
#include <riskmap/network/graph.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::network {

enum class Mode {
    distance, ///< metres along the roads, on foot
    walk,     ///< seconds at a steady pace
    tobler,   ///< seconds on foot by the slope of a height model
    drive,    ///< seconds by the speed of each road, one-way streets as they are
};
struct ModeName {
    std::string_view name;
    Mode mode;
};
[[nodiscard]] std::span<const ModeName> modes();

struct Travel {
    Mode mode = Mode::distance;
    double walk_kmh = 4;
    double drive_kmh = 30;                   ///< of roads whose speed and class are not known
    const raster::Source* heights = nullptr; ///< for Tobler's function, m
    bool closed_too = false;                 ///< as if all roads were open
    bool driven = false;                     ///< one-way streets as they are, also for a distance
};

/// Km/h on foot at a slope (rise over run): 6 exp(-3.5 |s + 0.05|). Source: Tobler 1993.
[[nodiscard]] double tobler_kmh(double slope);
/// Km/h of a class of road as OpenStreetMap and Chinese registers name it, those of `own` first;
/// 0: not known.
[[nodiscard]] double class_kmh(const std::string& kind, const ClassSpeeds& own = {});

/// What each edge costs from its first to its last node, and back; infinite where it is closed
/// or a one-way street. Metres or seconds.
struct Costs {
    std::vector<double> forward;
    std::vector<double> backward;
    double per_metre = 1;   ///< off the roads, on foot
    double no_height = 0;   ///< m of road without heights, where Tobler's function wants them
    double with_height = 0; ///< m of road with heights
};
/// `crs` is that of the graph. Where heights have no data the ground counts as level; how much
/// that is stands in the answer.
[[nodiscard]] Costs costs_of(const Graph& graph, const Crs& crs, const Travel& travel,
                             const Execution& execution);

struct Reached {
    std::uint32_t demand = 0;
    double cost = 0;
};

enum class Way {
    to_sites,  ///< from demands to sites, as people go to a shelter
    from_sites ///< from sites to demands, as an ambulance goes out
};

/// For each site all demands whose way there costs at most `limit`, rising by number, with
/// the ways off the roads at both ends. Places without doors reach nothing.
[[nodiscard]] std::vector<std::vector<Reached>> reach(const Graph& graph, const Costs& costs,
                                                      std::span<const Doors> sites,
                                                      std::span<const Doors> demands, double limit,
                                                      Way way, const Execution& execution);

/// The site that is nearest by road, from anywhere. Graph and costs must outlive it.
class NearestSite {
  public:
    /// Ways that cost more than `limit` are not looked at.
    NearestSite(const Graph& graph, const Costs& costs, std::span<const Doors> sites, double limit,
                Way way);

    struct Hit {
        double cost = std::numeric_limits<double>::infinity();
        std::uint32_t site = ~std::uint32_t{0}; ///< of equal ones the first
    };
    /// A cost above the limit is infinite.
    [[nodiscard]] Hit from(std::span<const Access> doors) const;

  private:
    void look(Hit& hit, const Access& place) const;
    void improve(Hit& hit, double cost, std::uint32_t site) const;

    const Graph& m_graph;
    const Costs& m_costs;
    double m_limit;
    Way m_way;
    std::vector<Hit> m_nodes;
    struct OnEdge {
        std::uint32_t edge, site;
        double along, offset;
    };
    std::vector<OnEdge> m_on_edge; ///< sorted by edge and site
};

} // namespace riskmap::network
