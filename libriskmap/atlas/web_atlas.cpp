// SPDX-License-Identifier: MIT
#include "web_atlas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/vector/fields.hpp>

#include "built_in_web.hpp"
#include "web_image.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

constexpr int longest_image = 1400;
/// Beyond so many corners the shapes are rounded to 11 m instead of 1 m.
constexpr std::size_t fine_corners = 600000;

Json both(const Words& words) {
    return {{"zh", words.in(Language::zh)}, {"en", words.in(Language::en)}};
}

Json number(double value, int decimals) {
    if (std::isnan(value))
        return nullptr;
    const double unit = std::pow(10, decimals);
    return std::round(value * unit) / unit;
}

/// JSON as a script: nothing in it can end the script or a line of it.
std::string as_script(const std::string& name, const Json& json) {
    const auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '<' && i + 1 < text.size() && (text[i + 1] == '/' || text[i + 1] == '!')) {
            safe += "\\u003c";
        } else if (text.compare(i, 3, "\xE2\x80\xA8") == 0) {
            safe += "\\u2028";
            i += 2;
        } else if (text.compare(i, 3, "\xE2\x80\xA9") == 0) {
            safe += "\\u2029";
            i += 2;
        } else {
            safe += text[i];
        }
    }
    return "window." + name + " = " + safe + ";\n";
}

Json style_json(const Style& style) {
    Json classes = Json::array();
    for (const auto& c : style.classes)
        classes.push_back(
            {{"value", c.value}, {"words", both(c.words)}, {"colour", hex(c.colour)}});
    return {{"title", both(style.title)}, {"classes", classes}};
}

/// A column of units: where it comes from, what it is called, how it is shown.
struct Figure {
    std::string field;
    Words title;
    std::string kind; ///< "text", "number", "share", or the name of a style
    int decimals = 0;
};

std::vector<Figure> figures_of(const RunFolder& run) {
    std::vector<Figure> figures{
        {"code", {"代码", "code"}, "text"},
        {"county", {"所属", "part of"}, "text"},
        {"area_km2", {"面积 km²", "area, km²"}, "number", 1},
        {run.people_field(), run.people_title(), "number"},
        {"level", {"综合风险等级", "composite risk"}, "risk"},
        {"risk_weighted", {"综合风险指数", "risk index"}, "number", 4},
        {"dominant", {"主导灾害", "dominant hazards"}, "text"},
        {"capacity_level", {"减灾能力", "capacity"}, "capacity"},
        {"prevention", {"防治分区", "prevention zone"}, "prevention"},
        {"zone_name", {"风险区", "risk zone"}, "text"},
        {"certainty_share", {"等级正确的概率", "level is right with"}, "share"}};
    for (const auto& hazard : run.hazards())
        figures.push_back({"risk_" + hazard.id, hazard_title(hazard), "number", 4});
    figures.push_back({"measures", {"防治措施", "measures"}, "text"});
    std::erase_if(figures, [](const Figure& figure) { return figure.field.empty(); });
    return figures;
}

/// Columns of plans, joined to units by "code name".
struct PlanColumn {
    const char* file;
    const char* field;
    const char* to;
    Words title;
    const char* kind;
    int decimals;
};

const std::vector<PlanColumn>& plan_columns() {
    static const std::vector<PlanColumn> columns{
        {"camera_plan.gpkg", "forest_km2", "forest_km2", {"林地 km²", "forest, km²"}, "number", 2},
        {"camera_plan.gpkg",
         "share_before",
         "seen_before",
         {"监控覆盖率（现状）", "forest seen today"},
         "share",
         0},
        {"camera_plan.gpkg",
         "share",
         "seen_after",
         {"监控覆盖率（规划）", "forest seen as planned"},
         "share",
         0},
        {"key_townships.gpkg", "rank", "fire_rank", {"火险排名", "fire-danger rank"}, "number", 0},
        {"key_townships.gpkg", "level", "fire_level", {"火险等级", "fire danger"}, "risk", 0},
        {"shelter_plan.gpkg",
         "share_before",
         "served_before",
         {"避难覆盖率（现状）", "people served today"},
         "share",
         0},
        {"shelter_plan.gpkg",
         "share",
         "served_after",
         {"避难覆盖率（规划）", "people served as planned"},
         "share",
         0},
    };
    return columns;
}

