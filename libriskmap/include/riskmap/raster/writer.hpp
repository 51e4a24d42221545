// SPDX-License-Identifier: MIT
// Writes GeoTIFF: tiled, DEFLATE, atomic, with colours and names of classes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/grid.hpp>

namespace riskmap::raster {

enum class CellType {
    byte,    ///< nodata 0
    uint16,  ///< nodata 0
    float32, ///< nodata NaN
    float64, ///< nodata NaN
};

enum class Layout {
    tiled,           ///< tiles only: for steps in between
    cloud_optimized, ///< tiles, overviews, index first (COG): for products
};

/// A class of a class raster: its cell value, name and colour.
struct ClassEntry {
    int value = 0;
    std::string name;
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

struct RasterSpec {
    CellType type = CellType::float32;
    Layout layout = Layout::tiled;
    std::vector<ClassEntry> classes = {}; ///< colour table and category names; byte and uint16 only
    std::string description = {};
    std::string unit = {};
    std::map<std::string, std::string> metadata = {}; ///< becomes RISKMAP_<key> in the file
};

class Writer {
  public:
    /// \throws Error{input} if the place cannot be written.
    Writer(const std::filesystem::path& target, const Grid& grid, RasterSpec spec,
           const Execution& execution = {});
    ~Writer();
    Writer(Writer&&) noexcept;

    [[nodiscard]] const Grid& grid() const;
    /// NaN becomes nodata. Not for two threads at once.
    void write(const Window& window, std::span<const double> values);
    /// Closes the file and gives it its name; without it nothing is left.
    void commit();

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::raster
