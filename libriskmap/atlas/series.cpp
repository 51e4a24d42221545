// SPDX-License-Identifier: MIT
#include "series.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/value_counts.hpp>
#include <riskmap/vector/fields.hpp>

#include "numbers.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

constexpr const char* area_column_zh = "面积 km²";
constexpr const char* area_column_en = "km²";

/// The names of areas on a map: "330602001 塔山街道" of a coverage layer without its code.
std::string bare_name(const std::string& unit) {
    const auto blank = unit.find(' ');
    const bool code = blank != std::string::npos && unit.find_first_not_of("0123456789") == blank;
    return code ? unit.substr(blank + 1) : unit;
}

/// Makes the sheets of one area.
class SheetMaker {
  public:
    SheetMaker(const RunFolder& run, const RunArea& area, const SheetChoice& choice)
        : m_run{run}, m_area{area}, m_choice{choice}, m_units{run.units(area)},
          m_crs{metric_crs(m_units.own.crs, vector::bounds(m_units.own.features[0].shape))},
          m_to_map{m_units.own.crs, m_crs} {}

    [[nodiscard]] std::string words(const char* zh, const char* en) const {
        return m_choice.language == Language::zh ? zh : en;
    }
    [[nodiscard]] std::string words(const Words& both) const { return both.in(m_choice.language); }
    [[nodiscard]] const Style& style_of(const char* name) const {
        return style(name, m_choice.palette);
    }

    /// All that sheets of this area share.
    [[nodiscard]] Sheet base(const std::string& product_title) const {
        Sheet sheet;
        sheet.crs = m_crs;
        const auto own = on_map(m_units.own);
        for (const auto& shape : own)
            sheet.area.add(bounds(shape));
        const bool zh = m_choice.language == Language::zh;
        sheet.title = m_area.name + (zh ? "" : ": ") + product_title + (zh ? "图" : "");
        sheet.subtitle = words(m_run.title());
        sheet.secrecy = m_run.setting("secrecy");
        const auto modelled = m_run.modelled_layers();
        if (!modelled.empty())
            sheet.status = words("模拟数据", "modelled");
        sheet.language = m_choice.language;
        surroundings(sheet);
        borders(sheet, own);
        names(sheet);
        notes(sheet, modelled);
        if (const auto heights = m_run.heights(); !heights.empty())
            sheet.heights = std::make_shared<const raster::Reader>(heights);
        sheet.shaded = own;
        return sheet;
    }

    void surface(Sheet& sheet, const std::string& product, const Style& ramp,
                 const std::string& title) const {
        auto cells = open(product + ".tif");
        const double high = top_of(*cells);
        sheet.cells = CellFill{std::move(cells), {}, &ramp, 0, high};
        Legend legend;
        legend.title = title;
        legend.ramp = &ramp;
        legend.high = high;
        legend.note = words("色带上限为本图像元的98%分位数", "the ramp ends at the 98 % quantile");
        sheet.legends.push_back(std::move(legend));
    }

    void classes(Sheet& sheet, const std::string& product, const Style& style,
                 const std::string& layer, const std::string& field) const {
        sheet.cells = CellFill{open(product + ".tif"), class_entries(style, m_choice.language)};
        const auto& cells = m_run.layer(m_run.product(m_area, product + ".gpkg"), layer);
        sheet.legends.push_back(sums_legend(style, cells, field, "people"));
    }

    void unit_levels(Sheet& sheet) const {
        const auto& style = style_of("risk");
        sheet.fills.push_back(filled(m_units.townships, "level", style));
        sheet.legends.push_back(
            sums_legend(style, m_units.townships, "level", m_run.people_field()));
    }

    void risk_zones(Sheet& sheet) const {
        const auto& zones = m_run.layer(m_run.product(m_area, "risk_zones.gpkg"), "risk_zones");
        const auto& style = style_of("risk");
        sheet.fills.push_back(filled(zones, "level", style));
        const auto codes = texts_of(zones, "code");
        const auto zone_names =
            texts_of(zones, m_choice.language == Language::zh ? "name" : "name_en");
        auto legend = feature_legend(words("风险区划", "Risk zones"), style, zones);
        SymbolSet outlines{symbol("border_county")};
        std::vector<PlaceName> numbers;
        for (std::size_t z = 0; z < codes.size(); ++z) {
            const auto serial = codes[z].substr(codes[z].rfind('-') + 1);
            legend.rows[z].words = serial + " " + zone_names[z];
            auto shape = m_to_map.apply(zones.features[z].shape.polygons);
            if (shape.empty())
                continue;
            numbers.push_back({serial, interior_point(shape), 1});
            outlines.areas.push_back(std::move(shape));
        }
        sheet.legends.push_back(std::move(legend));
        sheet.symbols.push_back(std::move(outlines));
        sheet.names.insert(sheet.names.begin(), numbers.begin(), numbers.end());
    }