/// How a share is shown as one of the five levels of coverage.
Json share_levels(const std::vector<double>& shares) {
    Json levels = Json::array();
    for (const double share : shares) {
        const auto level = vector::number_of(vector::share_level(share));
        levels.push_back(level ? Json(static_cast<int>(*level)) : Json());
    }
    return levels;
}

class WebData {
  public:
    WebData(const RunFolder& run, const SheetChoice& choice, const Execution& execution,
            const WebChange* change)
        : m_run{run}, m_choice{choice}, m_execution{execution}, m_change{change} {
        std::size_t corners = 0;
        for (const auto* city : run.cities())
            for (const auto& feature : run.units(*city).townships.features)
                for_each_ring(feature.shape.polygons,
                              [&](const Ring& ring, bool) { corners += ring.size(); });
        m_decimals = corners > fine_corners ? 4 : 5;
    }

    [[nodiscard]] Json data() {
        Json json;
        json["title"] = both(m_run.title());
        json["language"] = m_choice.language == Language::zh ? "zh" : "en";
        json["program"] = m_run.record().program;
        json["notes"] = m_run.record().project.notes;
        json["modelled"] = m_run.modelled_layers();
        json["people"] = m_run.people_field();
        for (const char* key : {"source", "date", "maker", "secrecy"})
            json[key] = m_run.setting(key);
        for (const char* name : {"risk", "capacity", "prevention", "coverage", "served", "seen_by",
                                 "certainty", "change"})
            json["styles"][name] = style_json(style(name, m_choice.palette));
        units(json);
        json["counties"] = areas("counties");
        json["cities"] = areas("own");
        json["zones"] = zones();
        themes(json);
        points(json);
        curves(json);
        return json;
    }
    /// Pictures by theme, apart from the rest: they are most of the bytes.
    [[nodiscard]] const Json& images() const noexcept { return m_images; }

  private:
    [[nodiscard]] Point rounded(Point p) const {
        const double unit = m_decimals == 5 ? 1e5 : 1e4;
        return {std::round(p.x * unit) / unit, std::round(p.y * unit) / unit};
    }
    [[nodiscard]] Json ring_json(const Ring& ring, const CrsTransform& to_degrees) const {
        Json out = Json::array();
        Point last{1e9, 1e9};
        for (const auto& corner : ring) {
            const auto p = rounded(to_degrees.apply(corner));
            if (p == last || !std::isfinite(p.x + p.y))
                continue;
            out.push_back({p.x, p.y});
            last = p;
        }
        if (!out.empty() && out.front() != out.back())
            out.push_back(out.front());
        return out.size() >= 4 ? out : Json::array();
    }
    [[nodiscard]] Json shape_json(const MultiPolygon& shape, const CrsTransform& to_degrees) const {
        Json polygons = Json::array();
        for (const auto& polygon : shape) {
            Json rings = Json::array();
            rings.push_back(ring_json(polygon.outer, to_degrees));
            if (rings[0].empty())
                continue; // thinner than the rounding
            for (const auto& hole : polygon.holes)
                if (auto ring = ring_json(hole, to_degrees); !ring.empty())
                    rings.push_back(std::move(ring));
            polygons.push_back(std::move(rings));
        }
        return {{"type", "MultiPolygon"}, {"coordinates", polygons}};
    }
    [[nodiscard]] static Json feature_json(Json properties, Json geometry) {
        return {{"type", "Feature"},
                {"properties", std::move(properties)},
                {"geometry", std::move(geometry)}};
    }
    [[nodiscard]] static Json collection() {
        return {{"type", "FeatureCollection"}, {"features", Json::array()}};
    }

    /// The place of a unit's name.
    [[nodiscard]] Json place_json(const MultiPolygon& shape, const CrsTransform& to_degrees) const {
        if (shape.empty())
            return nullptr;
        const auto p = rounded(to_degrees.apply(interior_point(shape)));
        return {p.x, p.y};
    }

