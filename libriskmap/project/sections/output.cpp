// SPDX-License-Identifier: MIT
#include "sections.hpp"

#include <riskmap/atlas/style.hpp>

namespace riskmap::project {

namespace {

std::string palettes() {
    std::string names;
    for (const auto name : atlas::palettes())
        names += (names.empty() ? "" : ", ") + std::string{name};
    return names;
}

const Table<OutputRules>& table() {
    using Type = KeyType;
    static const Table<OutputRules> table{
        {.path = "output", .zh = "写出什么，写到哪里。", .en = "What is written, and where."},
        {{{.name = "folder",
           .type = Type::text,
           .fallback = "\"out\"",
           .zh = "成果的文件夹，每个区域一个子文件夹；riskmap run 的 --out 优先",
           .en = "where the products go, one folder per area; --out of riskmap run comes first"}},
         {{.name = "formats",
           .type = Type::texts,
           .fallback = "[\"tif\", \"gpkg\", \"geojson\", \"csv\"]",
           .zh = "每种成果写成什么格式；更多格式用 riskmap export",
           .en = "what is written of every product; more formats by riskmap export"},
          &OutputRules::formats},
         {{.name = "palette",
           .type = Type::text,
           .fallback = "\"standard\"",
           .zh = "风险等级的配色",
           .en = "colours of risk levels",
           .choices = &palettes},
          &OutputRules::palette}}};
    return table;
}

} // namespace

void declare_output(Schema& schema) {
    schema.add(table());
}

void read_output(const CheckedFile& file, Project& project) {
    const auto section = file.section("output");
    auto& output = project.output;
    fill(section, table(), output);
    output.folder = (std::filesystem::absolute(project.file).parent_path() / section.text("folder"))
                        .lexically_normal();
    section.refuse_others("formats", {"tif", "gpkg", "geojson", "csv"});
    if (project.atlas.make && !(output.has("tif") && output.has("gpkg"))) {
        if (file.section("atlas").present())
            throw section.error("the atlas is drawn from tif and gpkg, and formats lacks one",
                                "add it, or say make = false in [atlas]", "formats");
        project.atlas.make = false;
    }
    if (output.formats.empty())
        throw section.error("no format is asked for", "for example formats = [\"tif\", \"gpkg\"]",
                            "formats");
}

} // namespace riskmap::project
