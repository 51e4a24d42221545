// SPDX-License-Identifier: MIT
#include "workbook.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include <cpl_vsi.h>
#include <expat.h>

#include <riskmap/core/text.hpp>

namespace riskmap::vector {

namespace {

/// Elements by their name without its namespace's prefix, and their attributes.
class Reader {
  public:
    virtual ~Reader() = default;
    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    bool read(const std::string& file) {
        const std::unique_ptr<VSILFILE, decltype(&VSIFCloseL)> in{VSIFOpenL(file.c_str(), "rb"),
                                                                  &VSIFCloseL};
        const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser{
            XML_ParserCreate(nullptr), &XML_ParserFree};
        if (!in || !parser)
            return false;
        XML_SetUserData(parser.get(), this);
        XML_SetElementHandler(
            parser.get(),
            [](void* self, const XML_Char* name, const XML_Char** attributes) {
                static_cast<Reader*>(self)->start(local(name), attributes);
            },
            [](void* self, const XML_Char* name) { static_cast<Reader*>(self)->end(local(name)); });
        XML_SetCharacterDataHandler(parser.get(), [](void* self, const XML_Char*, int length) {
            static_cast<Reader*>(self)->text(length);
        });
        // No sheet declares entities; those that would grow without end are not read.
        XML_SetEntityDeclHandler(parser.get(),
                                 [](void* self, const XML_Char*, int, const XML_Char*, int,
                                    const XML_Char*, const XML_Char*, const XML_Char*,
                                    const XML_Char*) { static_cast<Reader*>(self)->m_ok = false; });
        std::array<char, 1 << 16> buffer{};
        for (bool more = true; more && m_ok;) {
            const auto n = VSIFReadL(buffer.data(), 1, buffer.size(), in.get());
            more = n == buffer.size();
            if (XML_Parse(parser.get(), buffer.data(), static_cast<int>(n), more ? 0 : 1) ==
                XML_STATUS_ERROR)
                return false;
        }
        return m_ok;
    }

  protected:
    virtual void start(std::string_view name, const XML_Char** attributes) = 0;
    virtual void end(std::string_view) {}
    virtual void text(int) {}

    static std::string attribute(const XML_Char** attributes, std::string_view wanted) {
        for (; *attributes != nullptr; attributes += 2)
            if (wanted == *attributes)
                return attributes[1];
        return {};
    }

  private:
    static std::string_view local(std::string_view name) {
        const auto colon = name.rfind(':');
        return colon == std::string_view::npos ? name : name.substr(colon + 1);
    }
    bool m_ok = true;
};

struct Sheets final : Reader {
    std::map<std::string, std::string> id_of; ///< by name

  private:
    void start(std::string_view name, const XML_Char** attributes) override {
        if (name == "sheet")
            id_of[attribute(attributes, "name")] = attribute(attributes, "r:id");
    }
};

struct Targets final : Reader {
    std::map<std::string, std::string> file_of; ///< by id

  private:
    void start(std::string_view name, const XML_Char** attributes) override {
        if (name == "Relationship")
            file_of[attribute(attributes, "Id")] = attribute(attributes, "Target");
    }
};

/// "B12": column 1, row 12.
std::optional<std::pair<std::size_t, std::int64_t>> cell_of(std::string_view text) {
    std::size_t column = 0;
    std::size_t i = 0;
    for (; i < text.size() && i < 4 && text[i] >= 'A' && text[i] <= 'Z'; ++i)
        column = column * 26 + static_cast<std::size_t>(text[i] - 'A') + 1;
    std::int64_t row = 0;
    const auto digits = i;
    for (; i < text.size() && i < digits + 8 && text[i] >= '0' && text[i] <= '9'; ++i)
        row = row * 10 + (text[i] - '0');
    if (column == 0 || row == 0 || i != text.size())
        return std::nullopt;
    return std::pair{column - 1, row};
}

struct Sheet final : Reader {
    SheetShape shape;

  private:
    void start(std::string_view name, const XML_Char** attributes) override {
        if (name == "c") {
            m_formula = m_value = false;
            if (const auto cell = cell_of(attribute(attributes, "r")))
                m_row = cell->second;
        } else if (name == "f") {
            m_formula = true;
        } else if (name == "v" || name == "is") {
            m_in_value = true;
        } else if (name == "mergeCell") {
            const auto area = attribute(attributes, "ref");
            const auto colon = area.find(':');
            if (colon == std::string::npos)
                return;
            const auto from = cell_of(std::string_view{area}.substr(0, colon));
            const auto to = cell_of(std::string_view{area}.substr(colon + 1));
            if (from && to && shape.merged.size() < most)
                shape.merged.push_back({from->second, to->second, from->first, to->first});
        }
    }
    void end(std::string_view name) override {
        if (name == "v" || name == "is")
            m_in_value = false;
        else if (name == "c" && m_formula && !m_value && shape.formulas_without_value.size() < most)
            shape.formulas_without_value.push_back(m_row);
    }
    void text(int length) override { m_value = m_value || (m_in_value && length > 0); }

