// SPDX-License-Identifier: MIT
// A workbook of old Excel (BIFF).
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "population.xls", "population_table");
    return 0;
}
