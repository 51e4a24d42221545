// SPDX-License-Identifier: MIT
#include <riskmap/spec/table.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/spec/value.hpp>

#include "placement.hpp"

namespace riskmap::spec {

namespace {

const char* const way_out = "mend it, name another column with fields=THEIRS={0}, or leave the "
                            "field out with fields=-={0}";

std::string hint_for(const std::string& field) {
    return fmt::format(fmt::runtime(way_out), field);
}

std::string file_of(const Source& source) {
    return source.file.filename().string();
}

} // namespace

/// One column on its way into values, and what becomes of each is counted.
class Table::Column {
  public:
    Column(Table& table, const FieldSpec& rules, std::optional<std::size_t> column, double factor)
        : m_table{table}, m_rules{rules}, m_column{column}, m_factor{factor},
          m_account{table.account_of(rules.name, column)} {
        m_account.unit = rules.unit;
        m_account.factor = factor;
        m_account.read = m_account.converted = m_account.defaulted = m_account.unknown = 0;
        m_account.examples.clear();
        m_account.by_rule = !rules.missing.empty() && rules.missing != "option";
        m_account.matters = column && (rules.kind != FieldKind::text || !rules.choices.empty());
        if (!m_column && refuses_missing())
            refuse_absent();
    }

    /// Each row by `reader(value)`, what is missing by `missing`.
    template <class T, class Reader>
    std::vector<T> take(const std::optional<T>& missing, const T& unknown,
                        const std::string& missing_word, Reader reader) {
        std::vector<T> out;
        out.reserve(m_table.size());
        for (std::size_t row = 0; row < m_table.size(); ++row) {
            ReadValue<T> read;
            if (m_column)
                read = reader(m_table.m_layer.features[row].values[*m_column]);
            switch (read.how) {
            case Read::plain:
                ++m_account.read;
                out.push_back(std::move(read.value));
                break;
            case Read::converted:
                ++m_account.read;
                ++m_account.converted;
                if (m_factor == 1)
                    keep_example(row);
                out.push_back(std::move(read.value));
                break;
            case Read::nothing:
                if (refuses_missing())
                    throw input_error(
                        fmt::format("{}: {} is missing", m_table.where(row), m_rules.name),
                        "fill it, or leave the row out with where=");
                if (missing) {
                    ++m_account.defaulted;
                    m_account.taken = missing_word;
                }
                m_account.unknown += missing ? 0 : 1;
                out.push_back(missing.value_or(unknown));
                break;
            case Read::sentinel:
                ++m_account.unknown;
                out.push_back(unknown);
                break;
            case Read::unreadable:
                refuse(row, "");
            case Read::out_of_range:
                refuse(row, fmt::format(", outside {:g} to {:g}{}", m_rules.range->least,
                                        m_rules.range->most,
                                        m_rules.unit.empty() ? "" : " " + m_rules.unit));
            }
        }
        // A column in which nothing stands says no more than one that is not there.
        m_account.matters = m_account.matters && m_account.read > 0;
        return out;
    }

  private:
    [[nodiscard]] bool refuses_missing() const {
        return m_rules.required && m_rules.missing.empty();
    }
    [[noreturn]] void refuse_absent() const {
        std::vector<std::string> theirs;
        for (const auto& field : m_table.m_layer.fields)
            theirs.push_back(field.name);
        throw input_error(
            fmt::format("layer '{}' of '{}' has no field {} ({})", m_table.m_layer.name,
                        file_of(m_table.m_source), m_rules.name,
                        m_rules.title.zh.empty() ? m_rules.title.en : m_rules.title.zh),
            theirs.empty() ? std::string{"it has no fields"}
                           : fmt::format("name the column: fields=THEIRS={}; it has: {}",
                                         m_rules.name, fmt::join(theirs, ", ")));
    }
    [[nodiscard]] std::string text(std::size_t row) const {
        return vector::text_of(m_table.m_layer.features[row].values[*m_column]);
    }
    /// Days of a spreadsheet are read, and told: a number could be something else.
    void keep_example(std::size_t row) {
        const auto written = text(row);
        const bool doubtful = m_rules.kind == FieldKind::date && written.size() < 8 &&
                              parse_number(written).has_value();
        if (doubtful && m_account.examples.size() < 3)
            m_account.examples.push_back(text(row));
    }
    [[noreturn]] void refuse(std::size_t row, const std::string& why) const {
        const char* wanted = m_rules.kind == FieldKind::flag   ? ", neither yes nor no"
                             : m_rules.kind == FieldKind::date ? ", not a date that is sure"
                             : m_rules.kind == FieldKind::code ? ", not a code"
                             : m_rules.kind == FieldKind::text ? ", none of its words"
                                                               : ", not a number";
        auto hint = hint_for(m_rules.name);
        if (!why.empty() && !m_rules.unit.empty())
            hint = fmt::format("if it is in another unit, say units={}=UNIT; else {}", m_rules.name,
                               hint);
        else if (m_rules.kind == FieldKind::text && !m_rules.choices.empty()) {
            std::vector<std::string> known;
            for (const auto& choice : m_rules.choices)
                known.push_back(choice.value);
            hint = fmt::format("known: {}; {}", fmt::join(known, ", "), hint);
        }
        throw input_error(fmt::format("{}: {} is '{}'{}", m_table.where(row), name(), text(row),
                                      why.empty() ? wanted : why),
                          hint);
    }
    [[nodiscard]] std::string name() const {
        const auto& head = m_table.m_layer.fields[*m_column].name;
        return head == m_rules.name ? head : fmt::format("{} ({})", m_rules.name, head);
    }

