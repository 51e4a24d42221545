// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <riskmap/core/file.hpp>
#include <riskmap/project/schema.hpp>

#include "command.hpp"

namespace riskmap::tool {

std::function<void()> declare_init(Arguments& app, Context& context) {
    struct Options {
        std::filesystem::path file = "project.toml";
        bool overwrite = false;
        bool reference = false;
    };
    auto options = std::make_shared<Options>();
    app.add_option("PROJECT", options->file, "file to write")->capture_default_str();
    app.add_flag("--overwrite", options->overwrite, "replace the file if it exists");
    app.add_flag("--reference", options->reference,
                 "print the reference of all keys (Markdown) instead");
    app.footer("\nExamples:\n  riskmap init mycity/project.toml\n"
               "  riskmap --lang zh init shaoxing/project.toml\n"
               "  riskmap init --reference > keys.md");
    return [options, &context] {
        if (options->reference) {
            fmt::print("{}", project::schema_reference(context.language));
            return;
        }
        check_output(options->file, options->overwrite);
        write_file(options->file, project::project_template(context.language));
        context.say(fmt::format("wrote {}: fill in the file names, then riskmap run {}",
                                options->file.string(), options->file.string()));
    };
}

} // namespace riskmap::tool
