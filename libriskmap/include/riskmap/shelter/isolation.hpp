// SPDX-License-Identifier: MIT
// Which settlements are cut off from shelter, hospital or county seat once roads that flood or
// slide are closed (../docs/method.md section 15).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/text.hpp>
#include <riskmap/network/travel.hpp>
#include <riskmap/shelter/source.hpp>

namespace riskmap::shelter {

/// Places of one kind that settlements need: shelters, hospitals, county seats.
struct Goal {
    std::string name;
    std::vector<Point> places; ///< in the working CRS
};

/// The way of one settlement to the nearest place of one kind.
struct Way {
    double before = 0; ///< with all roads open; infinite: none
    double after = 0;  ///< with those closed; infinite: none

    [[nodiscard]] bool cut_off() const noexcept;
};

struct Isolation {
    std::vector<std::string> goals;
    std::vector<std::vector<Way>> ways; ///< by settlement and goal
    std::vector<bool> cut_off;          ///< from at least one
    std::size_t closed_roads = 0;       ///< pieces
    double closed_length = 0;           ///< m
    double length = 0;
};
/// `open` and `closed` are costs on the same graph with all roads open, and with those closed
/// that flood or slide. Settlements without a road within `access` metres reach nothing.
[[nodiscard]] Isolation isolate(const network::Graph& graph, const network::Costs& open,
                                const network::Costs& closed, const People& settlements,
                                const std::vector<Goal>& goals, double access,
                                const Execution& execution);

/// Where settlements, roads and goals come from.
struct IsolationSource {
    PeopleSource settlements;
    RoadSource roads;
    std::vector<std::pair<std::string, spec::Source>> goals;
};
struct IsolationStudy {
    Crs crs;
    People settlements;
    std::shared_ptr<const network::Graph> graph;
    network::Costs closed; ///< metres, with roads closed
    Isolation isolation;
    std::vector<std::string> remarks;
};
/// Reads everything, brings it to one metric CRS and looks who is cut off.
/// \throws Error{input}: a goal without places, and what reading layers throws.
[[nodiscard]] IsolationStudy study_isolation(const IsolationSource& source, spec::Door& door,
                                             const Execution& execution);

/// People of all, and cut off from each goal.
struct CutOff {
    double people = 0;
    std::size_t settlements = 0;
    double cut_off = 0; ///< people, from at least one goal
    std::size_t settlements_cut_off = 0;
    std::vector<double> from; ///< people, by goal
};
/// All, then each unit if units are given.
[[nodiscard]] std::vector<CutOff> count_cut_off(const People& settlements,
                                                const Isolation& isolation, const Units* units);

/// `settlements`, `cut_off`, `goals`, `units`, `roads`.
[[nodiscard]] std::string isolation_json(const IsolationStudy& study,
                                         const std::vector<Units>& units);
/// Settlements with their ways before and after, in metres.
[[nodiscard]] vector::Layer settlement_layer(const IsolationStudy& study, Language language);
/// The pieces of road that are closed.
[[nodiscard]] vector::Layer closed_road_layer(const IsolationStudy& study, Language language);

} // namespace riskmap::shelter