    Table& m_table;
    const FieldSpec& m_rules;
    std::optional<std::size_t> m_column;
    double m_factor;
    FieldAccount& m_account;
};

Table::Table(const Source& source, const LayerSpec& spec, Shapes shapes,
             std::shared_ptr<Account> account)
    : m_source{source}, m_spec{&spec}, m_account{std::move(account)} {
    LayerReader reader{m_source, &spec};
    m_map = reader.map;
    m_factors = reader.factors;
    m_account->spec = spec.id;
    m_account->told_unused = spec.told_unused;
    m_account->form = reader.stream.format();
    reader.refuse_rivals();
    read(reader, shapes);
    if (shapes == Shapes::wanted || shapes == Shapes::points)
        take_out(misplaced(m_layer));
    if (shapes == Shapes::points)
        require_points();
}

void Table::read(LayerReader& reader, Shapes shapes) {
    const bool placed = shapes != Shapes::none;
    if (placed && !reader.has_shapes())
        throw input_error(fmt::format("layer '{}' of '{}' has no places: neither geometry nor "
                                      "columns of coordinates",
                                      reader.stream.name(), file_of(m_source)),
                          "give a layer with geometry, or a table with 经度 and 纬度 (lon, lat)");
    if (placed && reader.crs.empty())
        throw input_error(
            fmt::format("layer '{}' of '{}' has no CRS", reader.stream.name(), file_of(m_source)),
            "say it: crs=EPSG:4490 after the file's name, or add its .prj file");
    m_layer.name = reader.stream.name();
    m_layer.fields = reader.fields;
    if (placed) {
        m_layer.crs = reader.crs;
        tell_crs(reader, *m_account);
    }
    while (const auto batch = reader.stream.next())
        for (auto& source : reader.features_of(*batch)) {
            if (!placed)
                source.feature.shape = {};
            m_rows.push_back(source.fid);
            m_layer.features.push_back(std::move(source.feature));
        }
    m_account->rows = m_layer.features.size();
    if (const auto cut = reader.stream.cut_texts(); cut > 0)
        m_account->remark({fmt::format("{} 处文字被字段宽度截断", cut),
                           fmt::format("{} texts are cut by the width of their field", cut)});
    if (const auto& cut = reader.stream.cut_rows(); cut.rows > 0)
        m_account->remark(
            {fmt::format("{} 行不完整（第 {} 行有 {} 列，应为 {} 列），缺的值按未知处理", cut.rows,
                         cut.first, cut.columns, cut.of),
             fmt::format("{} rows are cut short (row {} has {} of {} columns), what they lack is "
                         "unknown",
                         cut.rows, cut.first, cut.columns, cut.of)});
    if (m_source.layer.empty() && reader.stream.layers() > 1)
        m_account->remark(
            {fmt::format("有 {} 个图层，取第一个“{}”（用 {}:图层 指定其他图层）",
                         reader.stream.layers(), m_layer.name, m_source.label()),
             fmt::format("holds {} layers, the first, '{}', is taken (name another as {}:LAYER)",
                         reader.stream.layers(), m_layer.name, m_source.label())});
    if (reader.header_row && *reader.header_row == reader.header_end)
        m_account->remark(
            {fmt::format("列名在第 {} 行", *reader.header_row),
             fmt::format("the names of columns stand in row {}", *reader.header_row)});
    else if (reader.header_row)
        m_account->remark(
            {fmt::format("列名在第 {} 至 {} 行，已合并", *reader.header_row, reader.header_end),
             fmt::format("the names of columns stand in rows {} to {}, joined", *reader.header_row,
                         reader.header_end)});
    const auto left_out = reader.left_out();
    if (const auto words = left_out.words(); !words.en.empty())
        m_account->remark(
            {fmt::format("略去{}", words.zh), fmt::format("rows left out: {}", words.en)});
    if (!left_out.shared.empty())
        m_account->remark(
            {fmt::format("{} 行的数字由合并单元格共用，各行按未知处理", left_out.shared.size()),
             fmt::format("{} rows share a number by a merged cell: it is unknown for each",
                         left_out.shared.size())});
    if (const auto n = left_out.formulas.size(); n > 0)
        m_account->remark(
            {fmt::format("{} 个公式没有计算结果：用 Excel 打开并保存后再用", n),
             fmt::format("{} formulas have no value: open the file in Excel and save it", n)});
    std::set<std::size_t> used;
    for (const auto& column : m_map.of)
        if (column)
            used.insert(*column);
    for (const auto& [s, f] : m_map.rivals)
        used.insert(f);
    for (const auto& [s, f] : m_map.others)
        used.insert(f);
    for (std::size_t f = 0; f < m_layer.fields.size(); ++f)
        if (!used.contains(f) && f != reader.x_field && f != reader.y_field)
            m_account->unused.push_back(m_layer.fields[f].name);
    for (std::size_t s = 0; s < m_spec->fields.size(); ++s)
        if (m_map.of[s])
            if (const auto unit =
                    foreign_unit(m_layer.fields[*m_map.of[s]].name, m_spec->fields[s].unit);
                !unit.empty())
                m_account->remark(
                    {fmt::format("“{}”列的单位“{}”不是 {} 的单位",
                                 m_layer.fields[*m_map.of[s]].name, unit, m_spec->fields[s].name),
                     fmt::format("the unit '{}' of column '{}' is none of {}", unit,
                                 m_layer.fields[*m_map.of[s]].name, m_spec->fields[s].name)});
}

void Table::take_out(const std::vector<Misplaced>& rows) {
    if (rows.empty())
        return;
    const auto* people = m_spec->field("population");
    const auto column = people == nullptr ? std::nullopt : find(people->name);
    std::vector<bool> gone(size(), false);
    for (const auto& [row, reason] : rows) {
        gone[row] = true;
        double number = 0;
        if (column)
            if (const auto read = number_in(*people, m_layer.features[row].values[*column],
                                            factor_of(people->name));
                read.how == Read::plain || read.how == Read::converted)
                number = read.value;
        m_account->drop(reason, name(row), number);
    }
    std::size_t kept = 0;
    for (std::size_t row = 0; row < gone.size(); ++row) {
        if (gone[row])
            continue;
        if (kept != row) {
            m_layer.features[kept] = std::move(m_layer.features[row]);
            m_rows[kept] = m_rows[row];
        }
        ++kept;
    }
    m_layer.features.resize(kept);
    m_rows.resize(kept);
}

void Table::require_points() const {
    for (std::size_t row = 0; row < size(); ++row)
        if (m_layer.features[row].shape.points.size() != 1)
            throw input_error(fmt::format("{} is not one point", where(row)),
                              "give a layer of points");
}

std::string Table::name(std::size_t row) const {
    for (const char* field : {"id", "code", "name"})
        if (m_spec->field(field) != nullptr)
            if (const auto column = find(field)) {
                auto text = vector::text_of(m_layer.features[row].values[*column]);
                if (!says_nothing(text))
                    return text;
            }
    return fmt::format("{}", m_rows[row]);
}

std::string Table::where(std::size_t row) const {
    const auto own = name(row);
    const auto number = fmt::format("{}", m_rows[row]);
    return fmt::format("layer '{}' of '{}', row {}{}", m_layer.name, file_of(m_source), number,
                       own == number ? "" : " (" + own + ")");
}

const FieldSpec& Table::rules_of(const std::string& field) const {
    const auto* rules = m_spec->field(field);
    if (rules == nullptr)
        throw Error{ErrorKind::internal, fmt::format("{} has no field '{}'", m_spec->id, field)};
    return *rules;
}

std::optional<std::size_t> Table::find(const std::string& field) const {
    return m_map.of[static_cast<std::size_t>(&rules_of(field) - m_spec->fields.data())];
}

double Table::factor_of(const std::string& field) const {
    return m_factors[static_cast<std::size_t>(&rules_of(field) - m_spec->fields.data())];
}

bool Table::has(const std::string& field) const {
    return find(field).has_value();
}

FieldAccount& Table::account_of(const std::string& field, std::optional<std::size_t> column) {
    auto& fields = m_account->fields;
    const auto head = column ? m_layer.fields[*column].name : std::string{};
    auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldAccount& known) {
        return known.field == field && known.column == head;
    });
    if (found != fields.end())
        return *found;
    FieldAccount account;
    account.field = field;
    account.column = head;
    for (const auto& [s, f] : m_map.told_rivals(*m_spec))
        if (m_spec->fields[s].name == field && m_map.of[s] == column)
            account.rivals.push_back(m_layer.fields[f].name);
    fields.push_back(std::move(account));
    return fields.back();
}

