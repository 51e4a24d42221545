// SPDX-License-Identifier: MIT
// Private: tiles and strips of plain GeoTIFFs, decoded here rather than by
// GDAL: without its block cache, on as many threads as ask.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "deflate.hpp"
#include "samples.hpp"

namespace riskmap::raster {

/// One band of a file: uncompressed or DEFLATE, any predictor, either byte
/// order, tiles or strips. What is stored in another way stays GDAL's.
class TiffTiles {
  public:
    /// Nothing if the band is not of that kind, or the file is not a TIFF.
    [[nodiscard]] static std::unique_ptr<TiffTiles> open(const std::filesystem::path& path,
                                                         int band);
    ~TiffTiles();
    TiffTiles(const TiffTiles&) = delete;
    TiffTiles& operator=(const TiffTiles&) = delete;

    [[nodiscard]] Sample sample() const noexcept { return m_sample; }
    [[nodiscard]] std::int64_t columns() const noexcept { return m_columns; }
    [[nodiscard]] std::int64_t rows() const noexcept { return m_rows; }
    [[nodiscard]] std::int64_t tile_columns() const noexcept { return m_tile_columns; }
    [[nodiscard]] std::int64_t tile_rows() const noexcept { return m_tile_rows; }

    enum class Found {
        samples,
        sparse,  ///< not stored: nodata, or 0 where there is none
        foreign, ///< cut short, or of a length that GDAL may know how to take
        damaged, ///< its length or checksum is wrong, which GDAL would not always notice
    };
    /// Samples of tile (`across`, `down`), row by row, padded as the file pads
    /// them; the last strip is as short as its rows. For any number of threads.
    [[nodiscard]] Found decode(std::int64_t across, std::int64_t down, Bytes& samples) const;

  private:
    TiffTiles() = default;

    int m_file = -1;
    Sample m_sample = Sample::u8;
    Predictor m_predictor = Predictor::none;
    bool m_swapped = false;
    bool m_deflated = false;
    bool m_tiled = false;
    std::int64_t m_columns = 0;
    std::int64_t m_rows = 0;
    std::int64_t m_tile_columns = 0;
    std::int64_t m_tile_rows = 0;
    std::int64_t m_across = 0;
    struct Place {
        std::uint64_t offset;
        std::uint64_t bytes;
    };
    std::vector<Place> m_places;
};

} // namespace riskmap::raster
