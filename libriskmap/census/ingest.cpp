// SPDX-License-Identifier: MIT
#include <riskmap/census/ingest.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/census/report.hpp>
#include <riskmap/census/shift.hpp>
#include <riskmap/census/stack.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/spec/written_periods.hpp>
#include <riskmap/zonal/rasterise.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "feature_rules.hpp"
#include "ingest_rasters.hpp"
#include "ingest_units.hpp"
#include "join.hpp"
#include "unit_names.hpp"
#include "units.hpp"

namespace riskmap::census {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// A source whose kind and specification are known.
struct Known {
    const spec::Source* source;
    const spec::LayerSpec* spec;
    bool raster = false;
};

bool stops(const Rule& row, const IngestRules& rules) {
    const bool shift = row.id == RuleId::shift_gcj02 || row.id == RuleId::shift_bd09;
    const bool mended = row.mendable || (shift && rules.unshift);
    return row.severity == Severity::error && !mended;
}

/// The 3-degree Gauss-Kruger zone of CGCS2000 (EPSG:4534 to 4554, 75 E to 135 E) of a place.
Crs zone_of(Point degrees) {
    const int zone = static_cast<int>(std::lround((degrees.x - 75) / 3));
    if (zone < 0 || zone > 20)
        throw Error{ErrorKind::usage, "the layers lie outside China", "give --crs"};
    return Crs::parse(fmt::format("EPSG:{}", 4534 + zone));
}

void move(vector::Shape& shape, Point (*way)(Point)) {
    const auto all = [&](std::vector<Point>& points) {
        for (auto& p : points)
            p = way(p);
    };
    all(shape.points);
    for (auto& line : shape.lines)
        all(line);
    for_each_ring(shape.polygons, [&](Ring& ring, bool) { all(ring); });
}

/// Fields by the names of the specification and in its order, then all others.
vector::Layer renamed(Mended&& mended, Language language) {
    auto& layer = mended.layer;
    if (mended.spec == nullptr)
        return std::move(layer);
    std::vector<std::size_t> order;
    std::vector<vector::Field> fields;
    std::set<std::string> names;
    for (std::size_t s = 0; s < mended.fields.size(); ++s)
        if (const auto column = mended.fields[s]) {
            const auto& own = mended.spec->fields[s];
            order.push_back(*column);
            auto title = own.title.in(language);
            fields.push_back({own.name, layer.fields[*column].type,
                              own.unit.empty() ? title : fmt::format("{} ({})", title, own.unit)});
            names.insert(spec::comparable(own.name));
            if (own.choices.empty())
                continue;
            for (auto& feature : layer.features)
                if (const auto* choice = own.choice(vector::text_of(feature.values[*column])))
                    feature.values[*column] = choice->value;
        }
    for (std::size_t f = 0; f < layer.fields.size(); ++f) {
        if (std::find(order.begin(), order.end(), f) != order.end())
            continue;
        auto field = layer.fields[f];
        while (!names.insert(spec::comparable(field.name)).second ||
               spec::comparable(field.name) == "fid" || spec::comparable(field.name) == "geom")
            field.name += "_2";
        order.push_back(f);
        fields.push_back(std::move(field));
    }
    for (auto& feature : layer.features) {
        std::vector<vector::Value> values;
        for (const auto f : order)
            values.push_back(std::move(feature.values[f]));
        feature.values = std::move(values);
    }
    layer.fields = std::move(fields);
    return std::move(layer);
}

class Ingester {
  public:
    Ingester(const fs::path& folder, const IngestRules& rules,
             std::span<const spec::LayerSpec> specs, Language language, const Execution& execution)
        : m_folder{folder}, m_rules{rules}, m_specs{specs}, m_language{language}, m_execution{
                                                                                      execution} {}

    Ingest run(std::span<const spec::Source> sources) {
        m_out.report = check(sources, m_rules.check, m_specs, m_execution);
        for (const auto& row : census::rules())
            if (stops(row, m_rules) && m_out.report.findings.count(row.id) > 0 && !m_rules.force) {
                write_check(m_folder, m_out.report, m_language);
                return std::move(m_out);
            }
        find(sources);
        find_grid();
        for (const auto& known : m_known)
            if (!known.raster)
                take_layer(known);
        fill_parents(m_layers, m_out);
        join_totals(m_layers, m_out);
        find_city(m_layers, m_out);
        take_rasters();
        write_layers();
        for (auto& writer : m_writers)
            writer->commit();
        write_check(m_folder, m_out.report, m_language);
        vector::write_csv(m_folder / "changes.csv", change_table(m_out.changes));
        write_file(m_folder / "ingest.json", provenance().dump(2) + "\n");
        m_out.written = true;
        return std::move(m_out);
    }

