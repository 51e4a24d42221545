// SPDX-License-Identifier: MIT
#include "workbook.hpp"

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

} // namespace

SheetShape sheet_shape(const std::filesystem::path& path, const std::string& sheet) {
    if (small_letters(path.extension().string()) != ".xlsx")
        return {};
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

} // namespace riskmap::vector
