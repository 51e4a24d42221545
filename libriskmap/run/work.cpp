// SPDX-License-Identifier: MIT
#include "work.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/run/run.hpp>

namespace riskmap::run {

namespace fs = std::filesystem;

std::string Work::map_id(const Hazard& hazard, std::size_t map) {
    return "hazard-" + hazard.id +
           (hazard.maps.size() == 1 ? "" : fmt::format("-{:g}", hazard.maps[map].return_period));
}

Settings Work::chosen(const std::vector<std::string>& names,
                      const std::vector<std::string_view>& but) const {
    return run::chosen(settings, names, but);
}

Settings Work::chosen_source(const std::string& key) const {
    Settings found;
    for (const auto& [name, value] : settings)
        if (name == key || name.starts_with(key + "_"))
            found.emplace(name, value);
    return found;
}

Settings Work::common_settings() const {
    auto found = chosen({"grid", "project.language"});
    // Its extent comes from the areas.
    found["the grid"] = fmt::format("{} {:.17g} {:.17g} {:.17g} {} {}", grid.crs.name(),
                                    grid.cell_width, grid.left, grid.top, grid.columns, grid.rows);
    return found;
}

Settings Work::modelled_settings() const {
    Settings found;
    for (const auto& [name, value] : settings)
        if (name.ends_with(".modelled"))
            found.emplace(name, value);
    return found;
}

std::string Work::title(const Words& words, bool modelled) const {
    const bool zh = language() == Language::zh;
    return words.in(language()) + (modelled ? (zh ? "（模拟）" : " (modelled)") : "");
}

std::string Work::modelled_layers() const {
    std::string all;
    const auto add = [&](const std::string& name, bool modelled) {
        if (modelled)
            all += (all.empty() ? "" : ", ") + name;
    };
    for (const auto& hazard : project.hazards)
        add(hazard.title.in(language()), hazard.modelled);
    for (const auto& exposure : project.exposures)
        add(exposure.title.in(language()), exposure.modelled);
    const bool zh = language() == Language::zh;
    add(zh ? "脆弱性" : "vulnerability", project.vulnerability.modelled);
    add(zh ? "减灾能力" : "capacity", project.capacity.modelled);
    add(zh ? "森林" : "forest", !project.forest.file.empty() && project.forest.modelled);
    add(zh ? "避难场所" : "shelters", project.shelters.present && project.shelters.modelled);
    return all;
}

std::map<std::string, std::string> Work::provenance(const std::string& product) const {
    std::map<std::string, std::string> tags{{"product", product},
                                            {"program", "riskmap " + version()},
                                            {"project", project.id},
                                            {"provenance", "run.json"}};
    if (const auto modelled = modelled_layers(); !modelled.empty())
        tags["modelled_layers"] = modelled;
    return tags;
}

raster::RasterSpec plain_spec(raster::CellType type) {
    raster::RasterSpec spec;
    spec.type = type;
    return spec;
}

void tell_accounts(StepReport& report, Language language) {
    for (auto& line : report.door.lines(language))
        report.warnings.push_back(std::move(line));
    const auto accounts = report.door.accounts();
    if (!accounts.empty())
        report.facts["accounts"] = Json::parse(spec::accounts_json(accounts, language));
}

Step city_step(const WorkPtr& work, const char* id, const char* title,
               void (*write)(const Work&, StepReport&, const Execution&)) {
    Step step;
    step.id = id;
    step.title = title;
    step.settings = work->chosen({"areas", "grid", "output", "project.id", "project.language"});
    step.go_by(work->modelled_settings());
    step.work = [work, write, name = step.id](const Execution& execution) {
        StepReport report{work->fingerprints};
        try {
            write(*work, report, execution);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::infeasible)
                throw;
            // Caught here, where what was read is known: when that changes, it is tried again.
            report.facts = {{"feasible", false}, {"message", error.what()}};
            report.warnings.push_back(fmt::format("{}: no feasible answer: {}{}{}", name,
                                                  error.what(), error.hint().empty() ? "" : "; ",
                                                  error.hint()));
        }
        tell_accounts(report, work->language());
        return report;
    };
    return step;
}

std::filesystem::path city_folder(const Work& work, const char* several) {
    return work.out /
           (work.areas.cities.size() == 1 ? safe_file_name(work.areas.cities[0].code) : several);
}

vector::Layer as_layer(const std::string& name, const std::vector<Area>& areas, const Crs& crs) {
    vector::Layer layer{name, crs, {{"unit", vector::FieldType::text}}, {}};
    for (const auto& area : areas)
        layer.features.push_back({{area.code + " " + area.name}, {{}, {}, area.shape}});
    return layer;
}

} // namespace riskmap::run
