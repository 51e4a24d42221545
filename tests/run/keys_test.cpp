// SPDX-License-Identifier: MIT
// Every key of the project file changed alone: which steps must be done again, and which not.
#include <riskmap/run/run.hpp>

#include <map>
#include <set>

#include <riskmap/project/schema.hpp>

#include "twin_cities.hpp"

namespace riskmap::run {
namespace {

namespace fs = std::filesystem;
using project::KeyType;
using project::read_project;
using test::TwinCities;

/// Every step there is: with a check, an uncertainty study, an atlas.
std::string whole_project() {
    std::string text{TwinCities::project_text};
    for (const auto& [from, to] : {std::pair{"draws = 0", "draws = 2"},
                                   {"before_run = false", "codes = false\nstop = \"never\""},
                                   {"make = false", "formats = [\"png\"]\ndpi = 20\nneighbours = "
                                                    "\"areas.gpkg:counties\""}})
        text = test::replaced(text, from, to);
    return text + "[[census]]\nfile = \"points.gpkg:roads\"\n";
}

/// Where a key stands in a project file: the first line of its section, and its own, if written.
struct Place {
    std::size_t section;
    std::size_t line;  ///< npos: not written
    std::size_t value; ///< of that line
    std::size_t end;   ///< of that line
};

Place place_of(const project::Key& key, const std::string& text) {
    const auto& sections = project::schema_sections();
    const auto& section = *std::find_if(sections.begin(), sections.end(),
                                        [&](const auto& s) { return s.path == key.section; });
    const auto name = std::string{key.section};
    const auto heading = section.repeated ? "[[" + name + "]]\n" : "[" + name + "]\n";
    const auto at = text.find(heading);
    EXPECT_NE(at, std::string::npos) << heading;
    Place place{at + heading.size(), std::string::npos, 0, 0};
    const auto line = "\n" + std::string{key.name} + " = ";
    const auto found = text.find(line, place.section - 1);
    if (found < text.find("\n[", place.section - 1)) {
        place.line = found + 1;
        place.value = found + line.size();
        place.end = text.find('\n', place.value);
    }
    return place;
}

/// A key's value as TOML; empty: not written.
std::string present(const project::Key& key) {
    const auto text = whole_project();
    const auto place = place_of(key, text);
    return place.line == std::string::npos ? "" : text.substr(place.value, place.end - place.value);
}

/// The whole project file but for one key, which gets another value.
std::string with_value(const project::Key& key, const std::string& value) {
    auto text = whole_project();
    const auto place = place_of(key, text);
    if (place.line != std::string::npos)
        text.replace(place.value, place.end - place.value, value);
    else
        text.insert(place.section, std::string{key.name} + " = " + value + "\n");
    return text;
}

/// Values of keys that cannot be made up from their types alone.
const std::map<std::string, std::string>& chosen_values() {
    static const std::map<std::string, std::string> values{
        {"areas.city.code_field", "\"code\""},
        {"areas.city.name_field", "\"name\""},
        {"areas.counties.code_field", "\"code\""},
        {"areas.counties.name_field", "\"name\""},
        {"areas.counties.parent_field", "\"\""},
        {"areas.townships.code_field", "\"code\""},
        {"areas.townships.name_field", "\"name\""},
        {"areas.townships.parent_field", "\"\""},
        {"grid.crs", "\"EPSG:32651\""},
        {"grid.cell_size", "50"},
        {"grid.extent", "[550000, 3296000, 556000, 3300000]"},
        {"check.accept", "[\"row-cut\"]"},
        {"check.crs", "[\"EPSG:4549\"]"},
        {"check.snap", "0.5"},
        {"hazard.classes", "{\"高\" = 1}\nfield = \"x\""},
        {"hazard.map.classes", "{\"高\" = 1}\nfield = \"x\""},
        {"exposure.classes", "[30]"},
        {"exposure.downscale_by", "\"landcover.tif\""},
        {"exposure.class_weights", "[[30, 1]]"},
        {"vulnerability.ahp", "[[1, 1], [1, 1]]"},
        {"vulnerability.range", "[0.4, 1]"},
        {"vulnerability.indicator.normalise", "\"percent-rank\""},
        {"capacity.ahp", "[[1, 1], [1, 1]]"},
        {"capacity.indicator.normalise", "\"percent-rank\""},
        {"weights.ahp", "[[1, 1], [1, 1]]"},
        {"weights.least", "0.2"},
        {"levels.units", "\"share:0.3\""},
        {"uncertainty.draws", "3"},
        {"zoning.floor", "\"area\""},
        {"prevention.matrix", "[\"KKKKK\", \"KKSSS\", \"SSSGG\", \"SGGGG\", \"GGGGG\"]"},
        {"prevention.override.hazard", "\"storm\""},
        {"prevention.override.class", "\"S\""},
        {"forest.margin", "100"},
        {"forest.classes", "[30, 50]"},
        {"forest.targets", "[5]"},
        {"forest.canopy", "\"dem.tif\""},
        {"forest.candidates.roads", "\"points.gpkg:roads\""},
        {"forest.townships.danger", "\"people.tif\""},
        {"forest.townships.weights", "\"forest=2\""},
        {"forest.water.shores", "[50]"},
        {"shelter.limit", "\"900m\""},
        {"shelter.classes", "[\"紧急=1\"]"},
        {"scenario.flood", "\"flood.tif\""},
        {"scenario.landslide", "\"flood.tif\""},
        {"scenario.height", "\"dem.tif\""},
        {"scenario.closed_by", "[\"floods>0\"]"},
        {"scenario.closed_above", "[\"flood.tif:0.5\"]"},
        {"scenario.movers", "[\"flood.tif:0.5\"]"},
        {"shelter.roads.barriers", "\"points.gpkg:roads\""},
        {"shelter.roads.not_entered", "[\"motorway\"]"},
        {"shelter.roads.class_speeds", "[\"primary=50\"]"},
        {"shelter.suitability.plants", "\"points.gpkg:water\""},
        {"shelter.roads.height", "\"dem.tif\""},
        {"shelter.plan.quota", "\"measures.csv\""},
        {"shelter.plan.forced", "[\"P2\"]"},
        {"shelter.plan.forbidden", "[\"P2\"]"},
        {"shelter.reach.bands", "\"1000m\""},
        {"shelter.isolation.hospitals", "\"points.gpkg:seats\""},
        {"atlas.formats", "[\"pdf\"]"},
        {"atlas.neighbours", "\"areas.gpkg:cities\""},
        {"output.formats", "[\"tif\", \"gpkg\", \"geojson\"]"},
        {"census.spec", "\"roads\""},
    };
    return values;
}

std::string value_for(const project::Key& key, const std::string& present) {
    const auto name = std::string{key.section} + "." + std::string{key.name};
    if (const auto found = chosen_values().find(name); found != chosen_values().end())
        return found->second;
    const auto now = present.empty() ? std::string{key.fallback} : present;
    switch (key.type) {
    case KeyType::flag:
        return now == "true" ? "false" : "true";
    case KeyType::number:
    case KeyType::whole:
        for (const char* value : {"1", "2", "0.25", "3", "40", "500"}) {
            const double number = std::stod(value);
            if (value != now && number <= key.most &&
                (key.above ? number > key.least : number >= key.least) &&
                (key.type == KeyType::number || std::round(number) == number))
                return value;
        }
        return "";
    case KeyType::text:
        if (key.choices != nullptr) {
            const std::string choices = key.choices();
            for (const auto& choice : split(choices, ',')) {
                const std::string word{trim(choice)};
                if ("\"" + word + "\"" != now && word.find(':') == std::string::npos)
                    return "\"" + word + "\"";
            }
        }
        return "\"x\"";
    case KeyType::source: // the same bytes by another name
        return now.substr(0, 1) + "copy_of_" + now.substr(1);
    default:
        return "";
    }
}

/// Groups of steps.
const std::map<std::string, std::vector<std::string>>& groups() {
    static const std::map<std::string, std::vector<std::string>> all{
        {"stacks",
         {"stack hazard-flood", "stack hazard-storm-10", "stack hazard-storm-100",
          "stack exposure-people", "stack exposure-woods", "stack exposure-ways", "stack height"}},
        {"storms", {"stack hazard-storm-10", "stack hazard-storm-100"}},
        {"forest", {"cameras", "water", "key townships"}},
        {"shelters", {"shelters", "isolation", "reach"}},
        {"products", {"products 7", "products 8", "products 71", "products 81"}},
        {"atlas", {"atlas sheets", "atlas web", "atlas report"}},
        {"tables", {"figures", "uncertainty"}},
    };
    return all;
}

/// What must be done again at once; what only waits for another step stands not here.
struct Rule {
    std::string keys;  ///< the key, or a section with a dot behind it; the first that fits counts
    std::string steps; ///< steps and groups, separated by commas
};

const std::vector<Rule>& rules() {
    static const std::vector<Rule> all{
        {"project.id", "forest,shelters,products,atlas"},
        {"project.language", "check,neighbours,areas,stacks,risk,tables,zones,forest,shelters,"
                             "products,atlas"},
        {"project.", "atlas"},
        {"areas.", "check,areas,figures,zones,forest,shelters,products,atlas"},
        {"grid.", "check,neighbours,areas,stacks,risk,tables,zones,forest,shelters,products"},
        {"census.", "check"},
        {"check.before_run", "atlas report"}, // there is no check then
        {"check.", "check"},
        {"hazard.map.return_period",
         "check,stack hazard-storm-1,stack hazard-storm-100,risk,tables,zones,products,atlas"},
        {"hazard.map.", "check,storms,risk,tables,zones,products,atlas"},
        {"hazard.title", "tables,zones,products,atlas"},
        {"hazard.title_en", "tables,zones,products,atlas"},
        {"hazard.normalise", "check,risk,tables,zones,products,atlas"},
        {"hazard.direction", "check,risk,tables,zones,products,atlas"},
        {"hazard.weight", "risk,tables,zones,products,atlas"},
        {"hazard.curve", "check,tables,zones,products,atlas"},
        {"hazard.error", "check,tables,zones,products,atlas"},
        {"hazard.modelled", "check,tables,zones,forest,shelters,products,atlas"},
        {"hazard.", "check,stack hazard-flood,risk,tables,zones,products,atlas"},
        {"exposure.id", "check,stack exposure-x,risk,tables,zones,forest,shelters,products,atlas"},
        {"exposure.title", "key townships,tables,zones,products,atlas"},
        {"exposure.title_en", "key townships,tables,zones,products,atlas"},
        {"exposure.normalise", "check,key townships,risk,tables,zones,products,atlas"},
        {"exposure.weight", "key townships,risk,tables,zones,products,atlas"},
        {"exposure.error", "check,key townships,tables,zones,products,atlas"},
        {"exposure.people", "check,key townships,risk,tables,zones,products,atlas"},
        {"exposure.modelled", "check,tables,zones,forest,shelters,products,atlas"},
        {"exposure.", "check,stack exposure-people,key townships,risk,tables,zones,products,atlas"},
        {"vulnerability.modelled", "check,tables,forest,shelters,products,atlas"},
        {"vulnerability.indicator.weight", "risk,tables"},
        {"vulnerability.", "check,risk,tables"},
        {"capacity.modelled", "check,figures,forest,shelters,products,atlas"},
        {"capacity.indicator.weight", "figures"},
        {"capacity.", "check,figures"},
        {"weights.", "check,risk"},
        {"risk.", "risk,tables"},
        {"levels.", "levels,tables,zones,products,atlas"},
        {"uncertainty.draws", "uncertainty,products"},
        {"uncertainty.", "uncertainty"},
        {"zoning.height", "check,stack height,zones,products,atlas"},
        {"zoning.least_share", "check,figures,zones,products,atlas"},
        {"zoning.sieve_km2", "check,zones,products,atlas"},
        {"zoning.", "check,zones,products,atlas"},
        {"prevention.", "zones,products"},
        {"forest.plan.", "check,forest,atlas"}, // the curve has a line at the goal
        {"forest.modelled", "check,forest,shelters,products,atlas"},
        {"forest.", "check,forest"},
        {"scenario.", "shelters"},
        {"shelter.modelled", "check,forest,shelters,products,atlas"},
        {"shelter.", "check,shelters"},
        {"atlas.make", ""}, // nor is there one of these
        {"atlas.sheets", "atlas web,atlas report"},
        {"atlas.web", "atlas sheets,atlas report"},
        {"atlas.report", "atlas sheets,atlas web"},
        {"atlas.neighbours", "neighbours,atlas"},
        {"atlas.neighbours_name_field", "neighbours,atlas"},
        {"atlas.", "atlas"},
        {"output.", "forest,shelters,products,atlas"},
    };
    return all;
}

std::set<std::string> steps_of(const std::string& name) {
    const auto rule = std::find_if(rules().begin(), rules().end(), [&](const Rule& r) {
        return r.keys.ends_with(".") ? name.starts_with(r.keys) : name == r.keys;
    });
    if (rule == rules().end())
        return {"no rule"};
    std::set<std::string> steps;
    for (const auto& word : split(rule->steps, ','))
        if (const auto group = groups().find(std::string{word}); group != groups().end())
            steps.insert(group->second.begin(), group->second.end());
        else if (!word.empty())
            steps.emplace(word);
    return steps;
}

TEST(Keys, EachChangedAloneMakesStaleWhatItConcernsAndNothingElse) {
    if (test::sanitized())
        GTEST_SKIP() << "a project is read two hundred times: other tests read it once";
    const TwinCities twins;
    test::write_text(twins.file(), whole_project());
    (void)run(read_project(twins.file()), twins.out(), Redo::stale, {.threads = 2});
    for (const auto& step : status_of(read_project(twins.file()), twins.out()))
        ASSERT_EQ(step.reason, "") << step.id;
    for (const char* file :
         {"areas.gpkg", "flood.tif", "storm.tif", "people.tif", "landcover.tif", "points.gpkg",
          "table.csv", "losses.csv", "measures.csv", "dem.tif", "curve.csv"})
        fs::copy_file(twins / file, twins / ("copy_of_" + std::string{file}));
    int tried = 0;
    for (const auto& key : project::schema_keys()) {
        if (key.companion || key.older) // of a source, which is tried itself; as a newer key
            continue;
        const auto name = std::string{key.section} + "." + std::string{key.name};
        if (name == "hazard.id") // the override names it
            continue;
        const auto value = value_for(key, present(key));
        ASSERT_NE(value, "") << name;
        test::write_text(twins.file(), with_value(key, value));
        std::set<std::string> stale;
        for (const auto& step : status_of(read_project(twins.file()), twins.out()))
            if (!step.reason.empty() && !step.reason.starts_with("waits for "))
                stale.insert(step.id);
        EXPECT_EQ(stale, steps_of(name)) << name << " = " << value;
        ++tried;
    }
    EXPECT_GT(tried, 200);
}

} // namespace
} // namespace riskmap::run
