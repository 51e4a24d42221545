// SPDX-License-Identifier: MIT
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "layer.gml", "villages");
    return 0;
}
