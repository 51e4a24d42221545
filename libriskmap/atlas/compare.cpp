// SPDX-License-Identifier: MIT
#include <riskmap/atlas/compare.hpp>
#include <riskmap/record/settings.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/vector/layer.hpp>

#include "numbers.hpp"
#include "report.hpp"
#include "web_atlas.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows = 400; ///< of a table in the report

/// Square kilometres by level before and after; 0: no level.
using Transitions = std::array<std::array<double, 6>, 6>;

void differ(const char* what, const std::map<std::string, std::string>& before,
            const std::map<std::string, std::string>& after, std::vector<Difference>& out) {
    const auto value = [](const auto& lines, const std::string& name) {
        const auto found = lines.find(name);
        return found == lines.end() ? std::string{} : found->second;
    };
    auto all = before;
    all.insert(after.begin(), after.end());
    for (const auto& entry : all) {
        const auto& name = entry.first;
        const auto was = value(before, name);
        const auto is = value(after, name);
        if (was != is)
            out.push_back({what, name, was, is});
    }
}

std::vector<Difference> differences_of(const RunFolder& before, const RunFolder& after) {
    std::vector<Difference> out;
    const auto program = [](const RunFolder& run) {
        return std::map<std::string, std::string>{{"program", run.record().program}};
    };
    differ("program", program(before), program(after), out);
    const auto inputs = [](const RunFolder& run) {
        std::map<std::string, std::string> hashes;
        for (const auto& [file, hash] : run.record().inputs)
            hashes[file] = "SHA-256 " + hash.substr(0, 12);
        return hashes;
    };
    differ("input", inputs(before), inputs(after), out);
    const auto parameters = [](const RunFolder& run) {
        auto settings = record::settings_of(run.record().parameters);
        // How maps look, what they are called and where they lie changes no level.
        std::erase_if(settings, [](const auto& setting) {
            return setting.first.starts_with("atlas.") || setting.first.starts_with("output.") ||
                   setting.first.starts_with("project.");
        });
        return settings;
    };
    differ("parameter", parameters(before), parameters(after), out);
    const auto weights = [](const RunFolder& run) {
        std::map<std::string, std::string> lines;
        const auto& steps = run.steps();
        if (const auto risk = steps.find("risk"); risk != steps.end())
            for (const char* key : {"hazard_weights", "exposure_weights", "scales"})
                for (const auto& [id, found] : risk->at(key).items())
                    lines[fmt::format("found {}.{}", key, id)] =
                        found.is_string() ? found.get<std::string>() : found.dump();
        if (const auto levels = steps.find("levels"); levels != steps.end())
            lines["found breaks"] = levels->value("breaks", Json::array()).dump();
        return lines;
    };
    differ("result", weights(before), weights(after), out);
    return out;
}

struct UnitState {
    std::string name;
    std::string county;
    int level = 0;
    double risk = raster::nodata;
};

std::map<std::string, UnitState> units_of(const RunFolder& run) {
    std::map<std::string, UnitState> units;
    for (const auto* city : run.cities()) {
        const auto& layer = run.units(*city).townships;
        const auto counties = names_by_code(run.units(*city).counties);
        const auto code = texts_of(layer, "code");
        const auto name = texts_of(layer, "name");
        const auto county = texts_of(layer, "county");
        const auto level = numbers_of(layer, "level");
        const auto risk = numbers_of(layer, "risk_weighted");
        for (std::size_t i = 0; i < code.size(); ++i)
            units[code[i]] = {name[i], named(county[i], counties),
                              std::isnan(level[i]) ? 0 : static_cast<int>(level[i]), risk[i]};
    }
    return units;
}

class Compare {
  public:
    Compare(const RunFolder& before, const RunFolder& after, const fs::path& target,
            const AtlasOptions& options, const Execution& execution)
        : m_before{before}, m_after{after}, m_target{target}, m_options{options},
          m_execution{execution}, m_choice{options.language.value_or(after.language()),
                                           options.palette} {}

