// SPDX-License-Identifier: MIT
// Private: a step of a run, and what is remembered of it.
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <riskmap/core/execution.hpp>

namespace riskmap::project {

using Json = nlohmann::ordered_json;

/// What a step tells: things its reader must know, and numbers for run.json.
struct StepReport {
    std::vector<std::string> warnings;
    Json facts = Json::object();
};

struct Step {
    std::string id;
    std::string title;
    std::vector<std::filesystem::path> inputs; ///< of the user, or outputs of earlier steps
    std::vector<std::filesystem::path> outputs;
    Json parameters;
    std::function<StepReport(const Execution&)> work;

    /// Adds inputs; empty names are none.
    void reads(std::initializer_list<std::filesystem::path> files) {
        for (const auto& file : files)
            if (!file.empty())
                inputs.push_back(file);
    }
};

/// What a finished step left behind.
struct StepRecord {
    std::string program;
    std::string parameters;
    std::map<std::string, std::string> inputs; ///< fingerprint by path
    std::map<std::string, std::string> outputs;
    StepReport report;
};

/// The memory of a run, in out/.work/state.json.
class State {
  public:
    explicit State(std::filesystem::path file);
    [[nodiscard]] const StepRecord* find(const std::string& step) const;
    /// Keeps the record and writes the file.
    void keep(const std::string& step, StepRecord record);

  private:
    std::filesystem::path m_file;
    std::map<std::string, StepRecord> m_records;
};

/// SHA-256 over a file with its sidecars (.dbf, .prj, .aux.xml ...), or over
/// all files of a folder (.gdb); "missing" if there is none. Remembered for
/// the life of the object, so that each file is read once.
class Fingerprints {
  public:
    [[nodiscard]] const std::string& of(const std::filesystem::path& path);
    void forget(const std::filesystem::path& path) { m_known.erase(path.string()); }

  private:
    std::map<std::string, std::string> m_known;
};

/// A fingerprint of the code that is running: program or shared library.
[[nodiscard]] const std::string& program_fingerprint();

/// Why a step has to be done again; empty: it is up to date.
[[nodiscard]] std::string why_stale(const Step& step, const State& state,
                                    Fingerprints& fingerprints);
[[nodiscard]] StepRecord record_of(const Step& step, StepReport report, Fingerprints& fingerprints);

} // namespace riskmap::project
