// SPDX-License-Identifier: MIT
// The products of one area, as GeoTIFF, GeoPackage, GeoJSON and CSV.
#include "products.hpp"

#include <cmath>
#include <map>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/align.hpp>
#include <riskmap/raster/cells.hpp>

#include "cell_zones.hpp"
#include "layers.hpp"
#include "levels.hpp"
#include "table.hpp"
#include "units.hpp"

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;
using Rows = std::vector<std::size_t>;

class Products {
  public:
    Products(const Work& work, const ProductArea& area, StepReport& report,
             const Execution& execution)
        : m_work{work}, m_area{area}, m_report{report}, m_execution{execution},
          m_grid{area_grid(work, area)}, m_townships{read_units(work, "townships")} {
        std::vector<bool> inside(work.areas.townships.size());
        for (const auto t : area.townships)
            inside[t] = true;
        m_mask = raster::mapped(window(work.open(work.unit_raster())), [inside](double u) {
            return inside[static_cast<std::size_t>(u) - 1] ? 1.0 : raster::nodata;
        });
        Json::parse(read_file(work.file("breaks.json"))).at("breaks").get_to(m_breaks);
    }

    void write() {
        write_levels(write_composite());
        for (const auto& hazard : m_work.project.hazards)
            write_hazard(hazard);
        write_risk_zones();
        write_prevention();
        if (m_work.project.uncertainty.draws > 0)
            write_certainty();
        write_units();
    }

  private:
    using Source = raster::Source;

    [[nodiscard]] fs::path file(const std::string& product, const char* suffix) const {
        return m_area.folder / (product + suffix);
    }
    /// A raster of the whole grid seen through the window of this area.
    [[nodiscard]] SourcePtr window(SourcePtr source) const {
        return raster::aligned(std::move(source), m_grid, {raster::Kind::classes, 0.5});
    }
    [[nodiscard]] SourcePtr cut(const fs::path& raster) const {
        return raster::masked(window(m_work.open(raster)), m_mask);
    }
    [[nodiscard]] raster::RasterSpec spec(raster::CellType type, const std::string& product,
                                          const std::string& title) const {
        raster::RasterSpec out;
        out.type = type;
        out.layout = raster::Layout::cloud_optimized;
        out.description = title;
        out.metadata = m_work.provenance(product);
        return out;
    }
    void write_raster(const Source& source, const std::string& product, raster::RasterSpec spec) {
        if (!m_work.project.output.has("tif"))
            return;
        raster::Writer writer{file(product, ".tif"), m_grid, std::move(spec)};
        raster::copy(source, writer, m_execution, product);
        writer.commit();
    }

    /// The note that modelled layers went in, as a column of every table.
    void note(vector::Layer& layer) const {
        const auto modelled = m_work.modelled_layers();
        if (modelled.empty())
            return;
        layer.fields.push_back({"note", vector::FieldType::text, m_work.words("说明", "note")});
        for (auto& feature : layer.features)
            feature.values.emplace_back(m_work.words("含模拟数据：", "modelled layers: ") +
                                        modelled);
    }

    /// The files of a layer, coloured by `field`; `raster_symbology` goes into the
    /// product's .qml beside that of the layer.
    void write_vectors(const std::string& product, vector::Layer layer,
                       const std::string& style_name, const std::string& field,
                       const std::string& raster_symbology,
                       const std::vector<vector::Layer>& more = {}) {
        note(layer);
        const auto symbology =
            atlas::polygon_symbology(m_work.style(style_name), field, m_work.language());
        const auto styled = [&](const vector::Layer& any) {
            const auto own = any.has_field(field) ? symbology : std::string{};
            return vector::LayerStyle{product, atlas::qml(own + atlas::field_aliases(any.fields))};
        };
        std::vector<vector::Product> products{{&layer, styled(layer)}};
        for (const auto& other : more)
            products.push_back({&other, styled(other)});
        write_file(file(product, ".qml"),
                   atlas::qml(raster_symbology + symbology + atlas::field_aliases(layer.fields)));
        const auto& output = m_work.project.output;
        if (output.has("gpkg"))
            vector::write_geopackage(file(product, ".gpkg"), products);
        if (output.has("geojson"))
            vector::write_geojson(file(product, ".geojson"), layer);
        if (output.has("csv"))
            vector::write_csv(file(product, ".csv"), layer);
    }

