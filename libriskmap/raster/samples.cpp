// SPDX-License-Identifier: MIT
#include "samples.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <riskmap/core/vectorised.hpp>

namespace riskmap::raster {

namespace {

/// Running sums of bytes, modulo 256.
void sum_bytes(std::uint8_t* row, std::size_t n) {
    std::size_t i = 0;
    std::uint8_t before = 0;
#ifdef __SSE2__
    __m128i carry = _mm_setzero_si128();
    for (; i + 16 <= n; i += 16) {
        auto* at = reinterpret_cast<__m128i*>(row + i);
        __m128i x = _mm_loadu_si128(at);
        x = _mm_add_epi8(x, _mm_slli_si128(x, 1));
        x = _mm_add_epi8(x, _mm_slli_si128(x, 2));
        x = _mm_add_epi8(x, _mm_slli_si128(x, 4));
        x = _mm_add_epi8(x, _mm_slli_si128(x, 8));
        // The sum of these 16 is spread without waiting for the carry: only one
        // addition lies on the path from one group to the next.
        const __m128i pairs = _mm_unpackhi_epi8(x, x);
        const __m128i last = _mm_shuffle_epi32(_mm_shufflehi_epi16(pairs, 0xff), 0xff);
        _mm_storeu_si128(at, _mm_add_epi8(x, carry));
        carry = _mm_add_epi8(carry, last);
    }
    if (i > 0)
        before = row[i - 1];
#endif
    for (; i < n; ++i)
        before = row[i] = static_cast<std::uint8_t>(row[i] + before);
}

/// Four planes of n bytes, the most significant first, to n words.
void join_four_planes(const std::uint8_t* planes, std::size_t n, std::uint8_t* words) {
    std::size_t i = 0;
#ifdef __SSE2__
    const auto load = [&](std::size_t plane) {
        return _mm_loadu_si128(reinterpret_cast<const __m128i*>(planes + plane * n + i));
    };
    for (; i + 16 <= n; i += 16) {
        const __m128i a = load(3);
        const __m128i b = load(2);
        const __m128i c = load(1);
        const __m128i d = load(0);
        const __m128i low = _mm_unpacklo_epi8(a, b);
        const __m128i high = _mm_unpacklo_epi8(c, d);
        const __m128i low2 = _mm_unpackhi_epi8(a, b);
        const __m128i high2 = _mm_unpackhi_epi8(c, d);
        auto* out = reinterpret_cast<__m128i*>(words + 4 * i);
        _mm_storeu_si128(out, _mm_unpacklo_epi16(low, high));
        _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(low, high));
        _mm_storeu_si128(out + 2, _mm_unpacklo_epi16(low2, high2));
        _mm_storeu_si128(out + 3, _mm_unpackhi_epi16(low2, high2));
    }
#endif
    for (; i < n; ++i)
        for (std::size_t k = 0; k < 4; ++k)
            words[4 * i + k] = planes[(3 - k) * n + i];
}

void join_planes(const std::uint8_t* planes, std::size_t n, std::size_t width,
                 std::uint8_t* words) {
    for (std::size_t k = 0; k < width; ++k)
        for (std::size_t i = 0; i < n; ++i)
            words[width * i + k] = planes[(width - 1 - k) * n + i];
}

template <class Word>
void sum_words(std::byte* row, std::size_t n) {
    Word before = 0;
    for (std::size_t i = 0; i < n; ++i) {
        Word word;
        std::memcpy(&word, row + i * sizeof word, sizeof word);
        before = static_cast<Word>(before + word);
        std::memcpy(row + i * sizeof word, &before, sizeof word);
    }
}

template <class Word>
void difference_words(std::byte* row, std::size_t n) {
    Word before = 0;
    for (std::size_t i = 0; i < n; ++i) {
        Word word;
        std::memcpy(&word, row + i * sizeof word, sizeof word);
        const auto step = static_cast<Word>(word - before);
        before = word;
        std::memcpy(row + i * sizeof word, &step, sizeof word);
    }
}

void swap_bytes(std::byte* row, std::size_t n, std::size_t width) {
    for (std::size_t i = 0; i < n; ++i)
        std::reverse(row + i * width, row + (i + 1) * width);
}

constexpr double greatest = std::numeric_limits<double>::max();
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The numbers to be taken as nodata; nothing lies between NaN and NaN.
struct Hole {
    double least;
    double most;
};
Hole hole_of(const Meaning& meaning) {
    if (!meaning.has_hole)
        return {none, none};
    return {meaning.hole, std::isnan(meaning.most_hole) ? meaning.hole : meaning.most_hole};
}

/// One value, written so that loops over it vectorise.
inline double value_of(double v, Hole hole) {
    return (v <= greatest) & (v >= -greatest) & !((v >= hole.least) & (v <= hole.most)) ? v : none;
}

template <class T>
void convert(const T* in, std::size_t n, Hole hole, double* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = value_of(static_cast<double>(in[i]), hole);
}

RISKMAP_VECTORISED void convert_floats(const float* in, std::size_t n, Hole hole, double* out) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = value_of(static_cast<double>(in[i]), hole);
}

/// Counts samples whose exponent is full and whose fraction is empty.
template <class Word, class T>
bool any_infinite(const std::byte* samples, std::size_t n) {
    const auto* words = reinterpret_cast<const Word*>(samples);
    constexpr Word infinite = std::bit_cast<Word>(std::numeric_limits<T>::infinity());
    constexpr Word unsigned_part = static_cast<Word>(~Word{0}) >> 1U;
    Word found = 0;
    for (std::size_t i = 0; i < n; ++i)
        found |= static_cast<Word>((words[i] & unsigned_part) == infinite);
    return found != 0;
}

