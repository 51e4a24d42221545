// SPDX-License-Identifier: MIT
// run.json as a value: what a run was made from, by which settings, and what came out. A run
// writes it, the atlas reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::record {

struct ProjectFacts {
    std::string id;
    Words title;
    Language language = Language::zh;
    std::string file;   ///< its name
    std::string sha256; ///< of the project file
    std::string notes;
    std::string modelled_layers; ///< titles of layers that come from models, joined
};

/// An area that has products.
struct Area {
    std::string folder; ///< its name within the run
    std::string code;
    std::string name;
    bool county = false;
};

struct GridFacts {
    std::string crs;
    double cell_size = 0; ///< metres
    double left = 0;
    double top = 0;
    std::int64_t columns = 0;
    std::int64_t rows = 0;
};

/// A hazard or an exposure.
struct Layer {
    std::string id;
    Words title;
    bool modelled = false;
    bool people = false;
};

struct Record {
    std::string program; ///< with its version
    ProjectFacts project;
    std::vector<Area> areas;
    GridFacts grid;
    std::vector<Layer> hazards;
    std::vector<Layer> exposures;
    /// Layers to draw maps upon ("heights", "neighbours"), by their path within the run.
    std::map<std::string, std::string> background;
    std::string parameters = "{}";             ///< all settings of the project, as JSON
    std::map<std::string, std::string> inputs; ///< SHA-256 of each file that was read
    std::vector<std::string> warnings;
    std::vector<std::pair<std::string, std::string>> steps; ///< what each tells, as JSON
};

/// The text of run.json. \throws Error{internal}: parameters or steps are not JSON.
[[nodiscard]] std::string to_text(const Record& record);
/// \throws Error{input}: not whole, of an older riskmap, or damaged. `file` is named then.
[[nodiscard]] Record from_text(const std::string& text, const std::filesystem::path& file);

[[nodiscard]] std::filesystem::path file_of(const std::filesystem::path& run);
/// \throws Error{input}: the folder holds no run.json; as `from_text`.
[[nodiscard]] Record read(const std::filesystem::path& run);
void write(const std::filesystem::path& run, const Record& record);

/// The error of a run.json that is not as a run writes it.
[[nodiscard]] Error damaged(const std::filesystem::path& file, const std::string& why);

} // namespace riskmap::record
