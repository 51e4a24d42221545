// SPDX-License-Identifier: MIT
#include "overview.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace riskmap::raster {

namespace {

template <class T, T hole>
T most_frequent(const std::array<T, 4>& four) {
    if (four[0] == four[1] && four[0] == four[2] && four[0] == four[3])
        return four[0];
    T best = hole;
    std::ptrdiff_t most = 0;
    for (const T value : four) {
        const auto count = value == hole ? 0 : std::count(four.begin(), four.end(), value);
        if (count > most || (count == most && value > best)) {
            most = count;
            best = value;
        }
    }
    return best;
}

template <class T>
T mean(const std::array<T, 4>& four) {
    double sum = 0;
    int count = 0;
    for (const T value : four) {
        if (std::isnan(value))
            continue;
        sum += static_cast<double>(value);
        ++count;
    }
    return count == 0 ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(sum / count);
}

template <class T, class Combine>
Bytes combined(const Bytes& tile, std::int64_t side, Combine combine) {
    const auto half = side / 2;
    Bytes out(static_cast<std::size_t>(half * half) * sizeof(T));
    const auto* in = reinterpret_cast<const T*>(tile.data());
    auto* cell = reinterpret_cast<T*>(out.data());
    for (std::int64_t r = 0; r < half; ++r) {
        const T* upper = in + 2 * r * side;
        const T* lower = upper + side;
        for (std::int64_t c = 0; c < half; ++c, upper += 2, lower += 2)
            *cell++ = combine(std::array<T, 4>{upper[0], upper[1], lower[0], lower[1]});
    }
    return out;
}

} // namespace

Bytes halved(const Bytes& tile, std::int64_t side, CellType type) {
    switch (type) {
    case CellType::byte:
        return combined<std::uint8_t>(tile, side, most_frequent<std::uint8_t, 0>);
    case CellType::uint16:
        return combined<std::uint16_t>(tile, side, most_frequent<std::uint16_t, 0>);
    case CellType::mask:
        return combined<std::uint8_t>(tile, side, most_frequent<std::uint8_t, 255>);
    case CellType::count:
        return combined<std::uint16_t>(tile, side, most_frequent<std::uint16_t, 65535>);
    case CellType::float32:
        return combined<float>(tile, side, mean<float>);
    case CellType::float64:
        return combined<double>(tile, side, mean<double>);
    }
    return {};
}

} // namespace riskmap::raster
