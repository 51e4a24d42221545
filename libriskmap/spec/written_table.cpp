// SPDX-License-Identifier: MIT
#include "written_table.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include <riskmap/core/text.hpp>
#include <riskmap/spec/written.hpp>

namespace riskmap::spec {

namespace {

constexpr std::size_t most_head_rows = 3;

bool blank(const std::string& cell) {
    return trim(half_width(cell)).empty();
}

/// A number that is no year: such a cell is data and no name of a column.
bool is_amount(const std::string& cell) {
    const auto number = parse_number(cell);
    return number && !(*number >= 1949 && *number <= 2100);
}

/// Rows of the head as a grid of texts, merged cells filled.
class HeadRows {
  public:
    HeadRows(const std::vector<WrittenRow>& rows, const std::vector<vector::MergedCells>& merged)
        : m_rows{rows}, m_merged{merged} {
        for (const auto& row : rows)
            m_cells.push_back(row.cells);
        for (const auto& area : merged)
            fill(area);
    }

    /// Whether row `at` goes on with the names that stand in the row above it.
    [[nodiscard]] bool goes_on(std::size_t at) const {
        const auto& own = m_rows[at].cells;
        const auto& above = m_rows[at - 1].cells;
        if (m_rows[at].number != m_rows[at - 1].number + 1)
            return false;
        bool some = false;
        bool left_to_above = false; // a column named by the row above alone
        for (std::size_t c = 0; c < own.size(); ++c) {
            if (is_amount(own[c]))
                return false;
            const bool nothing = blank(own[c]);
            some = some || !nothing;
            left_to_above = left_to_above || (nothing && !blank(above[c]));
            if (!nothing && !blank(above[c]) && !spreads(at - 1, c))
                return false;
        }
        return some && left_to_above;
    }

    [[nodiscard]] std::vector<std::string> joined(std::size_t first, std::size_t count) const {
        std::vector<std::string> names(m_rows[first].cells.size());
        for (std::size_t c = 0; c < names.size(); ++c) {
            std::string last;
            for (std::size_t r = first; r < first + count; ++r) {
                auto part = text_at(r, c, r + 1 < first + count);
                if (part.empty() || part == last)
                    continue;
                names[c] += (names[c].empty() ? "" : "/") + part;
                last = std::move(part);
            }
        }
        return names;
    }

  private:
    /// Whether the name at a cell stands over more columns than its own.
    [[nodiscard]] bool spreads(std::size_t row, std::size_t column) const {
        for (const auto& area : m_merged)
            if (area.first_row <= m_rows[row].number && m_rows[row].number <= area.last_row &&
                area.first_column <= column && column <= area.last_column)
                return area.last_column > area.first_column;
        const auto& cells = m_rows[row].cells;
        return m_merged.empty() && column + 1 < cells.size() && blank(cells[column + 1]);
    }

    /// The text of a cell; of a row above others, what goes on from the left where none are merged.
    [[nodiscard]] std::string text_at(std::size_t row, std::size_t column, bool above) const {
        auto text = tidy(m_cells[row][column]);
        if (!text.empty() || !above || !m_merged.empty() || blank(m_rows[row + 1].cells[column]))
            return text;
        for (std::size_t c = column; c > 0 && text.empty(); --c)
            text = tidy(m_cells[row][c - 1]);
        return text;
    }

    static std::string tidy(const std::string& cell) {
        std::string text;
        for (const char c : cell)
            if (c != '\n' && c != '\r')
                text += c;
        return std::string{trim(text)};
    }

    void fill(const vector::MergedCells& area) {
        const auto origin = std::find_if(m_rows.begin(), m_rows.end(), [&](const WrittenRow& row) {
            return row.number == area.first_row;
        });
        if (origin == m_rows.end() || area.first_column >= origin->cells.size())
            return;
        const auto text = origin->cells[area.first_column];
        for (std::size_t r = 0; r < m_rows.size(); ++r)
            if (area.first_row <= m_rows[r].number && m_rows[r].number <= area.last_row)
                for (auto c = area.first_column; c <= area.last_column && c < m_cells[r].size();
                     ++c)
                    m_cells[r][c] = text;
    }

    const std::vector<WrittenRow>& m_rows;
    const std::vector<vector::MergedCells>& m_merged;
    std::vector<std::vector<std::string>> m_cells;
};

std::size_t named_by(const std::vector<std::string>& names, const LayerSpec& spec) {
    std::vector<vector::Field> fields;
    for (const auto& name : names)
        fields.push_back({name, vector::FieldType::text});
    const auto map = map_fields(spec, fields, {}, false);
    return static_cast<std::size_t>(std::count_if(
        map.of.begin(), map.of.end(), [](const auto& column) { return column.has_value(); }));
}

template <class List>
bool any_of(const List& words, std::string_view text,
            bool (*fits)(std::string_view, std::string_view)) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return fits(text, word); });
}

