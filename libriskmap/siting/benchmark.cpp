// SPDX-License-Identifier: MIT
#include <riskmap/siting/benchmark.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <queue>
#include <sstream>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::siting {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_points = 10'000; // all pairs are held: 4 GB

std::vector<double> numbers_of(const fs::path& file) {
    std::istringstream in{read_file(file)};
    std::vector<double> numbers;
    for (std::string word; in >> word;) {
        const auto number = parse_number(word);
        if (!number)
            throw input_error(fmt::format("'{}' is no OR-Library file: '{}' is not a number",
                                          file.string(), word.substr(0, 20)),
                              "give a file of pmed or pmedcap");
        numbers.push_back(*number);
    }
    return numbers;
}

Error truncated(const fs::path& file) {
    return input_error(fmt::format("'{}' is cut short or no OR-Library file", file.string()),
                       "fetch it again");
}

std::size_t whole(double number, const fs::path& file) {
    if (!(number >= 0 && number <= 1e9) || number != std::floor(number))
        throw truncated(file);
    return static_cast<std::size_t>(number);
}

/// Every point a demand and a candidate; distances by pairs.
template <class Distance>
Problem all_pairs(std::size_t n, Distance distance) {
    Problem problem;
    problem.weights.assign(n, 1);
    std::vector<std::uint32_t> all(n);
    std::iota(all.begin(), all.end(), 0U);
    std::vector<double> costs(n);
    for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t i = 0; i < n; ++i)
            costs[i] = distance(i, j);
        problem.links.add(all, costs);
    }
    return problem;
}

/// Shortest ways from one node to all (Dijkstra 1959).
std::vector<double>
ways_from(std::size_t start, const std::vector<std::vector<std::pair<std::size_t, double>>>& arcs) {
    std::vector<double> ways(arcs.size(), std::numeric_limits<double>::infinity());
    std::priority_queue<std::pair<double, std::size_t>, std::vector<std::pair<double, std::size_t>>,
                        std::greater<>>
        queue;
    ways[start] = 0;
    queue.emplace(0, start);
    while (!queue.empty()) {
        const auto [way, node] = queue.top();
        queue.pop();
        if (way > ways[node])
            continue;
        for (const auto& [to, length] : arcs[node])
            if (way + length < ways[to]) {
                ways[to] = way + length;
                queue.emplace(ways[to], to);
            }
    }
    return ways;
}

Problem read_pmed(const std::vector<double>& numbers, const fs::path& file) {
    const auto n = whole(numbers[0], file);
    std::map<std::pair<std::size_t, std::size_t>, double> edges;
    for (std::size_t k = 3; k < numbers.size(); k += 3) {
        const auto a = whole(numbers[k], file);
        const auto b = whole(numbers[k + 1], file);
        if (a < 1 || b < 1 || a > n || b > n || !(numbers[k + 2] >= 0))
            throw input_error(fmt::format("'{}': edge {} {} {} does not fit {} nodes",
                                          file.string(), numbers[k], numbers[k + 1], numbers[k + 2],
                                          n));
        edges[std::minmax(a, b)] = numbers[k + 2];
    }
    std::vector<std::vector<std::pair<std::size_t, double>>> arcs(n);
    for (const auto& [ends, length] : edges) {
        arcs[ends.first - 1].emplace_back(ends.second - 1, length);
        arcs[ends.second - 1].emplace_back(ends.first - 1, length);
    }
    std::vector<std::vector<double>> ways;
    for (std::size_t j = 0; j < n; ++j) {
        ways.push_back(ways_from(j, arcs));
        for (const double way : ways.back())
            if (std::isinf(way))
                throw input_error(fmt::format("'{}': not all nodes are connected", file.string()));
    }
    return all_pairs(n, [&](std::size_t i, std::size_t j) { return ways[j][i]; });
}

Problem read_pmedcap(const std::vector<double>& numbers, std::size_t first, const fs::path& file) {
    const auto n = whole(numbers[first], file);
    const auto at = [&](std::size_t i, std::size_t k) { return numbers[first + 3 + 4 * i + k]; };
    auto problem = all_pairs(n, [&](std::size_t i, std::size_t j) {
        return std::floor(std::hypot(at(i, 1) - at(j, 1), at(i, 2) - at(j, 2)));
    });
    for (std::size_t i = 0; i < n; ++i)
        problem.weights[i] = at(i, 3);
    problem.capacities.assign(n, numbers[first + 2]);
    problem.costs_once = true; // as its published optima are counted
    return problem;
}

