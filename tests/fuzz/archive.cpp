// SPDX-License-Identifier: MIT
// Workbooks (XLSX): archives that may be made to fill the memory.
#include "layer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    riskmap::fuzz::check_layer(data, size, "villages.xlsx", "villages");
    return 0;
}
