// SPDX-License-Identifier: MIT
// Private: numbers as bits that sort as they do, and sorting them fast.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

namespace riskmap::raster {

/// -0 counts as 0.
[[nodiscard]] inline std::uint64_t key_of(double value) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    const auto bits = std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}
[[nodiscard]] inline std::uint32_t key_of(float value) noexcept {
    constexpr std::uint32_t sign = std::uint32_t{1} << 31U;
    const auto bits = std::bit_cast<std::uint32_t>(value == 0 ? 0.0F : value);
    return (bits & sign) != 0 ? ~bits : bits | sign;
}
[[nodiscard]] inline double value_of(std::uint64_t key) noexcept {
    constexpr std::uint64_t sign = std::uint64_t{1} << 63U;
    return std::bit_cast<double>((key & sign) != 0 ? key & ~sign : ~key);
}
[[nodiscard]] inline float value_of(std::uint32_t key) noexcept {
    constexpr std::uint32_t sign = std::uint32_t{1} << 31U;
    return std::bit_cast<float>((key & sign) != 0 ? key & ~sign : ~key);
}

/// Radix sort by digits of 11 bits, the lowest first; digits that all keys
/// share are skipped.
template <class Key>
void sort_keys(std::vector<Key>& keys) {
    constexpr unsigned digit = 11;
    constexpr std::size_t buckets = std::size_t{1} << digit;
    constexpr std::size_t digits = (8 * sizeof(Key) + digit - 1) / digit;
    if (keys.size() < 2048) {
        std::sort(keys.begin(), keys.end());
        return;
    }
    std::vector<std::array<std::uint32_t, buckets>> counts(digits);
    for (const Key key : keys)
        for (std::size_t d = 0; d < digits; ++d)
            ++counts[d][(key >> (digit * d)) & (buckets - 1)];
    std::vector<Key> other(keys.size());
    for (std::size_t d = 0; d < digits; ++d) {
        auto& places = counts[d];
        if (places[(keys[0] >> (digit * d)) & (buckets - 1)] == keys.size())
            continue;
        std::uint32_t before = 0;
        for (auto& place : places) {
            const auto count = place;
            place = before;
            before += count;
        }
        for (const Key key : keys)
            other[places[(key >> (digit * d)) & (buckets - 1)]++] = key;
        keys.swap(other);
    }
}

} // namespace riskmap::raster