    Comparison make() {
        compare_units();
        m_result.differences = differences_of(m_before, m_after);
        for (const auto* city : m_after.cities())
            compare_cells(*city);
        write_units();
        write_maps();
        write_report();
        write_atlas_of_changes();
        return std::move(m_result);
    }

  private:
    [[nodiscard]] std::string word(const char* zh, const char* en) const {
        return m_choice.language == Language::zh ? zh : en;
    }
    [[nodiscard]] const Style& changes() const { return style("change", m_choice.palette); }

    void compare_units() {
        const auto before = units_of(m_before);
        const auto after = units_of(m_after);
        for (const auto& [code, unit] : before)
            if (!after.contains(code))
                m_result.only_before.push_back(code + " " + unit.name);
        for (const auto& [code, unit] : after) {
            const auto found = before.find(code);
            if (found == before.end()) {
                m_result.only_after.push_back(code + " " + unit.name);
                continue;
            }
            const auto& was = found->second;
            m_result.units.push_back({code, unit.name, unit.county, was.level, unit.level, was.risk,
                                      unit.risk, change_class(was.level, unit.level)});
        }
        if (m_result.units.empty())
            throw input_error(fmt::format("'{}' and '{}' have no township in common",
                                          m_before.path().string(), m_after.path().string()),
                              "compare two runs of one city");
    }

    [[nodiscard]] fs::path cell_file(const RunArea& city) const {
        return m_target / ("change_" + city.folder + ".tif");
    }

    void compare_cells(const RunArea& city) {
        const auto file = m_after.product(city, "risk_level.tif");
        const auto old_file = m_before.path() / city.folder / "risk_level.tif";
        if (!fs::is_regular_file(file) || !fs::is_regular_file(old_file))
            return;
        const auto now = std::make_shared<const raster::Reader>(file);
        const std::shared_ptr<const raster::Source> was =
            raster::aligned(std::make_shared<const raster::Reader>(old_file), now->grid(),
                            {raster::Kind::classes, 0.5});
        const auto change = raster::computed({was, now}, [](const Window&, raster::Cells in,
                                                            std::span<double> out) {
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = std::isnan(in[0][i]) || std::isnan(in[1][i])
                             ? raster::nodata
                             : change_class(static_cast<int>(in[0][i]), static_cast<int>(in[1][i]));
        });
        raster::RasterSpec spec;
        spec.type = raster::CellType::byte;
        spec.layout = raster::Layout::cloud_optimized;
        spec.description = changes().title.in(m_choice.language);
        spec.classes = class_entries(changes(), m_choice.language);
        raster::Writer writer{cell_file(city), now->grid(), spec};
        raster::copy(*change, writer, m_execution, "changes");
        writer.commit();
        m_transitions[&city] = transitions_of(*was, *now);
        m_cities.push_back(&city);
    }
    Transitions transitions_of(const raster::Source& was, const raster::Source& now) {
        Transitions transitions{};
        const Grid& grid = now.grid();
        const CellAreas areas{grid};
        std::vector<double> row(static_cast<std::size_t>(grid.columns));
        for (std::int64_t r = 0; r < grid.rows; ++r) {
            m_execution.progress.check();
            const auto a = was.read({0, r, grid.columns, 1});
            const auto b = now.read({0, r, grid.columns, 1});
            areas.row(0, r, row);
            for (std::size_t c = 0; c < row.size(); ++c) {
                const auto from = level_of(a[c]);
                const auto to = level_of(b[c]);
                const double km2 = row[c] * 1e-6;
                transitions[from][to] += km2;
                if (from > 0 && to > 0)
                    (to > from   ? m_result.area_up
                     : to < from ? m_result.area_down
                                 : m_result.area_same) += km2;
            }
        }
        return transitions;
    }
    static std::size_t level_of(double value) {
        return std::isnan(value) ? 0 : static_cast<std::size_t>(std::clamp(value, 0.0, 5.0));
    }

