// SPDX-License-Identifier: MIT
// The ground that lines of sight pass over: a window of a height model in memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/raster/source.hpp>

namespace riskmap::visibility {

/// What cells without heights do to lines of sight that cross them. What is seen where they hide
/// nothing and not where they hide all is seen for not knowing better.
enum class Holes { hide_nothing, hide_all };

/// Heights in metres, held as 32-bit floats (a Float64 model is rounded to these).
class Terrain {
  public:
    /// What stands for a cell without data: far below everything, so that it hides nothing.
    static constexpr float no_ground = -1e30F;
    /// And where such cells hide all: above everything.
    static constexpr float wall = 1e5F;

    /// `canopy`, if given, lies on the grid of `heights` and is added to it; where it has
    /// no data nothing is added. An observer stands on the bare ground.
    /// \throws Error{input}: the grid is in degrees; the window is beyond the memory budget.
    Terrain(const raster::Source& heights, const Window& window, const Execution& execution,
            const raster::Source* canopy = nullptr, Holes holes = Holes::hide_nothing);

    [[nodiscard]] const Grid& grid() const noexcept { return m_grid; } ///< the whole model's
    [[nodiscard]] const Window& window() const noexcept { return m_window; }
    /// Size of a cell in metres.
    [[nodiscard]] double cell_width() const noexcept { return m_cell_width; }
    [[nodiscard]] double cell_height() const noexcept { return m_cell_height; }
    /// Heights (with canopy) of the window, row by row; `no_ground` is nodata.
    [[nodiscard]] std::span<const float> surface() const noexcept { return m_surface; }
    /// Height without canopy of a cell within the window.
    [[nodiscard]] float bare(std::int64_t column, std::int64_t row) const noexcept;

  private:
    Grid m_grid;
    Window m_window;
    double m_cell_width;
    double m_cell_height;
    std::vector<float> m_surface;
    std::vector<float> m_bare; ///< empty without canopy
};

/// \throws Error{input} naming a metric CRS, if heights lie on a grid in degrees.
void require_metric(const Grid& grid);

} // namespace riskmap::visibility