    SourcePtr write_composite() {
        auto composite = cut(m_work.file("composite.tif"));
        write_raster(*composite, "composite_risk",
                     spec(raster::CellType::float32, "composite_risk",
                          m_work.words("综合风险指数", "composite risk index")));
        write_vectors(
            "composite_risk",
            m_townships.part("composite_risk", m_area.townships,
                             {"code", "name", "county", "area_km2", "risk_mean", "risk_weighted",
                              "risk_max", "level", "level_word", "dominant"}),
            "risk", "level",
            atlas::surface_symbology(m_work.style("surface"), 0, top_of(*composite)));
        return composite;
    }

    [[nodiscard]] double top_of(const Source& source) const {
        const auto bins = raster::count_values(source, m_execution).bins();
        return bins.empty() ? 1 : raster::quantile(bins, 0.98);
    }

    void write_levels(const SourcePtr& composite) {
        auto levels = cut(m_work.file("risk_level.tif"));
        if (m_area.county && m_work.project.levels.own_in_counties) {
            const auto own = composite_breaks(m_work.project.levels, *composite, m_execution);
            levels =
                raster::mapped(composite, [upper = raster::in_single_precision(own.upper)](
                                              double v) { return raster::class_of(v, upper); });
            m_report.facts["breaks"] = own.upper;
            m_report.facts["breaks_of"] = "this county";
        } else {
            m_report.facts["breaks"] = m_breaks;
            m_report.facts["breaks_of"] = "the whole city";
        }
        auto level_spec = spec(raster::CellType::byte, "risk_level",
                               m_work.words("综合风险等级", "composite risk level"));
        level_spec.classes = atlas::class_entries(m_work.style("risk"), m_work.language());
        level_spec.metadata["breaks_of"] = m_report.facts["breaks_of"].get<std::string>();
        write_raster(*levels, "risk_level", level_spec);
        const auto* people = people_of(m_work.project);
        const auto cells = cell_zones(
            *levels, people != nullptr ? window(exposure_cells(m_work, *people)) : nullptr,
            {m_work.project.zoning.sieve_km2, m_work.project.zoning.simplify_cells}, m_execution);
        write_vectors("risk_level", class_layer("risk_level", cells, "level", m_work.style("risk")),
                      "risk", "level", atlas::class_symbology(level_spec.classes));
    }

    /// One feature per class: its polygons, true area and people.
    [[nodiscard]] vector::Layer class_layer(const std::string& name,
                                            const std::vector<CellZone>& zones,
                                            const std::string& field,
                                            const atlas::Style& style) const {
        vector::Layer layer;
        layer.name = name;
        layer.crs = m_grid.crs;
        layer.fields = {
            {field, vector::FieldType::integer, style.title.in(m_work.language())},
            {field + "_word", vector::FieldType::text, style.title.in(m_work.language())},
            {"area_km2", vector::FieldType::real, m_work.words("面积（平方公里）", "area (km2)")},
            {"people", vector::FieldType::real, m_work.words("人口", "people")}};
        for (const auto& zone : zones)
            layer.features.push_back(
                {{std::int64_t{zone.value}, style.at(zone.value).words.in(m_work.language()),
                  zone.area_km2, vector::value_of(zone.people)},
                 {{}, {}, zone.shape}});
        return layer;
    }

    void write_hazard(const Hazard& hazard) {
        const auto product = "risk_" + hazard.id;
        const auto title = m_work.title(hazard.title, hazard.modelled);
        const auto source = cut(m_work.risk_raster(hazard.id));
        write_raster(*source, product,
                     spec(raster::CellType::float32, product,
                          title + m_work.words("风险指数", " risk index")));
        auto layer =
            m_townships.part(product, m_area.townships,
                             {"code", "name", "county", "area_km2", product, "share_" + hazard.id});
        // Levels of one hazard: breaks over all townships of the city.
        raster::ValueCounts counts;
        counts.add(m_townships.column(product));
        const auto upper =
            raster::find_breaks(counts.bins(), raster::BreakRule::parse("natural-breaks", 5)).upper;
        if (upper.size() < 5 && !m_area.county)
            m_report.warnings.push_back(
                raster::too_few_values("the risk of townships by " + hazard.id, upper.size(), 5));
        layer.fields.push_back({"level", vector::FieldType::integer,
                                m_work.words("等级（5高-1低）", "level (5 high to 1 low)")});
        layer.fields.push_back(
            {"level_word", vector::FieldType::text, m_work.words("等级", "level")});
        const auto at = layer.field(product);
        for (auto& feature : layer.features) {
            const auto risk = vector::number_of(feature.values[at]);
            const int level = risk ? static_cast<int>(raster::class_of(*risk, upper)) : 0;
            feature.values.push_back(level_value(level));
            feature.values.emplace_back(level_word(m_work, level));
        }
        write_vectors(product, std::move(layer), "risk", "level",
                      atlas::surface_symbology(atlas::hazard_style(hazard.id), 0, top_of(*source)));
    }