  private:
    void find(std::span<const spec::Source> sources) {
        for (const auto& source : sources) {
            Known known{&source, nullptr, false};
            known.spec = spec_of(source, m_specs, known.raster);
            m_known.push_back(known);
        }
    }

    /// The units that lie lowest say how large the area is; without units all layers do.
    void find_grid() {
        Box degrees;
        for (const char* level : {"townships", "counties", "cities", ""}) {
            for (const auto& known : m_known)
                if (!known.raster &&
                    (*level == '\0' || (known.spec != nullptr && known.spec->id == level)))
                    degrees.add(box_of(known));
            if (!degrees.empty())
                break;
        }
        const bool rasters = std::any_of(m_known.begin(), m_known.end(),
                                         [](const Known& known) { return known.raster; });
        if (m_rules.like) {
            m_crs = m_rules.like->crs;
            m_grid = m_rules.like;
        } else if (!m_rules.crs.empty()) {
            m_crs = Crs::parse(m_rules.crs);
        } else if (!degrees.empty()) {
            m_crs = zone_of(degrees.middle());
        } else {
            throw Error{ErrorKind::usage, "there is no layer that says where the area is",
                        "give --crs, or --like RASTER"};
        }
        m_out.crs = m_crs.name();
        if (m_rules.cell_size > 0 && !degrees.empty() && !m_grid)
            m_grid = Grid::covering(m_crs, CrsTransform{Crs::wgs84(), m_crs}.apply(degrees),
                                    m_rules.cell_size);
        if (rasters && !m_grid)
            throw Error{ErrorKind::usage, "rasters need a grid",
                        "give --cell-size, or --like RASTER"};
        if (m_grid)
            m_out.cell_size = m_grid->cell_width;
    }

    Box box_of(const Known& known) const {
        LayerCase layer{*known.source, known.spec};
        Box box;
        if (layer.crs.empty() || !layer.has_shapes())
            return box;
        while (const auto batch = layer.stream.next())
            for (const auto& source : layer.features_of(*batch))
                if (finite(source.feature.shape))
                    box.add(vector::bounds(source.feature.shape));
        return box.empty() ? box : CrsTransform{layer.crs, Crs::wgs84()}.apply(box);
    }

    void take_layer(const Known& known) {
        auto result = mended(*known.source, known.spec, m_rules.check, Heads::renamed);
        const auto label = known.source->label();
        IngestedLayer entry;
        entry.sources = {label};
        entry.spec = known.spec == nullptr ? "" : known.spec->id;
        std::vector<Words> did;
        if (!result.changes.empty())
            did.push_back({fmt::format("修正 {} 处", result.changes.size()),
                           fmt::format("{} values or shapes mended", result.changes.size())});
        if (result.encoding != "UTF-8")
            did.push_back({fmt::format("文字按 {} 读取", result.encoding),
                           fmt::format("text read as {}", result.encoding)});
        m_out.changes.insert(m_out.changes.end(), result.changes.begin(), result.changes.end());
        const auto own_name = result.layer.name;
        auto layer = renamed(std::move(result), m_language);
        code_by_name(known, layer, did);
        place_by_code(known, layer, did);
        if (!layer.crs.empty())
            carry(layer, label, did);
        if (known.spec != nullptr && joins(known, layer, label, did))
            return;
        entry.name = free_name(known.spec == nullptr ? own_name : known.spec->id);
        layer.name = entry.name;
        describe(entry, layer, did);
        m_layers.push_back(std::move(layer));
        m_out.layers.push_back(std::move(entry));
    }

    /// Puts the layer behind one of its kind that is there already, as where each county sends its
    /// own.
    bool joins(const Known& known, vector::Layer& layer, const std::string& label,
               std::vector<Words>& did) {
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            auto& entry = m_out.layers[i];
            if (entry.spec != known.spec->id)
                continue;
            const auto* code = known.spec->field("code");
            const auto twice = join(m_layers[i], entry.sources.front(), std::move(layer), label,
                                    code != nullptr && code->unique ? code->name : std::string{});
            entry.sources.push_back(label);
            if (twice > 0)
                did.push_back(
                    {fmt::format("{} 中有 {} 条已在另一文件中", label, twice),
                     fmt::format("{} of {} stood in another file already", twice, label)});
            did.push_back({"与 " + label + " 合并", "joined with " + label});
            describe(entry, m_layers[i], did);
            return true;
        }
        return false;
    }

