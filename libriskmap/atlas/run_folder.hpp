// SPDX-License-Identifier: MIT
// Private: the folder that a run wrote, as the atlas reads it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/crs.hpp>
#include <riskmap/record/record.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::atlas {

using Json = nlohmann::ordered_json;

using RunArea = record::Area;
using RunLayer = record::Layer;

/// Units of an area: their codes, names, shapes, and all figures of the run.
struct RunUnits {
    vector::Layer townships;
    vector::Layer counties; ///< of a city; empty for a county
    vector::Layer own;      ///< one feature
};

/// Column of a layer as numbers, NaN where there is none.
[[nodiscard]] std::vector<double> numbers_of(const vector::Layer& layer, const std::string& field);
[[nodiscard]] std::vector<std::string> texts_of(const vector::Layer& layer,
                                                const std::string& field);
/// How many features a class has, and the sums of some amounts over them; missing amounts are
/// passed over.
struct ClassSum {
    double count = 0;
    std::vector<double> amounts;
};
/// By the number in `field`; every class of a style is there, if need be with nothing.
[[nodiscard]] std::map<int, ClassSum> sums_by_class(const vector::Layer& layer,
                                                    const std::string& field,
                                                    const std::vector<std::string>& amounts,
                                                    const Style& style);
/// The names of areas by their codes; and one of them, or the code where it has none.
[[nodiscard]] std::map<std::string, std::string> names_by_code(const vector::Layer& layer);
[[nodiscard]] std::string named(const std::string& code,
                                const std::map<std::string, std::string>& names);

/// Layers are read when they are first asked for, and kept; from any thread.
class RunFolder {
  public:
    /// \throws Error{input}: no run.json, or one of another program.
    explicit RunFolder(const std::filesystem::path& folder);

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_path; }
    [[nodiscard]] const record::Record& record() const noexcept { return m_record; }
    /// The settings of the project, and what each step tells.
    [[nodiscard]] const Json& parameters() const noexcept { return m_parameters; }
    [[nodiscard]] const Json& steps() const noexcept { return m_steps; }
    [[nodiscard]] Language language() const noexcept { return m_record.project.language; }
    [[nodiscard]] const Words& title() const noexcept { return m_record.project.title; }
    [[nodiscard]] const std::vector<RunArea>& areas() const noexcept { return m_record.areas; }
    [[nodiscard]] std::vector<const RunArea*> cities() const;
    /// By its code, name or folder; the first city if `name` is empty. \throws Error{input} naming
    /// the nearest.
    [[nodiscard]] const RunArea& area(const std::string& name) const;
    [[nodiscard]] const std::vector<RunLayer>& hazards() const noexcept { return m_record.hazards; }
    /// The field of units with their people; empty if none.
    [[nodiscard]] const std::string& people_field() const noexcept { return m_people; }
    [[nodiscard]] const Words& people_title() const noexcept { return m_people_title; }
    [[nodiscard]] std::string modelled_layers() const;
    /// A text of the project's section [atlas]; empty if there is none.
    [[nodiscard]] std::string setting(const std::string& key) const;

    [[nodiscard]] std::filesystem::path product(const RunArea& area,
                                                const std::string& name) const {
        return m_path / area.folder / name;
    }
    [[nodiscard]] bool has(const RunArea& area, const std::string& name) const;
    /// Where the products of the whole city lie: cameras, shelters.
    [[nodiscard]] std::optional<std::filesystem::path> city_product(const std::string& name) const;
    /// A layer of a file; one without features if either is missing.
    [[nodiscard]] const vector::Layer& layer(const std::filesystem::path& file,
                                             const std::string& name) const;
    [[nodiscard]] const RunUnits& units(const RunArea& area) const;
    /// Areas around the city, named, in the run's CRS; from the project.
    [[nodiscard]] const vector::Layer& neighbours() const;
    [[nodiscard]] std::filesystem::path heights() const; ///< empty if there are none

  private:
    /// Of the record; empty if it names none.
    [[nodiscard]] std::filesystem::path background(const std::string& name) const;

    std::filesystem::path m_path;
    record::Record m_record;
    Json m_parameters;
    Json m_steps;
    std::string m_people;
    Words m_people_title;
    mutable std::mutex m_mutex;
    mutable std::map<std::string, std::unique_ptr<const vector::Layer>> m_layers;
    mutable std::map<std::string, std::unique_ptr<const RunUnits>> m_units;
};

/// Does work that reads what settings and steps tell, whose parts may be of other kinds than they
/// should. \throws Error{input} instead of what the JSON library throws then.
template <class Work>
auto with_record(const std::filesystem::path& folder, Work work) {
    try {
        return work();
    } catch (const nlohmann::json::exception& fault) {
        throw record::damaged(record::file_of(folder), fault.what());
    }
}

} // namespace riskmap::atlas
