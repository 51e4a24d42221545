// SPDX-License-Identifier: MIT
// Virtual rasters and layers: files that name others.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::file_of(reinterpret_cast<const std::uint8_t*>("name,x,y\na,120.5,30\n"), 20,
                           "base.csv");
    riskmap::fuzz::check_layer(data, size, "layer.vrt", "villages");
    return 0;
}