    void camera_plan(Sheet& sheet) const { forest_plan(sheet, "camera_plan", "camera"); }
    void water_plan(Sheet& sheet) const { forest_plan(sheet, "water_plan", "water"); }

    void cameras_seen(Sheet& sheet) const {
        const auto file = *m_run.city_product("cameras_seen.gpkg");
        seen_cells(sheet, *m_run.city_product("cameras_seen.tif"), file);
        points(sheet, m_run.layer(file, "cameras"), "camera", "");
    }

    void key_townships(Sheet& sheet) const {
        const auto file = *m_run.city_product("key_townships.gpkg");
        const auto& townships = m_run.layer(file, "key_townships");
        const auto& style = style_of("risk");
        sheet.fills.push_back(filled(townships, "level", style));
        const auto key = numbers_of(townships, "key");
        auto legend = rows_of(style, words("火险等级", "Level of forest-fire danger"));
        legend.columns = {words("乡镇数", "townships"), words("林地 km²", "forest km²")};
        count_levels(legend, style, townships, "forest_km2", "无林地", "no forest");
        SymbolSet outlines{symbol("border_city")};
        outlines.symbol.colour = {120, 0, 60};
        outlines.symbol.words = {"重点乡镇", "key township"};
        for (std::size_t t = 0; t < key.size(); ++t)
            if (key[t] == 1)
                outlines.areas.push_back(m_to_map.apply(townships.features[t].shape.polygons));
        LegendRow row;
        row.symbol = outlines.symbol;
        row.words = words(outlines.symbol.words);
        row.figures = {grouped(static_cast<double>(outlines.areas.size())), ""};
        legend.rows.push_back(std::move(row));
        sheet.legends.push_back(std::move(legend));
        sheet.symbols.push_back(std::move(outlines));
    }

    void shelters_today(Sheet& sheet) const {
        const auto file = *m_run.city_product("shelters_today.gpkg");
        served(sheet, file);
        points(sheet, m_run.layer(file, "existing"), "shelter", "");
    }

    void shelter_plan(Sheet& sheet) const {
        const auto file = *m_run.city_product("shelter_plan.gpkg");
        served(sheet, file);
        points(sheet, m_run.layer(file, "existing"), "shelter", "");
        points(sheet, m_run.layer(file, "sites"), "shelter_new", "rank");
    }

    void shelter_reach(Sheet& sheet) const {
        const auto file = *m_run.city_product("shelter_reach.gpkg");
        const auto& reach = m_run.layer(file, "reach");
        const auto& style = style_of("reach");
        sheet.fills.push_back(filled(reach, "level", style));
        auto legend = feature_legend(words("至最近避难场所的路程", "Way to the nearest shelter"),
                                     style, reach);
        const auto from = texts_of(reach, "from");
        const auto to = texts_of(reach, "to");
        for (std::size_t i = 0; i < from.size(); ++i)
            legend.rows[i].words = to[i].empty() ? "> " + from[i] : from[i] + " – " + to[i];
        legend.note = words("未着色处超出最远一圈", "not coloured: farther than the last band");
        sheet.legends.push_back(std::move(legend));
        if (const auto today = m_run.city_product("shelters_today.gpkg"))
            points(sheet, m_run.layer(*today, "existing"), "shelter", "");
        if (const auto plan = m_run.city_product("shelter_plan.gpkg"))
            points(sheet, m_run.layer(*plan, "sites"), "shelter_new", "");
    }

