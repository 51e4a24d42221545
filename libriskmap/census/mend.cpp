// SPDX-License-Identifier: MIT
#include <riskmap/census/mend.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/geo/topology.hpp>
#include <riskmap/spec/value.hpp>

#include "feature_rules.hpp"
#include "layer_case.hpp"
#include "prints.hpp"
#include "snap.hpp"

namespace riskmap::census {

namespace {

using vector::Value;

/// A value as it should be, and the rule that asked for a change.
struct Reading {
    Value value;
    std::optional<RuleId> rule;
};

Value number_value(const spec::FieldSpec& field, double number) {
    constexpr double exact = 9007199254740992; // 2^53
    if (field.kind == spec::FieldKind::whole && number == std::round(number) &&
        std::abs(number) < exact)
        return static_cast<std::int64_t>(number);
    return number;
}

/// `factor`: to the unit of the specification.
Reading read_value(const spec::FieldSpec& field, const Value& value, double factor,
                   bool not_codes) {
    const auto text = vector::text_of(value);
    const auto written = [&](spec::Read how, Value read, RuleId rule) -> Reading {
        switch (how) {
        case spec::Read::nothing:
            return {std::monostate{},
                    text.empty() ? std::nullopt : std::optional{RuleId::value_written}};
        case spec::Read::sentinel:
            return {std::monostate{}, RuleId::value_sentinel};
        case spec::Read::unreadable:
            return {value, {}};
        case spec::Read::plain:
            return {std::move(read), {}};
        case spec::Read::converted:
        case spec::Read::out_of_range:
            return {std::move(read), rule};
        }
        return {value, {}};
    };
    switch (field.kind) {
    case spec::FieldKind::number:
    case spec::FieldKind::whole: {
        const auto number = spec::number_in(field, value, factor);
        const auto rule =
            parse_number(text) && factor == 1 ? std::nullopt : std::optional{RuleId::value_written};
        auto reading =
            written(number.how, number_value(field, number.value), RuleId::value_written);
        if (reading.rule == RuleId::value_written && number.how != spec::Read::nothing)
            reading.rule = rule;
        return reading;
    }
    case spec::FieldKind::date: {
        const auto date = spec::date_in(field, value);
        if (date.how == spec::Read::plain)
            return {value, {}};
        return written(date.how, date.value.text(), RuleId::value_written);
    }
    case spec::FieldKind::code: {
        const auto code = spec::code_in(field, value, not_codes);
        return not_codes && code.how != spec::Read::nothing
                   ? Reading{value, {}}
                   : written(code.how, code.value, RuleId::code_padding);
    }
    case spec::FieldKind::flag: {
        const auto flag = spec::flag_in(value);
        return written(flag.how, Value{std::int64_t{flag.value ? 1 : 0}}, RuleId::value_written);
    }
    case spec::FieldKind::text:
        break;
    }
    return {value, {}};
}

bool without_twins(std::vector<Point>& line) {
    const auto end = std::unique(line.begin(), line.end());
    const bool some = end != line.end();
    line.erase(end, line.end());
    return some;
}

class Mender {
  public:
    Mender(const spec::Source& source, const spec::LayerSpec* spec, const CheckRules& rules,
           Heads heads)
        : m_case{source, spec}, m_rules{rules}, m_heads{heads} {}

    Mended run() {
        auto& layer = m_out.layer;
        layer.name = m_case.stream.name();
        layer.crs = m_case.crs;
        layer.fields = m_case.fields;
        complete_names();
        if (m_heads == Heads::renamed)
            m_case.refuse_rivals();
        m_out.spec = m_case.spec;
        m_out.fields = m_case.map.of;
        m_out.encoding = m_case.stream.encoding();
        if (const auto fault = m_case.encoding_fault())
            tell(*fault, {}, "", m_out.encoding, "UTF-8");
        if (m_case.header_row)
            tell(RuleId::header_row, {}, "", fmt::format("row {}", *m_case.header_row), "row 1");
        while (const auto batch = m_case.stream.next())
            for (auto& source : m_case.features_of(*batch))
                take(std::move(source));
        const auto left_out = m_case.left_out();
        for (const auto* rows : {&left_out.totals, &left_out.notes, &left_out.empty})
            for (const auto row : *rows)
                tell(RuleId::rows_left_out, row, "", "no row of data", "left out");
        type_fields();
        if (m_case.spec != nullptr && m_case.spec->coverage)
            snap();
        return std::move(m_out);
    }

