// SPDX-License-Identifier: MIT
#include "packing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <riskmap/core/vectorised.hpp>

namespace riskmap::raster {

namespace {

constexpr int level = 1; // of DEFLATE: the higher ones cost much and gain little

template <class Word>
inline Word rounded(double value) {
    constexpr double most = std::numeric_limits<Word>::max();
    // The comparison is false for NaN, which so becomes 0: nodata.
    const double positive = value > 0 ? value : 0;
    const double clamped = positive < most ? positive : most;
    const int whole = static_cast<int>(clamped);
    return static_cast<Word>(whole + (clamped - whole >= 0.5 ? 1 : 0));
}

/// `rounded`, in strips and steps that vectorise.
RISKMAP_VECTORISED void pack_bytes(const double* values, std::size_t n, std::uint8_t* out) {
    constexpr std::size_t strip = 64;
    std::array<double, strip> clamped;
    std::array<int, strip> whole;
    for (std::size_t first = 0; first < n; first += strip) {
        const std::size_t m = std::min(strip, n - first);
        for (std::size_t i = 0; i < m; ++i)
            clamped[i] = values[first + i] > 0 ? values[first + i] : 0;
        for (std::size_t i = 0; i < m; ++i)
            clamped[i] = clamped[i] < 255 ? clamped[i] : 255;
        for (std::size_t i = 0; i < m; ++i)
            whole[i] = static_cast<int>(clamped[i]);
        for (std::size_t i = 0; i < m; ++i)
            whole[i] += clamped[i] - whole[i] >= 0.5 ? 1 : 0;
        for (std::size_t i = 0; i < m; ++i)
            out[first + i] = static_cast<std::uint8_t>(whole[i]);
    }
}

RISKMAP_VECTORISED void pack_floats(const double* values, std::size_t n, float* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<float>(values[i]);
}

/// Integers of which 0 is one: the greatest of all is nodata.
template <class Word>
void pack_above_nodata(const double* values, std::size_t n, Word* out) {
    constexpr Word hole = std::numeric_limits<Word>::max();
    for (std::size_t i = 0; i < n; ++i)
        out[i] = std::isnan(values[i]) ? hole : std::min<Word>(rounded<Word>(values[i]), hole - 1);
}

} // namespace

double hole_of(CellType type) {
    switch (type) {
    case CellType::byte:
    case CellType::uint16:
        return 0;
    case CellType::mask:
        return std::numeric_limits<std::uint8_t>::max();
    case CellType::count:
        return std::numeric_limits<std::uint16_t>::max();
    case CellType::float32:
    case CellType::float64:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

Sample sample_of(CellType type) {
    switch (type) {
    case CellType::byte:
    case CellType::mask:
        return Sample::u8;
    case CellType::uint16:
    case CellType::count:
        return Sample::u16;
    case CellType::float32:
        return Sample::f32;
    case CellType::float64:
        return Sample::f64;
    }
    return Sample::f64;
}

/// Differences of words shorten floats as well as planes of bytes do, at less cost.
Predictor predictor_of(CellType type) {
    return bytes_of(sample_of(type)) == 2 || type == CellType::float32 ? Predictor::differences
                                                                       : Predictor::none;
}

void pack(const double* values, std::size_t n, CellType type, std::byte* out) {
    switch (type) {
    case CellType::byte:
        return pack_bytes(values, n, reinterpret_cast<std::uint8_t*>(out));
    case CellType::uint16:
        for (std::size_t i = 0; i < n; ++i)
            reinterpret_cast<std::uint16_t*>(out)[i] = rounded<std::uint16_t>(values[i]);
        return;
    case CellType::mask:
        return pack_above_nodata<std::uint8_t>(values, n, reinterpret_cast<std::uint8_t*>(out));
    case CellType::count:
        return pack_above_nodata<std::uint16_t>(values, n, reinterpret_cast<std::uint16_t*>(out));
    case CellType::float32:
        return pack_floats(values, n, reinterpret_cast<float*>(out));
    case CellType::float64:
        std::memcpy(out, values, n * sizeof(double));
        return;
    }
}

Bytes empty_tile(CellType type) {
    const std::vector<double> row(tile_side, std::numeric_limits<double>::quiet_NaN());
    const auto bytes = static_cast<std::size_t>(tile_side) * bytes_of(sample_of(type));
    Bytes tile(bytes * static_cast<std::size_t>(tile_side));
    for (std::int64_t r = 0; r < tile_side; ++r)
        pack(row.data(), row.size(), type, tile.data() + static_cast<std::size_t>(r) * bytes);
    return tile;
}

Bytes compressed(Bytes tile, CellType type) {
    const Sample sample = sample_of(type);
    const auto bytes = static_cast<std::size_t>(tile_side) * bytes_of(sample);
    if (predictor_of(type) == Predictor::differences)
        for (std::size_t at = 0; at < tile.size(); at += bytes)
            take_differences(tile.data() + at, static_cast<std::size_t>(tile_side), sample);
    return deflate(tile, level);
}

} // namespace riskmap::raster