    /// The zones of this area: those of the city, each with its part in here.
    void write_risk_zones() {
        const auto zones = read_units(m_work, "zones");
        const UnitTable table{zones};
        const auto codes = table.text_column("code");
        const auto level = table.column("level");
        const auto townships = part_townships("zone_code");
        vector::Layer layer = table.part("risk_zones", {});
        std::vector<raster::ClassEntry> classes;
        for (std::size_t z = 0; z < codes.size(); ++z) {
            const auto members = townships.find(codes[z]);
            if (members == townships.end())
                continue;
            layer.features.push_back(zones.features[z]);
            take_part(layer, layer.features.back(), members->second);
            const auto colour = std::isnan(level[z])
                                    ? atlas::Colour{200, 200, 200}
                                    : m_work.style("risk").at(static_cast<int>(level[z])).colour;
            classes.push_back(
                {static_cast<int>(z + 1),
                 codes[z] + " " + vector::text_of(zones.features[z].values[zones.field("name")]),
                 colour.red, colour.green, colour.blue});
        }
        auto zone_spec =
            spec(codes.size() < 256 ? raster::CellType::byte : raster::CellType::uint16,
                 "risk_zones", m_work.words("综合风险区划", "risk zones"));
        zone_spec.classes = classes;
        const auto raster = cut(m_work.file("risk_zones.tif"));
        write_raster(*raster, "risk_zones", zone_spec);
        const auto cells = cell_layer(*raster, zones);
        write_vectors("risk_zones", std::move(layer), "risk", "level",
                      atlas::class_symbology(zone_spec.classes), {cells});
    }

    [[nodiscard]] std::map<std::string, Rows> part_townships(const std::string& field) const {
        std::map<std::string, Rows> parts;
        const auto values = m_townships.text_column(field);
        for (const auto t : m_area.townships)
            parts[values[t]].push_back(t);
        return parts;
    }

    /// Shape, area, people and number of units of the townships in here only.
    void take_part(const vector::Layer& layer, vector::Feature& zone, const Rows& townships) const {
        std::vector<MultiPolygon> shapes;
        double area = 0;
        double people = 0;
        const auto areas = m_townships.column("area_km2");
        const auto* exposure = people_of(m_work.project);
        const auto counts = exposure != nullptr && summable(*exposure)
                                ? m_townships.column(exposure->id)
                                : std::vector<double>(m_townships.size(), raster::nodata);
        for (const auto t : townships) {
            shapes.push_back(m_work.areas.townships[t].shape);
            area += areas[t];
            people += counts[t];
        }
        zone.shape.polygons = dissolved(shapes);
        zone.values[layer.field("units")] = static_cast<std::int64_t>(townships.size());
        zone.values[layer.field("area_km2")] = area;
        zone.values[layer.field("people")] = vector::value_of(people);
    }

    [[nodiscard]] vector::Layer cell_layer(const Source& raster, const vector::Layer& zones) const {
        const auto cells = cell_zones(
            raster, nullptr,
            {m_work.project.zoning.sieve_km2, m_work.project.zoning.simplify_cells}, m_execution);
        vector::Layer layer;
        layer.name = "risk_zones_cells";
        layer.crs = m_grid.crs;
        for (const auto* field : {"code", "name", "level", "level_word"})
            layer.fields.push_back(zones.fields[zones.field(field)]);
        layer.fields.push_back(
            {"area_km2", vector::FieldType::real, m_work.words("面积（平方公里）", "area (km2)")});
        for (const auto& cell : cells) {
            const auto& zone = zones.features[static_cast<std::size_t>(cell.value) - 1];
            auto& feature = layer.features.emplace_back();
            for (const auto* field : {"code", "name", "level", "level_word"})
                feature.values.push_back(zone.values[zones.field(field)]);
            feature.values.emplace_back(cell.area_km2);
            feature.shape.polygons = cell.shape;
        }
        return layer;
    }

    void write_prevention() {
        auto prevention_spec = spec(raster::CellType::byte, "prevention_zones",
                                    m_work.words("综合防治区划", "prevention zones"));
        prevention_spec.classes =
            atlas::class_entries(m_work.style("prevention"), m_work.language());
        const auto raster = cut(m_work.file("prevention.tif"));
        write_raster(*raster, "prevention_zones", prevention_spec);
        const auto* people = people_of(m_work.project);
        const auto cells = cell_zones(
            *raster, people != nullptr ? window(exposure_cells(m_work, *people)) : nullptr,
            {m_work.project.zoning.sieve_km2, m_work.project.zoning.simplify_cells}, m_execution);
        write_vectors(
            "prevention_zones",
            m_townships.part("prevention_zones", m_area.townships,
                             {"code", "name", "county", "area_km2", "level", "level_word",
                              "capacity", "capacity_level", "prevention", "prevention_word",
                              "raised_by", "dominant", "measures", "zone_code"}),
            "prevention", "prevention", atlas::class_symbology(prevention_spec.classes),
            {class_layer("prevention_zones_cells", cells, "prevention",
                         m_work.style("prevention"))});
    }