void rescale(double* values, std::size_t n, const Meaning& meaning) {
    if (meaning.scale == 1 && meaning.offset == 0)
        return;
    for (std::size_t i = 0; i < n; ++i)
        values[i] = values[i] * meaning.scale + meaning.offset;
}

} // namespace

std::size_t bytes_of(Sample sample) noexcept {
    constexpr std::array<std::size_t, 7> bytes{1, 2, 2, 4, 4, 4, 8};
    return bytes[static_cast<std::size_t>(sample)];
}

void undo_predictor(std::byte* row, std::size_t n, Sample sample, Predictor predictor, bool swapped,
                    std::byte* scratch) {
    const std::size_t width = bytes_of(sample);
    auto* bytes = reinterpret_cast<std::uint8_t*>(row);
    if (predictor == Predictor::float_planes) {
        sum_bytes(bytes, n * width);
        auto* words = reinterpret_cast<std::uint8_t*>(scratch);
        if (width == 4)
            join_four_planes(bytes, n, words);
        else
            join_planes(bytes, n, width, words);
        std::memcpy(row, scratch, n * width);
        return;
    }
    if (swapped)
        swap_bytes(row, n, width);
    if (predictor != Predictor::differences)
        return;
    if (width == 1)
        sum_bytes(bytes, n);
    else if (width == 2)
        sum_words<std::uint16_t>(row, n);
    else if (width == 4)
        sum_words<std::uint32_t>(row, n);
    else
        sum_words<std::uint64_t>(row, n);
}

void take_differences(std::byte* row, std::size_t n, Sample sample) {
    switch (bytes_of(sample)) {
    case 1:
        return difference_words<std::uint8_t>(row, n);
    case 2:
        return difference_words<std::uint16_t>(row, n);
    case 4:
        return difference_words<std::uint32_t>(row, n);
    default:
        return difference_words<std::uint64_t>(row, n);
    }
}

template <class Number>
void set_hole(Meaning& meaning, double number) {
    meaning.has_hole = true;
    meaning.hole = meaning.most_hole = number;
    constexpr Number most = std::numeric_limits<Number>::max();
    if (std::isnan(number) || number == 0)
        return;
    if (std::abs(number) >= static_cast<double>(most)) {
        // Its text was rounded beyond the type: all that are as far.
        (number < 0 ? meaning.most_hole : meaning.hole) =
            number < 0 ? -static_cast<double>(most) : static_cast<double>(most);
        (number < 0 ? meaning.hole : meaning.most_hole) =
            number < 0 ? -std::numeric_limits<double>::infinity()
                       : std::numeric_limits<double>::infinity();
        number = number < 0 ? -static_cast<double>(most) : static_cast<double>(most);
    }
    const auto hole = static_cast<Number>(number);
    const auto same = [&](Number v) {
        return v == hole || std::abs(v - hole) < std::numeric_limits<Number>::epsilon() *
                                                     std::abs(v + hole) * Number{2};
    };
    const auto furthest = [&](Number towards) {
        Number at = hole;
        for (int step = 0; step < 64; ++step) {
            const Number next = std::nextafter(at, towards);
            if (next == at || !std::isfinite(next) || !same(next))
                break;
            at = next;
        }
        return static_cast<double>(at);
    };
    meaning.hole = std::min(meaning.hole, furthest(-most));
    meaning.most_hole = std::max(meaning.most_hole, furthest(most));
    if (std::isinf(hole + hole)) // its sum with all that are further out overflows
        (number < 0 ? meaning.hole : meaning.most_hole) =
            number < 0 ? std::min(meaning.hole, -static_cast<double>(most))
                       : std::max(meaning.most_hole, static_cast<double>(most));
}
template void set_hole<float>(Meaning&, double);
template void set_hole<double>(Meaning&, double);

bool holds_infinity(const std::byte* samples, std::size_t n, Sample sample) {
    if (sample == Sample::f32)
        return any_infinite<std::uint32_t, float>(samples, n);
    return sample == Sample::f64 && any_infinite<std::uint64_t, double>(samples, n);
}

void to_values(const std::byte* samples, std::size_t n, Sample sample, const Meaning& meaning,
               double* values) {
    const Hole hole = hole_of(meaning);
    // Tiles are allocated by operator new and samples lie at multiples of their size.
    const auto as = [&]<class T>(T) {
        convert(reinterpret_cast<const T*>(samples), n, hole, values);
    };
    switch (sample) {
    case Sample::u8:
        as(std::uint8_t{});
        break;
    case Sample::u16:
        as(std::uint16_t{});
        break;
    case Sample::i16:
        as(std::int16_t{});
        break;
    case Sample::u32:
        as(std::uint32_t{});
        break;
    case Sample::i32:
        as(std::int32_t{});
        break;
    case Sample::f32:
        convert_floats(reinterpret_cast<const float*>(samples), n, hole, values);
        break;
    case Sample::f64:
        as(double{});
        break;
    }
    rescale(values, n, meaning);
}

void to_values(std::span<double> values, const Meaning& meaning) {
    convert(values.data(), values.size(), hole_of(meaning), values.data());
    rescale(values.data(), values.size(), meaning);
}

} // namespace riskmap::raster
