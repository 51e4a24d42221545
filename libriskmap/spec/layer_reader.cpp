// SPDX-License-Identifier: MIT
#include <riskmap/spec/layer_reader.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/spec/value.hpp>

#include "written_table.hpp"

namespace riskmap::spec {

namespace {

std::optional<std::size_t> column_named(const std::vector<vector::Field>& fields,
                                        std::span<const char* const> names) {
    for (const auto* name : names)
        for (std::size_t f = 0; f < fields.size(); ++f)
            if (comparable(fields[f].name) == name)
                return f;
    return std::nullopt;
}

constexpr std::array<const char*, 7> longitudes{"经度", "东经", "lon",      "lng",
                                                "long", "jd",   "longitude"};
constexpr std::array<const char*, 6> latitudes{"纬度", "北纬", "lat", "lati", "wd", "latitude"};
constexpr std::array<const char*, 4> eastings{"x", "x坐标", "横坐标", "pointx"};
constexpr std::array<const char*, 4> northings{"y", "y坐标", "纵坐标", "pointy"};

} // namespace

LayerReader::LayerReader(const Source& layer_source, const LayerSpec* layer_spec)
    : source{layer_source}, label{layer_source.label()}, spec{layer_spec},
      stream{layer_source.file, layer_source.layer, layer_source.encoding} {
    if (!source.where.empty())
        stream.keep_only(source.where);
    crs = source.crs.empty() ? stream.crs() : Crs::parse(source.crs);
    fields = stream.fields();
    const bool table = !stream.has_geometry();
    if (spec != nullptr && table && is_written())
        find_header();
    take_coordinate_pairs();
    if (spec != nullptr)
        try {
            map = map_fields(*spec, fields, m_pairs, stream.format() == "ESRI Shapefile");
        } catch (const Error& error) {
            throw Error{error.kind(),
                        fmt::format("layer '{}' of '{}': {}", stream.name(),
                                    source.file.filename().string(), error.what()),
                        error.hint()};
        }
    refuse_unknown_units();
    for (std::size_t s = 0; spec != nullptr && s < spec->fields.size(); ++s)
        factors.push_back(factor_of(s));
    if (table)
        find_coordinates();
    if (spec != nullptr && table && is_written())
        find_merged();
}

void LayerReader::find_header() {
    constexpr std::size_t most_rows = 12;
    const auto first = stream.next(most_rows);
    stream.rewind();
    const bool sheet = stream.format() != "CSV";
    // Where GDAL found no names it numbers the columns.
    const auto& own = stream.fields();
    const bool named = !(own.front().name == "Field1" || own.front().name == "field_1");
    std::vector<WrittenRow> rows;
    if (named) {
        WrittenRow row{stream.names_row(), 0, {}};
        for (std::size_t f = 0; f < own.size(); ++f) {
            const bool made_up =
                own[f].name == fmt::format("{}{}", sheet ? "Field" : "field_", f + 1);
            row.cells.push_back(made_up ? std::string{} : own[f].name);
        }
        rows.push_back(std::move(row));
    }
    if (first)
        for (const auto& source_feature : stream.values_of(*first)) {
            WrittenRow row{stream.row_of(source_feature.fid), source_feature.fid, {}};
            for (const auto& value : source_feature.feature.values)
                row.cells.push_back(vector::text_of(value));
            rows.push_back(std::move(row));
        }
    for (const auto& title : stream.titles())
        find_title_units({title});
    // A sheet may begin below its first row.
    if (named && sheet && rows.size() > 1)
        rows.front().number = rows[1].number - 1;
    if (const auto head = head_of(rows, stream.sheet().merged, *spec)) {
        for (const auto& row : rows)
            if (row.number < head->first_row)
                find_title_units(row.cells);
        for (std::size_t f = 0; f < fields.size(); ++f)
            fields[f].name = head->names[f];
        if (head->last_fid != 0)
            m_header_fid = head->last_fid;
        header_end = static_cast<std::size_t>(head->last_row);
        if (head->last_row > 1)
            header_row = static_cast<std::size_t>(head->first_row);
    }
    for (std::size_t f = 0; f < fields.size(); ++f)
        fields[f].name = tidy_head(fields[f].name, f);
}

/// What merged cells below the names of the columns hold: it stands in the first of them only.
void LayerReader::find_merged() {
    const auto head = static_cast<std::int64_t>(header_end);
    for (const auto& cells : stream.sheet().merged)
        if (cells.first_row > head && cells.first_column < fields.size())
            m_merged.push_back({cells, {}, false});
    if (m_merged.empty())
        return;
    for (auto& merged : m_merged)
        for (std::size_t s = 0; s < map.of.size(); ++s)
            if (map.of[s] == merged.cells.first_column)
                merged.amount = (spec->fields[s].kind == FieldKind::number ||
                                 spec->fields[s].kind == FieldKind::whole) &&
                                !spec->fields[s].unit.empty();
    while (const auto batch = stream.next())
        for (const auto& feature : stream.values_of(*batch))
            for (auto& merged : m_merged)
                if (merged.cells.first_row == feature.fid)
                    merged.value = feature.feature.values[merged.cells.first_column];
    stream.rewind();
}

void LayerReader::fill_merged(std::vector<vector::SourceFeature>& features) const {
    for (auto& feature : features)
        for (const auto& merged : m_merged) {
            const auto& cells = merged.cells;
            if (feature.fid < cells.first_row || feature.fid > cells.last_row)
                continue;
            const bool several = merged.amount && cells.last_row > cells.first_row;
            for (auto c = cells.first_column; c <= cells.last_column && c < fields.size(); ++c)
                feature.feature.values[c] = several ? vector::Value{} : merged.value;
            if (several) {
                const std::lock_guard lock{m_left_out->mutex};
                m_left_out->rows.shared.insert(feature.fid);
            }
        }
}

void LayerReader::take_out_rows(std::vector<vector::SourceFeature>& features) const {
    const auto code = field_of("code");
    const auto name = field_of("name");
    std::erase_if(features, [&](const vector::SourceFeature& feature) {
        auto kind = kind_of_row(feature.feature.values, code, name);
        if (kind == RowKind::data && code && is_of_level_above(feature.feature.values[*code]))
            kind = RowKind::total;
        if (kind == RowKind::data)
            return false;
        const std::lock_guard lock{m_left_out->mutex};
        auto& rows = m_left_out->rows;
        (kind == RowKind::empty   ? rows.empty
         : kind == RowKind::total ? rows.totals
                                  : rows.notes)
            .insert(feature.fid);
        return true;
    });
}

/// A county or a city among townships: 330602000, 330602000000, 330600000000.
bool LayerReader::is_of_level_above(const vector::Value& code) const {
    const auto& digits = spec->field("code")->digits;
    if (std::find(digits.begin(), digits.end(), 9) == digits.end() || source.not_codes)
        return false;
    constexpr std::array<int, 2> lengths{9, 12};
    const auto read = read_code(vector::text_of(code), lengths);
    return read && read->code.size() >= 9 && read->code.substr(6, 3) == "000";
}

RowsLeftOut LayerReader::left_out() const {
    const std::lock_guard lock{m_left_out->mutex};
    auto rows = m_left_out->rows;
    for (const auto row : stream.sheet().formulas_without_value)
        if (!rows.totals.contains(row) && !rows.notes.contains(row) && !rows.empty.contains(row))
            rows.formulas.push_back(row);
    return rows;
}

Words RowsLeftOut::words() const {
    std::vector<std::string> zh;
    std::vector<std::string> en;
    const auto add = [&](const std::set<std::int64_t>& rows, const char* chinese,
                         const char* english, bool named) {
        if (rows.empty())
            return;
        constexpr std::size_t most = 5;
        std::vector<std::int64_t> shown;
        for (const auto row : rows)
            if (named && shown.size() < most)
                shown.push_back(row);
        const auto list =
            fmt::format("{}{}", fmt::join(shown, ", "), named && rows.size() > most ? ", ..." : "");
        zh.push_back(fmt::format("{} {} 行{}", chinese, rows.size(),
                                 named ? fmt::format("（第 {} 行）", list) : ""));
        en.push_back(fmt::format("{} {}{}", rows.size(), english,
                                 named ? fmt::format(" (row {})", list) : ""));
    };
    add(totals, "合计", "of totals", true);
    add(notes, "说明或小标题", "of notes or headings", true);
    add(empty, "空行", "empty", false);
    return {fmt::format("{}", fmt::join(zh, "，")), fmt::format("{}", fmt::join(en, ", "))};
}

/// "单位：万元", "（单位:人、万元）".
void LayerReader::find_title_units(const std::vector<std::string>& cells) {
    for (const auto& cell : cells) {
        const auto text = half_width(cell);
        const auto bracket = bracketed(text);
        auto at = text.find("单位");
        std::string units;
        if (at != std::string::npos) {
            units = text.substr(at + std::string_view{"单位"}.size());
            units = units.substr(0, units.find_first_of(")]"));
            if (!units.empty() && units.front() == ':')
                units.erase(0, 1);
        } else {
            units = bracket; // "2023年生产总值（亿元）"
        }
        for (const std::string_view between : {"、", "，", ",", ";", "；", "/"})
            for (at = units.find(between); at != std::string::npos; at = units.find(between))
                units.replace(at, between.size(), " ");
        for (const auto& unit : split(units, ' '))
            if (!trim(unit).empty())
                title_units.emplace_back(trim(unit));
    }
}

/// "fields=百度经度=x 百度纬度=y" name the columns of coordinates, of any layer.
void LayerReader::take_coordinate_pairs() {
    for (const auto& [theirs, ours] : source.fields) {
        const bool own = spec != nullptr && spec->field(ours) != nullptr;
        if (own || (ours != "x" && ours != "y")) {
            m_pairs.emplace_back(theirs, ours);
            continue;
        }
        std::optional<std::size_t> found;
        std::vector<std::string> known;
        for (std::size_t f = 0; f < fields.size(); ++f) {
            known.push_back(fields[f].name);
            if (fields[f].name == theirs)
                found = f;
        }
        if (!found) {
            const auto near = nearest_name(theirs, known);
            throw input_error(fmt::format("layer '{}' of '{}': no field '{}' (asked for as {})",
                                          stream.name(), source.file.filename().string(), theirs,
                                          ours),
                              near ? fmt::format("did you mean '{}'?", *near)
                                   : fmt::format("it has: {}", fmt::join(known, ", ")));
        }
        (ours == "x" ? x_field : y_field) = found;
    }
}

void LayerReader::find_coordinates() {
    if (x_field && y_field) { // as the source says
        const auto head = comparable(fields[*x_field].name) + comparable(fields[*y_field].name);
        crs_assumed = crs.empty() && (head.find("经") != std::string::npos ||
                                      head.find("lon") != std::string::npos);
        if (crs_assumed)
            crs = Crs::parse("EPSG:4490");
        return;
    }
    const auto find = [&](std::span<const char* const> xs, std::span<const char* const> ys) {
        x_field = column_named(fields, xs);
        y_field = column_named(fields, ys);
        if (!x_field || !y_field)
            x_field = y_field = std::nullopt;
        return x_field.has_value();
    };
    if (find(longitudes, latitudes)) {
        crs_assumed = crs.empty();
        if (crs_assumed)
            crs = Crs::parse("EPSG:4490");
    } else {
        find(eastings, northings);
    }
}

void LayerReader::refuse_unknown_units() const {
    if (spec == nullptr || source.units.empty())
        return;
    std::vector<std::string> known;
    for (const auto& own : spec->fields)
        known.push_back(own.name);
    for (const auto& field : fields)
        known.push_back(field.name);
    // Fields that a command names for itself.
    for (const char* word : {"value", "people", "population", "amount", "attribute"})
        known.emplace_back(word);
    for (const auto& [name, unit] : source.units) {
        if (std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const auto near = nearest_name(name, known);
        throw input_error(fmt::format("units: layer '{}' of '{}' has no field '{}'", stream.name(),
                                      source.file.filename().string(), name),
                          near ? fmt::format("did you mean '{}'?", *near)
                               : fmt::format("it has: {}", fmt::join(known, ", ")));
    }
}

void LayerReader::refuse_rivals() const {
    for (const auto& [s, f] : map.rivals) {
        const auto& own = spec->fields[s];
        const auto& one = fields[*map.of[s]].name;
        const auto& other = fields[f].name;
        if (own.required && !map.named[s])
            throw input_error(
                fmt::format("layer '{}' of '{}': '{}' and '{}' could both be {}", stream.name(),
                            source.file.filename().string(), one, other, own.name),
                one == other ? fmt::format("say which by its place: fields=#{}={}", f + 1, own.name)
                             : fmt::format("say which: fields={}={}", other, own.name));
    }
}

std::optional<std::size_t> LayerReader::field_of(const std::string& name) const {
    if (spec == nullptr)
        return std::nullopt;
    for (std::size_t s = 0; s < spec->fields.size(); ++s)
        if (spec->fields[s].name == name)
            return map.of[s];
    return std::nullopt;
}

bool LayerReader::has_shapes() const {
    return stream.has_geometry() || x_field.has_value();
}

bool LayerReader::is_written() const {
    const auto& format = stream.format();
    return format == "CSV" || format == "XLSX" || format == "XLS" || format == "ODS";
}

std::vector<vector::SourceFeature>
LayerReader::features_of(const vector::LayerStream::Batch& batch) const {
    auto features = stream.values_of(batch);
    if (m_header_fid)
        std::erase_if(features, [&](const auto& f) { return f.fid <= *m_header_fid; });
    if (!stream.has_geometry() && is_written()) {
        for (auto& feature : features)
            feature.fid = stream.row_of(feature.fid);
        fill_merged(features);
        if (spec != nullptr)
            take_out_rows(features);
    }
    if (!x_field)
        return features;
    for (auto& source_feature : features) {
        auto& feature = source_feature.feature;
        const auto x = read_coordinate(vector::text_of(feature.values[*x_field]));
        const auto y = read_coordinate(vector::text_of(feature.values[*y_field]));
        if (!x || !y)
            continue;
        feature.shape.points = {{x->value, y->value}};
        source_feature.type = vector::ShapeType::point;
    }
    return features;
}

double LayerReader::number(const std::string& name, const vector::Feature& feature) const {
    const auto column = field_of(name);
    if (!column)
        return std::nan("");
    const auto s = static_cast<std::size_t>(spec->field(name) - spec->fields.data());
    const auto read = number_in(spec->fields[s], feature.values[*column], factors[s]);
    const bool known =
        read.how == Read::plain || read.how == Read::converted || read.how == Read::out_of_range;
    return known ? read.value : std::nan("");
}

bool LayerReader::unit_is_said(std::size_t field) const {
    return std::any_of(source.units.begin(), source.units.end(), [&](const auto& pair) {
        return pair.first == spec->fields[field].name ||
               (map.of[field] && pair.first == fields[*map.of[field]].name);
    });
}

double LayerReader::factor_of(std::size_t field) const {
    const auto& own = spec->fields[field];
    const auto said = std::find_if(source.units.begin(), source.units.end(), [&](const auto& pair) {
        return pair.first == own.name ||
               (map.of[field] && pair.first == fields[*map.of[field]].name);
    });
    if (said != source.units.end()) {
        const auto factor = unit_factor(said->second, own.unit);
        if (!factor)
            throw input_error(fmt::format("units: '{}' is no unit of {} that is known here",
                                          said->second, own.name),
                              own.unit.empty() ? std::string{"that field has none"}
                                               : "its values are wanted in " + own.unit);
        return *factor;
    }
    if (!map.of[field])
        return 1;
    const auto& head = fields[*map.of[field]];
    if (head_and_unit(head.name).second.empty() && head.title.empty() && !own.unit.empty())
        for (const auto& unit : title_units)
            if (const auto factor = unit_factor(unit, own.unit))
                return *factor;
    const double factor = head_factor(head.name, own.unit);
    return factor == 1 && !head.title.empty() ? head_factor(head.title, own.unit) : factor;
}

} // namespace riskmap::spec
