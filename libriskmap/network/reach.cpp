// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include <riskmap/core/parallel.hpp>
#include <riskmap/network/travel.hpp>

#include "queues.hpp"

namespace riskmap::network {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Arc {
    double cost;
    std::uint32_t to;
};

/// What searches need, side by side in memory: arcs out of each node in the direction of the
/// search, and the demands at each edge.
class Field {
  public:
    Field(const Graph& graph, const Costs& costs, std::span<const Doors> demands, Way way)
        : m_graph{graph}, m_demands{demands},
          // Searches start at sites: to go to them is to go against the arcs.
          m_forward{way == Way::to_sites ? costs.backward : costs.forward},
          m_backward{way == Way::to_sites ? costs.forward : costs.backward}, m_per_metre{
                                                                                 costs.per_metre} {
        const auto edges = graph.edges();
        m_starts.push_back(0);
        for (std::uint32_t n = 0; n < graph.nodes().size(); ++n) {
            for (const auto e : graph.edges_at(n)) {
                const auto& edge = edges[e];
                if (edge.from == n && m_forward[e] < infinity)
                    m_arcs.push_back({m_forward[e], edge.to});
                if (edge.to == n && m_backward[e] < infinity)
                    m_arcs.push_back({m_backward[e], edge.from});
            }
            m_starts.push_back(m_arcs.size());
        }
        m_demand_starts.assign(graph.nodes().size() + 1, 0);
        each_stop([&](std::uint32_t node, double, std::uint32_t) { ++m_demand_starts[node + 1]; });
        for (std::size_t n = 0; n < graph.nodes().size(); ++n)
            m_demand_starts[n + 1] += m_demand_starts[n];
        m_stops.resize(m_demand_starts.back());
        auto next = m_demand_starts;
        each_stop([&](std::uint32_t node, double cost, std::uint32_t demand) {
            m_stops[next[node]++] = {cost, demand};
        });
        m_edge_starts.assign(edges.size() + 1, 0);
        for (const auto& doors : demands)
            for (const auto& door : doors)
                ++m_edge_starts[door.edge + 1];
        for (std::size_t e = 0; e < edges.size(); ++e)
            m_edge_starts[e + 1] += m_edge_starts[e];
        m_at_edge.resize(m_edge_starts.back());
        next = m_edge_starts;
        for (std::uint32_t d = 0; d < demands.size(); ++d)
            for (const auto& door : demands[d])
                m_at_edge[next[door.edge]++] = {d, door};
    }

    struct Stop {
        double cost;
        std::uint32_t demand;
    };
    [[nodiscard]] std::span<const Arc> arcs(std::uint32_t node) const {
        return {m_arcs.data() + m_starts[node], m_starts[node + 1] - m_starts[node]};
    }
    /// Demands on the edges at a node and what it costs from there, off the road included.
    [[nodiscard]] std::span<const Stop> stops(std::uint32_t node) const {
        return {m_stops.data() + m_demand_starts[node],
                m_demand_starts[node + 1] - m_demand_starts[node]};
    }
    [[nodiscard]] std::size_t nodes() const { return m_graph.nodes().size(); }
    /// Cost of an arc on average; 0 without any.
    [[nodiscard]] double mean_arc() const {
        double sum = 0;
        for (const auto& arc : m_arcs)
            sum += arc.cost;
        return m_arcs.empty() ? 0 : sum / static_cast<double>(m_arcs.size());
    }
    [[nodiscard]] double offset(const Access& access) const { return access.offset * m_per_metre; }

    /// Calls start(node, cost) for the nodes to which a site comes first.
    template <class Start>
    void starts(const Access& site, Start&& start) const {
        const auto& edge = m_graph.edges()[site.edge];
        if (site.along == 0)
            return start(edge.from, offset(site));
        if (site.along == 1)
            return start(edge.to, offset(site));
        if (const double back = m_backward[site.edge] * site.along; back < infinity)
            start(edge.from, offset(site) + back);
        if (const double on = m_forward[site.edge] * (1 - site.along); on < infinity)
            start(edge.to, offset(site) + on);
    }
    /// Calls found(demand, cost) for demands on the site's own edge, without a node between.
    template <class Found>
    void beside(const Access& site, Found&& found) const {
        for (auto d = m_edge_starts[site.edge]; d < m_edge_starts[site.edge + 1]; ++d) {
            const auto& demand = m_at_edge[d].door;
            const double way = demand.along - site.along;
            const double part = way == 0  ? 0
                                : way > 0 ? m_forward[site.edge] * way
                                          : m_backward[site.edge] * -way;
            if (part < infinity)
                found(m_at_edge[d].demand, offset(site) + part + offset(demand));
        }
    }

