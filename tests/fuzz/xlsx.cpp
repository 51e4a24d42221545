// SPDX-License-Identifier: MIT
// A spreadsheet whose sheet, and behind a line of its own whose texts, are the bytes.
#include <cpl_vsi.h>

#include "layer.hpp"

namespace {

void put(const std::string& archive, const char* name, std::string_view text) {
    VSILFILE* file = VSIFOpenL(("/vsizip/" + archive + "/" + name).c_str(), "wb");
    if (file == nullptr)
        return;
    VSIFWriteL(text.data(), 1, text.size(), file);
    VSIFCloseL(file);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::string_view between = "\n=====\n";
    const auto all = riskmap::fuzz::text_of(data, size);
    const auto end = std::min(all.find(between), all.size());
    const auto file = riskmap::fuzz::file_of(data, 0, "written.xlsx").string();
    std::filesystem::remove(file);
    VSILFILE* archive = VSIFOpenL(("/vsizip/" + file).c_str(), "wb");
    if (archive == nullptr)
        return 0;
    put(file, "[Content_Types].xml",
        "<Types><Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-"
        "officedocument.spreadsheetml.sheet.main+xml\"/></Types>");
    put(file, "xl/workbook.xml",
        "<workbook><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
    put(file, "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/>"
        "</Relationships>");
    put(file, "xl/worksheets/sheet1.xml", all.substr(0, end));
    put(file, "xl/sharedStrings.xml", all.substr(std::min(end + between.size(), all.size())));
    VSIFCloseL(archive);
    riskmap::fuzz::check_file(file, "population_table");
    return 0;
}