    /// The shapes of the later run with levels of both.
    void write_units() {
        vector::Layer layer;
        layer.name = "change";
        layer.fields = {
            {"code", vector::FieldType::text, word("代码", "code")},
            {"name", vector::FieldType::text, word("名称", "name")},
            {"county", vector::FieldType::text, word("所属", "part of")},
            {"level_before", vector::FieldType::integer, word("原等级", "level before")},
            {"level_after", vector::FieldType::integer, word("现等级", "level after")},
            {"change", vector::FieldType::integer, changes().title.in(m_choice.language)},
            {"risk_before", vector::FieldType::real, word("原风险指数", "risk before")},
            {"risk_after", vector::FieldType::real, word("现风险指数", "risk after")}};
        std::map<std::string, const UnitChange*> by_code;
        for (const auto& unit : m_result.units)
            by_code[unit.code] = &unit;
        const auto whole = [](int level) {
            return level == 0 ? vector::Value{} : vector::Value{std::int64_t{level}};
        };
        for (const auto* city : m_after.cities()) {
            const auto& townships = m_after.units(*city).townships;
            layer.crs = townships.crs;
            const auto code = texts_of(townships, "code");
            for (std::size_t i = 0; i < code.size(); ++i) {
                const auto found = by_code.find(code[i]);
                if (found == by_code.end())
                    continue;
                const auto& unit = *found->second;
                layer.features.push_back(
                    {{unit.code, unit.name, unit.county, whole(unit.before), whole(unit.after),
                      whole(unit.change), vector::value_of(unit.risk_before),
                      vector::value_of(unit.risk_after)},
                     townships.features[i].shape});
            }
        }
        const vector::Product product{
            &layer, vector::LayerStyle{
                        "change", qml(polygon_symbology(changes(), "change", m_choice.language) +
                                      field_aliases(layer.fields))}};
        vector::write_geopackage(m_target / "change.gpkg", {&product, 1});
        vector::write_csv(m_target / "change.csv", layer);
        m_units = std::move(layer);
    }

    [[nodiscard]] Legend legend(const std::string& column,
                                const std::vector<double>& figures) const {
        Legend legend;
        legend.title = changes().title.in(m_choice.language);
        legend.columns = {column};
        legend.rows = legend_rows(changes(), m_choice.language);
        for (std::size_t i = 0; i < figures.size(); ++i)
            legend.rows[i].figures = {grouped(figures[i])};
        return legend;
    }
    [[nodiscard]] Sheet unit_sheet(const RunArea& city) const {
        auto sheet =
            base_sheet(m_after, city, word("风险等级变化", "change of risk level"), m_choice);
        const CrsTransform to_map{m_units.crs, sheet.crs};
        const auto here = names_by_code(m_after.units(city).townships);
        const auto codes = texts_of(m_units, "code");
        const auto values = numbers_of(m_units, "change");
        AreaFill fill;
        std::vector<double> counts(changes().classes.size());
        for (std::size_t u = 0; u < values.size(); ++u) {
            if (!here.contains(codes[u]))
                continue;
            fill.shapes.push_back(to_map.apply(m_units.features[u].shape.polygons));
            fill.colours.push_back(class_colour(changes(), values[u]));
            for (std::size_t c = 0; c < counts.size(); ++c)
                counts[c] += values[u] == changes().classes[c].value ? 1 : 0;
        }
        sheet.fills.push_back(std::move(fill));
        sheet.legends.push_back(legend(word("乡镇数", "townships"), counts));
        return sheet;
    }
    [[nodiscard]] Sheet cell_sheet(const RunArea& city) const {
        auto sheet = base_sheet(
            m_after, city, word("风险等级变化（像元）", "change of risk level (cells)"), m_choice);
        sheet.cells = CellFill{std::make_shared<const raster::Reader>(cell_file(city)),
                               class_entries(changes(), m_choice.language)};
        std::vector<double> km2(changes().classes.size());
        for (std::size_t from = 1; from < 6; ++from)
            for (std::size_t to = 1; to < 6; ++to)
                for (std::size_t c = 0; c < km2.size(); ++c)
                    if (changes().classes[c].value ==
                        change_class(static_cast<int>(from), static_cast<int>(to)))
                        km2[c] += m_transitions.at(&city)[from][to];
        sheet.legends.push_back(legend("km²", km2));
        return sheet;
    }
    void write_maps() {
        const auto write = [&](const Sheet& sheet, const std::string& name) {
            std::vector<fs::path> files;
            for (const auto& format : m_options.formats)
                files.push_back(m_target / "sheets" / (name + "." + format));
            write_sheet(sheet, m_options.page, files, m_execution);
        };
        for (const auto* city : m_after.cities())
            write(unit_sheet(*city), "change_" + city->folder);
        for (const auto* city : m_cities)
            write(cell_sheet(*city), "change_cells_" + city->folder);
    }