namespace {

/// What a missing value of a field stands for; none: it is not known.
template <class T, class Parse>
std::optional<T> missing_of(const FieldSpec& rules, const std::optional<T>& fallback, Parse parse) {
    if (rules.missing == "option" || (rules.missing.empty() && fallback))
        return fallback;
    if (rules.missing.empty() || rules.missing == "unknown")
        return std::nullopt;
    return parse(rules.missing);
}

} // namespace

std::vector<double> Table::numbers(const std::string& field, std::optional<double> fallback) {
    const auto& rules = rules_of(field);
    const double factor = factor_of(field);
    const auto missing =
        missing_of<double>(rules, fallback && std::isnan(*fallback) ? std::nullopt : fallback,
                           [](const std::string& text) { return parse_number(text); });
    auto out = Column{*this, rules, find(field), factor}.take<double>(
        missing, std::nan(""),
        missing ? fmt::format("{:g}{}", *missing, rules.unit.empty() ? "" : " " + rules.unit) : "",
        [&](const vector::Value& value) { return number_in(rules, value, factor); });
    doubt(rules, out);
    return out;
}

/// A middle value beyond the usual ones is mostly one of the wrong unit.
void Table::doubt(const FieldSpec& rules, std::vector<double> values) {
    if (!rules.usual)
        return;
    std::erase_if(values, [](double v) { return std::isnan(v) || v == 0; });
    if (values.empty())
        return;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (rules.usual->holds(*middle))
        return;
    m_account->remark(
        {fmt::format("{} 的中位数为 {:g}，常见 {:g} 至 {:g} {}：单位不同时用 units={}=单位 说明",
                     rules.name, *middle, rules.usual->least, rules.usual->most, rules.unit,
                     rules.name),
         fmt::format("the middle {} is {:g}, usual are {:g} to {:g} {}: if it is in another unit, "
                     "say units={}=UNIT",
                     rules.name, *middle, rules.usual->least, rules.usual->most, rules.unit,
                     rules.name)});
}