    void units(Json& json) {
        const auto figures = figures_of(m_run);
        Json features = Json::array();
        std::set<std::string> used;
        std::map<std::string, std::size_t> by_unit;
        for (const auto* city : m_run.cities()) {
            const auto& layer = m_run.units(*city).townships;
            const CrsTransform to_degrees{layer.crs, Crs::wgs84()};
            const auto code = texts_of(layer, "code");
            const auto name = texts_of(layer, "name");
            const auto county_names = names_by_code(m_run.units(*city).counties);
            for (std::size_t i = 0; i < layer.features.size(); ++i) {
                Json properties{{"name", name[i]}};
                for (const auto& figure : figures) {
                    if (!layer.has_field(figure.field))
                        continue;
                    used.insert(figure.field);
                    const auto& value = layer.features[i].values[layer.field(figure.field)];
                    const auto amount = vector::number_of(value);
                    if (figure.field == "county")
                        properties[figure.field] = named(vector::text_of(value), county_names);
                    else if (figure.kind == "text")
                        properties[figure.field] = vector::text_of(value);
                    else
                        properties[figure.field] =
                            amount ? number(*amount, figure.kind == "share" ? 4 : figure.decimals)
                                   : Json();
                }
                if (m_change != nullptr)
                    if (const auto found = m_change->units.find(code[i]);
                        found != m_change->units.end()) {
                        properties["level_before"] = found->second.first;
                        properties["change"] = found->second.second;
                    }
                const auto& shape = layer.features[i].shape.polygons;
                properties["place"] = place_json(shape, to_degrees);
                by_unit[code[i] + " " + name[i]] = features.size();
                auto unit = feature_json(std::move(properties), shape_json(shape, to_degrees));
                unit["id"] = features.size() + 1;
                features.push_back(std::move(unit));
            }
        }
        json["fields"] = Json::array();
        json["fields"].push_back(field_json("name", {"名称", "name"}, "text", 0));
        for (const auto& figure : figures)
            if (used.contains(figure.field))
                json["fields"].push_back(
                    field_json(figure.field, figure.title, figure.kind, figure.decimals));
        if (m_change != nullptr) {
            json["fields"].push_back(
                field_json("level_before", {"原风险等级", "composite risk before"}, "risk", 0));
            json["fields"].push_back(
                field_json("change", {"等级变化", "change of level"}, "change", 0));
        }
        for (const auto& column : plan_columns())
            if (join(column, features, by_unit))
                json["fields"].push_back(
                    field_json(column.to, column.title, column.kind, column.decimals));
        json["units"] = collection();
        json["units"]["features"] = std::move(features);
    }
    [[nodiscard]] static Json field_json(const std::string& id, const Words& title,
                                         const std::string& kind, int decimals) {
        return {{"id", id}, {"title", both(title)}, {"kind", kind}, {"decimals", decimals}};
    }
    bool join(const PlanColumn& column, Json& features,
              const std::map<std::string, std::size_t>& by_unit) {
        const auto file = m_run.city_product(column.file);
        if (!file)
            return false;
        const std::string name =
            column.file == std::string{"key_townships.gpkg"} ? "key_townships" : "townships";
        const auto& layer = m_run.layer(*file, name);
        if (!layer.has_field(column.field))
            return false;
        const auto unit = texts_of(layer, "unit");
        const auto values = numbers_of(layer, column.field);
        const bool share = column.kind == std::string{"share"};
        const auto levels = share_levels(values);
        for (std::size_t i = 0; i < unit.size(); ++i) {
            const auto found = by_unit.find(unit[i]);
            if (found == by_unit.end())
                continue;
            auto& properties = features[found->second]["properties"];
            properties[column.to] = number(values[i], share ? 4 : column.decimals);
            if (share)
                properties[std::string{column.to} + "_level"] = levels[i];
        }
        return true;
    }

    [[nodiscard]] Json areas(const std::string& which) {
        auto out = collection();
        for (const auto* city : m_run.cities()) {
            const auto& units = m_run.units(*city);
            const auto& layer = which == "counties" ? units.counties : units.own;
            if (layer.features.empty())
                continue;
            const CrsTransform to_degrees{layer.crs, Crs::wgs84()};
            const auto code = texts_of(layer, "code");
            const auto name = texts_of(layer, "name");
            for (std::size_t i = 0; i < layer.features.size(); ++i) {
                const auto& shape = layer.features[i].shape.polygons;
                out["features"].push_back(feature_json({{"code", code[i]},
                                                        {"name", name[i]},
                                                        {"place", place_json(shape, to_degrees)}},
                                                       shape_json(shape, to_degrees)));
            }
        }
        return out;
    }