  private:
    /// How each demand is come to from the ends of its edge.
    template <class Visit>
    void each_stop(Visit&& visit) const {
        for (std::uint32_t d = 0; d < m_demands.size(); ++d)
            for (const auto& door : m_demands[d])
                stops_of(door, d, visit);
    }
    template <class Visit>
    void stops_of(const Access& demand, std::uint32_t d, Visit&& visit) const {
        const auto& edge = m_graph.edges()[demand.edge];
        const double off = offset(demand);
        if (demand.along == 0 || demand.along == 1)
            return visit(demand.along == 0 ? edge.from : edge.to, off, d);
        if (const double on = m_forward[demand.edge] * demand.along; on < infinity)
            visit(edge.from, on + off, d);
        if (const double back = m_backward[demand.edge] * (1 - demand.along); back < infinity)
            visit(edge.to, back + off, d);
    }

    struct AtEdge {
        std::uint32_t demand;
        Access door;
    };
    const Graph& m_graph;
    std::span<const Doors> m_demands;
    const std::vector<double>& m_forward;
    const std::vector<double>& m_backward;
    double m_per_metre;
    std::vector<std::size_t> m_starts;
    std::vector<Arc> m_arcs;
    std::vector<std::size_t> m_demand_starts;
    std::vector<Stop> m_stops;
    std::vector<std::size_t> m_edge_starts;
    std::vector<AtEdge> m_at_edge;
};

/// Shortest ways within a limit. What it marks it unmarks, so that a search costs what it
/// touches, however large the graph is.
template <class Queue>
class Search {
  public:
    Search(const Field& field, Queue queue)
        : m_field{field}, m_labels(field.nodes()), m_queue{std::move(queue)} {}

    void start(std::uint32_t node, double cost, std::uint32_t source) {
        improve(node, cost, source);
    }
    /// Calls settled(node, cost, source); the last call for a node has the least cost.
    template <class Settled>
    void run(double limit, Settled&& settled) {
        for (Entry entry{}; m_queue.pop(entry);) {
            const auto [cost, node] = entry;
            if (cost > m_labels[node].cost)
                continue;
            const auto source = m_labels[node].source;
            settled(node, cost, source);
            for (const auto& arc : m_field.arcs(node))
                if (const double there = cost + arc.cost; there <= limit)
                    improve(arc.to, there, source);
        }
        for (const auto node : m_touched)
            m_labels[node] = {};
        m_touched.clear();
    }

  private:
    struct Label {
        double cost = infinity;
        std::uint32_t source = ~std::uint32_t{0};
    };
    void improve(std::uint32_t node, double cost, std::uint32_t source) {
        auto& label = m_labels[node];
        if (cost > label.cost || (cost == label.cost && source >= label.source))
            return;
        if (label.cost == infinity)
            m_touched.push_back(node);
        label = {cost, source};
        m_queue.push({cost, node});
    }

    const Field& m_field;
    std::vector<Label> m_labels;
    std::vector<std::uint32_t> m_touched;
    Queue m_queue;
};

/// The least cost met for each demand.
class Catch {
  public:
    explicit Catch(std::size_t demands) : m_place(demands, none) {}
    void take(std::uint32_t demand, double cost) {
        if (m_place[demand] == none) {
            m_place[demand] = static_cast<std::uint32_t>(m_all.size());
            m_all.push_back({demand, cost});
        } else if (auto& known = m_all[m_place[demand]]; cost < known.cost) {
            known.cost = cost;
        }
    }
    [[nodiscard]] std::vector<Reached> release() {
        for (const auto& reached : m_all)
            m_place[reached.demand] = none;
        std::sort(m_all.begin(), m_all.end(),
                  [](const Reached& a, const Reached& b) { return a.demand < b.demand; });
        std::vector<Reached> out{m_all.begin(), m_all.end()};
        m_all.clear();
        return out;
    }

  private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::uint32_t> m_place;
    std::vector<Reached> m_all;
};

} // namespace

