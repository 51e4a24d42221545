// SPDX-License-Identifier: MIT
#include <riskmap/project/project.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/forest/townships.hpp>
#include <riskmap/raster/breaks.hpp>
#include <riskmap/risk/damage.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/zoning/figures.hpp>
#include <riskmap/zoning/prevention.hpp>

#include "reader.hpp"
#include "shelter_rules.hpp"

namespace riskmap::project {

namespace {

/// A field that the project names goes before what the specification finds.
void name_field(spec::Source& source, const std::string& theirs, const char* ours) {
    if (!theirs.empty())
        source.fields.emplace_back(theirs, ours);
}

AreaLayer read_area(const SectionReader& section, bool has_parent) {
    AreaLayer area;
    static_cast<spec::Source&>(area) = section.source("file");
    name_field(area, section.text("code_field"), "code");
    name_field(area, section.text("name_field"), "name");
    if (has_parent)
        area.parent_field = section.text("parent_field");
    return area;
}

census::StackLayer read_source(const SectionReader& section, census::Role role) {
    census::StackLayer layer;
    static_cast<spec::Source&>(layer) = section.source("file");
    layer.field = section.text("field");
    layer.measure = section.text("measure");
    layer.role = role;
    if (const auto kind = section.text("kind"); !kind.empty())
        layer.kind = raster::parse_kind(kind);
    section.classes("classes", layer);
    if (!layer.class_values.empty() && layer.field.empty())
        throw section.error("classes say what words of a field stand for, and no field is named",
                            "add field = \"...\"", "classes");
    return layer;
}

/// An id becomes part of file and field names: letters, digits and _ only.
std::string read_id(const SectionReader& section, std::set<std::string>& seen) {
    auto id = section.text("id");
    const bool plain = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!plain)
        throw section.error(fmt::format("id '{}' is not usable", id),
                            "use small letters a-z, digits and _", "id");
    if (!seen.insert(id).second)
        throw section.error(fmt::format("id '{}' stands twice", id), "give each its own", "id");
    return id;
}

/// Rules written as text are parsed here once, so that a slip is told with its line.
template <class Parse>
std::string read_rule(const SectionReader& section, const char* key, Parse parse) {
    auto text = section.text(key);
    try {
        parse(text);
    } catch (const Error& error) {
        throw section.error(error.what(), error.hint(), key);
    }
    return text;
}

std::string read_normalise(const SectionReader& section) {
    return read_rule(section, "normalise",
                     [](const std::string& text) { (void)risk::NormaliseRule::parse(text); });
}

double read_weight(const SectionReader& section) {
    const double weight = section.number("weight");
    if (weight < 0)
        throw section.error(fmt::format("weight {:g} is negative", weight), "give 0 or more",
                            "weight");
    return weight;
}

double read_period(const SectionReader& section) {
    const auto period = section.maybe_number("return_period");
    if (period && *period < 1)
        throw section.error(fmt::format("return period {:g} is below one year", *period),
                            "give years, for example 100", "return_period");
    return period.value_or(0);
}

/// What is said of the file of a hazard that has none is no use to its maps.
void refuse_stray_keys(const SectionReader& section) {
    const bool stray = section.maybe_number("where_nodata") || section.maybe_number("nodata") ||
                       section.maybe_number("return_period") || !section.text("crs").empty() ||
                       !section.text("field").empty() || !section.text("kind").empty();
    if (stray)
        throw section.error("where_nodata, nodata, crs, field, kind and return_period of a hazard "
                            "with [[hazard.map]] belong to each map",
                            "write them below [[hazard.map]]");
}

Hazard read_hazard(const SectionReader& section, std::set<std::string>& seen) {
    Hazard hazard;
    hazard.id = read_id(section, seen);
    hazard.title = {section.text("title"), section.text("title_en")};
    if (hazard.title.in(Language::en).empty())
        hazard.title.en = hazard.id;
    hazard.normalise = read_normalise(section);
    hazard.direction = section.text("direction");
    hazard.weight = read_weight(section);
    hazard.error = section.maybe_number("error");
    hazard.modelled = section.flag("modelled");
    hazard.curve = section.text("curve");
    if (hazard.curve.ends_with(".csv"))
        hazard.curve = section.file("curve").string();
    if (!hazard.curve.empty())
        read_rule(section, "curve",
                  [&](const std::string&) { (void)risk::DamageCurve::parse(hazard.curve); });
    for (const auto& map : section.repeated("map"))
        hazard.maps.push_back({read_source(map, census::Role::intensity), read_period(map)});
    const bool several = !hazard.maps.empty();
    if (const auto source = read_source(section, census::Role::intensity); !source.file.empty()) {
        hazard.maps.push_back({source, read_period(section)});
        if (several && hazard.maps.back().return_period == 0)
            throw section.error(
                fmt::format("hazard '{}' has a file without a return period beside maps that have "
                            "one",
                            hazard.id),
                "say return_period, or leave file out", "file");
    } else if (several) {
        refuse_stray_keys(section);
    }
    std::sort(hazard.maps.begin(), hazard.maps.end(), [](const HazardMap& a, const HazardMap& b) {
        return a.return_period < b.return_period;
    });
    if (hazard.maps.empty() ||
        std::any_of(hazard.maps.begin(), hazard.maps.end(),
                    [](const HazardMap& map) { return map.source.file.empty(); }))
        throw section.error(fmt::format("hazard '{}' has no file", hazard.id),
                            "give file = \"...\", or [[hazard.map]] entries");
    for (std::size_t i = 1; i < hazard.maps.size(); ++i)
        if (hazard.maps[i].return_period <= hazard.maps[i - 1].return_period)
            throw section.error(
                fmt::format("two maps of hazard '{}' have the same return period", hazard.id));
    return hazard;
}

Exposure read_exposure(const SectionReader& section, std::set<std::string>& seen) {
    Exposure exposure;
    exposure.id = read_id(section, seen);
    exposure.title = {section.text("title"), section.text("title_en")};
    if (exposure.title.in(Language::en).empty())
        exposure.title.en = exposure.id;
    exposure.unit = section.text("unit");
    exposure.source = read_source(section, census::Role::amount);
    exposure.source.downscale_by = section.source("downscale_by");
    for (const auto& row : section.rows("class_weights")) {
        if (row.size() != 2 || row[1] < 0)
            throw section.error("class_weights are pairs of class and weight",
                                "for example [[50, 10], [20, 1]]", "class_weights");
        exposure.source.class_weights.push_back({row[0], row[1]});
    }
    if (exposure.source.file.empty())
        throw section.error(fmt::format("exposure '{}' has no file", exposure.id));
    exposure.normalise = read_normalise(section);
    exposure.weight = read_weight(section);
    exposure.people = section.flag("people");
    exposure.error = section.maybe_number("error");
    exposure.modelled = section.flag("modelled");
    return exposure;
}

IndicatorTable read_table(const CheckedFile& file, const std::string& path) {
    const auto section = file.section(path);
    IndicatorTable table;
    if (!section.present())
        return table;
    static_cast<spec::Source&>(table) = section.source("file");
    name_field(table, section.text("code_field"), "code");
    table.weights = section.text("weights");
    table.ahp = section.rows("ahp");
    table.force = section.flag("force");
    table.modelled = section.flag("modelled");
    if (path == "vulnerability") {
        table.range = section.numbers("range");
        if (table.range.size() != 2 ||
            !(0 <= table.range[0] && table.range[0] <= table.range[1] && table.range[1] <= 1))
            throw section.error("range must be two rising numbers in 0..1", "", "range");
    } else {
        table.breaks = read_rule(section, "breaks", [](const std::string& text) {
            (void)raster::BreakRule::parse(text);
        });
    }
    for (const auto& entry : section.repeated("indicator"))
        table.indicators.push_back({entry.text("field"), entry.text("direction"),
                                    read_normalise(entry), read_weight(entry)});
    if (table.indicators.empty())
        throw section.error(fmt::format("[{}] has no [[{}.indicator]]", path, path));
    return table;
}

void read_weights(const CheckedFile& file, Project& project) {
    const auto section = file.section("weights");
    auto& weights = project.weights;
    weights.hazards = section.text("hazards");
    weights.combine_with = section.text("combine_with");
    weights.ahp = section.rows("ahp");
    weights.force = section.flag("force");
    weights.least = section.number("least");
    weights.losses = section.source("losses");
    name_field(weights.losses, section.text("losses_hazard_field"), "hazard");
    name_field(weights.losses, section.text("losses_amount_field"), "loss_10k_yuan");
    if (weights.hazards == "loss-share" && weights.losses.empty())
        throw section.error("weights by loss-share need a loss table", "give losses = \"...\"");
    const bool ahp = weights.hazards == "ahp" || weights.combine_with == "ahp";
    if (ahp && weights.ahp.size() != project.hazards.size())
        throw section.error(fmt::format("the AHP matrix has {} rows for {} hazards",
                                        weights.ahp.size(), project.hazards.size()),
                            "one row and column per hazard, in their order", "ahp");
    const double most = 1.0 / static_cast<double>(project.hazards.size());
    if (weights.least < 0 || weights.least > most)
        throw section.error(fmt::format("least = {:g} must be in 0..{:.3g}", weights.least, most),
                            "", "least");
}

void read_census(const CheckedFile& file, Project& project) {
    for (const auto& entry : file.repeated("census")) {
        CensusLayer layer = entry.source("file");
        layer.spec = entry.text("spec");
        project.census.push_back(std::move(layer));
    }
    const auto section = file.section("check");
    auto& check = project.check;
    check.before_run = section.flag("before_run");
    check.stop = section.text("stop");
    check.accept = section.texts("accept");
    check.crs = section.texts("crs");
    check.codes = section.flag("codes");
    check.outside = section.number("outside");
    check.snap = section.number("snap");
    check.holes = section.number("holes");
    if (check.outside < 0 || check.snap < 0 || check.holes < 0 || check.holes > 1)
        throw section.error("a number of [check] is out of range");
}

void read_zoning(const CheckedFile& file, Project& project) {
    const auto section = file.section("zoning");
    auto& zoning = project.zoning;
    zoning.method = section.text("method");
    zoning.k = section.whole("k");
    zoning.most = section.whole("most");
    zoning.floor = section.text("floor");
    zoning.floor_value = section.number("floor_value");
    zoning.height = section.source("height");
    zoning.border_tolerance = section.number("border_tolerance");
    zoning.least_share = section.number("least_share");
    zoning.sieve_km2 = section.number("sieve_km2");
    zoning.simplify_cells = section.number("simplify_cells");
    if (zoning.k < 0 || zoning.most < 1 || zoning.border_tolerance < 0 || zoning.sieve_km2 < 0 ||
        zoning.simplify_cells < 0)
        throw section.error("a number of [zoning] is negative");
    const bool known = zoning.floor == "none" || zoning.floor == "area" ||
                       std::any_of(project.exposures.begin(), project.exposures.end(),
                                   [&](const Exposure& e) { return e.id == zoning.floor; });
    if (!known)
        throw section.error(fmt::format("floor '{}' is not known", zoning.floor),
                            "none, area, or the id of an exposure", "floor");
}

void read_prevention(const CheckedFile& file, Project& project) {
    const auto section = file.section("prevention");
    auto& prevention = project.prevention;
    prevention.matrix = section.texts("matrix");
    try {
        (void)zoning::PreventionMatrix::parse(prevention.matrix);
    } catch (const Error& error) {
        throw section.error(error.what(), error.hint(), "matrix");
    }
    prevention.measures = section.source("measures");
    for (const auto& entry : section.repeated("override")) {
        OverrideRule rule{entry.text("hazard"), entry.whole("level"), entry.number("people"), 'K'};
        const auto letter = entry.text("class");
        if (letter.size() != 1)
            throw entry.error("class must be K, S or G", "", "class");
        rule.prevention = zoning::letter_of(zoning::parse_prevention_class(letter[0]));
        if (std::none_of(project.hazards.begin(), project.hazards.end(),
                         [&](const Hazard& h) { return h.id == rule.hazard; }))
            throw entry.error(fmt::format("there is no hazard '{}'", rule.hazard), "", "hazard");
        if (rule.level < 1 || rule.level > 5)
            throw entry.error("level must be 1 to 5", "", "level");
        prevention.overrides.push_back(rule);
    }
}

void read_camera_plan(const CheckedFile& file, ForestRules& forest) {
    const auto cameras = file.section("forest.cameras");
    forest.cameras = cameras.source("file");
    forest.mast = cameras.number("mast");
    forest.range = cameras.positive("range");
    if (forest.mast < 0)
        throw cameras.error("a mast is at least 0 m high", "", "mast");
    const auto candidates = file.section("forest.candidates");
    forest.candidates = candidates.source("file");
    forest.most_candidates = candidates.whole("most");
    forest.spacing = candidates.positive("spacing");
    forest.roads = candidates.source("roads");
    forest.road_distance = candidates.number("road_distance");
    const auto plan = file.section("forest.plan");
    forest.goal = plan.number("goal");
    forest.sites = plan.whole("sites");
    forest.budget = plan.number("budget");
    forest.cheapest = plan.text("least") == "cost";
    if (!(forest.goal > 0 && forest.goal <= 1))
        throw plan.error(fmt::format("a goal of {:g}", forest.goal),
                         "give a share of the forest, 0.5 for half of it", "goal");
    if (forest.sites < 0 || forest.budget < 0 || (forest.sites > 0 && forest.budget > 0) ||
        forest.most_candidates < 1)
        throw plan.error("sites, budget or most is out of range",
                         "give a number of sites or a budget, not both");
}

void read_forest(const CheckedFile& file, Project& project) {
    const auto section = file.section("forest");
    if (!section.present())
        return;
    auto& forest = project.forest;
    static_cast<spec::Source&>(forest) = section.source("file");
    forest.classes = section.numbers("classes");
    forest.height = section.source("height");
    forest.canopy = section.source("canopy");
    forest.refraction = section.number("refraction");
    forest.targets = section.numbers("targets");
    forest.modelled = section.flag("modelled");
    if (forest.targets.empty() ||
        std::any_of(forest.targets.begin(), forest.targets.end(), [](double t) { return t < 0; }))
        throw section.error("targets are heights of 0 m or more, at least one", "", "targets");
    read_camera_plan(file, forest);
    const auto townships = file.section("forest.townships");
    forest.fires = townships.source("fires");
    name_field(forest.fires, townships.text("burnt_field"), "burnt_ha");
    name_field(forest.fires, townships.text("date_field"), "date");
    forest.danger = townships.source("danger");
    forest.edge = townships.number("edge");
    forest.years = townships.number("years");
    forest.weights = read_rule(townships, "weights", [](const std::string& text) {
        if (!text.empty())
            (void)forest::TownshipWeights::parse(text);
    });
    const auto water = file.section("forest.water");
    forest.water = water.present();
    forest.water_points = water.source("file");
    forest.shores = water.numbers("shores");
    forest.water_distance = water.positive("distance");
    forest.water_lift = water.number("lift");
    forest.water_spacing = water.positive("spacing");
    forest.water_sites = water.whole("sites");
    if (forest.water && forest.water_sites < 1)
        throw water.error("a plan of water points needs at least one site", "", "sites");
    if (!forest.shores.empty() && forest.classes.empty())
        throw water.error("shores are classes of the forest's raster, and the forest is polygons",
                          "", "shores");
}

std::vector<std::string> read_formats(const SectionReader& section,
                                      const std::vector<std::string>& known) {
    auto formats = section.texts("formats");
    for (const auto& format : formats)
        if (std::find(known.begin(), known.end(), format) == known.end())
            throw section.error(fmt::format("unknown format '{}'", format),
                                fmt::format("known: {}", fmt::join(known, ", ")), "formats");
    return formats;
}

void read_uncertainty(const CheckedFile& file, Project& project) {
    const auto section = file.section("uncertainty");
    auto& settings = project.uncertainty;
    settings.draws = section.whole("draws");
    settings.seed = section.long_whole("seed");
    settings.concentration = section.positive("concentration");
    settings.breakpoints = section.number("breakpoints");
    settings.error = section.number("error");
    if (settings.draws < 0 || settings.draws == 1)
        throw section.error("draws are two or more", "0 for none", "draws");
    if (settings.concentration > 1e6)
        throw section.error("a concentration is at most 1e6", "100 is usual", "concentration");
    if (!(settings.breakpoints >= 0 && settings.breakpoints < 0.5))
        throw section.error("breakpoints move by 0 to 0.49 of their range", "", "breakpoints");
    if (!(settings.error >= 0 && settings.error <= 2))
        throw section.error("a relative error is 0 to 2", "0.1 is ten per cent", "error");
}

void read_atlas(const CheckedFile& file, Project& project) {
    const auto section = file.section("atlas");
    auto& atlas = project.atlas;
    atlas.make = section.flag("make");
    atlas.sheets = section.flag("sheets");
    atlas.web = section.flag("web");
    atlas.report = section.flag("report");
    atlas.paper = section.text("paper");
    atlas.dpi = section.positive("dpi");
    atlas.formats = read_formats(section, {"pdf", "png", "svg"});
    if (atlas.formats.empty())
        throw section.error("no format of sheets is asked for",
                            "for example formats = [\"pdf\"], or sheets = false", "formats");
    atlas.source = section.text("source");
    atlas.date = section.text("date");
    atlas.maker = section.text("maker");
    atlas.secrecy = section.text("secrecy");
    atlas.height_datum = section.text("height_datum");
    atlas.neighbours = section.source("neighbours");
    atlas.neighbours_name_field = section.text("neighbours_name_field");
}

void read_output(const CheckedFile& file, Project& project) {
    const auto section = file.section("output");
    project.output.folder =
        (std::filesystem::absolute(project.file).parent_path() / section.text("folder"))
            .lexically_normal();
    project.output.palette = section.text("palette");
    project.output.formats = read_formats(section, {"tif", "gpkg", "geojson", "csv"});
    if (project.atlas.make && !(project.output.has("tif") && project.output.has("gpkg"))) {
        if (file.section("atlas").present())
            throw section.error("the atlas is drawn from tif and gpkg, and formats lacks one",
                                "add it, or say make = false in [atlas]", "formats");
        project.atlas.make = false;
    }
    if (project.output.formats.empty())
        throw section.error("no format is asked for", "for example formats = [\"tif\", \"gpkg\"]",
                            "formats");
}

void read_areas(const CheckedFile& file, Project& project) {
    const auto city = file.section("areas.city");
    project.cities = read_area(city, false);
    project.city_code = city.text("code");
    project.city_name = {city.text("name"), city.text("name_en")};
    if (project.cities.file.empty() && project.city_code.empty())
        throw city.error("[areas.city] needs a code, or a layer", "for example code = \"330600\"");
    project.counties = read_area(file.section("areas.counties"), true);
    project.townships = read_area(file.section("areas.townships"), true);
}

void read_grid(const CheckedFile& file, Project& project) {
    const auto grid = file.section("grid");
    project.crs = grid.text("crs");
    Crs crs;
    try {
        crs = Crs::parse(project.crs);
    } catch (const Error& error) {
        throw grid.error(error.what(), error.hint(), "crs");
    }
    if (crs.geographic())
        throw grid.error(fmt::format("the grid's CRS {} is in degrees", project.crs),
                         "choose a projected one, for example EPSG:4549 (CGCS2000, 120 E)", "crs");
    project.cell_size = grid.number("cell_size");
    if (project.cell_size <= 0)
        throw grid.error("cell_size must be above zero", "", "cell_size");
    if (const auto box = grid.numbers("extent"); !box.empty()) {
        if (box.size() != 4 || box[0] >= box[2] || box[1] >= box[3])
            throw grid.error("extent must be left, bottom, right, top", "", "extent");
        project.extent = Box{box[0], box[1], box[2], box[3]};
    }
    project.valid_share = grid.number("valid_share");
    if (project.valid_share < 0 || project.valid_share > 1)
        throw grid.error("valid_share must be in 0..1", "", "valid_share");
}

} // namespace