    [[nodiscard]] Json polygons(const vector::Layer& layer,
                                const std::vector<std::string>& fields) {
        auto out = collection();
        if (layer.features.empty())
            return out;
        const CrsTransform to_degrees{layer.crs, Crs::wgs84()};
        for (const auto& feature : layer.features) {
            Json properties = Json::object();
            for (const auto& field : fields) {
                if (!layer.has_field(field))
                    continue;
                const auto& value = feature.values[layer.field(field)];
                const bool text = layer.fields[layer.field(field)].type == vector::FieldType::text;
                const auto amount = vector::number_of(value);
                properties[field] = text     ? Json(vector::text_of(value))
                                    : amount ? number(*amount, 4)
                                             : Json();
            }
            out["features"].push_back(feature_json(std::move(properties),
                                                   shape_json(feature.shape.polygons, to_degrees)));
        }
        return out;
    }
    [[nodiscard]] Json zones() {
        auto out = collection();
        for (const auto* city : m_run.cities()) {
            auto part = polygons(m_run.layer(m_run.product(*city, "risk_zones.gpkg"), "risk_zones"),
                                 {"code", "name", "name_en", "level", "area_km2", "people"});
            for (auto& feature : part["features"])
                out["features"].push_back(std::move(feature));
        }
        return out;
    }

    /// Area and people by class, summed over cities.
    [[nodiscard]] Json class_sums(const std::string& product, const std::string& layer_name,
                                  const std::string& field, const char* style_name) const {
        std::map<int, std::array<double, 2>> all;
        for (const auto* city : m_run.cities()) {
            const auto& layer = m_run.layer(m_run.product(*city, product + ".gpkg"), layer_name);
            const auto sums = sums_by_class(layer, field, {"area_km2", "people"},
                                            style(style_name, m_choice.palette));
            for (const auto& [value, sum] : sums) {
                all[value][0] += sum.amounts[0];
                all[value][1] += sum.amounts[1];
            }
        }
        Json json = Json::object();
        for (const auto& [value, sum] : all)
            json[std::to_string(value)] = {number(sum[0], 1), number(sum[1], 0)};
        return json;
    }

    void raster_theme(Json& json, const std::string& id, const Words& title, const Json& more,
                      const std::function<CellFill(const fs::path&)>& fill,
                      const std::vector<fs::path>& files) {
        Json images = Json::array();
        double high = 0;
        for (const auto& file : files) {
            const auto cells = fill(file);
            high = std::max(high, cells.high);
            const auto image = web_image(cells, longest_image, m_execution);
            if (image.png.empty())
                continue;
            const auto& box = image.degrees;
            images.push_back({{"src", "data:image/png;base64," + base64(image.png)},
                              {"corners",
                               {{box.left, box.top},
                                {box.right, box.top},
                                {box.right, box.bottom},
                                {box.left, box.bottom}}}});
        }
        if (images.empty())
            return;
        m_images[id] = std::move(images);
        Json theme{{"id", id}, {"title", both(title)}, {"kind", "raster"}};
        theme.update(more);
        if (theme.contains("ramp"))
            theme["high"] = number(high, 4);
        json["themes"].push_back(std::move(theme));
    }
    [[nodiscard]] std::vector<fs::path> of_cities(const std::string& file) const {
        std::vector<fs::path> files;
        for (const auto* city : m_run.cities())
            if (m_run.has(*city, file))
                files.push_back(m_run.product(*city, file));
        return files;
    }
    [[nodiscard]] std::vector<fs::path> of_plan(const std::string& file) const {
        const auto found = m_run.city_product(file);
        return found ? std::vector<fs::path>{*found} : std::vector<fs::path>{};
    }
    [[nodiscard]] static Json ramp_json(const Style& ramp) {
        Json stops = Json::array();
        for (const auto& c : ramp.classes)
            stops.push_back({c.value / 1000.0, hex(c.colour)});
        return stops;
    }

