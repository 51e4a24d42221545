// SPDX-License-Identifier: MIT
// Layers in GeoJSON.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "townships.geojson", "townships");
    return 0;
}
