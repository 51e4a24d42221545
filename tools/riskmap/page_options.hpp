// SPDX-License-Identifier: MIT
// Options of the commands that draw maps.
#pragma once

#include <riskmap/atlas/atlas.hpp>

#include "command.hpp"

namespace riskmap::tool {

struct PageChoice {
    atlas::PageOptions page{"A4", 150};
    std::string palette = "standard";
    std::string formats = "pdf,png"; ///< of several sheets

    void declare(Arguments& app);
    void declare_formats(Arguments& app);
    /// In the language that --lang names, or the project's.
    [[nodiscard]] atlas::AtlasOptions atlas_options(const Context& context) const;
};

} // namespace riskmap::tool
