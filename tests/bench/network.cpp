// SPDX-License-Identifier: MIT
// Bounded search from many sites beside Boost.Graph, on a road graph made with a seed: the time
// of each, their ratio, and whether all distances are equal.
//   bench_network [nodes] [sites] [limit in metres]
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <fmt/format.h>

#include <riskmap/network/travel.hpp>

namespace {

namespace network = riskmap::network;
using riskmap::Point;

/// A lattice of streets 100 m apart with corners moved about and one street in six missing.
std::vector<network::Road> streets(std::size_t nodes) {
    const auto side = static_cast<std::size_t>(std::sqrt(static_cast<double>(nodes)));
    std::mt19937 random{1};
    std::uniform_real_distribution<double> any{-30, 30};
    std::vector<Point> corners(side * side);
    for (std::size_t k = 0; k < corners.size(); ++k)
        corners[k] = {100.0 * static_cast<double>(k % side) + any(random),
                      100.0 * static_cast<double>(k / side) + any(random)};
    std::vector<network::Road> roads;
    const auto add = [&](std::size_t a, std::size_t b) {
        if (random() % 6 == 0)
            return;
        network::Road road;
        road.line = {corners[a], corners[b]};
        roads.push_back(std::move(road));
    };
    for (std::size_t k = 0; k < corners.size(); ++k) {
        if (k % side + 1 < side)
            add(k, k + 1);
        if (k + side < corners.size())
            add(k, k + side);
    }
    return roads;
}

using Weight = boost::property<boost::edge_weight_t, double>;
using BoostGraph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, Weight>;

/// Ends a search beyond the limit.
struct Beyond {};
class Bounded : public boost::default_dijkstra_visitor {
  public:
    Bounded(const std::vector<double>& ways, double limit) : m_ways{&ways}, m_limit{limit} {}
    void examine_vertex(BoostGraph::vertex_descriptor v, const BoostGraph& /*graph*/) const {
        if ((*m_ways)[v] > m_limit)
            throw Beyond{};
    }

  private:
    const std::vector<double>* m_ways;
    double m_limit;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int argc, char** argv) {
    const auto argument = [&](int i, std::size_t fallback) {
        return argc > i ? std::strtoull(argv[i], nullptr, 10) : fallback;
    };
    const network::Graph graph{streets(argument(1, 200'000)), 0.5};
    const auto n = graph.nodes().size();
    const auto sites = argument(2, 5000);
    const auto limit = static_cast<double>(argument(3, 3000));
    const auto crs = riskmap::Crs::parse("EPSG:4549");
    const auto costs = network::costs_of(graph, crs, {}, {});
    // Sites and demands at nodes, so that both count the same ways.
    std::vector<network::Doors> at(n);
    for (std::uint32_t e = 0; e < graph.edges().size(); ++e) {
        at[graph.edges()[e].from] = {{e, 0, 0}};
        at[graph.edges()[e].to] = {{e, 1, 0}};
    }
    std::mt19937 random{2};
    std::vector<std::uint32_t> chosen;
    std::vector<network::Doors> starts;
    for (std::size_t s = 0; s < sites; ++s) {
        chosen.push_back(static_cast<std::uint32_t>(random() % n));
        starts.push_back(at[chosen.back()]);
    }
    double ours[2] = {0, 0};
    std::vector<std::vector<network::Reached>> reached;
    for (const unsigned threads : {1U, 2U}) {
        riskmap::Execution execution;
        execution.threads = threads;
        const auto start = std::chrono::steady_clock::now();
        reached =
            network::reach(graph, costs, starts, at, limit, network::Way::to_sites, execution);
        ours[threads - 1] = seconds_since(start);
    }
    BoostGraph boost_graph(n);
    for (const auto& edge : graph.edges())
        boost::add_edge(edge.from, edge.to, edge.length, boost_graph);
    std::vector<double> ways(n);
    const auto map = boost::make_iterator_property_map(
        ways.begin(), boost::get(boost::vertex_index, boost_graph));
    std::size_t unequal = 0;
    std::size_t pairs = 0;
    const auto boost_run = [&](std::size_t first, std::size_t count, bool bounded, bool compare) {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t s = first; s < first + count; ++s) {
            try {
                if (bounded)
                    boost::dijkstra_shortest_paths(
                        boost_graph, chosen[s],
                        boost::distance_map(map).visitor(Bounded{ways, limit}));
                else
                    boost::dijkstra_shortest_paths(boost_graph, chosen[s],
                                                   boost::distance_map(map));
            } catch (const Beyond&) {
            }
            if (!compare)
                continue;
            std::vector<bool> seen(n);
            for (const auto& one : reached[s]) {
                ++pairs;
                seen[one.demand] = true;
                unequal += std::abs(one.cost - ways[one.demand]) > 1e-6 ? 1 : 0;
            }
            for (std::size_t v = 0; v < n; ++v)
                unequal += ways[v] <= limit - 1e-6 && !seen[v] ? 1 : 0;
        }
        return seconds_since(start);
    };
    boost_run(0, std::min<std::size_t>(200, sites), false, true);
    const std::size_t sample = std::min<std::size_t>(200, sites);
    const double share = static_cast<double>(sites) / static_cast<double>(sample);
    const double full = boost_run(0, sample, false, false) * share;
    const double bounded = boost_run(0, sites, true, false);
    fmt::print("{} nodes, {} edges, {} sites, {:.0f} m\n", n, graph.edges().size(), sites, limit);
    fmt::print("riskmap, 1 thread   {:8.2f} s\nriskmap, 2 threads  {:8.2f} s\n", ours[0], ours[1]);
    fmt::print("Boost.Graph Dijkstra per source    {:8.2f} s ({} of the sources timed): {:.0f} x\n",
               full, sample, full / ours[0]);
    fmt::print("  the same, ended at the limit     {:8.2f} s: {:.1f} x\n", bounded,
               bounded / ours[0]);
    fmt::print("{} pairs compared, {} unequal\n", pairs, unequal);
    return unequal == 0 ? 0 : 1;
}
