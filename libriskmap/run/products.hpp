// SPDX-License-Identifier: MIT
// Private: the areas that get products.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "work.hpp"

namespace riskmap::run {

struct ProductArea {
    std::string code;
    std::string name;
    std::filesystem::path folder;
    bool county = false;
    std::size_t index = 0;                  ///< in its level
    std::vector<std::size_t> counties = {}; ///< of a city
    std::vector<std::size_t> townships = {};
};

/// Cities first, then counties; areas without townships are left out.
/// \throws Error{input} if two would share a folder.
[[nodiscard]] std::vector<ProductArea> product_areas(const Work& work);
void write_products(const Work& work, const ProductArea& area, StepReport& report,
                    const Execution& execution);
/// The window of the project's grid that holds an area.
[[nodiscard]] Grid area_grid(const Work& work, const ProductArea& area);

} // namespace riskmap::run