bool starts(std::string_view text, std::string_view word) {
    return text.starts_with(word);
}
bool ends(std::string_view text, std::string_view word) {
    return text.ends_with(word);
}
bool is(std::string_view text, std::string_view word) {
    return text == word;
}

bool says_total(const std::string& cell) {
    constexpr std::array<std::string_view, 4> endings{"合计", "总计", "小计", "总和"};
    constexpr std::array<std::string_view, 10> words{
        "总数", "全市", "全县", "全区", "全省", "全镇", "total", "sum", "subtotal", "grandtotal"};
    const auto text = comparable(cell);
    return any_of(endings, text, ends) || any_of(words, text, is);
}

bool says_note(const std::string& cell) {
    constexpr std::array<std::string_view, 22> words{
        "注:",      "注1",      "注：",     "备注:",    "说明:",   "填表",   "制表",     "填报",
        "审核",     "复核",     "单位负责", "统计负责", "负责人:", "联系人", "联系电话", "报出日期",
        "数据来源", "资料来源", "制图",     "单位:",    "note:",   "source:"};
    const auto text = small_letters(trim(half_width(cell)));
    return any_of(words, text, starts);
}

/// "甲 乙 1 2 3": numbers of the columns below their names.
bool numbers_columns(const std::vector<std::string>& cells) {
    constexpr std::array<std::string_view, 6> stems{"甲", "乙", "丙", "丁", "戊", "己"};
    int expected = 1;
    for (const auto& cell : cells) {
        if (blank(cell) || any_of(stems, trim(cell), is))
            continue;
        const auto number = parse_number(cell);
        if (!number || *number != expected++)
            return false;
    }
    return expected > 3;
}

/// One cell over all, or who reports when: no names of columns.
bool is_title(const std::vector<std::string>& cells) {
    const auto filled = std::count_if(cells.begin(), cells.end(),
                                      [](const std::string& cell) { return !blank(cell); });
    const auto first = std::find_if(cells.begin(), cells.end(),
                                    [](const std::string& cell) { return !blank(cell); });
    return (filled < 2 && cells.size() > 1) || first == cells.end() || says_note(*first);
}

} // namespace

std::optional<WrittenHead> head_of(const std::vector<WrittenRow>& rows,
                                   const std::vector<vector::MergedCells>& merged,
                                   const LayerSpec& spec) {
    const HeadRows head{rows, merged};
    std::optional<WrittenHead> best;
    std::size_t most = 1; // a name alone may be a word in the data
    for (std::size_t first = 0; first < rows.size(); ++first) {
        if (is_title(rows[first].cells))
            continue;
        std::size_t count = 1;
        while (count < most_head_rows && first + count < rows.size() && head.goes_on(first + count))
            ++count;
        auto names = head.joined(first, count);
        if (const auto n = named_by(names, spec); n > most) {
            most = n;
            const auto& last = rows[first + count - 1];
            best = {std::move(names), rows[first].number, last.number, last.fid};
        }
    }
    return best;
}

std::string tidy_head(const std::string& head, std::size_t column) {
    std::string text;
    for (const char c : head)
        if (c != '\n' && c != '\r')
            text += c;
    return blank(text) ? fmt::format("列{}", column + 1) : text;
}

namespace {

/// A number of four digits and more, as codes and years are: no word of a total or a note. Most
/// rows begin so, and are known without a look at their other cells.
bool begins_with_code(const std::vector<vector::Value>& values) {
    for (const auto& value : values) {
        if (std::holds_alternative<std::monostate>(value))
            continue;
        if (const auto* whole = std::get_if<std::int64_t>(&value))
            return *whole >= 1000;
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr)
            return false;
        if (text->empty())
            continue;
        return text->size() >= 4 &&
               std::all_of(text->begin(), text->end(), [](char c) { return c >= '0' && c <= '9'; });
    }
    return false;
}

} // namespace

RowKind kind_of_row(const std::vector<vector::Value>& values, std::optional<std::size_t> code,
                    std::optional<std::size_t> name) {
    const bool total_by_name = name && says_total(vector::text_of(values[*name]));
    if (!total_by_name && begins_with_code(values))
        return RowKind::data;
    std::vector<std::string> cells;
    std::size_t filled = 0;
    std::optional<std::size_t> first;
    for (std::size_t c = 0; c < values.size(); ++c) {
        cells.push_back(vector::text_of(values[c]));
        if (blank(cells.back()))
            continue;
        ++filled;
        if (!first)
            first = c;
    }
    if (!first)
        return RowKind::empty;
    for (const auto column : {first, code, name})
        if (column && says_total(cells[*column]))
            return RowKind::total;
    // A heading of rows ("越城区"), a note: one cell in a row that has room for more.
    const bool alone = filled == 1 && values.size() > 2 && !parse_number(cells[*first]);
    if (says_note(cells[*first]) || alone || numbers_columns(cells))
        return RowKind::note;
    return RowKind::data;
}

} // namespace riskmap::spec