  private:
    /// Other formats have room for the names that a Shapefile cuts.
    void complete_names() {
        if (m_case.spec == nullptr || m_case.stream.format() != "ESRI Shapefile")
            return;
        for (std::size_t s = 0; s < m_case.map.of.size(); ++s)
            if (const auto column = m_case.map.of[s]) {
                auto& name = m_out.layer.fields[*column].name;
                auto whole = spec::whole_name(m_case.spec->fields[s], name);
                if (whole == name || m_out.layer.has_field(whole))
                    continue;
                tell(RuleId::text_cut, {}, name, name, whole);
                name = std::move(whole);
            }
    }

    void tell(RuleId rule, std::optional<std::int64_t> fid, const std::string& field,
              const std::string& before, const std::string& after) {
        m_out.changes.push_back({rule, m_case.label, fid, field, before, after});
    }

    void take(vector::SourceFeature&& source) {
        auto& feature = source.feature;
        if (!m_seen.emplace(print_of(feature.shape), print_of(feature.values)).second) {
            tell(RuleId::feature_twice, source.fid, "", "twice", "once");
            return;
        }
        mend_texts(feature, source.fid);
        mend_values(feature, source.fid);
        mend_shape(feature.shape, source.fid);
        m_out.layer.features.push_back(std::move(feature));
        m_out.fids.push_back(source.fid);
    }

    void mend_texts(vector::Feature& feature, std::int64_t fid) {
        for (std::size_t f = 0; f < feature.values.size(); ++f) {
            auto* text = std::get_if<std::string>(&feature.values[f]);
            if (text == nullptr || trim(*text).size() == text->size())
                continue;
            const std::string clean{trim(*text)};
            tell(RuleId::text_blanks, fid, m_case.fields[f].name, *text, clean);
            *text = clean;
        }
    }

    void mend_values(vector::Feature& feature, std::int64_t fid) {
        if (m_case.spec == nullptr)
            return;
        for (std::size_t s = 0; s < m_case.spec->fields.size(); ++s) {
            const auto column = m_case.map.of[s];
            if (!column)
                continue;
            auto& value = feature.values[*column];
            auto reading = read_value(m_case.spec->fields[s], value, m_case.factors[s],
                                      m_case.source.not_codes);
            if (m_heads == Heads::kept && m_case.factors[s] != 1)
                reading = in_unit_of_head(s, value, std::move(reading));
            if (reading.rule)
                tell(*reading.rule, fid, m_case.fields[*column].name, vector::text_of(value),
                     vector::text_of(reading.value));
            value = std::move(reading.value);
        }
    }

    /// A number in the unit that its column's head says; one with a unit of its own is brought
    /// there.
    Reading in_unit_of_head(std::size_t s, const vector::Value& value, Reading in_unit) const {
        auto plain = read_value(m_case.spec->fields[s], value, 1, m_case.source.not_codes);
        const auto as_read = parse_number(vector::text_of(plain.value));
        const auto brought = parse_number(vector::text_of(in_unit.value));
        if (!as_read || !brought || *as_read != *brought || *as_read == 0)
            return plain;
        in_unit.value = *brought / m_case.factors[s];
        return in_unit;
    }

    void mend_shape(vector::Shape& shape, std::int64_t fid) {
        if (!finite(shape))
            return;
        bool twins = false;
        for (auto& line : shape.lines)
            twins = without_twins(line) || twins;
        for_each_ring(shape.polygons,
                      [&](Ring& ring, bool) { twins = without_twins(ring) || twins; });
        if (twins)
            tell(RuleId::vertex_twice, fid, "", "", "");
        turn_rings(shape.polygons, fid);
        if (shape.polygons.empty())
            return;
        if (const auto flaw = m_flaws(shape.polygons)) {
            tell(RuleId::geometry_invalid, fid, "", flaw->reason, "valid");
            shape.polygons = repaired(shape.polygons);
        }
    }

    /// Told only where a format asks for a direction; what is written is right in any case.
    void turn_rings(MultiPolygon& polygons, std::int64_t fid) {
        bool turned = false;
        for_each_ring(polygons, [&](Ring& ring, bool outer) {
            if ((signed_area(ring) > 0) == outer)
                return;
            std::reverse(ring.begin(), ring.end());
            turned = true;
        });
        if (turned && m_case.stream.format().starts_with("GeoJSON"))
            tell(RuleId::ring_order, fid, "", "", "");
    }

    /// Columns of numbers that came as text become numbers, where all of them read.
    void type_fields() {
        if (m_case.spec == nullptr)
            return;
        auto& layer = m_out.layer;
        for (std::size_t s = 0; s < m_case.spec->fields.size(); ++s) {
            const auto column = m_case.map.of[s];
            const auto& field = m_case.spec->fields[s];
            if (!column)
                continue;
            auto& type = layer.fields[*column].type;
            if (field.kind == spec::FieldKind::code || field.kind == spec::FieldKind::date)
                to_texts(*column);
            if (field.kind != spec::FieldKind::number && field.kind != spec::FieldKind::whole &&
                field.kind != spec::FieldKind::flag)
                continue;
            bool all = true;
            bool whole = true;
            for (const auto& feature : layer.features) {
                all = all && !std::holds_alternative<std::string>(feature.values[*column]);
                whole = whole && !std::holds_alternative<double>(feature.values[*column]);
            }
            if (all && type == vector::FieldType::text && !m_case.is_written())
                tell(RuleId::value_written, {}, layer.fields[*column].name, "text", "number");
            if (all)
                type = whole ? vector::FieldType::integer : vector::FieldType::real;
            else
                to_texts(*column);
        }
    }

