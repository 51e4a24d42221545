// SPDX-License-Identifier: MIT
#include <riskmap/census/check.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/census/mend.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/table.hpp>

#include "../geo/gdal.hpp"
#include "layer_check.hpp"
#include "raster_check.hpp"

namespace riskmap::census {

namespace {

namespace fs = std::filesystem;

/// What a file turned out to be, before its layer is read.
struct Opened {
    const LayerSource* source;
    const LayerSpec* spec = nullptr;
    bool raster = false;
    std::string trouble; ///< why it cannot be read; empty: it can
};

/// By the extension where it says so: tables of coordinates open as rasters, too.
bool is_raster(const fs::path& file) {
    const auto extension = file.extension().string();
    for (const char* usual : {".tif", ".tiff", ".img", ".asc", ".nc"})
        if (extension == usual)
            return true;
    for (const char* usual : {".shp", ".gpkg", ".gdb", ".geojson", ".json", ".csv", ".xlsx"})
        if (extension == usual)
            return false;
    const auto dataset = gdal::open(file, GDAL_OF_VECTOR | GDAL_OF_RASTER);
    const gdal::Messages unheard;
    return GDALDatasetGetLayerCount(dataset.get()) == 0;
}

std::string one_line(const Error& error) {
    return error.hint().empty() ? error.what() : fmt::format("{}; {}", error.what(), error.hint());
}

Opened identified(const LayerSource& source, std::span<const LayerSpec> specs) {
    Opened opened{&source, nullptr, false, {}};
    try {
        opened.spec = spec_of(source, specs, opened.raster);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::input)
            throw;
        opened.trouble = one_line(error);
    }
    return opened;
}

Outline reference_outline(const LayerSource& source, const Plane& plane) {
    auto layer = vector::read_layer(source.file, source.layer);
    layer = vector::transformed(std::move(layer), Crs::wgs84());
    std::vector<Edge> edges;
    for (const auto& feature : layer.features) {
        std::vector<Edge> own;
        append_edges(feature.shape.polygons, own);
        for (const auto& line : feature.shape.lines)
            for (std::size_t i = 1; i < line.size(); ++i)
                own.push_back({line[i - 1], line[i]});
        for (const auto p : feature.shape.points)
            own.push_back({p, p});
        for (const auto& edge : own)
            edges.push_back({plane.of(edge.from), plane.of(edge.to)});
    }
    return Outline{std::move(edges)};
}

Point middle_of_layer(const LayerSource& source) {
    auto layer = vector::transformed(vector::read_layer(source.file, source.layer), Crs::wgs84());
    Box box;
    for (const auto& feature : layer.features)
        box.add(vector::bounds(feature.shape));
    return {(box.left + box.right) / 2, (box.bottom + box.top) / 2};
}

/// The units of every layer that another one belongs to.
class Parents {
  public:
    Parents(const std::vector<Opened>& all) : m_all{all} {}

    const Units* of(const LayerSpec* spec) {
        if (spec == nullptr || spec->parent.empty())
            return nullptr;
        const auto known = m_units.find(spec->parent);
        if (known != m_units.end())
            return known->second.get();
        auto& units = m_units[spec->parent];
        for (const auto& opened : m_all)
            if (opened.trouble.empty() && opened.spec != nullptr &&
                opened.spec->id == spec->parent) {
                try {
                    units = std::make_unique<Units>(*opened.source, *opened.spec);
                } catch (const Error&) {
                    // Its own check tells what is wrong with it.
                }
                break;
            }
        return units.get();
    }

  private:
    const std::vector<Opened>& m_all;
    std::map<std::string, std::unique_ptr<Units>> m_units;
};

void leave_out_accepted(CheckReport& report, const CheckRules& rules) {
    for (const auto& row : census::rules()) {
        const bool fine =
            std::find(rules.accept.begin(), rules.accept.end(), row.name) != rules.accept.end();
        if (fine && report.findings.count(row.id) > 0)
            report.accepted.push_back(
                fmt::format("{}: {}", row.name, report.findings.count(row.id)));
    }
    report.findings.forget(rules.accept);
}

} // namespace

