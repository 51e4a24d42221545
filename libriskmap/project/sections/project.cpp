// SPDX-License-Identifier: MIT
#include "sections.hpp"

namespace riskmap::project {

namespace {

std::string languages() {
    return "zh, en";
}

const Table<Project>& table() {
    using Type = KeyType;
    static const Table<Project> table{{.path = "project",
                                       .required = true,
                                       .zh = "项目的名称。",
                                       .en = "What the project is called."},
                                      {{{.name = "id",
                                         .type = Type::text,
                                         .zh = "短名称",
                                         .en = "short name",
                                         .example = "\"mycity\"",
                                         .required = true},
                                        &Project::id},
                                       {{.name = "title",
                                         .type = Type::text,
                                         .fallback = "\"\"",
                                         .zh = "中文标题",
                                         .en = "title in Chinese",
                                         .example = "\"我的城市\""}},
                                       {{.name = "title_en",
                                         .type = Type::text,
                                         .fallback = "\"\"",
                                         .zh = "英文标题",
                                         .en = "title in English",
                                         .example = "\"My city\""}},
                                       {{.name = "language",
                                         .type = Type::text,
                                         .fallback = "\"zh\"",
                                         .zh = "成果中名称所用的语言",
                                         .en = "language of names in the products",
                                         .choices = &languages}},
                                       {{.name = "notes",
                                         .type = Type::text,
                                         .fallback = "\"\"",
                                         .zh = "读者必须知道的事，写入 run.json",
                                         .en = "what readers must know; goes into run.json"},
                                        &Project::notes}}};
    return table;
}

} // namespace

void declare_project(Schema& schema) {
    schema.add(table());
}

void read_head(const CheckedFile& file, Project& project) {
    const auto section = file.section("project");
    fill(section, table(), project);
    project.title = {section.text("title"), section.text("title_en")};
    project.language = section.text("language") == "en" ? Language::en : Language::zh;
}

} // namespace riskmap::project