    void isolation(Sheet& sheet) const {
        const auto file = *m_run.city_product("isolation.gpkg");
        const auto& roads = m_run.layer(file, "closed_roads");
        SymbolSet lines{symbol("closed_road")};
        const CrsTransform to_map{roads.crs.empty() ? m_crs : roads.crs, m_crs};
        for (const auto& feature : roads.features)
            for (const auto& line : feature.shape.lines)
                lines.lines.push_back(to_map.apply(line));
        const auto& style = style_of("cut_off");
        const auto& all = m_run.layer(file, "settlements");
        const auto state = numbers_of(all, "state");
        const auto people = numbers_of(all, "people");
        auto legend = rows_of(style, words(style.title));
        legend.columns = {words("村落数", "places"), words("人口", "people")};
        for (std::size_t c = style.classes.size(); c-- > 0;) {
            SymbolSet set;
            set.symbol = symbol("settlement");
            set.symbol.colour = style.classes[c].colour;
            const bool off = style.classes[c].value != 0;
            set.symbol.size = off ? 1.6 : 0.9;
            const CrsTransform places{all.crs.empty() ? m_crs : all.crs, m_crs};
            double count = 0;
            double sum = 0;
            for (std::size_t i = 0; i < state.size(); ++i) {
                if (state[i] != style.classes[c].value || all.features[i].shape.points.empty())
                    continue;
                set.places.push_back(places.apply(all.features[i].shape.points[0]));
                count += 1;
                sum += std::isnan(people[i]) ? 0 : people[i];
            }
            legend.rows[c].fill.reset();
            legend.rows[c].symbol = set.symbol;
            legend.rows[c].figures = {grouped(count), grouped(sum)};
            if (c + 1 == style.classes.size())
                sheet.symbols.push_back(lines); // roads lie over those that are reached
            sheet.symbols.push_back(std::move(set));
        }
        LegendRow row;
        row.symbol = lines.symbol;
        row.words = words(lines.symbol.words);
        legend.rows.push_back(std::move(row));
        sheet.legends.push_back(std::move(legend));
    }

