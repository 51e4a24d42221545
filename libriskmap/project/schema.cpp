// SPDX-License-Identifier: MIT
// The table itself.
#include <riskmap/project/schema.hpp>

#include <array>
#include <deque>
#include <vector>

#include <riskmap/atlas/sheet.hpp>
#include <riskmap/atlas/style.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/risk/combine.hpp>
#include <riskmap/risk/damage.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/shelter/plan.hpp>
#include <riskmap/zoning/regions.hpp>

namespace riskmap::project {

namespace {

template <class Table>
std::string names_in(const Table& table) {
    std::string names;
    for (const auto& row : table) {
        if (!names.empty())
            names += ", ";
        names += row.name;
        if constexpr (requires { row.arguments; })
            names += row.arguments;
        if constexpr (requires { row.parameters; })
            names += row.parameters;
    }
    return names;
}

std::string normalise_names() {
    return names_in(risk::normalise_methods());
}
std::string curve_names() {
    return names_in(risk::damage_curves()) + ", a .csv file";
}
std::string annual_names() {
    return names_in(risk::annual_rules());
}
std::string combination_names() {
    return names_in(risk::combinations());
}
std::string form_names() {
    return names_in(risk::risk_forms());
}
std::string break_names() {
    return names_in(raster::break_methods()) + ", fixed:B1,B2,B3,B4";
}
std::string region_names() {
    return names_in(zoning::region_methods());
}
std::string language_names() {
    return "zh, en";
}
std::string kind_names() {
    return "continuous, classes, counts";
}
std::string measure_names() {
    return "auto, mean, area, length, count, sum";
}
std::string direction_names() {
    return "rising, falling";
}
std::string weight_names() {
    return "given, equal, ahp, entropy, critic, loss-share";
}
std::string table_weight_names() {
    return "given, equal, ahp, entropy, critic";
}
std::string subjective_names() {
    return "none, given, ahp";
}
std::string least_names() {
    return "sites, cost";
}
std::string stay_names() {
    return names_in(shelter::stays());
}
std::string mode_names() {
    return names_in(network::modes());
}
std::string model_names() {
    return names_in(siting::models());
}
std::string palette_names() {
    std::string names;
    for (const auto name : atlas::palettes())
        names += (names.empty() ? "" : ", ") + std::string{name};
    return names;
}
std::string paper_names() {
    return names_in(atlas::papers());
}
std::string stop_names() {
    return "error, warning, never";
}
std::string county_level_names() {
    return "city, own";
}

using enum KeyType;

constexpr std::array<Section, 37> section_table{{
    {"project", false, true, "What the project is called."},
    {"areas.city", false, true,
     "The whole area: either a code and a name (its shape is that of all counties), or a layer "
     "with one feature or more, each of which gets products of its own."},
    {"areas.counties", false, true, "The areas of the second level; each gets its own products."},
    {"areas.townships", false, true,
     "The smallest units: the figures are computed for them, and zones are made of them."},
    {"grid", false, true, "The one grid on which everything is computed."},
    {"census", true, false,
     "A layer for `riskmap check` and `riskmap ingest` beyond those that the other sections name, "
     "or what has to be said of one of them."},
    {"check", false, false, "How layers are checked, before a run and by `riskmap check`."},
    {"hazard", true, true, "A hazard: one map, or maps at several return periods."},
    {"hazard.map", true, false, "One of several maps of a hazard."},
    {"exposure", true, true, "Something exposed: people, money, crops, roads."},
    {"vulnerability", false, false,
     "A table of indicators by township. Without it everything is equally vulnerable (1).", true},
    {"vulnerability.indicator", true, false, "One column of the table."},
    {"capacity", false, false,
     "A table of disaster-reduction capacity by township. Without it every unit has level 3.",
     true},
    {"capacity.indicator", true, false, "One column of the table."},
    {"weights", false, false, "How much each hazard counts."},
    {"risk", false, false, "How risk is put together."},
    {"levels", false, false, "How the five levels are cut."},
    {"uncertainty", false, false,
     "How far weights, scales and layers may be off, and so how sure the levels are."},
    {"zoning", false, false, "How risk zones are made."},
    {"prevention", false, false, "How prevention zones are made."},
    {"prevention.override", true, false,
     "A rule that raises the class of a unit, whatever the matrix says."},
    {"forest", false, false,
     "The forest, and how cameras look at it. Without this section there are no products of "
     "cameras, key townships and fire water.",
     true},
    {"forest.cameras", false, false, "Cameras that stand already."},
    {"forest.candidates", false, false,
     "Places for new cameras; without a file they are found in the terrain."},
    {"forest.plan", false, false, "What new cameras are for."},
    {"forest.townships", false, false,
     "The list of key forest-fire townships, and the damage rate of fires."},
    {"forest.water", false, false, "Forest in reach of fire water, and where the next points go.",
     true},
    {"shelter", false, false,
     "People and how far a shelter may be. Without this section there are no products of "
     "shelters, reach and isolation.",
     true},
    {"shelter.existing", false, false, "Shelters that exist."},
    {"shelter.candidates", false, false, "Places for new ones."},
    {"shelter.suitability", false, false, "What a place must not be."},
    {"shelter.roads", false, false,
     "How people go. Without a file ways are straight lines times a factor."},
    {"shelter.plan", false, false, "How many new shelters, and under what rules."},
    {"shelter.reach", false, false, "The map of the way to the nearest shelter, planned ones too."},
    {"shelter.isolation", false, false,
     "Who is cut off once roads flood or slide, and from what; needs roads.", true},
    {"atlas", false, false, "The sheets, the web atlas and the report that a run ends with."},
    {"output", false, false, "What is written, and where."},
}};

constexpr Key area_file(std::string_view section, std::string_view example, bool required) {
    return {section, "file", source, "", "vector file", example, required};
}
constexpr Key source_file(std::string_view section, std::string_view example) {
    return {section, "file", source, "\"\"", "raster or vector file", example};
}
constexpr Key source_field(std::string_view section) {
    return {section, "field", text, "\"\"", "field of a vector layer that holds the value"};
}
constexpr Key source_measure(std::string_view section) {
    return {section,
            "measure",
            text,
            "\"auto\"",
            "what is taken of a vector layer: mean of the field over the cell (polygons), covered "
            "area in m2, length in m, count of points, sum of the field (points); auto: mean or "
            "area, length, sum or count",
            {},
            false,
            &measure_names};
}
constexpr Key source_kind(std::string_view section) {
    return {section,
            "kind",
            text,
            "\"\"",
            "what the cells of a raster mean, and so how it is re-gridded; empty: continuous",
            {},
            false,
            &kind_names};
}
constexpr Key hazard_classes(std::string_view section) {
    return {section, "classes", classes, "[]",
            "numbers that words of the field stand for, as {\"高易发区\" = 1, \"中易发区\" = 0.6}"};
}

constexpr std::array keys{
    Key{"project", "id", text, "", "short name", "\"mycity\"", true},
    Key{"project", "title", text, "\"\"", "title in Chinese", "\"我的城市\""},
    Key{"project", "title_en", text, "\"\"", "title in English", "\"My city\""},
    Key{"project",
        "language",
        text,
        "\"zh\"",
        "language of names in the products",
        {},
        false,
        &language_names},
    Key{"project", "notes", text, "\"\"", "what readers must know; goes into run.json"},

    Key{"areas.city", "code", text, "\"\"", "code, also the name of the folder of products",
        "\"330000\""},
    Key{"areas.city", "name", text, "\"\"", "name", "\"我的城市\""},
    Key{"areas.city", "name_en", text, "\"\"", "name in English"},
    area_file("areas.city", {}, false),
    Key{"areas.city", "code_field", text, "\"\"",
        "field with the code, if a layer is given; empty: by its names in docs/layers.md"},
    Key{"areas.city", "name_field", text, "\"\"", "field with the name, likewise"},

    area_file("areas.counties", "\"census.gpkg:counties\"", true),
    Key{"areas.counties", "code_field", text, "\"\"",
        "field with the code; empty: by its names in docs/layers.md"},
    Key{"areas.counties", "name_field", text, "\"\"", "field with the name; empty: likewise"},
    Key{"areas.counties", "parent_field", text, "\"\"",
        "field with the code of the city; empty: by the largest common area"},

    area_file("areas.townships", "\"census.gpkg:townships\"", true),
    Key{"areas.townships", "code_field", text, "\"\"",
        "field with the code; empty: by its names in docs/layers.md"},
    Key{"areas.townships", "name_field", text, "\"\"", "field with the name; empty: likewise"},
    Key{"areas.townships", "parent_field", text, "\"\"",
        "field with the code of the county; empty: by the largest common area", "\"county\""},

    Key{"grid", "crs", text, "", "projected CRS", "\"EPSG:4549\"", true},
    Key{"grid", "cell_size", number, "", "in units of the CRS (metres)", "100", true},
    Key{"grid", "extent", numbers, "[]",
        "left, bottom, right, top in the CRS; empty: that of the counties"},
    Key{"grid", "valid_share", number, "0.5",
        "a cell is valid if at least this share of its area was"},

    Key{"census", "file", source, "", "raster, vector file or table", "\"raw/townships.shp\"",
        true},
    Key{"census", "spec", text, "\"\"",
        "specification that it follows (docs/layers.md); empty: by its name", "\"townships\""},

    Key{"check", "before_run", flag, "true", "run checks first"},
    Key{"check",
        "stop",
        text,
        "\"error\"",
        "what stops a run: findings of this severity, or never",
        {},
        false,
        &stop_names},
    Key{"check", "accept", texts, "[]",
        "rules whose findings are no faults here (docs/when-check-complains.md)"},
    Key{"check", "crs", texts, "[]", "CRS accepted beside CGCS2000 and that of the grid"},
    Key{"check", "codes", flag, "true",
        "codes of units are digits as in GB/T 2260; false: names or numbers of another kind"},
    Key{"check", "outside", number, "1000",
        "metres that features may lie outside the area or the unit of their code"},
    Key{"check", "snap", number, "1", "metres: borders nearer than this should be one"},
    Key{"check", "holes", number, "0.05", "share of the area that may be nodata in a raster"},
    Key{"check", "allow_outside", flag, "false",
        "files may lie outside the folder of the project file, by '..' or links"},

    Key{"hazard", "id", text, "", "short name; products are called risk_<id>", "\"flood\"", true},
    Key{"hazard", "title", text, "\"\"", "name in Chinese", "\"洪水\""},
    Key{"hazard", "title_en", text, "\"\"", "name in English", "\"flood\""},
    source_file("hazard", "\"flood_depth.tif\""),
    source_field("hazard"),
    source_measure("hazard"),
    source_kind("hazard"),
    hazard_classes("hazard"),
    Key{"hazard", "normalise", text, "\"min-max\"", "from intensity to index", "\"linear:0:3\"",
        false, &normalise_names},
    Key{"hazard",
        "direction",
        text,
        "\"rising\"",
        "rising: large values give a large index (more is worse); falling: a small one",
        {},
        false,
        &direction_names},
    Key{"hazard", "return_period", number, "", "of the map, in years", "100"},
    Key{"hazard", "curve", text, "\"\"",
        "damage curve; with a return period it gives the annual expected loss",
        "\"flood-depth-residential-asia\"", false, &curve_names},
    Key{"hazard", "weight", number, "1", "its weight, for weights.hazards = \"given\""},
    Key{"hazard", "error", number, "",
        "relative standard error of the whole layer, for [uncertainty]; default: its error", "0.2"},
    Key{"hazard", "modelled", flag, "false",
        "the layer comes from a model, not from observation: said wherever it is shown"},

    source_file("hazard.map", {}),
    source_field("hazard.map"),
    source_measure("hazard.map"),
    source_kind("hazard.map"),
    hazard_classes("hazard.map"),
    Key{"hazard.map", "return_period", number, "", "in years", {}, true},

    Key{"exposure", "id", text, "", "short name; a column of the tables", "\"people\"", true},
    Key{"exposure", "title", text, "\"\"", "name in Chinese", "\"人口\""},
    Key{"exposure", "title_en", text, "\"\"", "name in English", "\"people\""},
    Key{"exposure", "unit", text, "\"\"", "unit of the total", "\"persons\""},
    source_file("exposure", "\"population.tif\""),
    source_field("exposure"),
    source_measure("exposure"),
    Key{"exposure", "kind", text, "\"\"",
        "what the cells of a raster mean; counts become a density per km2 for the index; empty: "
        "continuous",
        "\"counts\"", false, &kind_names},
    Key{"exposure", "classes", classes, "[]",
        "of a class raster: the classes that count, their area in m2 is what is exposed; or the "
        "numbers that words of the field stand for, as {\"高易发区\" = 1}"},
    Key{"exposure", "downscale_by", source, "\"\"",
        "land-cover raster: unit totals (file, layer, field) are spread over cells by its classes"},
    Key{"exposure", "class_weights", rows, "[]",
        "pairs of class and weight for downscale_by, for example [[50, 10], [20, 1]]"},
    Key{"exposure",
        "normalise",
        text,
        "\"percentile:0:99\"",
        "from density to index",
        {},
        false,
        &normalise_names},
    Key{"exposure", "weight", number, "1", "its weight among exposures"},
    Key{"exposure", "error", number, "",
        "relative standard error of the whole layer, for [uncertainty]; default: its error", "0.2"},
    Key{"exposure", "people", flag, "false",
        "this is the population: it weighs the means of units"},
    Key{"exposure", "modelled", flag, "false", "as for hazards"},

    Key{"vulnerability", "file", source, "", "table: CSV, or a layer of a vector file",
        "\"indicators.csv\"", true},
    Key{"vulnerability", "code_field", text, "\"\"",
        "field with the township's code; empty: by its names in docs/layers.md"},
    Key{"vulnerability",
        "weights",
        text,
        "\"equal\"",
        "how indicators are weighed",
        {},
        false,
        &table_weight_names},
    Key{"vulnerability", "ahp", rows, "[]", "pairwise matrix for weights = \"ahp\""},
    Key{"vulnerability", "force", flag, "false", "accept an AHP matrix with CR >= 0.1"},
    Key{"vulnerability", "range", numbers, "[0, 1]",
        "the index is stretched to this range; a low end above 0 keeps V from hiding risk",
        "[0.5, 1]"},
    Key{"vulnerability", "modelled", flag, "false", "as for hazards"},
    Key{"vulnerability.indicator", "field", text, "", "column", "\"elderly_share\"", true},
    Key{"vulnerability.indicator",
        "direction",
        text,
        "\"rising\"",
        "rising: large values give a large index (more is worse); falling: a small one",
        {},
        false,
        &direction_names},
    Key{"vulnerability.indicator",
        "normalise",
        text,
        "\"min-max\"",
        "to an index",
        {},
        false,
        &normalise_names},
    Key{"vulnerability.indicator", "weight", number, "1", "for weights = \"given\""},

    Key{"capacity", "file", source, "", "table: CSV, or a layer of a vector file",
        "\"indicators.csv\"", true},
    Key{"capacity", "code_field", text, "\"\"",
        "field with the township's code; empty: by its names in docs/layers.md"},
    Key{"capacity",
        "weights",
        text,
        "\"equal\"",
        "how indicators are weighed",
        {},
        false,
        &table_weight_names},
    Key{"capacity", "ahp", rows, "[]", "pairwise matrix for weights = \"ahp\""},
    Key{"capacity", "force", flag, "false", "accept an AHP matrix with CR >= 0.1"},
    Key{"capacity",
        "breaks",
        text,
        "\"natural-breaks\"",
        "how its five levels are cut",
        {},
        false,
        &break_names},
    Key{"capacity", "modelled", flag, "false", "as for hazards"},
    Key{"capacity.indicator", "field", text, "", "column", "\"doctors_per_1000\"", true},
    Key{"capacity.indicator",
        "direction",
        text,
        "\"rising\"",
        "rising: large values give a large index (strong); falling: a small one",
        {},
        false,
        &direction_names},
    Key{"capacity.indicator",
        "normalise",
        text,
        "\"min-max\"",
        "to an index",
        {},
        false,
        &normalise_names},
    Key{"capacity.indicator", "weight", number, "1", "for weights = \"given\""},

    Key{"weights",
        "hazards",
        text,
        "\"given\"",
        "where the weights of hazards come from",
        {},
        false,
        &weight_names},
    Key{"weights",
        "combine_with",
        text,
        "\"none\"",
        "multiply by these weights and bring the sum to 1 again",
        {},
        false,
        &subjective_names},
    Key{"weights", "ahp", rows, "[]", "pairwise matrix of the hazards in their order"},
    Key{"weights", "force", flag, "false", "accept an AHP matrix with CR >= 0.1"},
    Key{"weights", "least", number, "0",
        "no hazard weighs less, so that one without an event in the records still counts"},
    Key{"weights", "losses", source, "\"\"", "loss table for \"loss-share\"", "\"losses.csv\""},
    Key{"weights", "losses_hazard_field", text, "\"\"",
        "field with the hazard's id; empty: by its names in docs/layers.md"},
    Key{"weights", "losses_amount_field", text, "\"\"", "field with the loss; empty: likewise"},

    Key{"risk",
        "form",
        text,
        "\"product\"",
        "hazard, exposure and vulnerability to risk",
        {},
        false,
        &form_names},
    Key{"risk",
        "combination",
        text,
        "\"weighted-sum\"",
        "over the hazards",
        {},
        false,
        &combination_names},
    Key{"risk",
        "annual",
        text,
        "\"trapezoid\"",
        "between return periods, for expected annual values",
        {},
        false,
        &annual_names},

    Key{"levels",
        "method",
        text,
        "\"natural-breaks\"",
        "breaks of the cells over the city",
        {},
        false,
        &break_names},
    Key{"levels", "zeros_apart", flag, "true", "cells without risk are level 1 on their own"},
    Key{"levels",
        "counties",
        text,
        "\"city\"",
        "levels of county products: by the breaks of the city, or by their own",
        {},
        false,
        &county_level_names},
    Key{"levels", "units", text, "\"mean\"",
        "level of a unit: mean (weighted by people, breaks over the units), or share:S for the "
        "highest level that a share S of its area reaches"},

    Key{"uncertainty", "draws", whole, "0", "of the Monte Carlo study; 0: none"},
    Key{"uncertainty", "seed", whole, "1", "of random draws"},
    Key{"uncertainty", "concentration", number, "100",
        "of weights around the given ones (Dirichlet): a weight of 0.25 gets a standard "
        "deviation of 0.043"},
    Key{"uncertainty", "breakpoints", number, "0.1",
        "share of a scale's range by which its ends may move; a lower end at 0 stays"},
    Key{"uncertainty", "error", number, "0.1", "relative standard error of layers"},

    Key{"zoning", "method", text, "\"skater\"", "how regions are found", {}, false, &region_names},
    Key{"zoning", "k", whole, "0", "number of zones per city; 0: chosen by the knee"},
    Key{"zoning", "most", whole, "20", "most zones to choose from"},
    Key{"zoning", "floor", text, "\"none\"",
        "every zone holds at least floor_value of this: none, area (km2), or the id of an "
        "exposure"},
    Key{"zoning", "floor_value", number, "0", "see floor"},
    Key{"zoning", "height", source, "\"\"", "terrain raster in metres, for attributes and names"},
    Key{"zoning", "border_tolerance", number, "1",
        "borders of townships nearer than this count as shared, in units of the CRS"},
    Key{"zoning", "least_share", number, "0.25",
        "a hazard with this share of the risk is dominant"},
    Key{"zoning", "sieve_km2", number, "1", "smaller patches of cell zones join a neighbour"},
    Key{"zoning", "simplify_cells", number, "1", "tolerance of simplified borders, in cells"},

    Key{"prevention", "matrix", texts, "[\"KKKKS\", \"KKSSS\", \"SSSGG\", \"SGGGG\", \"GGGGG\"]",
        "rows: risk level 5 to 1; letters: capacity level 1 to 5; K key, S secondary, G general"},
    Key{"prevention", "measures", source, "\"\"",
        "table hazard, class, measures, measures_en of recommended measures"},
    Key{"prevention.override", "hazard", text, "", "id of the hazard", {}, true},
    Key{"prevention.override", "level", whole, "5",
        "from this level of the hazard index on (five equal classes)"},
    Key{"prevention.override", "people", number, "1", "and at least so many people there"},
    Key{"prevention.override", "class", text, "\"K\"", "the unit gets at least this class"},

    Key{"forest", "file", source, "", "land-cover raster, or polygons of forest",
        "\"landcover.tif\"", true},
    Key{"forest", "classes", numbers, "[]", "of the raster: those that are forest", "[30]"},
    Key{"forest", "height", source, "",
        "heights in metres on a metric CRS; their grid is the one that cameras are worked on",
        "\"terrain.tif\"", true},
    Key{"forest", "canopy", source, "\"\"",
        "tree heights in metres: raise the ground everywhere but at the mast"},
    Key{"forest", "refraction", number, "0.14285714285714285",
        "k: the ground is lowered by (1 - k) d^2 / 2R"},
    Key{"forest", "targets", numbers, "[0, 20]",
        "heights of targets above the ground in metres; maps and the plan take the first"},
    Key{"forest", "modelled", flag, "false", "as for hazards"},

    Key{"forest.cameras", "file", source, "\"\"",
        "vector file of points; fields id, mast_m, range_m, min_range_m, azimuth_from, azimuth_to, "
        "tilt_from, tilt_to, cost_10k_yuan, by any of their names in docs/layers.md",
        "\"census.gpkg:cameras\""},
    Key{"forest.cameras", "mast", number, "20",
        "metres, of cameras and candidates that do not say it"},
    Key{"forest.cameras", "range", number, "5000",
        "metres, of cameras and candidates that do not say it"},

    Key{"forest.candidates", "file", source, "\"\"", "vector file of points, with the same fields",
        "\"census.gpkg:camera_candidates\""},
    Key{"forest.candidates", "most", whole, "500", "found ones: at most so many"},
    Key{"forest.candidates", "spacing", number, "500", "found ones: metres between two"},
    Key{"forest.candidates", "roads", source, "\"\"",
        "found ones: lines that they must be near to"},
    Key{"forest.candidates", "road_distance", number, "500", "found ones: metres to a road"},

    Key{"forest.plan", "goal", number, "0.5", "share of the forest to be seen"},
    Key{"forest.plan", "sites", whole, "0", "above 0: the most coverage with so many, no goal"},
    Key{"forest.plan", "budget", number, "0", "above 0: the most coverage for so much, no goal"},
    Key{"forest.plan",
        "least",
        text,
        "\"sites\"",
        "what a goal is reached with the least of",
        {},
        false,
        &least_names},

    Key{"forest.townships", "fires", source, "\"\"", "vector file of past fires: points",
        "\"census.gpkg:forest_fires\""},
    Key{"forest.townships", "burnt_field", text, "\"\"",
        "field with the burnt area in ha; empty: by its names in docs/layers.md"},
    Key{"forest.townships", "date_field", text, "\"\"", "field with the date; empty: likewise"},
    Key{"forest.townships", "danger", source, "\"\"", "raster of fire danger", "\"danger.tif\""},
    Key{"forest.townships", "edge", number, "1000",
        "metres: people that live at most so far from forest count"},
    Key{"forest.townships", "years", number, "0",
        "length of the record of fires; 0: from its first to its last year"},
    Key{"forest.townships", "weights", text, "\"\"",
        "of forest, danger, fires, burnt, people, unseen, as \"forest=2,danger=1\"; those not "
        "named "
        "count 0; empty: all the same"},

    Key{"forest.water", "file", source, "\"\"", "vector file of water points and hydrants"},
    Key{"forest.water", "shores", numbers, "[]",
        "classes of the forest's raster that are open water, whose shores serve as well", "[10]"},
    Key{"forest.water", "distance", number, "2000", "metres that water is brought"},
    Key{"forest.water", "lift", number, "150", "metres that it is brought up"},
    Key{"forest.water", "spacing", number, "1000", "of the lattice of places for new points"},
    Key{"forest.water", "sites", whole, "20", "new points"},

    Key{"shelter", "people", source, "",
        "vector file of villages or buildings, or raster of people", "\"census.gpkg:villages\"",
        true},
    Key{"shelter", "people_field", text, "\"\"", "number of people; empty: the file is a raster",
        "\"population\""},
    Key{"shelter", "movers", texts, "[]",
        "rasters and values, as \"flood.tif:0.5\": only people where one says more; empty: all"},
    Key{"shelter", "limit", text, "\"1500m\"", "how far is near enough: 1500m, 20min"},
    Key{"shelter",
        "stay",
        text,
        "\"short\"",
        "area per person where no field says the capacity",
        {},
        false,
        &stay_names},
    Key{"shelter", "modelled", flag, "false", "as for hazards"},

    Key{"shelter.existing", "file", source, "\"\"",
        "vector file of points; fields id, kind, township, capacity, floor_area_m2, cost",
        "\"census.gpkg:shelters_existing\""},

    Key{"shelter.candidates", "file", source, "",
        "vector file of points, with the same fields and flood_depth_m, landslide",
        "\"census.gpkg:shelter_candidates\"", true},

    Key{"shelter.suitability", "flood", source, "\"\"",
        "raster of depths in metres; without: the field flood_depth_m"},
    Key{"shelter.suitability", "flood_above", number, "0.3", "metres"},
    Key{"shelter.suitability", "landslide", source, "\"\"",
        "raster of levels; without: the field landslide"},
    Key{"shelter.suitability", "landslide_from", number, "4", "level, or in the unit of the data"},
    Key{"shelter.suitability", "height", source, "\"\"", "heights in metres, for slopes"},
    Key{"shelter.suitability", "slope_above", number, "15", "degrees"},
    Key{"shelter.suitability", "least_area", number, "0", "m2 of floor"},
    Key{"shelter.suitability", "plants", source, "\"\"", "vector file of chemical plants"},
    Key{"shelter.suitability", "plant_distance", number, "500", "metres"},
    Key{"shelter.suitability", "any", flag, "false", "take unsuitable places as well"},

    Key{"shelter.roads", "file", source, "\"\"",
        "vector file of lines; fields class, speed_kmh, oneway, layer, bridge, tunnel",
        "\"census.gpkg:roads\""},
    Key{"shelter.roads", "by", text, "\"walk\"", "of limits in minutes", {}, false, &mode_names},
    Key{"shelter.roads", "walk_speed", number, "4", "km/h"},
    Key{"shelter.roads", "drive_speed", number, "30",
        "km/h on roads whose speed and class are not known"},
    Key{"shelter.roads", "height", source, "\"\"", "heights in metres, for tobler"},
    Key{"shelter.roads", "snap", number, "1", "metres within which ends of roads are joined"},
    Key{"shelter.roads", "access", number, "1000", "metres to the nearest road at most"},
    Key{"shelter.roads", "factor", number, "1.3", "of straight lines, without a file"},

    Key{"shelter.plan", "sites", whole, "150", "new shelters; 0: as many as the budget pays for"},
    Key{"shelter.plan", "budget", number, "0", "above 0: what they may cost together"},
    Key{"shelter.plan", "model", text, "\"mclp\"", "what a plan is for", {}, false, &model_names},
    Key{"shelter.plan", "quota", source, "\"\"",
        "table with group and least, most (new shelters), least_share (people served)"},
    Key{"shelter.plan", "capacities", flag, "false", "nobody is served beyond the capacities"},
    Key{"shelter.plan", "backup", number, "0",
        "share of people that counts only with a second shelter, 0 to 0.5"},
    Key{"shelter.plan", "forced", texts, "[]", "ids of candidates that must be in"},
    Key{"shelter.plan", "forbidden", texts, "[]", "ids of candidates that must not"},
    Key{"shelter.plan", "seed", whole, "1", "of random draws"},

    Key{"shelter.reach", "bands", text, "\"\"",
        "rising limits, as \"500m,1000m,1500m\"; empty: no map of reach"},

    Key{"shelter.isolation", "closed_by", texts, "[]",
        "fields of roads, yes or no, that say they flood or slide; or \"FIELD>NUMBER\"",
        "[\"floods\", \"slides\"]"},
    Key{"shelter.isolation", "seats", source, "\"\"", "vector file of county seats: points"},
    Key{"shelter.isolation", "hospitals", source, "\"\"", "vector file of hospitals: points"},

    Key{"atlas", "make", flag, "true", "whether run makes an atlas at all"},
    Key{"atlas", "sheets", flag, "true", "a sheet for each product of the city and of each county"},
    Key{"atlas", "web", flag, "true", "a folder that any browser opens, without a network"},
    Key{"atlas", "report", flag, "true", "what was computed from what, with tables and maps"},
    Key{"atlas", "formats", texts, "[\"pdf\", \"png\"]", "of sheets: pdf, png, svg"},
    Key{"atlas",
        "paper",
        text,
        "\"A4\"",
        "of sheets, upright or across as the area asks",
        {},
        false,
        &paper_names},
    Key{"atlas", "dpi", number, "150", "of PNG, and of pictures in PDF and SVG"},
    Key{"atlas", "source", text, "\"\"", "where the data come from, as written on sheets"},
    Key{"atlas", "date", text, "\"\"", "as written on sheets", "\"2026-11\""},
    Key{"atlas", "maker", text, "\"\"", "who made the maps"},
    Key{"atlas", "secrecy", text, "\"\"", "mark in the upper right corner"},
    Key{"atlas", "height_datum", text, "\"\"", "what heights refer to", "\"1985国家高程基准\""},
    Key{"atlas", "neighbours", source, "\"\"", "vector file of the areas around, drawn in grey"},
    Key{"atlas", "neighbours_name_field", text, "\"name\"", "field with their names"},

    Key{"output", "folder", text, "\"out\"",
        "where the products go, one folder per area; --out of riskmap run comes first"},
    Key{"output", "formats", texts, "[\"tif\", \"gpkg\", \"geojson\", \"csv\"]",
        "what is written of every product; more formats by riskmap export"},
    Key{"output",
        "palette",
        text,
        "\"standard\"",
        "colours of risk levels",
        {},
        false,
        &palette_names},
};

} // namespace

std::span<const Section> schema_sections() {
    return section_table;
}
namespace {

/// What may be said more of every source.
constexpr std::array companions{
    Key{"", "layer", text, "\"\"",
        "layer of a vector file, variable of a NetCDF file; empty: the first"},
    Key{"", "band", whole, "0", "of a raster; 0: the first"},
    Key{"", "crs", text, "\"\"", "obeyed whatever the file says"},
    Key{"", "encoding", text, "\"\"", "of its text, likewise"},
    Key{"", "fields", pairs, "[]",
        "which column is which field of docs/layers.md: {mast_m = \"挂高\"}, or [\"挂高=mast_m\"]; "
        "\"-\" for none"},
    Key{"", "units", pairs, "[]", "the unit of a field's values: {range_m = \"km\"}"},
    Key{"", "where", text, "\"\"", "only features for which this expression of OGR holds"},
    Key{"", "nodata", number, "", "of a raster, whatever the file says"},
    Key{"", "where_nodata", number, "",
        "value to take where a raster has no data, said on purpose"},
    Key{"", "band_unit", text, "\"\"", "unit of a raster's values, as \"ft\""},
    Key{"", "band_factor", number, "1", "by which a raster's values are multiplied"},
};

} // namespace

std::string companion_name(std::string_view source, std::string_view companion) {
    return source == "file" ? std::string{companion}
                            : std::string{source} + "_" + std::string{companion};
}

std::span<const Key> schema_keys() {
    static std::deque<std::string> names;
    static const std::vector<Key> all = [] {
        std::vector<Key> out;
        for (const auto& key : keys) {
            out.push_back(key);
            if (key.type != source)
                continue;
            for (auto companion : companions) {
                names.push_back(companion_name(key.name, companion.name));
                companion.section = key.section;
                companion.name = names.back();
                companion.companion = true;
                out.push_back(companion);
            }
        }
        return out;
    }();
    return all;
}

} // namespace riskmap::project
