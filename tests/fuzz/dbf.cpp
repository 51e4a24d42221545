// SPDX-License-Identifier: MIT
// A dBase table without shapes.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "population.dbf", "population_table");
    return 0;
}