    void surface_theme(Json& json, const std::string& product, const Words& title,
                       const Style& ramp) {
        // One scale for all cities.
        double high = 0;
        for (const auto& file : of_cities(product + ".tif"))
            high = std::max(high, top_of(raster::Reader{file}));
        raster_theme(
            json, product, title, {{"ramp", ramp_json(ramp)}},
            [&](const fs::path& file) {
                return CellFill{std::make_shared<const raster::Reader>(file), {}, &ramp, 0, high};
            },
            of_cities(product + ".tif"));
    }
    void class_theme(Json& json, const std::string& product, const Words& title,
                     const std::string& style_name, const Json& sums,
                     const std::vector<fs::path>& files, bool open_ended = false) {
        const auto& look = style(style_name, m_choice.palette);
        raster_theme(
            json, product, title, {{"style", style_name}, {"sums", sums}},
            [&](const fs::path& file) {
                CellFill fill{std::make_shared<const raster::Reader>(file),
                              class_entries(look, m_choice.language)};
                fill.open_ended = open_ended;
                return fill;
            },
            files);
    }
    static void unit_theme(Json& json, const std::string& id, const Words& title,
                           const std::string& field, const std::string& style_name) {
        json["themes"].push_back({{"id", id},
                                  {"title", both(title)},
                                  {"kind", "units"},
                                  {"field", field},
                                  {"style", style_name}});
    }
    /// A plan: units as they are and as they will be.
    static void plan_theme(Json& json, const std::string& id, const Words& title,
                           const std::string& field, const std::string& style_name,
                           const std::vector<std::string>& new_points) {
        json["themes"].push_back({{"id", id},
                                  {"title", both(title)},
                                  {"kind", "units"},
                                  {"field", field + "_after_level"},
                                  {"before", field + "_before_level"},
                                  {"new_points", new_points},
                                  {"style", style_name}});
    }

    void themes(Json& json) {
        json["themes"] = Json::array();
        if (m_change != nullptr) {
            unit_theme(json, "unit_change", {"等级变化（乡镇）", "change of level (townships)"},
                       "change", "change");
            class_theme(json, "cell_change", {"等级变化（像元）", "change of level (cells)"},
                        "change", Json::object(), m_change->cells);
        }
        class_theme(json, "risk_level", {"综合风险等级（像元）", "composite risk (cells)"}, "risk",
                    class_sums("risk_level", "risk_level", "level", "risk"),
                    of_cities("risk_level.tif"));
        unit_theme(json, "unit_levels", {"综合风险等级（乡镇）", "composite risk (townships)"},
                   "level", "risk");
        surface_theme(json, "composite_risk", {"综合风险指数", "composite risk index"},
                      style("surface", m_choice.palette));
        json["themes"].push_back({{"id", "risk_zones"},
                                  {"title", both({"综合风险区划", "risk zones"})},
                                  {"kind", "zones"},
                                  {"field", "level"},
                                  {"style", "risk"}});
        class_theme(
            json, "prevention_zones", {"综合防治区划（像元）", "prevention zones (cells)"},
            "prevention",
            class_sums("prevention_zones", "prevention_zones_cells", "prevention", "prevention"),
            of_cities("prevention_zones.tif"));
        unit_theme(json, "unit_prevention",
                   {"综合防治区划（乡镇）", "prevention zones (townships)"}, "prevention",
                   "prevention");
        unit_theme(json, "unit_capacity", {"减灾能力", "capacity"}, "capacity_level", "capacity");
        class_theme(json, "level_certainty", {"风险等级可靠性", "how sure the levels are"},
                    "certainty", class_sums("level_certainty", "classes", "certainty", "certainty"),
                    of_cities("level_certainty.tif"));
        for (const auto& hazard : m_run.hazards())
            surface_theme(json, "risk_" + hazard.id, hazard_title(hazard), hazard_style(hazard.id));
        if (m_run.city_product("camera_plan.gpkg")) {
            plan_theme(json, "forest_seen", {"林区视频监控覆盖率", "forest seen by cameras"},
                       "seen", "coverage", {"cameras_new"});
            class_theme(json, "camera_plan_count", {"可见摄像头数（规划）", "cameras as planned"},
                        "seen_by", Json::object(), of_plan("camera_plan_count.tif"), true);
        }
        if (m_run.city_product("key_townships.gpkg"))
            unit_theme(json, "fire_danger", {"森林火险等级", "forest-fire danger"}, "fire_level",
                       "risk");
        if (m_run.city_product("shelter_plan.gpkg"))
            plan_theme(json, "people_served",
                       {"避难场所服务覆盖率", "people within reach of a shelter"}, "served",
                       "served", {"shelters_new"});
    }

