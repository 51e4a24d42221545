// SPDX-License-Identifier: MIT
// Settings of the whole process, for a program that is riskmap and nothing else. The library never
// makes them: the GDAL of a program that uses it stays as that program has set it.
#pragma once

#include <cstdint>

namespace riskmap {

/// Takes out of GDAL what could act: the drivers of all formats but those that riskmap reads, files
/// of the network, the fetching of addresses, PROJ's grids from the network. Gives GDAL's own cache
/// its share of a memory budget in bytes.
void own_process(std::uint64_t memory_budget);

} // namespace riskmap
