// SPDX-License-Identifier: MIT
// From the names of files and the rules of a city to a scene that can be evaluated and planned.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <riskmap/shelter/evaluation.hpp>
#include <riskmap/shelter/scenario.hpp>

namespace riskmap::shelter {

/// How people go.
struct RoadSource {
    spec::Source roads;                       ///< empty: straight lines
    std::vector<std::string> closed_by;       ///< as `network::RoadRules`
    std::vector<MoveRule> closed_above;       ///< rasters that close roads where they say more
    network::Mode mode = network::Mode::walk; ///< of limits in minutes
    double walk_kmh = 4;
    double drive_kmh = 30;
    spec::Source heights;                 ///< for Tobler's function
    std::vector<std::string> not_entered; ///< as `network::RoadRules`
    network::ClassSpeeds class_speeds;    ///< before the usual ones
    network::Join join = network::Join::crossings;
    spec::Source barriers;   ///< rivers and the like, not crossed off the roads
    double snap = 1;         ///< m within which ends are joined
    double access = 1000;    ///< m to a road at most
    double least_part = 100; ///< m; parts of the network with less road are not come to
    double factor = 1.3;     ///< of straight walks (method section 15)

    /// What its words ask for, and cannot have. \throws Error{usage}.
    void check(const Limit& limit) const;
};

/// "紧急=0.5" or "紧急=0.5:500m". \throws Error{usage}.
[[nodiscard]] SiteClass site_class(const std::string& text);

/// "primary=50". \throws Error{usage}.
[[nodiscard]] std::pair<std::string, double> class_speed(const std::string& text);

/// Ways on one network, in the scenario and on a day on which no road is closed.
struct Ways {
    std::shared_ptr<const Distances> now;
    std::shared_ptr<const Distances> calm;       ///< the same where nothing closes
    std::shared_ptr<const network::Graph> graph; ///< none without roads
};
/// Along the roads, or straight where there are none, which `remarks` says, as what was mended.
/// `crs`: the metric one to work in.
[[nodiscard]] Ways open_ways(const RoadSource& source, const Limit& limit, const Crs& crs,
                             std::vector<std::string>& remarks, spec::Door& door,
                             const Execution& execution);

struct SceneSource {
    std::string title; ///< of the scenario
    PeopleSource people;
    std::vector<MoveRule> movers; ///< empty: all residents
    spec::Source existing;        ///< may be empty
    spec::Source candidates;      ///< empty for an evaluation
    double area_per_person = 2;   ///< m2, where neither a field nor the class says more
    std::vector<SiteClass> classes = usual_classes();
    SuitabilityRules suitability;
    bool any_site = false; ///< candidates are not judged
    spec::Source plants;   ///< chemical plants
    RoadSource roads;
    Limit limit;
    std::vector<spec::FieldSource> units;
};
/// Reads everything, brings it to one metric CRS and looks around.
[[nodiscard]] Scene open_scene(const SceneSource& source, spec::Door& door,
                               const Execution& execution);
/// The same with units that are there already, in any CRS.
[[nodiscard]] Scene open_scene(const SceneSource& source,
                               const std::vector<spec::Door::Areas>& units, spec::Door& door,
                               const Execution& execution);

} // namespace riskmap::shelter