    void point_layer(Json& json, const std::string& id, const char* file, const char* layer_name,
                     const char* symbol_name) {
        const auto path = m_run.city_product(file);
        if (!path)
            return;
        const auto& layer = m_run.layer(*path, layer_name);
        if (layer.features.empty())
            return;
        const auto& look = symbol(symbol_name);
        Json features = Json::array();
        const CrsTransform to_degrees{layer.crs, Crs::wgs84()};
        for (const auto& feature : layer.features) {
            if (feature.shape.points.empty())
                continue;
            const auto p = rounded(to_degrees.apply(feature.shape.points[0]));
            Json properties = Json::object();
            for (std::size_t f = 0; f < layer.fields.size(); ++f) {
                const auto amount = vector::number_of(feature.values[f]);
                const bool text = layer.fields[f].type == vector::FieldType::text;
                if (std::holds_alternative<std::monostate>(feature.values[f]))
                    continue;
                properties[layer.fields[f].name] =
                    text || !amount ? Json(vector::text_of(feature.values[f])) : number(*amount, 3);
            }
            features.push_back(feature_json(std::move(properties),
                                            {{"type", "Point"}, {"coordinates", {p.x, p.y}}}));
        }
        auto points = collection();
        points["features"] = std::move(features);
        json["points"].push_back({{"id", id},
                                  {"title", both(look.words)},
                                  {"colour", hex(look.colour)},
                                  {"size", look.size},
                                  {"data", std::move(points)}});
    }
    void points(Json& json) {
        json["points"] = Json::array();
        point_layer(json, "settlements", "isolation.gpkg", "settlements", "settlement");
        point_layer(json, "excluded", "shelter_plan.gpkg", "excluded", "shelter_excluded");
        point_layer(json, "cameras", "cameras_seen.gpkg", "cameras", "camera");
        point_layer(json, "cameras_new", "camera_plan.gpkg", "sites", "camera_new");
        point_layer(json, "water_new", "water_plan.gpkg", "sites", "water_new");
        point_layer(json, "shelters", "shelters_today.gpkg", "existing", "shelter");
        point_layer(json, "shelters_new", "shelter_plan.gpkg", "sites", "shelter_new");
    }

    void curve(Json& json, const char* file, const Words& title, const Words& x, double goal) {
        const auto path = m_run.city_product(file);
        if (!path)
            return;
        const auto table = vector::read_layer(*path, {}, vector::Geometry::none);
        const auto sites = numbers_of(table, "sites");
        const auto share = numbers_of(table, "share");
        Json points = Json::array();
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (!std::isnan(sites[i]) && !std::isnan(share[i]))
                points.push_back({sites[i], number(share[i], 5)});
        if (!points.empty())
            json["curves"].push_back({{"title", both(title)},
                                      {"x", both(x)},
                                      {"points", points},
                                      {"goal", goal > 0 ? Json(goal) : Json()}});
    }
    void curves(Json& json) {
        json["curves"] = Json::array();
        double goal = 0;
        if (const auto& parameters = m_run.parameters(); parameters.contains("forest"))
            goal = parameters["forest"].at("plan").value("goal", 0.0);
        curve(json, "camera_plan_curve.csv", {"林区视频监控覆盖率", "forest seen by cameras"},
              {"新增摄像头数", "new cameras"}, goal);
        curve(json, "water_plan_curve.csv", {"可供水森林占比", "forest in reach of water"},
              {"新增水源点数", "new water points"}, 0);
        curve(json, "shelter_plan_curve.csv", {"避难场所覆盖人口占比", "people within reach"},
              {"新增避难场所数", "new shelters"}, 0);
    }

    const RunFolder& m_run;
    SheetChoice m_choice;
    const Execution& m_execution;
    const WebChange* m_change;
    int m_decimals = 5;
    Json m_images = Json::object();
};

} // namespace

void write_web(const RunFolder& run, const fs::path& folder, const SheetChoice& choice,
               const Execution& execution, const WebChange* change) {
    const auto& built_in = built_in_web();
    if (built_in.at("maplibre-gl.js").empty())
        throw input_error("this riskmap was built without MapLibre: no web atlas",
                          "build it where npm reaches its registry, or leave the web atlas out");
    WebData web{run, choice, execution, change};
    const auto data = web.data();
    for (const auto& [name, text] : built_in)
        write_file(folder / name, text);
    write_file(folder / "data.js", as_script("ATLAS", data));
    write_file(folder / "images.js", as_script("ATLAS_IMAGES", web.images()));
}

std::vector<fs::path> web_files(const fs::path& target) {
    std::vector<fs::path> files{target / "web" / "data.js", target / "web" / "images.js"};
    for (const auto& [name, text] : built_in_web())
        files.push_back(target / "web" / name);
    return files;
}

} // namespace riskmap::atlas
