// SPDX-License-Identifier: MIT
#include "step.hpp"

#include <algorithm>
#include <array>

#include <dlfcn.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

namespace riskmap::project {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 9> sidecars{".dbf", ".shx", ".prj",     ".cpg", ".tfw",
                                              ".wld", ".hdr", ".aux.xml", ".msk"};

std::string fingerprint(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator{path})
            if (entry.is_regular_file())
                files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        std::string all;
        for (const auto& file : files)
            all += file.lexically_relative(path).string() + sha256_of_file(file);
        return sha256(all);
    }
    if (!fs::exists(path, ignored))
        return "missing";
    std::string all = sha256_of_file(path);
    for (const auto* suffix : sidecars) {
        for (const auto& beside :
             {fs::path{path}.replace_extension(suffix), fs::path{path.string() + suffix}})
            if (beside != path && fs::is_regular_file(beside, ignored))
                all += suffix + sha256_of_file(beside);
    }
    return all.size() == 64 ? all : sha256(all);
}

Json to_json(const StepRecord& record) {
    return {{"program", record.program},
            {"parameters", record.parameters},
            {"inputs", record.inputs},
            {"outputs", record.outputs},
            {"warnings", record.report.warnings},
            {"facts", record.report.facts}};
}

StepRecord from_json(const Json& json) {
    StepRecord record;
    record.program = json.at("program");
    record.parameters = json.at("parameters");
    json.at("inputs").get_to(record.inputs);
    json.at("outputs").get_to(record.outputs);
    json.at("warnings").get_to(record.report.warnings);
    record.report.facts = json.at("facts");
    return record;
}

std::string folder_and_name(const std::string& path) {
    return fs::path{path}.filename().string();
}

} // namespace

State::State(fs::path file) : m_file{std::move(file)} {
    std::error_code ignored;
    if (!fs::exists(m_file, ignored))
        return;
    // A state that cannot be read costs a full run, nothing else.
    try {
        const auto json = Json::parse(read_file(m_file));
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

void State::keep(const std::string& step, StepRecord record) {
    m_records[step] = std::move(record);
    Json json = Json::object();
    for (const auto& [id, entry] : m_records)
        json[id] = to_json(entry);
    write_file(m_file, json.dump(1));
}

const std::string& Fingerprints::of(const fs::path& path) {
    auto& known = m_known[path.string()];
    if (known.empty())
        known = fingerprint(path);
    return known;
}

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

std::string why_stale(const Step& step, const State& state, Fingerprints& fingerprints) {
    const auto* record = state.find(step.id);
    if (record == nullptr)
        return "never done";
    if (record->program != program_fingerprint())
        return "the program changed";
    if (record->parameters != sha256(step.parameters.dump()))
        return "parameters changed";
    for (const auto& input : step.inputs) {
        const auto found = record->inputs.find(input.string());
        if (found == record->inputs.end() || found->second != fingerprints.of(input))
            return fmt::format("{} changed", folder_and_name(input.string()));
    }
    for (const auto& output : step.outputs) {
        const auto found = record->outputs.find(output.string());
        const auto& now = fingerprints.of(output);
        if (now == "missing")
            return fmt::format("{} is missing", folder_and_name(output.string()));
        if (found == record->outputs.end() || found->second != now)
            return fmt::format("{} was altered", folder_and_name(output.string()));
    }
    return {};
}

StepRecord record_of(const Step& step, StepReport report, Fingerprints& fingerprints) {
    StepRecord record;
    record.program = program_fingerprint();
    record.parameters = sha256(step.parameters.dump());
    for (const auto& input : step.inputs)
        record.inputs[input.string()] = fingerprints.of(input);
    for (const auto& output : step.outputs) {
        fingerprints.forget(output);
        record.outputs[output.string()] = fingerprints.of(output);
    }
    record.report = std::move(report);
    return record;
}

} // namespace riskmap::project
