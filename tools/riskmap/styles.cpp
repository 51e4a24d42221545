// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/style_formats.hpp>
#include <riskmap/core/error.hpp>

#include "command.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::vector<std::string> names;
    std::string formats;
    std::filesystem::path to;
    std::string palette = "standard";
    atlas::StyleTarget target;
};

void list(const Context& context) {
    auto json = nlohmann::ordered_json::array();
    for (const auto& name : atlas::style_names()) {
        const auto& style = atlas::style(name);
        const auto title = style.title.in(context.language);
        if (context.json)
            json.push_back({{"name", name}, {"title", title}, {"classes", style.classes.size()}});
        else
            fmt::print("{:<20} {}\n", name, title);
    }
    if (context.json)
        fmt::print("{}\n", json.dump());
}

} // namespace

std::function<void()> declare_styles(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    std::string table;
    for (const auto& format : atlas::style_formats())
        table += fmt::format("\n  {:<9} {}", format.name, format.summary);
    app.add_option("NAMES", options->names, "styles to write (default: all)");
    app.add_option("--to", options->to, "folder to write to; without it the styles are listed");
    app.add_option("--format,--of", options->formats,
                   "with commas (default: all): " + names_of(atlas::style_formats()));
    app.add_option("--palette", options->palette,
                   fmt::format("{} (default standard)", fmt::join(atlas::palettes(), ", ")));
    app.add_option("--field", options->target.field,
                   "of polygons: the one that holds the class (default level)");
    app.add_option("--high", options->target.high, "what the end of a ramp stands for (default 1)");
    app.footer("\nFormats:" + table +
               "\n\nExamples:\n  riskmap styles\n"
               "  riskmap styles risk prevention --to /tmp/styles --format sld,clr\n"
               "  riskmap styles --to /tmp/styles --palette safe");
    return [options, &context] {
        if (options->to.empty() && options->names.empty())
            return list(context);
        if (options->to.empty())
            throw Error{ErrorKind::usage, "no folder to write to", "add --to FOLDER"};
        std::vector<const atlas::StyleFormat*> formats;
        if (options->formats.empty())
            for (const auto& format : atlas::style_formats())
                formats.push_back(&format);
        else
            for (const auto& name : split(options->formats, ','))
                formats.push_back(&row_named(atlas::style_formats(), name, "format"));
        options->target.language = context.language;
        const auto& names = options->names.empty() ? atlas::style_names() : options->names;
        const auto files =
            atlas::write_styles(options->to, names, formats, options->palette, options->target);
        if (!context.quiet)
            fmt::print("wrote {} files to {}\n", files.size(), options->to.string());
    };
}

} // namespace riskmap::tool
