// SPDX-License-Identifier: MIT
// Rasters as streams of blocks: where cell values come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <riskmap/geo/grid.hpp>

namespace riskmap::raster {

/// In blocks a cell without data is NaN; nodata numbers stay in the files.
inline constexpr double nodata = std::numeric_limits<double>::quiet_NaN();

/// Anything that gives the values of a grid, window by window, from any thread.
class Source {
  public:
    Source() = default;
    virtual ~Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    [[nodiscard]] virtual const Grid& grid() const = 0;
    /// Row-major values of `window`; cells beyond the grid are nodata.
    virtual void read(const Window& window, std::span<double> values) const = 0;

    /// This source ready for reading parts of `window` one after the other,
    /// each cheap: what has to be decoded or read for it is held. Valid as long
    /// as this source.
    [[nodiscard]] virtual std::unique_ptr<const Source> opened(const Window& window) const;

    /// Columns and rows of the pieces in which the source comes: reading along
    /// them reads nothing twice.
    struct Piece {
        std::int64_t columns = 512;
        std::int64_t rows = 512;
    };
    [[nodiscard]] virtual Piece piece() const { return {}; }

    [[nodiscard]] std::vector<double> read(const Window& window) const {
        std::vector<double> values(window.size());
        read(window, values);
        return values;
    }
};

/// What is known better than the file says it.
struct ReadRules {
    int band = 1;
    Crs crs = {};                      ///< empty: that of the file
    std::optional<double> nodata = {}; ///< none: that of the file
    double factor = 1;                 ///< to the unit in which values are wanted
};

/// One band of a file that GDAL reads. Nodata value (also one whose text was rounded, as GDAL
/// compares it), mask band, alpha, NaN and infinities all read as nodata; scale and offset are
/// applied; rows from south to north are turned; bytes marked SIGNEDBYTE are signed. Plain
/// GeoTIFFs (uncompressed or DEFLATE) are decoded without GDAL, to the same values.
class Reader final : public Source {
  public:
    /// `path` may name a variable of a NetCDF file: "x.nc:depth".
    /// \throws Error{input}: missing, truncated, rotated, no such band, no CRS.
    explicit Reader(const std::filesystem::path& path, const ReadRules& rules = {});
    ~Reader() override;

    [[nodiscard]] const Grid& grid() const override;
    using Source::read;
    /// \throws Error{input} naming the file and the block that cannot be decoded.
    void read(const Window& window, std::span<double> values) const override;
    [[nodiscard]] std::unique_ptr<const Source> opened(const Window& window) const override;
    [[nodiscard]] Piece piece() const override;

    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const std::string& type_name() const; ///< "Float32", "Byte", ...
    [[nodiscard]] bool declares_nodata() const;
    /// Values belong to points; GDAL has shifted the grid by half a cell so that
    /// each lies at the centre of its cell (../docs/method.md section 18.9).
    [[nodiscard]] bool point_registered() const;
    [[nodiscard]] const std::vector<std::string>& categories() const;
    /// Of the values, as the file says: "m", "ft"; mostly empty.
    [[nodiscard]] const std::string& unit() const;
    /// The least and the greatest value that a number of the user may stand as in this file: 0.1
    /// in single precision is 0.10000000149, 3 times a scale of 0.1 is 0.30000000000000004.
    /// Thresholds are compared with these, so that a cell written as the limit is the limit.
    [[nodiscard]] std::pair<double, double> as_written(double number) const;
    [[nodiscard]] int band() const;
    [[nodiscard]] int bands() const;
    /// As the file says it; empty: not at all.
    [[nodiscard]] const Crs& crs_of_file() const;
    [[nodiscard]] bool south_up() const; ///< and turned
    /// Its numbers stand for colours, and so mostly for classes.
    [[nodiscard]] bool has_colours() const;
    /// Whether what was read so far held infinities, which count as nodata.
    [[nodiscard]] bool met_infinity() const;
    /// A number such as -9999 that was met in a file that says of no cell that it has no data.
    [[nodiscard]] std::optional<double> met_sentinel() const;
    /// Cells of the whole raster that are infinite. Reads it.
    [[nodiscard]] std::uint64_t count_infinities() const;
    /// What `RasterSpec::metadata` put into the file; empty if there is none.
    [[nodiscard]] std::string metadata(const std::string& key) const;

  private:
    struct Pool;
    class OpenTiles;
    void read_as_stored(const Window& window, std::span<double> values) const;
    std::unique_ptr<Pool> m_pool;
};

/// A raster file with its variable, as `Reader` takes it; without one, the file.
[[nodiscard]] std::filesystem::path with_variable(const std::filesystem::path& file,
                                                  const std::string& variable);
/// The variables of a NetCDF file that holds several; else none.
[[nodiscard]] std::vector<std::string> variables_of(const std::filesystem::path& path);

/// A pointer that only looks at a source; whoever gives it keeps the source.
[[nodiscard]] std::shared_ptr<const Source> borrowed(const Source& source);

/// Windows of about 512 x 512 cells that cut a grid so that no piece of a source is
/// decoded twice: squares, or bands of whole rows where all sources come in strips.
[[nodiscard]] std::vector<Window>
reading_blocks(const Grid& grid, std::span<const std::shared_ptr<const Source>> sources);
[[nodiscard]] std::vector<Window> reading_blocks(const Source& source);

/// Cells of the largest of some blocks: what memory has to be for.
[[nodiscard]] std::uint64_t most_cells(std::span<const Window> blocks);

/// A few rows of a block at a time: cells that stay in a core's cache while one
/// pass after the other goes over them.
[[nodiscard]] std::vector<Window> slices_of(const Window& block);

/// Decoded tiles that a neighbouring window will need again are kept, over all
/// readers, up to a share of a memory budget. Without a call: 128 MiB.
void limit_caches(std::uint64_t budget);

/// A grid held in memory, for small rasters and tests.
class InMemory final : public Source {
  public:
    InMemory(Grid grid, std::vector<double> values);
    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override;

  private:
    Grid m_grid;
    std::vector<double> m_values;
};

} // namespace riskmap::raster
