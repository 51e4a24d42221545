// SPDX-License-Identifier: MIT
#include <riskmap/record/record.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/core/file.hpp>

namespace riskmap::record {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Error not_a_run(const fs::path& file, const std::string& why) {
    return input_error(fmt::format("'{}' {}", file.string(), why),
                       "give the folder that riskmap run wrote: out beside the project file");
}

Json to_json(const Layer& layer) {
    return {{"id", layer.id},
            {"title", layer.title.zh},
            {"title_en", layer.title.en},
            {"modelled", layer.modelled},
            {"people", layer.people}};
}

Layer layer_of(const Json& json) {
    return {json.at("id"),
            {json.at("title"), json.at("title_en")},
            json.at("modelled"),
            json.at("people")};
}

Json parsed(const std::string& text) {
    auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        throw Error{ErrorKind::internal, "a part of a run's record is not JSON"};
    return json;
}

Record record_of(const Json& json) {
    Record record;
    record.program = json.at("program");
    const auto& project = json.at("project");
    record.project = {project.at("id"),
                      {project.at("title"), project.at("title_en")},
                      Language::zh,
                      project.at("file"),
                      project.at("sha256"),
                      project.at("notes"),
                      project.at("modelled_layers")};
    record.project.language =
        project.at("language").get<std::string>() == "en" ? Language::en : Language::zh;
    for (const auto& area : json.at("areas"))
        // A folder is a name within the run, whatever a record says.
        record.areas.push_back({safe_file_name(area.at("folder").get<std::string>()),
                                area.at("code"), area.at("name"),
                                area.at("level").get<std::string>() == "county"});
    const auto& grid = json.at("grid");
    record.grid = {grid.at("crs"), grid.at("cell_size"), grid.at("left"),
                   grid.at("top"), grid.at("columns"),   grid.at("rows")};
    for (const auto& layer : json.at("hazards"))
        record.hazards.push_back(layer_of(layer));
    for (const auto& layer : json.at("exposures"))
        record.exposures.push_back(layer_of(layer));
    json.at("background").get_to(record.background);
    record.parameters = json.at("parameters").dump();
    json.at("inputs_sha256").get_to(record.inputs);
    json.at("warnings").get_to(record.warnings);
    for (const auto& [id, facts] : json.at("steps").items())
        record.steps.emplace_back(id, facts.dump());
    return record;
}

} // namespace

std::string to_text(const Record& record) {
    const auto& project = record.project;
    Json json{{"program", record.program},
              {"project",
               {{"id", project.id},
                {"title", project.title.zh},
                {"title_en", project.title.en},
                {"language", project.language == Language::en ? "en" : "zh"},
                {"file", project.file},
                {"sha256", project.sha256},
                {"notes", project.notes},
                {"modelled_layers", project.modelled_layers}}}};
    json["areas"] = Json::array();
    for (const auto& area : record.areas)
        json["areas"].push_back({{"folder", area.folder},
                                 {"code", area.code},
                                 {"name", area.name},
                                 {"level", area.county ? "county" : "city"}});
    const auto& grid = record.grid;
    json["grid"] = {{"crs", grid.crs}, {"cell_size", grid.cell_size}, {"left", grid.left},
                    {"top", grid.top}, {"columns", grid.columns},     {"rows", grid.rows}};
    json["hazards"] = Json::array();
    for (const auto& layer : record.hazards)
        json["hazards"].push_back(to_json(layer));
    json["exposures"] = Json::array();
    for (const auto& layer : record.exposures)
        json["exposures"].push_back(to_json(layer));
    json["background"] = record.background;
    json["parameters"] = parsed(record.parameters);
    json["inputs_sha256"] = record.inputs;
    json["warnings"] = record.warnings;
    json["steps"] = Json::object();
    for (const auto& [id, facts] : record.steps)
        json["steps"][id] = parsed(facts);
    return json.dump(2) + "\n";
}

Record from_text(const std::string& text, const fs::path& file) {
    const auto json = Json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object())
        throw not_a_run(file, "is not whole");
    for (const char* key : {"program", "project", "areas", "grid", "hazards", "exposures",
                            "background", "parameters", "inputs_sha256", "warnings", "steps"})
        if (!json.contains(key))
            throw not_a_run(file, fmt::format("has no '{}': it is of an older riskmap", key));
    try {
        return record_of(json);
    } catch (const nlohmann::json::exception& fault) {
        throw damaged(file, fault.what());
    }
}

fs::path file_of(const fs::path& run) {
    return run / "run.json";
}

Record read(const fs::path& run) {
    const auto file = file_of(run);
    if (!fs::is_regular_file(file))
        throw not_a_run(run, "holds no run.json");
    return from_text(read_file(file), file);
}

void write(const fs::path& run, const Record& record) {
    write_file(file_of(run), to_text(record));
}

Error damaged(const fs::path& file, const std::string& why) {
    return not_a_run(file, fmt::format("is damaged: {}", why));
}

} // namespace riskmap::record
