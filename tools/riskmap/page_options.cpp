// SPDX-License-Identifier: MIT
#include "page_options.hpp"

#include <fmt/format.h>

namespace riskmap::tool {

void PageChoice::declare(Arguments& app) {
    app.add_option("--paper", page.paper,
                   fmt::format("{}; upright or across as the area asks (default A4)",
                               names_of(atlas::papers())));
    app.add_option("--dpi", page.dpi, "of PNG, and of pictures in PDF and SVG (default 150)");
    app.add_option(
        "--palette", palette,
        fmt::format("colours of risk: {} (default standard)", fmt::join(atlas::palettes(), ", ")));
}

void PageChoice::declare_formats(Arguments& app) {
    app.add_option("--format,--of", formats, "of sheets: pdf, png, svg; with commas");
}

atlas::AtlasOptions PageChoice::atlas_options(const Context& context) const {
    atlas::AtlasOptions options;
    options.page = page;
    options.palette = palette;
    options.formats = split(formats, ',');
    options.language = context.asked_language;
    return options;
}

} // namespace riskmap::tool