    void carry(vector::Layer& layer, const std::string& label, std::vector<Words>& did) {
        const auto from = layer.crs.name();
        const bool gcj02 = m_out.report.findings.count(RuleId::shift_gcj02, label) > 0;
        const bool bd09 = m_out.report.findings.count(RuleId::shift_bd09, label) > 0;
        if (m_rules.unshift && (gcj02 || bd09)) {
            layer = vector::transformed(std::move(layer), Crs::wgs84());
            for (auto& feature : layer.features)
                move(feature.shape, bd09 ? &true_place_of_bd09 : &true_place_of);
            const std::string shift = bd09 ? "BD-09" : "GCJ-02";
            did.push_back({"按公开近似算法去除 " + shift + " 偏移",
                           shift + " shift taken off by its public approximation"});
        }
        layer = vector::transformed(std::move(layer), m_crs);
        if (from != m_crs.name())
            did.push_back({fmt::format("{} 转为 {}", from, m_crs.name()),
                           fmt::format("{} to {}", from, m_crs.name())});
    }

    /// The units of all files of a specification; nothing: there are none.
    std::optional<Units> units_of(const std::string& spec) const {
        std::optional<Units> units;
        for (const auto& known : m_known)
            if (!known.raster && known.spec != nullptr && known.spec->id == spec) {
                if (units)
                    units->add(*known.source);
                else
                    units.emplace(*known.source, *known.spec);
            }
        return units;
    }

    /// A table that names its units gets their codes.
    void code_by_name(const Known& known, vector::Layer& layer, std::vector<Words>& did) {
        const auto* spec = known.spec;
        if (spec == nullptr || spec->parent.empty() || spec->field(spec->parent_field) == nullptr ||
            layer.has_field(spec->parent_field))
            return;
        const auto units = units_of(spec->parent);
        if (!units)
            return;
        const auto columns = name_columns(layer.fields, *spec, units->spec());
        if (!columns)
            return;
        const auto counties = units_of("counties");
        const UnitNames names{*units, counties ? &*counties : nullptr};
        layer.fields.push_back({spec->parent_field, vector::FieldType::text,
                                spec->field(spec->parent_field)->title.in(m_language)});
        std::size_t found = 0;
        for (auto& row : layer.features) {
            const auto text = [&](std::size_t column) {
                return vector::text_of(row.values[column]);
            };
            const auto code =
                names.find(text(columns->name), columns->county ? text(*columns->county) : "").code;
            found += code.empty() ? 0 : 1;
            row.values.push_back(code.empty() ? vector::Value{} : vector::Value{code});
        }
        did.push_back({fmt::format("{} 条中 {} 条按名称补上代码", layer.features.size(), found),
                       fmt::format("{} of {} codes by name", found, layer.features.size())});
    }

    /// Records that should be points go into the unit of their code.
    void place_by_code(const Known& known, vector::Layer& layer, std::vector<Words>& did) {
        const auto* spec = known.spec;
        const bool placed = std::any_of(layer.features.begin(), layer.features.end(),
                                        [](const auto& f) { return !f.shape.empty(); });
        if (spec == nullptr || !spec->points || placed || spec->parent.empty() ||
            !layer.has_field(spec->parent_field))
            return;
        const auto found = units_of(spec->parent);
        if (!found)
            return;
        const auto& units = *found;
        const auto field = layer.field(spec->parent_field);
        layer.crs = Crs::wgs84();
        for (auto& feature : layer.features)
            if (const auto* unit = units.find(vector::text_of(feature.values[field]));
                unit != nullptr && !unit->degrees.empty())
                feature.shape.points = {interior_point(unit->degrees)};
        did.push_back({fmt::format("按代码放在{}内", units.spec().title.zh),
                       fmt::format("placed inside the {} of their codes", spec->parent)});
    }

    std::string free_name(const std::string& wanted) {
        auto name = safe_file_name(wanted);
        for (int n = 2; !m_names.insert(name).second; ++n)
            name = fmt::format("{}_{}", safe_file_name(wanted), n);
        return name;
    }

    void write_layers() {
        if (m_layers.empty())
            return;
        std::vector<vector::Product> products;
        for (const auto& layer : m_layers)
            products.push_back({&layer, {}});
        vector::write_geopackage(m_folder / "census.gpkg", products);
    }

