// SPDX-License-Identifier: MIT
#include "ingest_rasters.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>

namespace riskmap::census {

namespace {

/// The rules of ../docs/method.md section 2 in the user's words.
Words gridded(raster::Kind kind, const std::string& rule) {
    const char* what = kind == raster::Kind::counts    ? "个数"
                       : kind == raster::Kind::classes ? "分类"
                                                       : "连续值";
    std::string zh = rule;
    for (const auto& [en, words] :
         {std::pair{"as is", "原样"},
          std::pair{"split by area, total kept", "按面积分摊，总数不变"},
          std::pair{"majority by area", "取面积最大的类"},
          std::pair{"area-weighted mean", "按面积加权平均"}, std::pair{"nearest", "最近邻"},
          std::pair{"bilinear", "双线性"}})
        if (rule == en)
            zh = words;
    return {fmt::format("{}对齐到网格：{}", what, zh),
            fmt::format("{} onto the grid, {}", raster::name_of(kind), rule)};
}

} // namespace

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

/// The 1st and the 99th percentile.
std::optional<std::pair<double, double>> middle_98(std::vector<double> values) {
    if (values.empty())
        return std::nullopt;
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    return std::pair{at(0.01), at(0.99)};
}

IngestedLayer write_map(const std::vector<RasterPiece>& pieces, const std::filesystem::path& folder,
                        const std::string& name, const Grid& grid,
                        const std::shared_ptr<const raster::Source>& mask, spec::Door& door,
                        std::vector<std::unique_ptr<raster::Writer>>& writers,
                        const Execution& execution) {
    const auto* first = pieces.front().spec;
    IngestedLayer entry;
    entry.spec = first == nullptr ? "" : first->id;
    entry.name = name;
    entry.raster = true;
    entry.features =
        static_cast<std::uint64_t>(grid.columns) * static_cast<std::uint64_t>(grid.rows);
    std::vector<std::shared_ptr<const raster::Source>> cells;
    raster::RasterSpec spec;
    spec.type = raster::CellType::float32;
    for (const auto& piece : pieces) {
        StackLayer layer;
        static_cast<spec::Source&>(layer) = *piece.source;
        if (!layer.kind)
            layer.kind = piece.spec == nullptr ? raster::Kind::continuous : piece.spec->kind;
        layer.wanted = piece.spec == nullptr ? "" : piece.spec->unit;
        const auto stacked = census::stacked(layer, grid, 0.5, door, execution);
        entry.sources.push_back(piece.source->label());
        if (entry.did.en.empty()) {
            entry.did = gridded(*layer.kind, stacked.plan.rule);
            spec.metadata = {{"source", stacked.plan.file}, {"rule", stacked.plan.rule}};
        }
        if (stacked.kind == raster::Kind::counts)
            spec.type = raster::CellType::float64;
        cells.push_back(stacked.cells);
    }
    spec.unit = first == nullptr ? "" : first->unit;
    auto writer = std::make_unique<raster::Writer>(folder / (entry.name + ".tif"), grid, spec);
    const auto mosaic = write_pieces(cells, mask, *writer, execution, entry.name);
    if (pieces.size() > 1) {
        if (mosaic.differing * 10 > mosaic.least)
            throw input_error(
                fmt::format("{} are maps of {} over the same place, with other values",
                            fmt::join(entry.sources, " and "), entry.spec),
                "give the one that counts, or the return period of each in its file's name "
                "(flood_20yr.tif, 淹没水深_20年一遇.tif)");
        entry.did.zh += fmt::format("；由 {} 幅拼成", pieces.size());
        entry.did.en += fmt::format("; {} pieces put together", pieces.size());
        if (mosaic.both > 0) {
            entry.did.zh += fmt::format("，{} 个像元重叠，其中 {} 个取值不同：以第一幅为准",
                                        mosaic.both, mosaic.differing);
            entry.did.en +=
                fmt::format(", {} cells in several, {} with other values: the first counts",
                            mosaic.both, mosaic.differing);
        }
    }
    if (mosaic.filled == 0)
        throw input_error(fmt::format("'{}' has no data within the units", entry.sources.front()),
                          "check its CRS and its place, or leave it out");
    entry.values = middle_98(mosaic.sample);
    writers.push_back(std::move(writer));
    return entry;
}

} // namespace riskmap::census