  private:
    [[nodiscard]] std::shared_ptr<const raster::Source> open(const std::string& file) const {
        return std::make_shared<const raster::Reader>(m_run.product(m_area, file));
    }
    [[nodiscard]] std::string people_words() const {
        const auto own = words(m_run.people_title());
        return own.empty() ? words("人口", "people") : own;
    }
    [[nodiscard]] std::vector<MultiPolygon> on_map(const vector::Layer& layer) const {
        std::vector<MultiPolygon> shapes;
        if (layer.features.empty())
            return shapes;
        const CrsTransform to_map{layer.crs, m_crs};
        for (const auto& feature : layer.features)
            shapes.push_back(to_map.apply(feature.shape.polygons));
        return shapes;
    }
    [[nodiscard]] AreaFill filled(const vector::Layer& layer, const std::string& field,
                                  const Style& style) const {
        AreaFill fill{on_map(layer), {}};
        for (const double value : numbers_of(layer, field))
            fill.colours.push_back(class_colour(style, value));
        return fill;
    }
    [[nodiscard]] Legend rows_of(const Style& style, const std::string& title) const {
        Legend legend;
        legend.title = title;
        legend.rows = legend_rows(style, m_choice.language);
        return legend;
    }
    /// A row for each feature, in the colour of its level, with its area and people; the words
    /// are still to be said.
    [[nodiscard]] Legend feature_legend(const std::string& title, const Style& style,
                                        const vector::Layer& layer) const {
        Legend legend;
        legend.title = title;
        legend.columns = {words(area_column_zh, area_column_en), people_words()};
        const auto level = numbers_of(layer, "level");
        const auto areas = numbers_of(layer, "area_km2");
        const auto people = numbers_of(layer, "people");
        for (std::size_t i = 0; i < level.size(); ++i) {
            auto& row = legend.rows.emplace_back();
            row.fill = class_colour(style, level[i]);
            row.figures = {grouped(areas[i]), grouped(people[i])};
        }
        return legend;
    }
    /// How many townships have each level, and the sum of an amount over them.
    void count_levels(Legend& legend, const Style& style, const vector::Layer& townships,
                      const std::string& amount, const char* none_zh, const char* none_en) const {
        auto sums = sums_by_class(townships, "level", {amount}, style);
        for (std::size_t c = 0; c < style.classes.size(); ++c) {
            const auto& sum = sums[style.classes[c].value];
            const double there = sum.amounts[0];
            legend.rows[c].figures = {
                grouped(sum.count), amount.ends_with("_km2") ? grouped_km2(there) : grouped(there)};
        }
        add_no_data(legend, numbers_of(townships, "level"), none_zh, none_en);
    }
    /// A row for areas without a value, if there are any.
    void add_no_data(Legend& legend, const std::vector<double>& values, const char* zh = "无数据",
                     const char* en = "no data") const {
        const auto without =
            std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); });
        if (without == 0)
            return;
        LegendRow row;
        row.fill = symbol("no_data").colour;
        row.words = fmt::format("{} ({})", words(zh, en), without);
        legend.rows.push_back(std::move(row));
    }
    /// Area and people of the features of each class; classes without any stay.
    [[nodiscard]] Legend sums_legend(const Style& style, const vector::Layer& layer,
                                     const std::string& field,
                                     const std::string& people_field) const {
        auto legend = rows_of(style, words(style.title));
        legend.columns = {words(area_column_zh, area_column_en)};
        const auto people = numbers_of(layer, people_field);
        const bool counted =
            std::any_of(people.begin(), people.end(), [](double v) { return !std::isnan(v); });
        if (counted)
            legend.columns.push_back(people_words());
        auto sums = sums_by_class(layer, field, {"area_km2", people_field}, style);
        for (std::size_t c = 0; c < style.classes.size(); ++c) {
            const auto& amounts = sums[style.classes[c].value].amounts;
            legend.rows[c].figures = {grouped_km2(amounts[0])};
            if (counted)
                legend.rows[c].figures.push_back(grouped(amounts[1]));
        }
        add_no_data(legend, numbers_of(layer, field));
        return legend;
    }

    void surroundings(Sheet& sheet) const {
        const auto code = m_area.code;
        const auto add = [&](const vector::Layer& layer, const std::string& skip) {
            const auto codes = texts_of(layer, "code");
            const auto area_names = texts_of(layer, "name");
            const auto shapes = on_map(layer);
            for (std::size_t i = 0; i < shapes.size(); ++i) {
                if (shapes[i].empty() || (!skip.empty() && codes[i] == skip))
                    continue;
                sheet.neighbours.push_back({area_names[i], shapes[i]});
            }
        };
        for (const auto* city : m_run.cities()) {
            if (m_area.county)
                add(m_run.units(*city).counties, code);
            else if (city->code != code)
                add(m_run.units(*city).own, "");
        }
        if (const auto& around = m_run.neighbours(); !around.features.empty())
            add(around, "");
    }
    void borders(Sheet& sheet, const std::vector<MultiPolygon>& own) const {
        sheet.symbols.push_back({symbol("border_township"), {}, {}, {}, on_map(m_units.townships)});
        if (!m_area.county)
            sheet.symbols.push_back(
                {symbol("border_county"), {}, {}, {}, on_map(m_units.counties)});
        sheet.symbols.push_back(
            {symbol(m_area.county ? "border_county" : "border_city"), {}, {}, {}, own});
    }
    void names(Sheet& sheet) const {
        const auto add = [&](const vector::Layer& layer, int rank) {
            const auto all = texts_of(layer, "name");
            const auto shapes = on_map(layer);
            for (std::size_t i = 0; i < shapes.size(); ++i)
                if (!shapes[i].empty())
                    sheet.names.push_back({bare_name(all[i]), interior_point(shapes[i]), rank});
        };
        if (!m_area.county)
            add(m_units.counties, 1);
        add(m_units.townships, m_area.county ? 1 : 2);
    }
    void notes(Sheet& sheet, const std::string& modelled) const {
        const auto add = [&](const char* zh, const char* en, const std::string& value) {
            if (!value.empty())
                sheet.notes.emplace_back(words(zh, en), value);
        };
        if (!modelled.empty())
            add("模拟数据", "Modelled", modelled);
        add("资料来源", "Source", m_run.setting("source"));
        add("坐标系", "Coordinate system", m_crs.title());
        const auto datum = m_run.setting("height_datum");
        add("高程基准", "Height datum",
            !datum.empty() || m_run.heights().empty() ? datum : words("未说明", "not stated"));
        add("编制单位", "Made by", m_run.setting("maker"));
        add("编制日期", "Date", m_run.setting("date"));
        add("制图程序", "Program", m_run.record().program);
    }

    void points(Sheet& sheet, const vector::Layer& layer, const char* symbol_name,
                const std::string& label_field) const {
        SymbolSet set{symbol(symbol_name)};
        if (!layer.features.empty()) {
            for (const auto& feature : vector::transformed(layer, m_crs).features)
                set.places.push_back(feature.shape.points.at(0));
            if (!label_field.empty())
                set.labels = texts_of(layer, label_field);
        }
        LegendRow row;
        row.symbol = set.symbol;
        row.words = fmt::format("{} ({})", words(set.symbol.words), set.places.size());
        if (sheet.legends.empty())
            sheet.legends.emplace_back();
        sheet.legends.back().rows.push_back(std::move(row));
        sheet.symbols.push_back(std::move(set));
    }

    /// Forest cells by how many sites see or serve them.
    void seen_cells(Sheet& sheet, const fs::path& cells, const fs::path& layers) const {
        const auto& style = style_of("seen_by");
        auto source = std::make_shared<const raster::Reader>(cells);
        sheet.cells = CellFill{std::move(source), class_entries(style, m_choice.language)};
        sheet.cells->open_ended = true;
        auto legend = rows_of(style, words(style.title));
        const auto& all = m_run.layer(layers, "cities");
        double forest = 0;
        double seen = 0;
        for (const double km2 : numbers_of(all, "forest_km2"))
            forest += km2;
        for (const double km2 : numbers_of(all, "seen_km2"))
            seen += km2;
        if (forest > 0)
            legend.note = fmt::format("{} {} km²{} {} km² ({})", words("林地", "forest"),
                                      grouped(forest), words("，其中覆盖", ", of it covered"),
                                      grouped(seen), percent(seen / forest, 2));
        sheet.legends.push_back(std::move(legend));
    }
    void forest_plan(Sheet& sheet, const std::string& plan, const std::string& kind) const {
        const auto file = *m_run.city_product(plan + ".gpkg");
        seen_cells(sheet, *m_run.city_product(plan + "_count.tif"), file);
        if (kind == "water")
            sheet.legends.back().title = words("可供水的水源点数", "Water points in reach");
        const auto& existing = m_run.layer(file, kind == "camera" ? "cameras" : "points");
        if (!existing.features.empty())
            points(sheet, existing, kind.c_str(), "");
        points(sheet, m_run.layer(file, "sites"), (kind + "_new").c_str(), "rank");
    }
    void served(Sheet& sheet, const fs::path& file) const {
        const auto& style = style_of("served");
        const auto& townships = m_run.layer(file, "townships");
        sheet.fills.push_back(filled(townships, "level", style));
        auto legend = rows_of(style, words(style.title));
        legend.columns = {words("乡镇数", "units"), words("人口", "people")};
        count_levels(legend, style, townships, "people", "无人口数据", "no people");
        sheet.legends.push_back(std::move(legend));
    }

    const RunFolder& m_run;
    const RunArea& m_area;
    SheetChoice m_choice;
    const RunUnits& m_units;
    Crs m_crs;
    CrsTransform m_to_map;
};

