// SPDX-License-Identifier: MIT
// riskmap: the program. Parses, calls one function of the library, prints.
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <new>
#include <sstream>
#include <system_error>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>
#include <riskmap/geo/process.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/run/run.hpp>

#include "command.hpp"
#include "glib_messages.hpp"
#include "terminal.hpp"

namespace {

using riskmap::Error;
using riskmap::ErrorKind;
using riskmap::tool::Context;

int report(const std::string& what, const std::string& hint, ErrorKind kind) {
    riskmap::tool::clear_progress();
    std::string line = hint.empty() ? what : what + "; " + hint;
    for (auto& c : line)
        if (c == '\n' || c == '\r')
            c = ' ';
    riskmap::tool::tell(
        fmt::format("riskmap: {}{}\n", kind == ErrorKind::internal ? "bug: " : "", line));
    return riskmap::exit_status(kind);
}

/// CLI11's words, with the nearest command where one was misspelt.
int report_usage(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
    std::string hint = "riskmap --help tells more";
    std::vector<std::string> names;
    for (const auto& command : riskmap::tool::commands())
        names.emplace_back(command.name);
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with('-'))
            continue;
        if (app.get_subcommands().empty()) {
            if (const auto near = riskmap::nearest_name(word, names))
                hint = fmt::format("did you mean 'riskmap {}'?", *near);
            else
                hint = fmt::format("'{}' is no command; riskmap --help lists them", word);
        } else {
            hint =
                fmt::format("riskmap {} --help tells more", app.get_subcommands()[0]->get_name());
        }
        break;
    }
    return report(error.what(), hint, ErrorKind::usage);
}

struct Globals {
    unsigned threads = 0;
    std::string memory;
    std::string language = "en";
};

void declare_globals(CLI::App& app, Globals& globals, Context& context) {
    app.add_option("--threads", globals.threads, "threads to use (default: all cores)")
        ->check(CLI::Range(1, 1024));
    app.add_option("--memory", globals.memory,
                   "memory budget, as 2G or 500M (default: a quarter of the machine)");
    app.add_option("--lang", globals.language, "language of help, reports and maps: en or zh")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
    app.add_flag("-q,--quiet", context.quiet, "say nothing but errors");
    app.add_flag("--json", context.json, "answer in JSON on standard output");
    app.set_version_flag("--version", "riskmap " + riskmap::run::version());
}

/// The language is wanted before the options are declared; nothing if none is asked for.
std::optional<riskmap::Language> language_of(int argc, char** argv) {
    constexpr std::string_view option = "--lang";
    for (int i = 1; i < argc; ++i) {
        std::string_view word = argv[i];
        if (!word.starts_with(option))
            continue;
        word.remove_prefix(option.size());
        if (word.starts_with('='))
            word.remove_prefix(1);
        else if (word.empty() && i + 1 < argc)
            word = argv[i + 1];
        return word == "zh" ? riskmap::Language::zh : riskmap::Language::en;
    }
    return std::nullopt;
}

/// Tiles come and go by the thousand: what is freed stays ours instead of being
/// given back to the system and cleared again.
void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

int run(int argc, char** argv) {
    keep_freed_memory();
    Context context;
    context.asked_language = language_of(argc, argv);
    context.language = context.asked_language.value_or(riskmap::Language::en);
    const bool zh = context.language == riskmap::Language::zh;
    CLI::App app{zh ? "riskmap：由自然灾害普查图层生成综合风险图、风险区划图和防治区划图"
                    : "riskmap: risk maps, risk zones and prevention zones from census layers",
                 "riskmap"};
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(zh ? "\n起步：riskmap run data/shaoxing/project.toml\n"
                    "输入写作 '文件[:图层][:波段] 键=值 ..'，如 'cams.shp crs=EPSG:4549 "
                    "fields=挂高=mast_m'：\n"
                    "  图层：crs= encoding= where= fields=原名=标准名 units=标准名=单位 "
                    "spec=；栅格：band= "
                    "nodata=\n"
                    "  where-nodata= kind= unit= factor= classes=。标准名见 docs/layers.md。\n"
                    "每个命令都有自己的 --help 和示例。"
                  : "\nStart with:  riskmap run data/shaoxing/project.toml\n"
                    "An input is 'FILE[:LAYER][:BAND] key=value ..', as 'cams.shp crs=EPSG:4549 "
                    "fields=GD=mast_m':\n"
                    "  crs= encoding= where= fields=THEIRS=OURS units=OURS=UNIT spec= of layers, "
                    "band= nodata=\n"
                    "  where-nodata= kind= unit= factor= classes= of rasters; OURS stand in "
                    "docs/layers.md.\n"
                    "Every command has its own --help with examples that run on data/.\n"
                    "Exit status: 0 done, 1 input, 2 usage, 3 a bug, 4 no feasible answer, 130 "
                    "interrupted.");
    Globals globals;
    declare_globals(app, globals, context);
    std::function<void()> work;
    std::deque<riskmap::tool::Arguments> declared;
    for (const auto& command : riskmap::tool::commands()) {
        auto* sub =
            app.add_subcommand(std::string{command.name}, command.summary.in(context.language));
        auto& arguments = declared.emplace_back(*sub);
        sub->callback([&work, action = command.declare(arguments, context)] { work = action; });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) { // --help and --version
            std::ostringstream text;
            const int status = app.exit(error, text, text);
            (void)std::fputs(text.str().c_str(), stdout);
            return status;
        }
        return report_usage(app, error, argc, argv);
    }
    context.execution.threads = globals.threads;
    if (!globals.memory.empty())
        context.execution.memory_bytes = riskmap::tool::parse_size(globals.memory);
    // More than there are cores are honoured as well.
    const riskmap::ThreadLimit limit{context.execution.thread_count()};
    riskmap::own_process(context.execution.memory_budget());
    riskmap::raster::limit_caches(context.execution.memory_budget());
    context.execution.progress = riskmap::tool::terminal_progress(!context.quiet && !context.json);
    work();
    riskmap::tool::clear_progress();
    context.tell_accounts();
    return context.status;
}

int no_memory() {
    return report("not enough memory", "use a coarser grid, or fewer --threads", ErrorKind::input);
}

int lost_output() {
    return report("standard output cannot be written: it is closed, or its disk is full",
                  "write it to a place that has room", ErrorKind::input);
}

} // namespace

int main(int argc, char** argv) {
    riskmap::tool::open_streams();
    riskmap::tool::remember_words(argc, argv);
    riskmap::tool::hear_glib();
    try {
        const int status = run(argc, argv);
        return status != 0 || riskmap::tool::output_is_whole() ? status : lost_output();
    } catch (const Error& error) {
        return report(error.what(), error.hint(), error.kind());
    } catch (const std::bad_alloc&) {
        return no_memory();
    } catch (const std::system_error& error) {
        if (!riskmap::tool::output_is_whole())
            return lost_output();
        if (error.code() == std::errc::not_enough_memory ||
            error.code() == std::errc::resource_unavailable_try_again)
            return no_memory();
        return report(error.what(), "please report this with the command line",
                      ErrorKind::internal);
    } catch (const std::exception& error) {
        if (std::string_view{error.what()}.starts_with("pthread_create")) // as oneTBB words it
            return no_memory();
        return report(error.what(), "please report this with the command line",
                      ErrorKind::internal);
    }
}
