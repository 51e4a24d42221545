// SPDX-License-Identifier: MIT
// What `coverage` and `cameras` share: heights, forest, units, cameras from the command line.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/forest/coverage.hpp>

#include "sight.hpp"

namespace riskmap::tool {

struct SceneOptions {
    std::filesystem::path dem;
    std::string forest;
    std::vector<std::string> units;
    forest::CameraFields fields;
    SightOptions sight;

    /// The layers.
    void declare(CLI::App& app);
    /// Fields of cameras, what stands in for them, and lines of sight.
    void declare_cameras(CLI::App& app);
};

/// FILE:LAYER:FIELD, each of them brought to the cells of the forest. \throws Error{usage}.
[[nodiscard]] std::vector<forest::UnitLayer> read_units(const std::vector<std::string>& texts,
                                                        const forest::ForestCells& cells,
                                                        const Execution& execution);

class ForestScene {
  public:
    ForestScene(const SceneOptions& options, const Context& context);

    [[nodiscard]] forest::Scene scene() const;
    [[nodiscard]] const forest::ForestCells& cells() const { return *m_cells; }
    [[nodiscard]] std::vector<forest::UnitLayer> units() const;
    /// FILE[:LAYER]; those without ground under them are left out with a warning.
    [[nodiscard]] std::vector<forest::Camera> cameras(const std::string& text);
    /// What readers of the report should know; also said as warnings.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return m_remarks; }

  private:
    void remark(const std::string& text);

    const SceneOptions& m_options;
    const Context& m_context;
    std::shared_ptr<const raster::Reader> m_dem;
    std::shared_ptr<const raster::Source> m_canopy;
    std::optional<forest::ForestCells> m_cells;
    std::vector<std::string> m_remarks;
};

} // namespace riskmap::tool