/// One series of sheets: where it comes from and what is on it.
struct Series {
    const char* product;
    Words title;
    const char* file; ///< without which the area has no such sheet
    bool of_city;     ///< a product of the whole city
    void (*draw)(const SheetMaker& maker, Sheet& sheet);
};

const std::vector<Series>& all_series() {
    static const std::vector<Series> table{
        {"composite_risk",
         {"自然灾害综合风险指数", "composite risk index"},
         "composite_risk.tif",
         false,
         [](const SheetMaker& maker, Sheet& sheet) {
             maker.surface(sheet, "composite_risk", maker.style_of("surface"),
                           maker.words("综合风险指数", "Composite risk index"));
         }},
        {"risk_level",
         {"自然灾害综合风险等级", "composite risk"},
         "risk_level.tif",
         false,
         [](const SheetMaker& maker, Sheet& sheet) {
             maker.classes(sheet, "risk_level", maker.style_of("risk"), "risk_level", "level");
         }},
        {"unit_levels",
         {"乡镇综合风险等级", "composite risk by township"},
         "units.gpkg",
         false,
         [](const SheetMaker& maker, Sheet& sheet) { maker.unit_levels(sheet); }},
        {"risk_zones",
         {"综合风险区划", "risk zones"},
         "risk_zones.gpkg",
         false,
         [](const SheetMaker& maker, Sheet& sheet) { maker.risk_zones(sheet); }},
        {"prevention_zones",
         {"综合防治区划", "prevention zones"},
         "prevention_zones.tif",
         false,
         [](const SheetMaker& maker, Sheet& sheet) {
             maker.classes(sheet, "prevention_zones", maker.style_of("prevention"),
                           "prevention_zones_cells", "prevention");
         }},
        {"level_certainty",
         {"风险等级可靠性", "how sure the levels are"},
         "level_certainty.tif",
         false,
         [](const SheetMaker& maker, Sheet& sheet) {
             maker.classes(sheet, "level_certainty", maker.style_of("certainty"), "classes",
                           "certainty");
         }},
        {"cameras_seen",
         {"林区视频监控现状覆盖", "forest seen by cameras today"},
         "cameras_seen.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.cameras_seen(sheet); }},
        {"camera_plan",
         {"林区视频监控规划", "plan of new cameras"},
         "camera_plan.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.camera_plan(sheet); }},
        {"key_townships",
         {"森林防火重点乡镇", "key forest-fire townships"},
         "key_townships.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.key_townships(sheet); }},
        {"water_plan",
         {"森林消防水源规划", "plan of fire water"},
         "water_plan.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.water_plan(sheet); }},
        {"shelters_today",
         {"避难场所现状", "shelters today"},
         "shelters_today.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.shelters_today(sheet); }},
        {"shelter_plan",
         {"避难场所规划", "plan of new shelters"},
         "shelter_plan.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.shelter_plan(sheet); }},
        {"shelter_reach",
         {"避难场所可达范围", "reach of shelters"},
         "shelter_reach.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.shelter_reach(sheet); }},
        {"isolation",
         {"孤立村落", "settlements cut off"},
         "isolation.gpkg",
         true,
         [](const SheetMaker& maker, Sheet& sheet) { maker.isolation(sheet); }},
    };
    return table;
}

} // namespace

Words hazard_title(const RunLayer& hazard) {
    return {hazard.title.zh + "风险指数", hazard.title.en + " risk index"};
}

std::vector<LegendRow> legend_rows(const Style& style, Language language) {
    std::vector<LegendRow> rows;
    for (const auto& c : style.classes) {
        auto& row = rows.emplace_back();
        row.fill = c.colour;
        row.words = c.words.in(language);
    }
    return rows;
}

double top_of(const raster::Source& cells) {
    const auto bins = raster::count_values(cells, Execution{1}).bins();
    if (bins.empty() || bins.back().high <= 0)
        return 1;
    const double high = raster::quantile(bins, 0.98);
    return high > 0 ? high : bins.back().high; // few cells have any
}

std::vector<std::string> sheet_products(const SheetOwner& owner,
                                        const std::function<bool(const std::string&)>& has) {
    std::vector<std::string> products;
    for (const auto& series : all_series()) {
        if (series.product == std::string{"cameras_seen"}) // after the maps of all hazards together
            for (const auto& hazard : owner.hazards)
                if (has("risk_" + hazard + ".tif"))
                    products.push_back("risk_" + hazard);
        // With several cities the plans of all lie in a folder of their own: on no city's sheet.
        if (series.of_city && (owner.county || !owner.only_city))
            continue;
        if (has(series.file))
            products.emplace_back(series.product);
    }
    return products;
}

std::vector<SheetName> sheets_of(const RunFolder& run, const RunArea& area) {
    SheetOwner owner{area.county, run.cities().size() == 1, {}};
    for (const auto& hazard : run.hazards())
        owner.hazards.push_back(hazard.id);
    std::vector<SheetName> sheets;
    for (const auto& product :
         sheet_products(owner, [&](const std::string& file) { return run.has(area, file); })) {
        Words title;
        for (const auto& series : all_series())
            if (series.product == product)
                title = series.title;
        for (const auto& hazard : run.hazards())
            if ("risk_" + hazard.id == product)
                title = hazard_title(hazard);
        sheets.push_back({product, title});
    }
    return sheets;
}

Sheet base_sheet(const RunFolder& run, const RunArea& area, const std::string& title,
                 const SheetChoice& choice) {
    return SheetMaker{run, area, choice}.base(title);
}

Sheet make_sheet(const RunFolder& run, const RunArea& area, const std::string& product,
                 const SheetChoice& choice) {
    std::vector<std::string> known;
    for (const auto& sheet : sheets_of(run, area)) {
        known.push_back(sheet.product);
        if (sheet.product != product)
            continue;
        const SheetMaker maker{run, area, choice};
        auto made = maker.base(maker.words(sheet.title));
        for (const auto& series : all_series())
            if (series.product == product) {
                series.draw(maker, made);
                return made;
            }
        for (const auto& hazard : run.hazards())
            if ("risk_" + hazard.id == product)
                maker.surface(made, product, hazard_style(hazard.id),
                              maker.words(hazard_title(hazard)));
        return made;
    }
    const auto nearest = nearest_name(product, known);
    throw input_error(fmt::format("{} has no map '{}'", area.name, product),
                      nearest ? fmt::format("did you mean '{}'?", *nearest)
                              : fmt::format("known: {}", fmt::join(known, ", ")));
}

} // namespace riskmap::atlas