    void add_certainty() {
        const auto units = Json::parse(read_file(m_work.file("uncertainty.json"))).at("townships");
        const auto column = [&](const char* key) {
            std::vector<double> values;
            for (const auto& unit : units)
                values.push_back(unit.is_null() ? raster::nodata : unit.at(key).get<double>());
            return values;
        };
        m_townships.numbers("certainty_share",
                            m_work.words("等级正确的概率", "probability that the level is right"),
                            column("certainty"));
        std::vector<int> likely;
        for (const double level : column("likely"))
            likely.push_back(std::isnan(level) ? 0 : static_cast<int>(level));
        m_townships.wholes("level_likely", m_work.words("最可能的等级", "most likely level"),
                           likely);
        m_townships.numbers("risk_rank", m_work.words("风险排名", "rank of risk"), column("rank"));
        m_townships.numbers("risk_rank_low", m_work.words("排名5%分位", "rank, 5 % quantile"),
                            column("rank_low"));
        m_townships.numbers("risk_rank_high", m_work.words("排名95%分位", "rank, 95 % quantile"),
                            column("rank_high"));
    }

    /// How sure the levels of cells are: classes of the probability, and what lies behind it.
    void write_certainty() {
        const auto probability = cut(m_work.file("level_probability.tif"));
        const auto& style = m_work.style("certainty");
        auto class_spec =
            spec(raster::CellType::byte, "level_certainty", style.title.in(m_work.language()));
        class_spec.classes = atlas::class_entries(style, m_work.language());
        // The file holds single precision: 0.9 reads as a little less.
        const auto classes = raster::mapped(probability, [](double share) {
            const double p = share + 1e-6;
            return p >= 0.9 ? 5.0 : p >= 0.75 ? 4.0 : p >= 0.6 ? 3.0 : p >= 0.4 ? 2.0 : 1.0;
        });
        write_raster(*classes, "level_certainty", class_spec);
        const auto* people = people_of(m_work.project);
        const auto cells = cell_zones(
            *classes, people != nullptr ? window(exposure_cells(m_work, *people)) : nullptr,
            {m_work.project.zoning.sieve_km2, m_work.project.zoning.simplify_cells}, m_execution);
        write_vectors("level_certainty", class_layer("classes", cells, "certainty", style),
                      "certainty", "certainty", atlas::class_symbology(class_spec.classes));
        for (const auto& [name, title] :
             {std::pair{"level_probability", style.title},
              std::pair{"risk_mean", Words{"综合风险均值", "mean composite risk over draws"}},
              std::pair{"risk_spread",
                        Words{"综合风险标准差", "standard deviation of composite risk"}}})
            write_raster(*cut(m_work.file(std::string{name} + ".tif")), name,
                         spec(raster::CellType::float32, name, title.in(m_work.language())));
        auto likely_spec = spec(raster::CellType::byte, "level_likely",
                                m_work.words("最可能的风险等级", "most likely level"));
        likely_spec.classes = atlas::class_entries(m_work.style("risk"), m_work.language());
        write_raster(*cut(m_work.file("level_likely.tif")), "level_likely", likely_spec);
    }

    void write_units() {
        if (m_work.project.uncertainty.draws > 0)
            add_certainty();
        std::vector<vector::Layer> more;
        if (!m_area.county) {
            const UnitTable counties{read_units(m_work, "counties")};
            more.push_back(counties.part("counties", m_area.counties));
        }
        const UnitTable own{read_units(m_work, m_area.county ? "counties" : "cities")};
        more.push_back(own.part(m_area.county ? "county" : "city", {m_area.index}));
        write_vectors("units", m_townships.part("units", m_area.townships), "risk", "level", "",
                      more);
    }

    const Work& m_work;
    const ProductArea& m_area;
    StepReport& m_report;
    const Execution& m_execution;
    Grid m_grid;
    UnitTable m_townships;
    SourcePtr m_mask;
    std::vector<double> m_breaks;
};

} // namespace

void write_products(const Work& work, const ProductArea& area, StepReport& report,
                    const Execution& execution) {
    Products{work, area, report, execution}.write();
}

} // namespace riskmap::run
