// SPDX-License-Identifier: MIT
// Private: the samples of a tile as a file holds them, and as cell values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
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
    double hole = 0; ///< the nodata number; one whose text was rounded: from here
    double scale = 1;
    double offset = 0;
    double most_hole = std::numeric_limits<double>::quiet_NaN(); ///< to here; NaN: it alone
};

/// The numbers that GDAL takes for a nodata number in a type of so many significant bits: itself,
/// and those that differ from it by less than 4 epsilons or whose sum with it overflows.
template <class Number>
void set_hole(Meaning& meaning, double number);

/// Whether any of some samples is infinite (false for whole numbers).
[[nodiscard]] bool holds_infinity(const std::byte* samples, std::size_t n, Sample sample);

/// NaN, infinities and the nodata number become NaN.
void to_values(const std::byte* samples, std::size_t n, Sample sample, const Meaning& meaning,
               double* values);
/// The same for numbers that are doubles already, in place.
void to_values(std::span<double> values, const Meaning& meaning);

} // namespace riskmap::raster
