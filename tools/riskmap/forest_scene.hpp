// SPDX-License-Identifier: MIT
// What `coverage` and `cameras` share: heights, forest, units, cameras from the command line.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/forest/area.hpp>
#include <riskmap/forest/coverage.hpp>

#include "sight.hpp"

#include "arguments.hpp"

namespace riskmap::tool {

struct SceneOptions {
    std::string dem;
    std::string forest;
    std::vector<std::string> units;
    std::string area;
    double margin = 0;
    forest::CameraDefaults defaults;
    std::string id_field;
    std::string mast_field;
    std::string range_field;
    std::string cost_field;
    SightOptions sight;

    /// The layers.
    void declare(Arguments& app);
    /// Fields of cameras, what stands in for them, and lines of sight.
    void declare_cameras(Arguments& app);
};

/// FILE:LAYER:FIELD, each of them brought to the cells of the forest. \throws Error{usage}.
[[nodiscard]] std::vector<forest::UnitLayer> read_units(const std::vector<std::string>& texts,
                                                        const forest::ForestCells& cells,
                                                        const Context& context);

class ForestScene {
  public:
    ForestScene(const SceneOptions& options, const Context& context);

    [[nodiscard]] forest::Scene scene() const;
    [[nodiscard]] const forest::ForestCells& cells() const { return *m_cells; }
    [[nodiscard]] std::vector<forest::UnitLayer> units() const;
    /// FILE[:LAYER]; those without ground under them are left out with a warning. Those without
    /// an id are numbered behind `prefix`.
    [[nodiscard]] std::vector<forest::Camera> cameras(const std::string& text,
                                                      const std::string& prefix = {});
    /// The same of points of fire water.
    [[nodiscard]] std::vector<forest::Camera> water_points(const std::string& text);
    /// Tells forest whose ground is not known, and units of which it is not known what is forest.
    void tell_ground(const std::vector<forest::UnitLayer>& units);
    /// Tells what is seen only across cells without heights.
    void tell_across(const std::vector<forest::Camera>& cameras, const visibility::Sight& sight,
                     std::span<const siting::DemandSet> views = {});
    /// What stands outside the area that is given is left out, with a warning.
    void keep_within(std::vector<forest::Camera>& sites, const std::string& text);
    [[nodiscard]] const forest::Area* area() const { return m_area ? &*m_area : nullptr; }
    /// What readers of the report should know; also said as warnings.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return m_remarks; }

  private:
    void remark(const std::string& text);
    [[nodiscard]] spec::Source source_of(const std::string& text) const;
    void drop_groundless(std::vector<forest::Camera>& cameras, const std::string& text);

    const SceneOptions& m_options;
    const Context& m_context;
    std::shared_ptr<const raster::Reader> m_dem;
    std::shared_ptr<const raster::Source> m_canopy;
    forest::OpenedForest m_forest;
    std::optional<forest::Area> m_area;
    std::optional<forest::ForestCells> m_cells;
    std::vector<std::string> m_remarks;
};

} // namespace riskmap::tool
