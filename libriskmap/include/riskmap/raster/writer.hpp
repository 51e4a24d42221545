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

#include <riskmap/geo/grid.hpp>

namespace riskmap::raster {

enum class CellType {
    byte,    ///< classes from 1; nodata 0
    uint16,  ///< classes from 1; nodata 0
    mask,    ///< Byte where 0 is a value; nodata 255
    count,   ///< UInt16 where 0 is a value; nodata 65535
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
    std::vector<ClassEntry> classes = {}; ///< colour table and category names; not for floats
    std::string description = {};
    std::string unit = {};
    std::map<std::string, std::string> metadata = {}; ///< becomes RISKMAP_<key> in the file
};

/// Cells go in by windows, in any order and on any thread, the bytes of the
/// file do not depend on it: tiles of 512 x 512 stand in it row by row.
class Writer {
  public:
    /// \throws Error{input} if the place cannot be written.
    Writer(const std::filesystem::path& target, const Grid& grid, RasterSpec spec);
    ~Writer();
    Writer(Writer&&) noexcept;

    [[nodiscard]] const Grid& grid() const;

    /// The cells of one window on their way into the file.
    class Part {
      public:
        ~Part();
        Part(Part&&) noexcept;
        /// NaN becomes nodata; integers are rounded and clamped. `piece` lies within the window.
        void fill(const Window& piece, std::span<const double> values);
        /// Compresses, if the window is a tile of the file: the work that is
        /// worth doing on many threads.
        void close();

      private:
        friend class Writer;
        struct State;
        explicit Part(std::unique_ptr<State> state);
        std::unique_ptr<State> m_state;
    };
    /// For any number of threads.
    [[nodiscard]] Part part(const Window& window) const;
    /// Takes a part whose window is full. Not for two threads at once.
    /// \throws Error{input}: the disk is full.
    void put(Part part);
    /// All three at once. Not for two threads at once.
    void write(const Window& window, std::span<const double> values);
    /// Closes the file and gives it its name; without it nothing is left.
    /// Cells that were never written are nodata.
    void commit();

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::raster