namespace {

template <class MakeQueue>
std::vector<std::vector<Reached>> reach_by(const Field& field, std::span<const Doors> sites,
                                           std::size_t demands, double limit, MakeQueue make_queue,
                                           const Execution& execution) {
    std::vector<std::vector<Reached>> all(sites.size());
    // Few pieces: each holds one label for each node and demand.
    const std::size_t piece = std::max<std::size_t>(64, sites.size() / 16 + 1);
    parallel_for(execution, (sites.size() + piece - 1) / piece, [&](std::size_t first) {
        Search search{field, make_queue()};
        Catch caught{demands};
        for (auto s = first * piece; s < std::min(sites.size(), (first + 1) * piece); ++s) {
            if (sites[s].empty())
                continue;
            execution.progress.check();
            const auto take = [&](std::uint32_t demand, double cost) {
                if (cost <= limit)
                    caught.take(demand, cost);
            };
            for (const auto& door : sites[s]) {
                field.beside(door, take);
                field.starts(door, [&](std::uint32_t node, double cost) {
                    if (cost <= limit)
                        search.start(node, cost, 0);
                });
            }
            search.run(limit, [&](std::uint32_t node, double cost, std::uint32_t) {
                for (const auto& stop : field.stops(node))
                    take(stop.demand, cost + stop.cost);
            });
            all[s] = caught.release();
        }
    });
    return all;
}

} // namespace

std::vector<std::vector<Reached>> reach(const Graph& graph, const Costs& costs,
                                        std::span<const Doors> sites,
                                        std::span<const Doors> demands, double limit, Way way,
                                        const Execution& execution) {
    const Field field{graph, costs, demands, way};
    constexpr double most_steps = 1 << 14;
    const double step = field.mean_arc() / 4;
    if (!(step > 0) || !(limit / step < most_steps))
        return reach_by(
            field, sites, demands.size(), limit, [] { return Heap{}; }, execution);
    return reach_by(
        field, sites, demands.size(), limit,
        [&] {
            return Buckets{limit, step};
        },
        execution);
}

NearestSite::NearestSite(const Graph& graph, const Costs& costs, std::span<const Doors> sites,
                         double limit, Way way)
    : m_graph{graph}, m_costs{costs}, m_limit{limit}, m_way{way}, m_nodes(graph.nodes().size()) {
    for (std::uint32_t s = 0; s < sites.size(); ++s)
        for (const auto& door : sites[s])
            m_on_edge.push_back({door.edge, s, door.along, door.offset});
    std::sort(m_on_edge.begin(), m_on_edge.end(), [](const OnEdge& a, const OnEdge& b) {
        return std::pair{a.edge, a.site} < std::pair{b.edge, b.site};
    });
    const Field field{graph, costs, {}, way};
    Search search{field, Heap{}};
    for (std::uint32_t s = 0; s < sites.size(); ++s)
        for (const auto& door : sites[s])
            field.starts(door, [&](std::uint32_t node, double cost) {
                if (cost <= limit)
                    search.start(node, cost, s);
            });
    search.run(limit, [&](std::uint32_t node, double cost, std::uint32_t site) {
        m_nodes[node] = {cost, site};
    });
}

void NearestSite::improve(Hit& hit, double cost, std::uint32_t site) const {
    if (cost <= m_limit && (cost < hit.cost || (cost == hit.cost && site < hit.site)))
        hit = {cost, site};
}

NearestSite::Hit NearestSite::from(std::span<const Access> doors) const {
    Hit hit;
    for (const auto& door : doors)
        look(hit, door);
    return hit;
}

void NearestSite::look(Hit& hit, const Access& place) const {
    const auto& edge = m_graph.edges()[place.edge];
    const double off = place.offset * m_costs.per_metre;
    if (place.along == 0 || place.along == 1) {
        const auto& node = m_nodes[place.along == 0 ? edge.from : edge.to];
        improve(hit, node.cost + off, node.site);
        return;
    }
    const bool to_sites = m_way == Way::to_sites;
    const double on = (to_sites ? m_costs.forward : m_costs.backward)[place.edge];
    const double back = (to_sites ? m_costs.backward : m_costs.forward)[place.edge];
    improve(hit, m_nodes[edge.from].cost + back * place.along + off, m_nodes[edge.from].site);
    improve(hit, m_nodes[edge.to].cost + on * (1 - place.along) + off, m_nodes[edge.to].site);
    for (auto it = std::lower_bound(
             m_on_edge.begin(), m_on_edge.end(), place.edge,
             [](const OnEdge&site, std::uint32_t number) { return site.edge < number; });
         it != m_on_edge.end() && it->edge == place.edge; ++it) {
        const double way = it->along - place.along;
        const double part = way == 0 ? 0 : way > 0 ? on * way : back * -way;
        improve(hit, part + off + it->offset * m_costs.per_metre, it->site);
    }
}

} // namespace riskmap::network
