// SPDX-License-Identifier: MIT
// What is checked of a layer as a whole before its features, and the pass over them.
#include "layer_checker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <riskmap/core/parallel.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/spec/value.hpp>

namespace riskmap::census {

CheckedLayer LayerCheck::run() {
    check_structure();
    m_covers = m_layer.spec != nullptr && m_layer.spec->coverage && m_layer.stream.has_geometry();
    const auto n = m_layer.spec == nullptr ? 0 : m_layer.spec->fields.size();
    m_uniques.resize(n);
    m_numbers.resize(n);
    m_strides.assign(n, {});
    read_features();
    check_encoding();
    if (m_features == 0)
        add({RuleId::layer_empty});
    check_extent();
    check_uniques();
    check_units_of_values();
    check_twins();
    join_siblings();
    check_sums();
    check_children();
    check_shift();
    check_joins();
    if (m_covers)
        check_coverage();
    return {m_layer.label,
            m_layer.spec == nullptr ? "" : m_layer.spec->id,
            m_layer.stream.format(),
            m_layer.crs.empty() ? "" : m_layer.crs.name(),
            m_layer.stream.encoding(),
            m_features};
}

void LayerCheck::add(Finding finding) {
    finding.layer = m_layer.label;
    if (finding.place && !m_layer.crs.empty())
        m_to_degrees.with([&](const CrsTransform& to) {
            finding.place = to.apply(*finding.place);
            finding.shape = to.apply(std::move(finding.shape));
        });
    else if (m_layer.crs.empty())
        finding.place.reset();
    m_findings.add(std::move(finding));
}

/// A column that says of which system the coordinates are, where that is one of the maps of the
/// web.
void LayerCheck::look_at_system(const std::vector<vector::SourceFeature>& features,
                                Harvest& out) const {
    for (std::size_t f = 0; f < m_layer.fields.size(); ++f) {
        const auto head = spec::comparable(m_layer.fields[f].name);
        if (head != "坐标系" && head != "坐标系统" && head != "坐标类型" && head != "coordsys")
            continue;
        for (const auto& source : features) {
            const auto word = spec::comparable(vector::text_of(source.feature.values[f]));
            const auto says = [&](const char* part) {
                return word.find(part) != std::string::npos;
            };
            out.says_bd09 = out.says_bd09 || says("bd09") || says("百度");
            out.says_gcj02 = out.says_gcj02 || says("gcj02") || says("火星") || says("高德");
        }
    }
}

void LayerCheck::check_structure() {
    const auto& stream = m_layer.stream;
    if (spec() == nullptr)
        add({RuleId::layer_unknown});
    if (m_layer.has_shapes() && m_layer.crs.empty())
        add({RuleId::crs_missing});
    if (m_layer.crs_assumed)
        add({RuleId::crs_assumed});
    if (m_layer.header_row) {
        Finding finding{RuleId::header_row};
        finding.value = fmt::format("{}", *m_layer.header_row);
        add(std::move(finding));
    }
    // GeoJSON, KML and GPX are in WGS 84 by their standards.
    const auto& format = stream.format();
    const bool by_standard = (format.starts_with("GeoJSON") || format == "LIBKML" ||
                              format == "KML" || format == "GPX") &&
                             m_layer.crs == Crs::wgs84();
    if (!m_layer.crs.empty() && !by_standard && !is_allowed(m_layer.crs, m_around.rules.crs)) {
        Finding finding{RuleId::crs_not_allowed};
        finding.value = m_layer.crs.name();
        add(std::move(finding));
    }
    if (spec() == nullptr)
        return;
    find_names();
    for (std::size_t s = 0; s < spec()->fields.size(); ++s) {
        const auto& field = spec()->fields[s];
        const bool numeric =
            field.kind == spec::FieldKind::number || field.kind == spec::FieldKind::whole;
        if (const auto column = m_layer.map.of[s];
            column && numeric && m_layer.fields[*column].type == vector::FieldType::text &&
            !m_layer.is_written()) {
            Finding finding{RuleId::value_written};
            finding.field = m_layer.fields[*column].name;
            finding.detail = {"数字以文本存储", "numbers kept as text"};
            add(std::move(finding));
        }
        if (const auto column = m_layer.map.of[s]; column && !m_layer.unit_is_said(s)) {
            const auto foreign = spec::foreign_unit(m_layer.fields[*column].name, field.unit);
            if (!foreign.empty()) {
                Finding finding{RuleId::unit_foreign};
                finding.field = m_layer.fields[*column].name;
                finding.detail = {fmt::format("写的是“{}”，应为 {}", foreign, field.unit),
                                  fmt::format("it says '{}', {} is wanted", foreign, field.unit)};
                add(std::move(finding));
            }
        }
        const bool named = m_names && field.name == spec()->parent_field;
        if (m_layer.map.of[s] || !field.required || named)
            continue;
        std::vector<std::string> theirs;
        for (const auto& f : m_layer.fields)
            theirs.push_back(f.name);
        const auto near = nearest_name(field.name, theirs);
        Finding finding{RuleId::field_missing};
        finding.field = field.name;
        finding.detail = {field.title.zh + (near ? "；是不是 '" + *near + "'？" : ""),
                          field.title.en + (near ? "; is it '" + *near + "'?" : "")};
        add(std::move(finding));
    }
    for (const auto& [s, f] : m_layer.map.told_rivals(*spec())) {
        Finding finding{RuleId::field_rival};
        finding.field = m_layer.fields[f].name;
        finding.detail = {fmt::format("'{}' 取自 '{}'", spec()->fields[s].name,
                                      m_layer.fields[*m_layer.map.of[s]].name),
                          fmt::format("'{}' is taken from '{}'", spec()->fields[s].name,
                                      m_layer.fields[*m_layer.map.of[s]].name)};
        add(std::move(finding));
    }
    const bool wants_shapes = spec()->points || spec()->lines || spec()->polygons;
    if (wants_shapes && !m_layer.has_shapes() && !m_layer.field_of(spec()->parent_field) &&
        !m_layer.field_of("code"))
        add({RuleId::field_missing, {}, {}, "x, y", {}, {"坐标或代码", "coordinates or codes"}});
}

void LayerCheck::check_encoding() {
    if (const auto cut = m_layer.stream.cut_texts(); cut > 0) {
        Finding finding{RuleId::text_cut};
        finding.value = std::to_string(cut);
        add(std::move(finding));
    }
    if (const auto& cut = m_layer.stream.cut_rows(); cut.rows > 0) {
        Finding finding{RuleId::row_cut};
        finding.value = std::to_string(cut.rows);
        finding.detail = {
            fmt::format("第 {} 行有 {} 列，应为 {} 列", cut.first, cut.columns, cut.of),
            fmt::format("row {} has {} of {} columns", cut.first, cut.columns, cut.of)};
        add(std::move(finding));
    }
    tell_sheet();
    const auto fault = m_layer.encoding_fault();
    if (!fault)
        return;
    const auto& stream = m_layer.stream;
    Finding finding{*fault};
    if (*fault == RuleId::encoding_wrong) {
        finding.value = stream.declared_encoding();
        finding.detail = {fmt::format("实为 {}", stream.encoding()),
                          fmt::format("it is {}", stream.encoding())};
    }
    add(std::move(finding));
}

/// A table that names its units in place of codes is read by the names.
void LayerCheck::find_names() {
    if (m_around.parent == nullptr || m_layer.field_of(spec()->parent_field))
        return;
    m_names = name_columns(m_layer.fields, *spec(), m_around.parent->spec());
    if (!m_names)
        return;
    m_unit_names.emplace(*m_around.parent, m_around.counties);
    Finding finding{RuleId::code_by_name};
    finding.field = m_layer.fields[m_names->name].name;
    finding.detail = {fmt::format("按 '{}' 的名称", m_around.parent->label()),
                      fmt::format("by the names of '{}'", m_around.parent->label())};
    add(std::move(finding));
}

void LayerCheck::tell_sheet() {
    const auto rows = m_layer.left_out();
    if (auto words = rows.words(); !words.en.empty()) {
        Finding finding{RuleId::rows_left_out};
        finding.detail = std::move(words);
        add(std::move(finding));
    }
    for (const auto row : rows.shared) {
        Finding finding{RuleId::number_shared};
        finding.fid = row;
        add(std::move(finding));
    }
    if (const auto n = rows.formulas.size(); n > 0 && spec() != nullptr) {
        Finding finding{RuleId::formula_empty};
        finding.value = std::to_string(n);
        add(std::move(finding));
    }
}

void LayerCheck::read_features() {
    struct Numbered {
        vector::LayerStream::Batch batch;
        std::uint32_t first;
    };
    const auto total = m_layer.stream.count();
    for (bool more = true; more; m_first_round = false) {
        std::uint64_t read = 0;
        parallel_stream(
            m_around.execution,
            [&]() -> std::optional<Numbered> {
                m_around.execution.progress.check();
                auto batch = m_layer.stream.next();
                if (!batch)
                    return std::nullopt;
                const auto first = static_cast<std::uint32_t>(read);
                read += batch->size();
                if (total && *total > 0)
                    m_around.execution.progress.report(
                        m_layer.label, static_cast<double>(read) / static_cast<double>(*total));
                return Numbered{std::move(*batch), first};
            },
            [&](Numbered& piece) { return harvest(piece.batch, piece.first); },
            [&](Harvest&& result) { take(std::move(result)); });
        m_layer.stream.rewind();
        more = m_covers && m_ledger.close_round(m_around.execution);
    }
}

CheckedLayer check_layer(LayerCase& layer, const Surroundings& around, Findings& findings) {
    return LayerCheck{layer, around, findings}.run();
}

} // namespace riskmap::census
