// SPDX-License-Identifier: MIT
#include "state.hpp"

#include <algorithm>

#include <dlfcn.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

namespace riskmap::run {

namespace {

namespace fs = std::filesystem;

Json to_json(const StepRecord& record) {
    return {{"program", record.program}, {"settings", record.settings},
            {"opened", record.opened},   {"needs", record.needs},
            {"made", record.made},       {"warnings", record.warnings},
            {"facts", record.facts}};
}

StepRecord from_json(const Json& json) {
    StepRecord record;
    json.at("program").get_to(record.program);
    json.at("settings").get_to(record.settings);
    json.at("opened").get_to(record.opened);
    json.at("needs").get_to(record.needs);
    json.at("made").get_to(record.made);
    json.at("warnings").get_to(record.warnings);
    record.facts = json.at("facts");
    return record;
}

fs::path state_file(const RunPlaces& places) {
    return places.out / ".work" / "state.json";
}

} // namespace

const std::string& program_fingerprint() {
    static const std::string print = [] {
        Dl_info info{};
        static const int here = 0;
        if (dladdr(&here, &info) != 0 && info.dli_fname != nullptr) {
            std::error_code ignored;
            const fs::path self = fs::read_symlink("/proc/self/exe", ignored);
            const fs::path named{info.dli_fname};
            return sha256_of_file(named.extension() == ".so" || self.empty() ||
                                          named.string().find(".so.") != std::string::npos
                                      ? named
                                      : self);
        }
        return std::string{"unknown"};
    }();
    return print;
}

State::State(RunPlaces places, FingerprintsPtr fingerprints)
    : m_places{std::move(places)}, m_fingerprints{std::move(fingerprints)} {
    const auto file = state_file(m_places);
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return;
    // A state that cannot be read costs a full run, nothing else.
    try {
        const auto json = Json::parse(read_file(file));
        for (const auto& [step, record] : json.items())
            m_records.emplace(step, from_json(record));
    } catch (const std::exception&) {
        m_records.clear();
    }
}

const StepRecord* State::find(const std::string& step) const {
    const auto found = m_records.find(step);
    return found == m_records.end() ? nullptr : &found->second;
}

Content State::moved(const Content& content, const fs::path& from) const {
    Content out;
    for (const auto& [path, sha256] : content)
        out[fs::path{path}.lexically_relative(from).string()] = sha256;
    return out;
}

Content State::prints_of(const std::vector<fs::path>& files) const {
    Content out;
    for (const auto& file : files)
        out.merge(m_fingerprints->of(file));
    return moved(out, m_places.out);
}

std::string State::why_stale(const Step& step) const {
    const auto* record = find(step.id);
    if (record == nullptr)
        return "never done";
    if (record->program != program_fingerprint())
        return "the program changed";
    if (auto changed = record::difference(record->settings, step.settings); !changed.empty())
        return changed;
    for (const auto& [path, before] : record->opened) {
        const auto now = m_fingerprints->of((m_places.project / path).lexically_normal());
        if (auto changed = difference(before, moved(now, m_places.project)); !changed.empty())
            return changed;
    }
    if (auto changed = difference(record->needs, prints_of(step.needs)); !changed.empty())
        return changed;
    const bool without_answer = !record->facts.value("feasible", true);
    for (const auto& file : step.makes)
        if (std::error_code ignored; !without_answer && !fs::exists(file, ignored))
            return fmt::format("{} is missing", file.filename().string());
    if (!difference(record->made, prints_of(step.makes)).empty())
        for (const auto& file : step.makes)
            if (const auto now = prints_of({file});
                !std::all_of(now.begin(), now.end(), [&](const auto& piece) {
                    const auto found = record->made.find(piece.first);
                    return found != record->made.end() && found->second == piece.second;
                }))
                return fmt::format("{} was altered", file.filename().string());
    return {};
}

void State::keep(const Step& step, StepReport report, const std::map<std::string, Content>& areas) {
    auto opened = report.door.opened();
    if (step.reads_areas)
        opened.insert(areas.begin(), areas.end());
    StepRecord record;
    for (const auto& [path, before] : opened) {
        if (const auto changed = difference(before, m_fingerprints->of(path)); !changed.empty())
            throw input_error(fmt::format("{} while step '{}' read it: its result is of no use",
                                          changed, step.id),
                              "run again once the file is whole");
        record.opened[fs::path{path}.lexically_relative(m_places.project).string()] =
            moved(before, m_places.project);
    }
    record.program = program_fingerprint();
    record.settings = step.settings;
    record.needs = prints_of(step.needs);
    record.made = prints_of(step.makes);
    record.warnings = std::move(report.warnings);
    record.facts = std::move(report.facts);
    m_records[step.id] = std::move(record);
    Json json = Json::object();
    for (const auto& [id, entry] : m_records)
        json[id] = to_json(entry);
    write_file(state_file(m_places), json.dump(1));
}

Content State::opened(const std::vector<const Step*>& steps) const {
    Content all;
    for (const auto* step : steps)
        if (const auto* record = find(step->id))
            for (const auto& [path, content] : record->opened)
                all.insert(content.begin(), content.end());
    return all;
}

} // namespace riskmap::run
