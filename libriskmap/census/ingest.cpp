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

#include "feature_rules.hpp"
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
    const bool mended = row.mendable || (row.id == RuleId::shift_gcj02 && rules.unshift);
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
        write_check(m_folder, m_out.report, m_language);
        for (const auto& row : census::rules())
            if (stops(row, m_rules) && m_out.report.findings.count(row.id) > 0 && !m_rules.force)
                return std::move(m_out);
        find(sources);
        find_grid();
        for (const auto& known : m_known)
            if (!known.raster)
                take_layer(known);
        write_layers();
        for (const auto& known : m_known)
            if (known.raster)
                take_raster(known);
        vector::write_csv(m_folder / "changes.csv", change_table(m_out.changes));
        write_file(m_folder / "provenance.json", provenance().dump(2) + "\n");
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
        entry.source = label;
        entry.spec = known.spec == nullptr ? "" : known.spec->id;
        entry.name = free_name(known.spec == nullptr ? result.layer.name : known.spec->id);
        std::vector<std::string> did;
        if (!result.changes.empty())
            did.push_back(fmt::format("{} values or shapes mended", result.changes.size()));
        if (result.encoding != "UTF-8")
            did.push_back(fmt::format("text read as {}", result.encoding));
        m_out.changes.insert(m_out.changes.end(), result.changes.begin(), result.changes.end());
        auto layer = renamed(std::move(result), m_language);
        layer.name = entry.name;
        place_by_code(known, layer, did);
        if (!layer.crs.empty())
            carry(layer, label, did);
        entry.features = layer.features.size();
        for (const auto& field : layer.fields)
            entry.fields.push_back(field.name);
        entry.did = fmt::format("{}", fmt::join(did, "; "));
        m_layers.push_back(std::move(layer));
        m_out.layers.push_back(std::move(entry));
    }

    void carry(vector::Layer& layer, const std::string& label, std::vector<std::string>& did) {
        const auto from = layer.crs.name();
        if (m_rules.unshift && m_out.report.findings.count(RuleId::shift_gcj02, label) > 0) {
            layer = vector::transformed(std::move(layer), Crs::wgs84());
            for (auto& feature : layer.features)
                move(feature.shape, &true_place_of);
            did.emplace_back("GCJ-02 shift taken off by its public approximation");
        }
        layer = vector::transformed(std::move(layer), m_crs);
        if (from != m_crs.name())
            did.push_back(fmt::format("{} to {}", from, m_crs.name()));
    }

    /// Records that should be points go into the unit of their code.
    void place_by_code(const Known& known, vector::Layer& layer, std::vector<std::string>& did) {
        const auto* spec = known.spec;
        const bool placed = std::any_of(layer.features.begin(), layer.features.end(),
                                        [](const auto& f) { return !f.shape.empty(); });
        if (spec == nullptr || !spec->points || placed || spec->parent.empty() ||
            !layer.has_field(spec->parent_field))
            return;
        const auto above = std::find_if(m_known.begin(), m_known.end(), [&](const Known& other) {
            return other.spec != nullptr && other.spec->id == spec->parent;
        });
        if (above == m_known.end())
            return;
        const Units units{*above->source, *above->spec};
        const auto field = layer.field(spec->parent_field);
        layer.crs = Crs::wgs84();
        for (auto& feature : layer.features)
            if (const auto* unit = units.find(vector::text_of(feature.values[field]));
                unit != nullptr && !unit->degrees.empty())
                feature.shape.points = {interior_point(unit->degrees)};
        did.push_back(fmt::format("placed inside the {} of their codes", spec->parent));
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

    void take_raster(const Known& known) {
        StackLayer layer;
        static_cast<spec::Source&>(layer) = *known.source;
        if (!layer.kind)
            layer.kind = known.spec == nullptr ? raster::Kind::continuous : known.spec->kind;
        layer.wanted = known.spec == nullptr ? "" : known.spec->unit;
        const auto stacked = census::stacked(layer, *m_grid, 0.5, m_door, m_execution);
        IngestedLayer entry;
        entry.source = known.source->label();
        entry.spec = known.spec == nullptr ? "" : known.spec->id;
        entry.name = free_name(known.source->layer.empty() ? known.source->file.stem().string()
                                                           : known.source->layer);
        entry.raster = true;
        entry.features =
            static_cast<std::uint64_t>(m_grid->columns) * static_cast<std::uint64_t>(m_grid->rows);
        entry.did =
            fmt::format("{} onto the grid, {}", raster::name_of(*layer.kind), stacked.plan.rule);
        raster::RasterSpec spec;
        spec.type = stacked.kind == raster::Kind::counts ? raster::CellType::float64
                                                         : raster::CellType::float32;
        spec.unit = known.spec == nullptr ? "" : known.spec->unit;
        spec.metadata = {{"source", stacked.plan.file}, {"rule", stacked.plan.rule}};
        raster::Writer writer{m_folder / (entry.name + ".tif"), *m_grid, spec};
        raster::copy(*stacked.cells, writer, m_execution, entry.name);
        writer.commit();
        m_out.layers.push_back(std::move(entry));
    }

    Json provenance() const {
        Json json{{"crs", m_out.crs}};
        if (m_grid)
            json["grid"] = m_grid->describe();
        json["layers"] = Json::array();
        for (const auto& known : m_known) {
            const auto label = known.source->label();
            const auto entry =
                std::find_if(m_out.layers.begin(), m_out.layers.end(),
                             [&](const IngestedLayer& l) { return l.source == label; });
            Json layer{{"source", label},
                       {"sha256", fs::is_regular_file(known.source->file)
                                      ? Json(sha256_of_file(known.source->file))
                                      : Json(nullptr)},
                       {"spec", entry->spec},
                       {"name", entry->name},
                       {entry->raster ? "cells" : "features", entry->features},
                       {"did", entry->did}};
            for (const auto& [theirs, ours] : known.source->fields)
                layer["fields"][ours] = theirs;
            json["layers"].push_back(std::move(layer));
        }
        for (const auto& row : census::rules())
            if (const auto n = m_out.report.findings.count(row.id); n > 0)
                json["findings"][row.name] = n;
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
    std::vector<vector::Layer> m_layers;
};

} // namespace

Ingest ingest(const fs::path& folder, std::span<const spec::Source> sources,
              const IngestRules& rules, std::span<const spec::LayerSpec> specs, Language language,
              const Execution& execution) {
    return Ingester{folder, rules, specs, language, execution}.run(sources);
}

} // namespace riskmap::census
