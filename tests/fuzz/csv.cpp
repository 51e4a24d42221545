// SPDX-License-Identifier: MIT
// Layers in CSV tables.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "villages.csv", "villages");
    return 0;
}
