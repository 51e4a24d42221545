// SPDX-License-Identifier: MIT
// Private: the samples of a tile as a file holds them, and as cell values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace riskmap::raster {

enum class Sample { u8, u16, i16, u32, i32, f32, f64 };

[[nodiscard]] std::size_t bytes_of(Sample sample) noexcept;

/// TIFF technical notes 1 and 3: what was stored instead of the samples.
enum class Predictor { none = 1, differences = 2, float_planes = 3 };

/// Undoes the predictor of one row of `n` samples, in place. `scratch` holds
/// as many bytes as the row. `swapped`: samples are in the other byte order.
void undo_predictor(std::byte* row, std::size_t n, Sample sample, Predictor predictor, bool swapped,
                    std::byte* scratch);

/// Replaces each sample by its difference to the one before (Predictor::differences).
void take_differences(std::byte* row, std::size_t n, Sample sample);

/// How numbers of a file become cell values.
struct Meaning {
    bool has_hole = false;
    double hole = 0; ///< the nodata number
    double scale = 1;
    double offset = 0;
};

/// NaN, infinities and the nodata number become NaN.
void to_values(const std::byte* samples, std::size_t n, Sample sample, const Meaning& meaning,
               double* values);
/// The same for numbers that are doubles already, in place.
void to_values(std::span<double> values, const Meaning& meaning);

} // namespace riskmap::raster