    void write_report() {
        Document document;
        document.title =
            word("两次运行比较：", "Two runs compared: ") + m_after.title().in(m_choice.language);
        document.subtitle = m_before.path().string() + " → " + m_after.path().string();
        document.language = m_choice.language;
        const auto add = [&](auto block) { document.blocks.emplace_back(std::move(block)); };
        add(Heading{1, word("变化", "What changed")});
        add(Paragraph{
            fmt::format("{}: {} {}, {} {}, {} {}.", word("乡镇", "Townships"), m_result.units_up(),
                        word("上升", "up"), m_result.units_down(), word("下降", "down"),
                        m_result.units.size() - m_result.units_up() - m_result.units_down(),
                        word("不变或无数据", "the same or without data"))});
        add(Paragraph{fmt::format("{}: {} km² {}, {} km² {}, {} km² {}.", word("像元", "Cells"),
                                  grouped(m_result.area_up, 1), word("上升", "up"),
                                  grouped(m_result.area_down, 1), word("下降", "down"),
                                  grouped(m_result.area_same, 1), word("不变", "the same"))});
        for (const auto* list : {&m_result.only_before, &m_result.only_after})
            if (!list->empty())
                add(Paragraph{(list == &m_result.only_before
                                   ? word("仅在前一次运行中：", "Only in the first run: ")
                                   : word("仅在后一次运行中：", "Only in the second run: ")) +
                              fmt::format("{}", fmt::join(*list, ", "))});
        add(transition_table());
        add(unit_table());
        add(Heading{1, word("原因", "Why")});
        add(difference_table());
        for (const auto* city : m_after.cities())
            add(MapPage{unit_sheet(*city)});
        for (const auto* city : m_cities)
            add(MapPage{cell_sheet(*city)});
        write_html(document, m_target / "compare.html", m_options.page, m_execution);
        write_pdf(document, m_target / "compare.pdf", m_options.page, m_execution);
        m_result.files.push_back(m_target / "compare.html");
    }
    [[nodiscard]] DocumentTable transition_table() const {
        Transitions all{};
        for (const auto* city : m_cities)
            for (std::size_t from = 0; from < 6; ++from)
                for (std::size_t to = 0; to < 6; ++to)
                    all[from][to] += m_transitions.at(city)[from][to];
        const auto& risk = style("risk");
        const auto name = [&](std::size_t level) {
            return level == 0 ? word("无", "none")
                              : risk.at(static_cast<int>(level)).words.in(m_choice.language);
        };
        DocumentTable table;
        table.caption =
            word("面积 km²，由行（原等级）到列（现等级）",
                 "km² from the level of the row (before) to that of the column (after)");
        table.columns.push_back({""});
        for (std::size_t to = 6; to-- > 0;)
            table.columns.push_back({name(to), true});
        for (std::size_t from = 6; from-- > 0;) {
            std::vector<TableCell> row{{name(from)}};
            for (std::size_t to = 6; to-- > 0;)
                row.push_back({from == 0 && to == 0 ? "" : grouped(all[from][to], 1)});
            table.rows.push_back(std::move(row));
        }
        return table;
    }
    [[nodiscard]] DocumentTable unit_table() const {
        DocumentTable table;
        table.caption = word("等级有变化的乡镇", "Townships of another level");
        table.columns = {{word("代码", "code")},
                         {word("乡镇", "township")},
                         {word("所属", "part of")},
                         {word("原等级", "before"), true},
                         {word("现等级", "after"), true},
                         {word("原指数", "risk before"), true},
                         {word("现指数", "risk after"), true}};
        for (const auto& unit : m_result.units) {
            if (unit.before == unit.after || table.rows.size() == most_rows)
                continue;
            table.rows.push_back({{unit.code},
                                  {unit.name},
                                  {unit.county},
                                  {std::to_string(unit.before)},
                                  {std::to_string(unit.after)},
                                  {short_number(unit.risk_before)},
                                  {short_number(unit.risk_after)}});
        }
        return table;
    }
    [[nodiscard]] DocumentTable difference_table() const {
        const std::map<std::string, Words> kinds{{"program", {"程序", "program"}},
                                                 {"input", {"输入", "input"}},
                                                 {"parameter", {"参数", "parameter"}},
                                                 {"result", {"由数据求得", "found from the data"}}};
        DocumentTable table;
        table.caption = m_result.differences.empty()
                            ? word("输入和参数完全相同", "Inputs and parameters are the same")
                            : word("不同之处", "What differs");
        table.columns = {{word("类别", "kind")},
                         {word("名称", "name")},
                         {word("原", "before")},
                         {word("现", "after")}};
        for (const auto& difference : m_result.differences)
            if (table.rows.size() < most_rows)
                table.rows.push_back({{kinds.at(difference.what).in(m_choice.language)},
                                      {difference.name},
                                      {difference.before},
                                      {difference.after}});
        return table;
    }