const LayerSpec* spec_of(const LayerSource& source, std::span<const LayerSpec> specs,
                         bool& raster) {
    const auto* named = source.spec.empty() ? nullptr : &spec_named(specs, source.spec);
    raster = is_raster(source.file);
    if (named != nullptr)
        return named;
    const auto stem = source.file.stem().string();
    if (raster)
        return recognised(specs, stem, stem, Form::raster);
    const vector::LayerStream stream{source.file, source.layer, source.encoding};
    return recognised(specs, stream.name(), stem,
                      stream.has_geometry() ? Form::shapes : Form::table);
}

bool CheckReport::clean() const {
    return findings.count(Severity::error) == 0 && findings.count(Severity::warning) == 0;
}

std::vector<LayerSource> expanded(std::span<const LayerSource> sources) {
    std::vector<LayerSource> out;
    for (const auto& source : sources) {
        std::error_code ignored;
        const bool folder =
            fs::is_directory(source.file, ignored) && source.file.extension() != ".gdb";
        if (folder) {
            std::vector<fs::path> files;
            for (const auto& entry : fs::directory_iterator{source.file}) {
                const auto extension = entry.path().extension().string();
                for (const char* known : {".shp", ".gpkg", ".gdb", ".geojson", ".csv", ".xlsx",
                                          ".tif", ".tiff", ".img", ".asc", ".nc"})
                    if (extension == known)
                        files.push_back(entry.path());
            }
            std::sort(files.begin(), files.end());
            for (const auto& file : files) {
                auto copy = source;
                copy.file = file;
                for (auto& more : expanded(std::span{&copy, 1}))
                    out.push_back(std::move(more));
            }
            continue;
        }
        std::vector<std::string> layers;
        try {
            if (source.layer.empty() && !is_raster(source.file))
                layers = vector::layer_names(source.file);
        } catch (const Error&) {
            layers.clear(); // the check tells it
        }
        if (layers.size() < 2) {
            out.push_back(source);
            continue;
        }
        for (const auto& layer : layers) {
            if (layer == "layer_styles")
                continue;
            out.push_back(source);
            out.back().layer = layer;
        }
    }
    return out;
}

CheckReport check(std::span<const LayerSource> sources, const CheckRules& rules,
                  std::span<const LayerSpec> specs, const Execution& execution) {
    for (const auto& name : rules.accept)
        (void)row_named(census::rules(), name, "rule");
    for (const auto& name : rules.crs)
        (void)Crs::parse(name);
    CheckReport report{{}, Findings{rules.most}, {}, {}};
    std::vector<Opened> all;
    for (const auto& source : sources)
        all.push_back(identified(source, specs));
    std::optional<Area> area;
    if (rules.area)
        report.area = area.emplace(*rules.area).degrees();
    std::optional<Outline> reference;
    Surroundings around{area ? &*area : nullptr, nullptr, nullptr, {}, rules, execution};
    if (rules.reference) {
        around.plane.emplace(middle_of_layer(*rules.reference));
        reference.emplace(reference_outline(*rules.reference, *around.plane));
        around.reference = &*reference;
    }
    Parents parents{all};
    Grids grids;
    std::vector<std::string> labels;
    for (const auto& opened : all) {
        const auto& source = *opened.source;
        labels.push_back(source.label());
        auto trouble = opened.trouble;
        CheckedLayer checked{source.label(), {}, {}, {}, {}, 0};
        try {
            if (!trouble.empty()) {
                // told below
            } else if (opened.raster) {
                checked = check_raster(source, opened.spec, around.area, rules, grids,
                                       report.findings, execution);
            } else {
                LayerCase layer{source, opened.spec,
                                vector::LayerStream{source.file, source.layer, source.encoding}};
                around.parent = parents.of(opened.spec);
                checked = check_layer(layer, around, report.findings);
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::input)
                throw;
            trouble = one_line(error);
        }
        if (!trouble.empty())
            report.findings.add(
                {RuleId::file_unreadable, source.label(), {}, {}, {}, {trouble, trouble}});
        report.layers.push_back(std::move(checked));
    }
    leave_out_accepted(report, rules);
    report.findings.sort(labels);
    return report;
}

} // namespace riskmap::census
