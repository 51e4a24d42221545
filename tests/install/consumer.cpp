// SPDX-License-Identifier: MIT
// A user of the library who has nothing but the installed package.
#include <cstdio>
#include <vector>

#include <riskmap/raster/breaks.hpp>

int main() {
    riskmap::raster::ValueCounts counts;
    counts.add(std::vector<double>{1, 2, 3, 50, 51, 52});
    const auto upper = riskmap::raster::natural_breaks(counts.bins(), 2);
    std::printf("break at %g\n", upper[0]);
    return upper[0] == 3 ? 0 : 1;
}