void require_size(double n, const fs::path& file) {
    if (n < 1 || n > static_cast<double>(most_points))
        throw input_error(fmt::format("'{}' has {:g} points", file.string(), n),
                          fmt::format("from 1 to {} can be worked on", most_points));
}

} // namespace

Problem read_orlib(const fs::path& file) {
    const auto numbers = numbers_of(file);
    if (numbers.size() < 3)
        throw truncated(file);
    const auto holds = [&](std::size_t first, double per_row, double rows) {
        return numbers.size() > first + 2 &&
               static_cast<double>(numbers.size() - first - 3) == per_row * rows;
    };
    std::optional<Problem> problem;
    std::size_t sites = 0;
    if (holds(0, 3, numbers[1])) {
        require_size(numbers[0], file);
        problem = read_pmed(numbers, file);
        sites = whole(numbers[2], file);
    } else if (holds(0, 4, numbers[0])) {
        require_size(numbers[0], file);
        problem = read_pmedcap(numbers, 0, file);
        sites = whole(numbers[1], file);
    } else if (numbers.size() > 5 && numbers[1] == 1 &&
               static_cast<double>(numbers.size()) >= 6 + 4 * numbers[3]) {
        // Number of problems, then number and best cost of the first.
        require_size(numbers[3], file);
        problem = read_pmedcap(numbers, 3, file);
        sites = whole(numbers[4], file);
    } else if (numbers.size() > 4 && static_cast<double>(numbers.size()) == 5 + 4 * numbers[2]) {
        // Number and best cost of the only problem.
        require_size(numbers[2], file);
        problem = read_pmedcap(numbers, 2, file);
        sites = whole(numbers[3], file);
    } else {
        throw truncated(file);
    }
    problem->sites = sites;
    return *std::move(problem);
}

Metric parse_metric(const std::string& text) {
    if (text == "euc2d")
        return Metric::euc2d;
    if (text == "euclid")
        return Metric::euclid;
    throw Error{ErrorKind::usage, fmt::format("unknown metric '{}'", text),
                "give euc2d (rounded) or euclid"};
}

Problem read_tsplib(const fs::path& file, Metric metric) {
    std::istringstream in{read_file(file)};
    std::vector<Point> points;
    double dimension = 0;
    bool coordinates = false;
    for (std::string line; std::getline(in, line);) {
        const auto text = trim(line);
        if (text == "EOF")
            break;
        if (text.starts_with("DIMENSION"))
            dimension = parse_number(text.substr(text.find(':') + 1)).value_or(0);
        if (text.starts_with("EDGE_WEIGHT_TYPE") && text.find("EUC_2D") == std::string_view::npos)
            throw input_error(fmt::format("'{}' is not of type EUC_2D", file.string()),
                              "only points of the plane can be read");
        if (coordinates && !text.empty()) {
            std::istringstream words{std::string{text}};
            std::string number, x, y;
            words >> number >> x >> y;
            const auto px = parse_number(x);
            const auto py = parse_number(y);
            if (!px || !py)
                throw input_error(fmt::format("'{}': '{}' is no point", file.string(),
                                              std::string{text.substr(0, 40)}));
            points.push_back({*px, *py});
        }
        coordinates = coordinates || text.starts_with("NODE_COORD_SECTION");
    }
    if (points.empty() || static_cast<double>(points.size()) != dimension)
        throw input_error(fmt::format("'{}' is cut short or no TSPLIB file: {} points of {:g}",
                                      file.string(), points.size(), dimension),
                          "fetch it again");
    require_size(dimension, file);
    return all_pairs(points.size(), [&](std::size_t i, std::size_t j) {
        const double d = std::hypot(points[i].x - points[j].x, points[i].y - points[j].y);
        return metric == Metric::euc2d ? std::floor(d + 0.5) : d;
    });
}

Problem within_radius(Problem problem, double radius) {
    Links links;
    std::vector<std::uint32_t> demands;
    std::vector<double> costs;
    for (std::size_t j = 0; j < problem.links.candidates(); ++j) {
        demands.clear();
        costs.clear();
        for (std::size_t e = 0; e < problem.links.demands(j).size(); ++e)
            if (problem.links.costs(j)[e] <= radius) {
                demands.push_back(problem.links.demands(j)[e]);
                costs.push_back(problem.links.costs(j)[e]);
            }
        links.add(demands, costs);
    }
    problem.links = std::move(links);
    return problem;
}

} // namespace riskmap::siting
