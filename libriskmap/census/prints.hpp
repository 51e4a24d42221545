// SPDX-License-Identifier: MIT
// Private: fingerprints by which equal features are found.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <riskmap/vector/layer.hpp>

namespace riskmap::census {

/// Two independent 64-bit prints, so that equal ones are equal things.
struct Print {
    std::uint64_t a = 0x243F6A8885A308D3U;
    std::uint64_t b = 0x13198A2E03707344U;

    void add(std::uint64_t word);
    void add(double number);
    void add(std::string_view text);
    friend bool operator==(const Print&, const Print&) = default;
    friend bool operator<(const Print& x, const Print& y) {
        return x.a != y.a ? x.a < y.a : x.b < y.b;
    }
};

[[nodiscard]] Print print_of(const vector::Shape& shape);
[[nodiscard]] Print print_of(const std::vector<vector::Value>& values);

} // namespace riskmap::census
