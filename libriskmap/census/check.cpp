// SPDX-License-Identifier: MIT
#include <riskmap/census/check.hpp>
#include <riskmap/spec/door.hpp>

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <gdal.h>

#include <riskmap/census/mend.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/table.hpp>

#include "../geo/gdal.hpp"
#include "layer_check.hpp"
#include "raster_check.hpp"

namespace riskmap::census {

namespace {

namespace fs = std::filesystem;

/// What a file turned out to be, before its layer is read.
struct Opened {
    const spec::Source* source;
    const spec::LayerSpec* spec = nullptr;
    bool raster = false;
    std::string trouble; ///< why it cannot be read; empty: it can
};

std::string message_of(const Error& error) {
    return error.hint().empty() ? error.what() : fmt::format("{}; {}", error.what(), error.hint());
}

Opened identified(const spec::Source& source, std::span<const spec::LayerSpec> specs) {
    Opened opened{&source, nullptr, false, {}};
    try {
        opened.spec = spec_of(source, specs, opened.raster);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::input)
            throw;
        opened.trouble = message_of(error);
    }
    return opened;
}

/// A layer that others should agree with, on a plane around its middle.
struct Reference {
    Plane plane;
    Outline outline;
};

Reference read_reference(const spec::Source& source) {
    spec::Door door; // what it has to say is told where it is checked itself
    auto table = door.table(source, spec::any_layer(), spec::Shapes::wanted);
    const auto layer = vector::transformed(std::move(table.layer()), Crs::wgs84());
    std::vector<Edge> edges;
    Box box;
    for (const auto& feature : layer.features) {
        box.add(vector::bounds(feature.shape));
        append_edges(feature.shape.polygons, edges);
        for (const auto& line : feature.shape.lines)
            for (std::size_t i = 1; i < line.size(); ++i)
                edges.push_back({line[i - 1], line[i]});
        for (const auto p : feature.shape.points)
            edges.push_back({p, p});
    }
    const Plane plane{box.middle()};
    for (auto& edge : edges)
        edge = {plane.of(edge.from), plane.of(edge.to)};
    return {plane, Outline{std::move(edges)}};
}

/// The area; nothing if it is one of the layers to be checked and cannot be used, since its
/// own check tells that.
std::optional<Area> read_area(const CheckRules& rules, std::span<const spec::Source> sources) {
    if (!rules.area)
        return std::nullopt;
    try {
        return std::optional<Area>{std::in_place, *rules.area};
    } catch (const Error& error) {
        const bool checked =
            std::any_of(sources.begin(), sources.end(), [&](const spec::Source& source) {
                return source.file == rules.area->file && source.layer == rules.area->layer;
            });
        if (!checked || error.kind() != ErrorKind::input)
            throw;
        return std::nullopt;
    }
}

/// The city as its own units say it, the first level that is there alone; nothing where none is.
std::optional<Area> area_of_units(const std::vector<Opened>& all) {
    const bool asked = std::any_of(all.begin(), all.end(), [](const Opened& opened) {
        const auto* spec = opened.spec;
        return !opened.raster && spec != nullptr && !spec->coverage &&
               (spec->points || spec->lines || spec->polygons);
    });
    if (!asked)
        return std::nullopt; // units are not held against themselves
    for (const char* level : {"cities", "counties", "townships"}) {
        const Opened* only = nullptr;
        std::size_t count = 0;
        for (const auto& opened : all)
            if (opened.trouble.empty() && !opened.raster && opened.spec != nullptr &&
                opened.spec->id == level) {
                only = &opened;
                ++count;
            }
        if (count != 1)
            continue;
        try {
            return std::optional<Area>{std::in_place, *only->source};
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::input)
                throw;
        }
    }
    return std::nullopt;
}

/// The units of every layer that another one belongs to.
class Parents {
  public:
    explicit Parents(const std::vector<Opened>& all) : m_all{all} {}

    const Units* of(const spec::LayerSpec* spec) {
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
                    if (units)
                        units->add(*opened.source);
                    else
                        units = std::make_unique<Units>(*opened.source, *opened.spec);
                } catch (const Error&) {
                    // Its own check tells what is wrong with it.
                }
            }
        if (units && units->all().empty())
            units.reset(); // no codes: likewise
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

const spec::LayerSpec* spec_of(const spec::Source& source, std::span<const spec::LayerSpec> specs,
                               bool& raster) {
    const auto* named = source.spec.empty() ? nullptr : &spec::spec_named(specs, source.spec);
    raster = spec::is_raster(source.file);
    if (named != nullptr)
        return named;
    // As it is shown: names in archives may have to be decoded.
    const auto stem =
        (source.shown.empty() ? source.file : std::filesystem::path{source.shown}).stem().string();
    if (raster)
        return spec::recognised(specs, source.layer.empty() ? stem : source.layer, stem,
                                spec::Form::raster);
    const vector::LayerStream stream{source.file, source.layer, source.encoding};
    return spec::recognised(specs, stream.name(), stem,
                            stream.has_geometry() ? spec::Form::shapes : spec::Form::table);
}

bool CheckReport::clean() const {
    return findings.count(Severity::error) == 0 && findings.count(Severity::warning) == 0;
}

CheckReport check(std::span<const spec::Source> sources, const CheckRules& rules,
                  std::span<const spec::LayerSpec> specs, const Execution& execution) {
    for (const auto& name : rules.accept)
        (void)row_named(census::rules(), name, "rule");
    for (const auto& name : rules.crs)
        (void)Crs::parse(name);
    CheckReport report{{}, Findings{rules.most}, {}, {}, rules.left_out};
    std::vector<Opened> all;
    for (const auto& source : sources)
        all.push_back(identified(source, specs));
    auto area = read_area(rules, sources);
    if (area)
        report.area = area->degrees();
    const bool by_call = !area;
    if (by_call)
        area = area_of_units(all);
    std::optional<Reference> reference;
    Surroundings around{area ? &*area : nullptr, nullptr, nullptr, nullptr, {}, rules, execution};
    if (rules.reference) {
        reference.emplace(read_reference(*rules.reference));
        around.reference = &reference->outline;
        around.plane = reference->plane;
    }
    Parents parents{all};
    std::map<const spec::LayerSpec*, Siblings> siblings;
    for (const auto& opened : all)
        if (opened.trouble.empty() && !opened.raster && opened.spec != nullptr)
            ++siblings[opened.spec].to_come;
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
                // Rasters may come in pieces; that one does not cover a city is no fault of it.
                checked = check_raster(source, opened.spec, by_call || !area ? nullptr : &*area,
                                       rules, grids, report.findings, execution);
            } else {
                LayerCase layer{source, opened.spec};
                const bool units = opened.spec != nullptr && opened.spec->coverage;
                around.area = area && !(by_call && units) ? &*area : nullptr;
                around.parent = parents.of(opened.spec);
                around.counties =
                    around.parent == nullptr ? nullptr : parents.of(&around.parent->spec());
                around.siblings = opened.spec == nullptr ? nullptr : &siblings[opened.spec];
                if (around.siblings != nullptr)
                    --around.siblings->to_come;
                checked = check_layer(layer, around, report.findings);
            }
        } catch (const MemoryError&) {
            throw; // the file is not at fault
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::input)
                throw;
            trouble = message_of(error);
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