    void to_texts(std::size_t column) {
        m_out.layer.fields[column].type = vector::FieldType::text;
        for (auto& feature : m_out.layer.features)
            if (auto& value = feature.values[column];
                !std::holds_alternative<std::monostate>(value))
                value = vector::text_of(value);
    }

    void snap() {
        std::vector<MultiPolygon> shapes;
        Box box;
        for (auto& feature : m_out.layer.features) {
            box.add(bounds(feature.shape.polygons));
            shapes.push_back(std::move(feature.shape.polygons));
        }
        const auto unit = UnitLengths{m_case.crs}.at(box.middle());
        for (const auto i : snap_borders(shapes, m_rules.border, unit))
            tell(RuleId::coverage_border, m_out.fids[i], "", "",
                 fmt::format("snapped within {:g} m", m_rules.border));
        for (std::size_t i = 0; i < shapes.size(); ++i)
            m_out.layer.features[i].shape.polygons = std::move(shapes[i]);
    }

    LayerCase m_case;
    const CheckRules& m_rules;
    Heads m_heads;
    FlawFinder m_flaws;
    std::set<std::pair<Print, Print>> m_seen;
    Mended m_out;
};

} // namespace

Mended mended(const spec::Source& source, const spec::LayerSpec* spec, const CheckRules& rules,
              Heads heads) {
    return Mender{source, spec, rules, heads}.run();
}

vector::Layer change_table(const std::vector<Change>& changes) {
    using enum vector::FieldType;
    vector::Layer table;
    table.name = "changes";
    table.fields = {{"layer", text},  {"feature", integer}, {"field", text},
                    {"before", text}, {"after", text},      {"rule", text}};
    for (const auto& change : changes)
        table.features.push_back(
            {{change.layer, change.fid ? Value{*change.fid} : Value{}, change.field, change.before,
              change.after, std::string{rule(change.rule).name}},
             {}});
    return table;
}

namespace {

/// As the file lay in the folder that was given, so that a mended delivery is one again.
std::filesystem::path mended_name(const spec::Source& source) {
    namespace fs = std::filesystem;
    fs::path name;
    if (!source.shown.empty())
        for (const auto& part : fs::path{source.shown}.parent_path())
            if (part != "..")
                name /= small_letters(part.extension().string()) == ".zip" ? part.stem() : part;
    return name / (source.file.stem().string() + ".gpkg");
}

} // namespace

std::vector<Change> mend_into(const std::filesystem::path& folder,
                              std::span<const spec::Source> sources,
                              std::span<const spec::LayerSpec> specs, const CheckRules& rules) {
    namespace fs = std::filesystem;
    std::vector<Change> changes;
    std::map<fs::path, std::vector<vector::Layer>> files;
    for (const auto& source : sources) {
        const auto target = folder / mended_name(source);
        std::error_code ignored;
        if (fs::equivalent(target, source.file, ignored))
            throw input_error(fmt::format("'{}' would replace itself", source.file.string()),
                              "give another folder");
        try {
            bool raster = false;
            const auto* spec = spec_of(source, specs, raster);
            if (raster)
                continue;
            auto result = mended(source, spec, rules);
            changes.insert(changes.end(), result.changes.begin(), result.changes.end());
            auto& layers = files[target];
            const auto own = result.layer.name;
            const auto taken = [&] {
                return std::any_of(layers.begin(), layers.end(), [&](const vector::Layer& layer) {
                    return layer.name == result.layer.name;
                });
            };
            for (int n = 2; taken(); ++n)
                result.layer.name = fmt::format("{}_{}", own, n);
            layers.push_back(std::move(result.layer));
        } catch (const MemoryError&) {
            throw; // the file is not at fault
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::input)
                throw;
            // The others are mended all the same.
            changes.push_back({RuleId::file_unreadable, source.label(), {}, "", "", error.what()});
        }
    }
    for (const auto& [target, layers] : files) {
        fs::create_directories(target.parent_path());
        std::vector<vector::Product> products;
        for (const auto& layer : layers)
            products.push_back({&layer, {}});
        vector::write_geopackage(target, products);
    }
    vector::write_csv(folder / "changes.csv", change_table(changes));
    return changes;
}

} // namespace riskmap::census
