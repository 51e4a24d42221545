// SPDX-License-Identifier: MIT
// Private: DEFLATE with a zlib wrapper, as GeoTIFF tiles carry it, by libdeflate.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace riskmap::raster {

/// Leaves bytes as they come: tiles are filled at once, clearing them first costs time.
template <class T>
struct Uncleared : std::allocator<T> {
    template <class U>
    struct rebind {
        using other = Uncleared<U>;
    };
    template <class U>
    void construct(U* at) noexcept {
        ::new (static_cast<void*>(at)) U;
    }
};
using Bytes = std::vector<std::byte, Uncleared<std::byte>>;

/// Fills `out` exactly; false if the stream is damaged or of another length.
[[nodiscard]] bool inflate(std::span<const std::byte> in, std::span<std::byte> out);

/// `level` 1 (fast) to 12 (small).
[[nodiscard]] Bytes deflate(std::span<const std::byte> in, int level);

} // namespace riskmap::raster