    void write_atlas_of_changes() {
        if (!m_options.web)
            return;
        WebChange change;
        for (const auto& unit : m_result.units)
            if (unit.change > 0)
                change.units[unit.code] = {unit.before, unit.change};
        for (const auto* city : m_cities)
            change.cells.push_back(cell_file(*city));
        write_web(m_after, m_target / "web", m_choice, m_execution, &change);
        m_result.files.push_back(m_target / "web" / "index.html");
    }

    const RunFolder& m_before;
    const RunFolder& m_after;
    fs::path m_target;
    const AtlasOptions& m_options;
    const Execution& m_execution;
    SheetChoice m_choice;
    Comparison m_result;
    std::vector<const RunArea*> m_cities; ///< with rasters in both runs
    std::map<const RunArea*, Transitions> m_transitions;
    vector::Layer m_units;
};

} // namespace

int change_class(int before, int after) noexcept {
    if (before == 0 || after == 0)
        return 0;
    return 3 + std::clamp(after - before, -2, 2);
}

std::size_t Comparison::units_up() const {
    return static_cast<std::size_t>(std::count_if(
        units.begin(), units.end(), [](const UnitChange& unit) { return unit.change > 3; }));
}

std::size_t Comparison::units_down() const {
    return static_cast<std::size_t>(
        std::count_if(units.begin(), units.end(),
                      [](const UnitChange& unit) { return unit.change > 0 && unit.change < 3; }));
}

Comparison compare_runs(const fs::path& before, const fs::path& after, const fs::path& target,
                        const AtlasOptions& options, const Execution& execution) {
    check_options(options);
    return with_record(before, [&] {
        const RunFolder first{before};
        return with_record(after, [&] {
            const RunFolder second{after};
            return Compare{first, second, target, options, execution}.make();
        });
    });
}

} // namespace riskmap::atlas