std::vector<std::optional<bool>> Table::flags(const std::string& field) {
    const auto& rules = rules_of(field);
    return read_flags(rules, find(field));
}

std::vector<std::optional<bool>> Table::read_flags(const FieldSpec& rules,
                                                   std::optional<std::size_t> column) {
    using Flag = std::optional<bool>;
    const auto missing =
        missing_of<Flag>(rules, {}, [](const std::string& text) -> std::optional<Flag> {
            return Flag{read_flag(text).value_or(WrittenFlag{}).value};
        });
    return Column{*this, rules, column, 1}.take<Flag>(
        missing, std::nullopt, rules.missing, [](const vector::Value& value) -> ReadValue<Flag> {
            const auto read = flag_in(value);
            return {read.how, read.value};
        });
}

std::vector<std::string> Table::texts(const std::string& field) {
    const auto& rules = rules_of(field);
    return read_texts(rules, find(field));
}

std::vector<std::string> Table::read_texts(const FieldSpec& rules,
                                           std::optional<std::size_t> column) {
    return Column{*this, rules, column, 1}.take<std::string>(
        std::nullopt, "", "", [](const vector::Value& value) -> ReadValue<std::string> {
            auto text = vector::text_of(value);
            if (says_nothing(text))
                return {};
            return {Read::plain, std::string{trim(text)}};
        });
}

