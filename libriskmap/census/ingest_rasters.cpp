// SPDX-License-Identifier: MIT
#include "ingest_rasters.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include <riskmap/raster/cells.hpp>

namespace riskmap::census {

Mosaic write_pieces(const std::vector<std::shared_ptr<const raster::Source>>& pieces,
                    const std::shared_ptr<const raster::Source>& mask, raster::Writer& writer,
                    const Execution& execution, const std::string& stage) {
    auto inputs = pieces;
    if (mask)
        inputs.push_back(mask);
    std::atomic<std::uint64_t> both = 0;
    std::atomic<std::uint64_t> differing = 0;
    std::atomic<std::uint64_t> filled = 0;
    std::vector<std::atomic<std::uint64_t>> sizes(pieces.size());
    const std::array<raster::Writer*, 1> outputs{&writer};
    raster::transform(
        inputs, outputs,
        [&](const Window&, std::span<std::vector<double>> in, std::span<std::vector<double>> out) {
            auto& cells = out[0];
            for (std::size_t i = 0; i < cells.size(); ++i) {
                double value = raster::nodata;
                bool second = false;
                bool other = false;
                for (std::size_t p = 0; p < sizes.size(); ++p) {
                    const double own = in[p][i];
                    if (std::isnan(own))
                        continue;
                    ++sizes[p];
                    second = second || !std::isnan(value);
                    other = other || (!std::isnan(value) && value != own);
                    if (std::isnan(value))
                        value = own;
                }
                both += second ? 1U : 0U;
                differing += other ? 1U : 0U;
                const bool outside = mask && std::isnan(in[sizes.size()][i]);
                cells[i] = outside ? raster::nodata : value;
                filled += std::isnan(cells[i]) ? 0U : 1U;
            }
        },
        execution, stage);
    std::vector<double> sample;
    const auto& grid = pieces.front()->grid();
    const auto step = [](std::int64_t n) { return std::max<std::int64_t>(1, n / 200); };
    for (std::int64_t row = 0; row < grid.rows; row += step(grid.rows)) {
        const Window window{0, row, grid.columns, 1};
        const auto inside = mask ? mask->read(window) : std::vector<double>(window.size(), 1);
        for (const auto& piece : pieces) {
            const auto values = piece->read(window);
            for (std::size_t c = 0; c < values.size();
                 c += static_cast<std::size_t>(step(grid.columns)))
                if (!std::isnan(values[c]) && !std::isnan(inside[c]))
                    sample.push_back(values[c]);
        }
    }
    const auto least = std::min_element(sizes.begin(), sizes.end());
    return {both, differing, least == sizes.end() ? 0 : least->load(), filled, std::move(sample)};
}

} // namespace riskmap::census