    /// Rasters of one specification and return period are pieces of one map.
    void take_rasters() {
        std::vector<std::vector<const Known*>> maps;
        for (const auto& known : m_known) {
            if (!known.raster)
                continue;
            const auto same = std::find_if(maps.begin(), maps.end(), [&](const auto& map) {
                return known.spec != nullptr && map.front()->spec == known.spec &&
                       period_of(*map.front()) == period_of(known);
            });
            if (same == maps.end())
                maps.push_back({&known});
            else
                same->push_back(&known);
        }
        if (maps.empty())
            return;
        const auto mask = mask_of_units();
        for (const auto& map : maps) {
            const auto& first = *map.front()->source;
            std::vector<RasterPiece> pieces;
            for (const auto* piece : map)
                pieces.push_back({piece->source, piece->spec});
            m_out.layers.push_back(
                write_map(pieces, m_folder,
                          free_name(first.layer.empty() ? first.file.stem().string() : first.layer),
                          *m_grid, mask, m_door, m_writers, m_execution));
            m_out.layers.back().period = period_of(*map.front());
        }
    }

    static std::optional<double> period_of(const Known& known) {
        if (const auto own = own_period_of(known))
            return own;
        // "二十年一遇/淹没水深.tif"
        return spec::period_in(known.source->file.parent_path().filename().string());
    }
    static std::optional<double> own_period_of(const Known& known) {
        return spec::period_in(known.source->layer.empty() ? known.source->file.stem().string()
                                                           : known.source->layer);
    }

    /// Cells of which some part lies in a unit; null: there are no units.
    std::shared_ptr<const raster::Source> mask_of_units() const {
        for (const char* level : {"townships", "counties", "cities"})
            for (std::size_t i = 0; i < m_layers.size(); ++i) {
                if (m_out.layers[i].spec != level || m_layers[i].crs.empty())
                    continue;
                const auto units = vector::transformed(m_layers[i], m_grid->crs);
                std::vector<MultiPolygon> shapes;
                for (const auto& feature : units.features)
                    shapes.push_back(feature.shape.polygons);
                constexpr double any_part = 1e-9;
                return zonal::unit_cells(zonal::cover(shapes, *m_grid, m_execution), *m_grid,
                                         any_part);
            }
        return nullptr;
    }

    Json provenance() const {
        Json json{{"crs", m_out.crs}};
        if (m_grid)
            json["grid"] = m_grid->describe();
        json["layers"] = Json::array();
        for (const auto& known : m_known) {
            const auto label = known.source->label();
            const auto entry =
                std::find_if(m_out.layers.begin(), m_out.layers.end(), [&](const IngestedLayer& l) {
                    return std::find(l.sources.begin(), l.sources.end(), label) != l.sources.end();
                });
            Json layer{{"source", label},
                       {"sha256", fs::is_regular_file(known.source->file)
                                      ? Json(sha256_of_file(known.source->file))
                                      : Json(nullptr)},
                       {"spec", entry->spec},
                       {"name", entry->name},
                       {entry->raster ? "cells" : "features", entry->features},
                       {"did", entry->did.in(m_language)}};
            for (const auto& [theirs, ours] : known.source->fields)
                layer["fields"][ours] = theirs;
            json["layers"].push_back(std::move(layer));
        }
        for (const auto& row : census::rules())
            if (const auto n = m_out.report.findings.count(row.id); n > 0)
                json["findings"][row.name] = n;
        json["left_out"] = Json::array();
        for (const auto& left : m_out.report.left_out)
            json["left_out"].push_back({{"file", left.file}, {"why", left.why.in(m_language)}});
        json["accepted"] = m_out.report.accepted;
        json["changes"] = m_out.changes.size();
        return json;
    }

    const fs::path& m_folder;
    const IngestRules& m_rules;
    std::span<const spec::LayerSpec> m_specs;
    Language m_language;
    const Execution& m_execution;
    spec::Door m_door; ///< of rasters; layers are accounted for by their changes
    Ingest m_out;
    std::vector<Known> m_known;
    Crs m_crs;
    std::optional<Grid> m_grid;
    std::set<std::string> m_names;
    std::vector<vector::Layer> m_layers;                    ///< as the first of m_out.layers
    std::vector<std::unique_ptr<raster::Writer>> m_writers; ///< committed when all has succeeded
};

} // namespace

Ingest ingest(const fs::path& folder, std::span<const spec::Source> sources,
              const IngestRules& rules, std::span<const spec::LayerSpec> specs, Language language,
              const Execution& execution) {
    return Ingester{folder, rules, specs, language, execution}.run(sources);
}

} // namespace riskmap::census
