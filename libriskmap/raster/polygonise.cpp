// SPDX-License-Identifier: MIT
#include <riskmap/raster/polygonise.hpp>

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>
#include <gdal_alg.h>

#include <riskmap/core/error.hpp>

#include "../geo/gdal.hpp"
#include "arcs.hpp"

namespace riskmap::raster {

namespace {

/// 4-connected patches of equal class; label 0 is nodata.
std::vector<std::int32_t> label_patches(const ClassGrid& classes, std::int32_t& count) {
    const auto columns = classes.grid.columns;
    const auto n = classes.values.size();
    std::vector<std::int32_t> parent(n);
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&](std::int32_t i) {
        while (parent[static_cast<std::size_t>(i)] != i) {
            auto& up = parent[static_cast<std::size_t>(i)];
            up = parent[static_cast<std::size_t>(up)];
            i = up;
        }
        return i;
    };
    const auto join = [&](std::size_t a, std::size_t b) {
        const auto ra = root(static_cast<std::int32_t>(a));
        const auto rb = root(static_cast<std::int32_t>(b));
        parent[static_cast<std::size_t>(std::max(ra, rb))] = std::min(ra, rb);
    };
    for (std::size_t i = 0; i < n; ++i) {
        if (static_cast<std::int64_t>(i) % columns != 0 &&
            classes.values[i] == classes.values[i - 1])
            join(i, i - 1);
        const auto up = i - static_cast<std::size_t>(columns);
        if (static_cast<std::int64_t>(i) >= columns && classes.values[i] == classes.values[up])
            join(i, up);
    }
    std::vector<std::int32_t> labels(n);
    count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        if (classes.values[i] == 0)
            continue;
        const auto r = static_cast<std::size_t>(root(static_cast<std::int32_t>(i)));
        if (labels[r] == 0)
            labels[r] = ++count; // the root is the least index of its patch, so it comes first
        labels[i] = labels[r];
    }
    return labels;
}

} // namespace

void sieve(ClassGrid& classes, int least_cells) {
    if (least_cells < 2 || classes.values.empty())
        return;
    gdal::start();
    const auto columns = static_cast<int>(classes.grid.columns);
    const auto rows = static_cast<int>(classes.grid.rows);
    const gdal::Messages messages;
    const auto memory = GDALGetDriverByName("MEM");
    const gdal::Dataset values{GDALCreate(memory, "", columns, rows, 1, GDT_Int32, nullptr)};
    const gdal::Dataset mask{GDALCreate(memory, "", columns, rows, 1, GDT_Byte, nullptr)};
    std::vector<unsigned char> valid(classes.values.size());
    std::transform(classes.values.begin(), classes.values.end(), valid.begin(),
                   [](std::int32_t v) { return static_cast<unsigned char>(v != 0); });
    const auto band = GDALGetRasterBand(values.get(), 1);
    const auto mask_band = GDALGetRasterBand(mask.get(), 1);
    const bool done = GDALRasterIO(band, GF_Write, 0, 0, columns, rows, classes.values.data(),
                                   columns, rows, GDT_Int32, 0, 0) == CE_None &&
                      GDALRasterIO(mask_band, GF_Write, 0, 0, columns, rows, valid.data(), columns,
                                   rows, GDT_Byte, 0, 0) == CE_None &&
                      GDALSieveFilter(band, mask_band, band, least_cells, 4, nullptr, nullptr,
                                      nullptr) == CE_None &&
                      GDALRasterIO(band, GF_Read, 0, 0, columns, rows, classes.values.data(),
                                   columns, rows, GDT_Int32, 0, 0) == CE_None;
    if (!done)
        throw Error{ErrorKind::internal, fmt::format("sieve failed: {}", messages.text())};
}

std::vector<ClassPolygons> polygonise(const ClassGrid& classes, double tolerance) {
    std::int32_t patches = 0;
    const auto labels = label_patches(classes, patches);
    auto arcs = trace_arcs(labels, classes.grid.columns, classes.grid.rows);
    const Box frame{0, 0, static_cast<double>(classes.grid.columns),
                    static_cast<double>(classes.grid.rows)};
    const auto shapes = assemble_rings(arcs, simplified(arcs, tolerance, frame), patches);
    std::vector<std::int32_t> value_of(static_cast<std::size_t>(patches) + 1);
    for (std::size_t i = 0; i < labels.size(); ++i)
        value_of[static_cast<std::size_t>(labels[i])] = classes.values[i];
    std::map<std::int32_t, MultiPolygon> by_class;
    for (std::size_t label = 1; label < shapes.size(); ++label) {
        auto polygon = shapes[label];
        const auto place = [&](Ring& ring) {
            for (auto& point : ring)
                point = classes.grid.from_cells(point);
        };
        place(polygon.outer);
        for (auto& hole : polygon.holes)
            place(hole);
        by_class[value_of[label]].push_back(std::move(polygon));
    }
    std::vector<ClassPolygons> out;
    for (auto& [value, shape] : by_class)
        out.push_back({value, std::move(shape)});
    return out;
}

} // namespace riskmap::raster
