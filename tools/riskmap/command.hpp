// SPDX-License-Identifier: MIT
// What the commands share: their table, and the options of all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <riskmap/core/execution.hpp>
#include <riskmap/core/table.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/spec/door.hpp>
#include <riskmap/vector/layer.hpp>

#include "arguments.hpp"

namespace riskmap::tool {

/// The options that stand before or after any command.
struct Context {
    Execution execution;
    Language language = Language::en;
    std::optional<Language> asked_language = {}; ///< none: maps are in their project's
    bool quiet = false;
    bool json = false;
    int status = 0;               ///< of the process, set by a command that is done but not content
    mutable spec::Door door = {}; ///< by which a command reads what it is given

    /// A line for people on standard error; nothing with -q or --json.
    void say(const std::string& text) const;
    void warn(const std::string& text) const;
    /// JSON into a file, if one is named, and with --json to standard output, with the accounts
    /// of what was read.
    void report(const std::filesystem::path& file, const std::string& text) const;
    /// What has to be told of the layers that were read, a line each.
    void tell_accounts() const;
};

/// A command declares its options on `app` and returns what it does.
struct Command {
    std::string_view name;
    Words summary;
    std::function<void()> (*declare)(Arguments& app, Context& context);
};
[[nodiscard]] std::span<const Command> commands();

std::function<void()> declare_init(Arguments& app, Context& context);
std::function<void()> declare_run(Arguments& app, Context& context);
std::function<void()> declare_status(Arguments& app, Context& context);
std::function<void()> declare_check(Arguments& app, Context& context);
std::function<void()> declare_ingest(Arguments& app, Context& context);
std::function<void()> declare_risk(Arguments& app, Context& context);
std::function<void()> declare_stack(Arguments& app, Context& context);
std::function<void()> declare_composite(Arguments& app, Context& context);
std::function<void()> declare_classify(Arguments& app, Context& context);
std::function<void()> declare_zonal(Arguments& app, Context& context);
std::function<void()> declare_polygonise(Arguments& app, Context& context);
std::function<void()> declare_zones(Arguments& app, Context& context);
std::function<void()> declare_viewshed(Arguments& app, Context& context);
std::function<void()> declare_coverage(Arguments& app, Context& context);
std::function<void()> declare_cameras(Arguments& app, Context& context);
std::function<void()> declare_townships(Arguments& app, Context& context);
std::function<void()> declare_water(Arguments& app, Context& context);
std::function<void()> declare_siting(Arguments& app, Context& context);
std::function<void()> declare_shelters(Arguments& app, Context& context);
std::function<void()> declare_reach(Arguments& app, Context& context);
std::function<void()> declare_isolation(Arguments& app, Context& context);
std::function<void()> declare_map(Arguments& app, Context& context);
std::function<void()> declare_atlas(Arguments& app, Context& context);
std::function<void()> declare_compare(Arguments& app, Context& context);
std::function<void()> declare_styles(Arguments& app, Context& context);
std::function<void()> declare_export(Arguments& app, Context& context);

/// Adds -o and --overwrite; `check_output` refuses a file that exists.
struct Output {
    std::filesystem::path path;
    bool overwrite = false;

    Option* declare(Arguments& app, const std::string& help);
    void check() const;
};
/// \throws Error: it is one of the inputs, whatever `overwrite` says; it exists.
void check_output(const std::filesystem::path& path, bool overwrite);
/// The words of the command line, by which `check_output` knows the inputs.
void remember_words(int argc, char** argv);

/// Tells names that stand for several units.
void tell_shared_names(const std::vector<std::string>& names, const Context& context);

/// The polygons of a layer in a CRS, those that are not valid repaired with a warning.
[[nodiscard]] spec::Table read_polygons(const spec::Source& source, const Crs& crs,
                                        const Context& context);
/// "64G", "500M" or plain bytes. \throws Error{usage}.
[[nodiscard]] std::uint64_t parse_size(const std::string& text);

} // namespace riskmap::tool