    static constexpr std::size_t most = 100'000; // more are no table
    std::int64_t m_row = 0;
    bool m_formula = false;
    bool m_in_value = false;
    bool m_value = false;
};

/// OpenDocument 1.3 part 3, 9.1: rows and cells that repeat are written once, with their number.
struct OpenSheet final : Reader {
    explicit OpenSheet(std::string name) : m_name{std::move(name)} {}
    SheetShape shape;

  private:
    static constexpr std::int64_t most_rows = 1 << 20;
    static constexpr std::size_t most = 100'000; // more are no table

    static std::int64_t times(const XML_Char** attributes, std::string_view wanted) {
        const auto number = parse_number(attribute(attributes, wanted));
        return number && *number >= 1
                   ? static_cast<std::int64_t>(std::min<double>(*number, most_rows))
                   : 1;
    }

    void start(std::string_view name, const XML_Char** attributes) override {
        if (name == "table")
            m_here = attribute(attributes, "table:name") == m_name;
        if (!m_here)
            return;
        if (name == "table-row") {
            m_next_row = m_row + times(attributes, "table:number-rows-repeated");
            m_column = 0;
        } else if (name == "table-cell" || name == "covered-table-cell") {
            const auto columns = times(attributes, "table:number-columns-spanned");
            const auto rows = times(attributes, "table:number-rows-spanned");
            if ((columns > 1 || rows > 1) && shape.merged.size() < most)
                shape.merged.push_back({m_row, m_row + rows - 1, m_column,
                                        m_column + static_cast<std::size_t>(columns) - 1});
            m_formula = !attribute(attributes, "table:formula").empty();
            m_value = !attribute(attributes, "office:value-type").empty();
            m_column +=
                static_cast<std::size_t>(times(attributes, "table:number-columns-repeated"));
        }
    }
    void end(std::string_view name) override {
        if (name == "table")
            m_here = false;
        else if (name == "table-row" && m_here)
            m_row = std::min(m_next_row, most_rows);
        else if (name == "table-cell" && m_here && m_formula && !m_value &&
                 shape.formulas_without_value.size() < most)
            shape.formulas_without_value.push_back(m_row);
    }

    std::string m_name;
    bool m_here = false;
    std::int64_t m_row = 1;
    std::int64_t m_next_row = 1;
    std::size_t m_column = 0;
    bool m_formula = false;
    bool m_value = false;
};

SheetShape shape_of_xlsx(const std::filesystem::path& path, const std::string& sheet) {
    const auto root = "/vsizip/{" + path.string() + "}/xl/";
    Sheets sheets;
    Targets targets;
    if (!sheets.read(root + "workbook.xml") || !targets.read(root + "_rels/workbook.xml.rels"))
        return {};
    const auto id = sheets.id_of.find(sheet);
    const auto file =
        id == sheets.id_of.end() ? targets.file_of.end() : targets.file_of.find(id->second);
    if (file == targets.file_of.end() || file->second.find("..") != std::string::npos)
        return {};
    Sheet out;
    const auto& target = file->second;
    const auto place = target.starts_with("/xl/") ? root + target.substr(4) : root + target;
    return out.read(place) ? std::move(out.shape) : SheetShape{};
}

SheetShape shape_of_ods(const std::filesystem::path& path, const std::string& sheet) {
    OpenSheet out{sheet};
    return out.read("/vsizip/{" + path.string() + "}/content.xml") ? std::move(out.shape)
                                                                   : SheetShape{};
}

} // namespace

SheetShape sheet_shape(const std::filesystem::path& path, const std::string& sheet) {
    const auto suffix = small_letters(path.extension().string());
    if (suffix == ".xlsx" || suffix == ".xlsm")
        return shape_of_xlsx(path, sheet);
    if (suffix == ".ods")
        return shape_of_ods(path, sheet);
    return suffix == ".xls" ? shape_of_xls(path, sheet) : SheetShape{};
}

} // namespace riskmap::vector