bool OutputRules::has(const std::string& format) const {
    return std::find(formats.begin(), formats.end(), format) != formats.end();
}

Project read_project(const std::filesystem::path& path, const Instead& instead) {
    const CheckedFile file{path, instead};
    Project project;
    project.written = file.written();
    project.file = path;
    const auto head = file.section("project");
    project.id = head.text("id");
    project.title = {head.text("title"), head.text("title_en")};
    project.language = head.text("language") == "en" ? Language::en : Language::zh;
    project.notes = head.text("notes");
    read_areas(file, project);
    read_grid(file, project);
    std::set<std::string> seen;
    for (const auto& section : file.repeated("hazard"))
        project.hazards.push_back(read_hazard(section, seen));
    for (const auto& section : file.repeated("exposure"))
        project.exposures.push_back(read_exposure(section, seen));
    if (project.hazards.empty() || project.exposures.empty())
        throw input_error(fmt::format("'{}' names no {}", path.string(),
                                      project.hazards.empty() ? "hazard" : "exposure"));
    project.vulnerability = read_table(file, "vulnerability");
    project.capacity = read_table(file, "capacity");
    read_weights(file, project);
    const auto risk = file.section("risk");
    project.form = risk.text("form");
    project.combination = risk.text("combination");
    project.annual = risk.text("annual");
    const auto levels = file.section("levels");
    project.levels.method = read_rule(
        levels, "method", [](const std::string& text) { (void)raster::BreakRule::parse(text); });
    project.levels.zeros_apart = levels.flag("zeros_apart");
    project.levels.own_in_counties = levels.text("counties") == "own";
    project.levels.units = read_rule(
        levels, "units", [](const std::string& text) { (void)zoning::UnitLevelRule::parse(text); });
    read_zoning(file, project);
    read_prevention(file, project);
    read_forest(file, project);
    read_census(file, project);
    read_shelters(file, project);
    read_uncertainty(file, project);
    read_atlas(file, project);
    read_output(file, project);
    return project;
}

} // namespace riskmap::project
