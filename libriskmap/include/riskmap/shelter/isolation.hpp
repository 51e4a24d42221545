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
    std::vector<std::string> ids = {};
};

/// The way of one settlement to the nearest place of one kind.
struct Way {
    double before = 0; ///< with all roads open; infinite: none
    double after = 0;  ///< with those closed; infinite: none

    [[nodiscard]] bool cut_off() const noexcept;
    [[nodiscard]] bool never() const noexcept; ///< reached, closed roads or not
};

/// How a settlement stands. Values are those of the style `cut_off`.
enum class Connection : std::uint8_t { reached = 0, cut_off = 1, never = 2 };

struct Isolation {
    std::vector<std::string> goals;
    std::vector<std::vector<Way>> ways; ///< by settlement and goal
    std::vector<Connection> connection; ///< cut off from at least one goal; else never at one
    std::vector<bool> door_closed;      ///< the road at the door is closed
    std::vector<std::vector<std::size_t>> goals_on_closed_roads; ///< by goal: its places
    std::size_t closed_roads = 0;                                ///< pieces
    double closed_length = 0;                                    ///< m
    double length = 0;
};
/// Ways in the scenario beside those with all roads open. Who comes to no road reaches only what
/// is near enough to walk straight.
[[nodiscard]] Isolation isolate(const Ways& ways, const People& settlements,
                                const std::vector<Goal>& goals, const Execution& execution);

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
    double door_closed = 0; ///< of them, people with the road at their door closed
    double never = 0;       ///< people who never reach one of the goals and are cut off from none
    std::size_t settlements_never = 0;
    std::vector<double> from;       ///< people cut off, by goal
    std::vector<double> never_from; ///< people who never reach it, by goal
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