std::vector<std::string> Table::words(const std::string& field, std::vector<std::size_t>* unread) {
    const auto& rules = rules_of(field);
    const auto missing = missing_of<std::string>(
        rules, {}, [](const std::string& text) { return std::optional{text}; });
    const auto column = find(field);
    if (unread != nullptr && column)
        for (std::size_t row = 0; row < size(); ++row)
            if (word_in(rules, m_layer.features[row].values[*column]).how == Read::unreadable)
                unread->push_back(row);
    const bool tolerant = unread != nullptr;
    auto out = Column{*this, rules, column, 1}.take<std::string>(
        missing, "", rules.missing, [&](const vector::Value& value) -> ReadValue<std::string> {
            auto read = word_in(rules, value);
            if (read.how == Read::unreadable && tolerant)
                return {Read::sentinel, {}};
            // A register's own words are plain.
            if (read.how == Read::converted)
                read.how = Read::plain;
            return read;
        });
    return out;
}

std::vector<Date> Table::dates(const std::string& field) {
    const auto& rules = rules_of(field);
    return Column{*this, rules, find(field), 1}.take<Date>(
        std::nullopt, Date{}, "",
        [&](const vector::Value& value) { return date_in(rules, value); });
}

std::vector<std::string> Table::codes(const std::string& field) {
    const auto& rules = rules_of(field);
    return Column{*this, rules, find(field), 1}.take<std::string>(
        std::nullopt, "", "",
        [&](const vector::Value& value) { return code_in(rules, value, m_source.not_codes); });
}

namespace {

/// A code that lost its zeros or came as a number, as it should be; else the text.
std::vector<std::string> as_codes(std::vector<std::string> texts, std::span<const int> digits) {
    for (auto& text : texts)
        if (const auto code = read_code(text, digits))
            text = code->code;
    return texts;
}

} // namespace

std::vector<std::string> Table::unit_codes(const std::string& field) {
    if (m_source.not_codes)
        return texts(field);
    return as_codes(texts(field), rules_of(field).digits);
}

std::vector<std::string> Table::unit_codes_of(const std::string& name) {
    // The codes of the areas above: counties have six digits, cities too.
    constexpr std::array<int, 1> digits{6};
    auto out = texts_of(name);
    return m_source.not_codes ? out : as_codes(std::move(out), digits);
}

std::size_t Table::column(const std::string& name) const {
    std::optional<std::size_t> found;
    for (std::size_t f = 0; f < m_layer.fields.size(); ++f) {
        if (m_layer.fields[f].name != name)
            continue;
        if (found)
            throw input_error(fmt::format("layer '{}' of '{}' has two columns called '{}'",
                                          m_layer.name, file_of(m_source), name),
                              fmt::format("name one by its place, as #{}", f + 1));
        found = f;
    }
    if (found)
        return *found;
    if (name.size() > 1 && name.front() == '#')
        if (const auto number = parse_number(name.substr(1));
            number && *number >= 1 && *number <= static_cast<double>(m_layer.fields.size()))
            return static_cast<std::size_t>(*number) - 1;
    if (m_spec->field(name) != nullptr)
        if (const auto column = find(name))
            return *column;
    return m_layer.field(name); // says what it has
}

std::vector<double> Table::numbers_of(const std::string& name, const FieldSpec& rules) {
    const auto at = column(name);
    double factor = head_factor(m_layer.fields[at].name, rules.unit);
    for (const auto& [ours, unit] : m_source.units)
        if (ours == name || ours == rules.name)
            factor = unit_factor(unit, rules.unit).value_or(factor);
    auto out = Column{*this, rules, at, factor}.take<double>(
        std::nullopt, std::nan(""), "",
        [&](const vector::Value& value) { return number_in(rules, value, factor); });
    doubt(rules, out);
    return out;
}

std::vector<std::optional<bool>> Table::flags_of(const std::string& name) {
    const auto at = column(name);
    m_named.push_back(std::make_unique<FieldSpec>());
    auto& rules = *m_named.back();
    rules.name = name;
    rules.kind = FieldKind::flag;
    return read_flags(rules, at);
}

std::vector<std::string> Table::texts_of(const std::string& name) {
    const auto at = column(name);
    m_named.push_back(std::make_unique<FieldSpec>());
    auto& rules = *m_named.back();
    rules.name = name;
    return read_texts(rules, at);
}

std::vector<Point> Table::places(const Crs& crs) const {
    std::vector<Point> places;
    places.reserve(size());
    for (const auto& feature : m_layer.features)
        places.push_back(feature.shape.points[0]);
    return CrsTransform{m_layer.crs, crs}.apply(std::move(places));
}

} // namespace riskmap::spec
