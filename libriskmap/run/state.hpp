// SPDX-License-Identifier: MIT
// Private: what a run remembers of its steps, and so which are up to date.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "step.hpp"

namespace riskmap::run {

/// What a finished step left behind. Files go by their path from the folder of the project
/// (opened) or of the products (needs, made), so that a project that is moved stays up to date.
struct StepRecord {
    std::string program;
    Settings settings;
    std::map<std::string, Content> opened; ///< what it read, as it was before that
    Content needs;
    Content made;
    std::vector<std::string> warnings;
    Json facts;
};

/// Where the files of a run lie.
struct RunPlaces {
    std::filesystem::path project; ///< folder
    std::filesystem::path out;
};

/// The memory of a run, in out/.work/state.json.
class State {
  public:
    State(RunPlaces places, FingerprintsPtr fingerprints);

    [[nodiscard]] const StepRecord* find(const std::string& step) const;

    /// Why a step has to be done again: what it read, goes by, needs or made is not what it was.
    /// Empty: it is up to date.
    [[nodiscard]] std::string why_stale(const Step& step) const;

    /// Keeps what a step did, and writes the file. `areas`: how the layers of areas were when they
    /// were read. \throws Error{input}: something that was read is not what it was before.
    void keep(const Step& step, StepReport report, const std::map<std::string, Content>& areas);

    /// SHA-256 of all that steps have opened, by its path from the project's folder.
    [[nodiscard]] Content opened(const std::vector<const Step*>& steps) const;

  private:
    [[nodiscard]] Content moved(const Content& content, const std::filesystem::path& from) const;
    [[nodiscard]] Content prints_of(const std::vector<std::filesystem::path>& files) const;

    RunPlaces m_places;
    FingerprintsPtr m_fingerprints;
    std::map<std::string, StepRecord> m_records;
};

/// A fingerprint of the code that is running: program or shared library.
[[nodiscard]] const std::string& program_fingerprint();

} // namespace riskmap::run
