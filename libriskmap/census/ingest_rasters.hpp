// SPDX-License-Identifier: MIT
// Private: rasters of a delivery brought to one grid, cut to the city, pieces of one map put
// together.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <riskmap/census/ingest.hpp>
#include <riskmap/census/stack.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>

namespace riskmap::census {

/// What became of the cells of several pieces.
struct Mosaic {
    std::uint64_t both = 0;      ///< cells that several pieces have
    std::uint64_t differing = 0; ///< of those, with other values
    std::uint64_t least = 0;     ///< cells with data of the smallest piece
    std::uint64_t filled = 0;    ///< cells with data in what is written
    std::vector<double> sample;  ///< of its values: of every few rows and columns, in their order
};

/// Writes the cells of the first piece that has data where `mask` has (null: everywhere). Where
/// pieces overlap the first counts.
[[nodiscard]] Mosaic write_pieces(const std::vector<std::shared_ptr<const raster::Source>>& pieces,
                                  const std::shared_ptr<const raster::Source>& mask,
                                  raster::Writer& writer, const Execution& execution,
                                  const std::string& stage);

/// The 1st and the 99th percentile; nothing: there are no values.
[[nodiscard]] std::optional<std::pair<double, double>> middle_98(std::vector<double> values);

struct RasterPiece {
    const spec::Source* source;
    const spec::LayerSpec* spec; ///< null: none
};

/// The pieces of one map, on the grid, as `folder`/`name`.tif; the writer is put behind `writers`,
/// to be committed when all has succeeded. \throws Error{input}: pieces that contradict each other,
/// no data where the mask has some.
[[nodiscard]] IngestedLayer
write_map(const std::vector<RasterPiece>& pieces, const std::filesystem::path& folder,
          const std::string& name, const Grid& grid,
          const std::shared_ptr<const raster::Source>& mask, spec::Door& door,
          std::vector<std::unique_ptr<raster::Writer>>& writers, const Execution& execution);

} // namespace riskmap::census
