// SPDX-License-Identifier: MIT
#include <riskmap/census/check.hpp>

#include <map>
#include <tuple>

#include <fmt/format.h>

#include <riskmap/census/mend.hpp>
#include <riskmap/census/report.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

#include "census_options.hpp"
#include "command.hpp"
#include "terminal.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    CensusOptions census;
    std::filesystem::path folder;
    std::filesystem::path fix;
    bool overwrite = false;
    bool layers_page = false;
    bool rules_page = false;
};

std::string line_of(const census::Finding& finding, Language language) {
    const auto& rule = census::rule(finding.rule);
    std::string line =
        fmt::format("{} {}", census::words_of(rule.severity).in(language), finding.layer);
    if (finding.fid)
        line += fmt::format(" #{}", *finding.fid);
    line += fmt::format(": {}", rule.title.in(language));
    if (!finding.field.empty())
        line += fmt::format(" [{}]", finding.field);
    if (!finding.value.empty())
        line += fmt::format(" '{}'", finding.value);
    if (const auto& detail = finding.detail.in(language); !detail.empty())
        line += fmt::format(" ({})", detail);
    return line + fmt::format("  {}", rule.name);
}

/// At most a few lines of each rule and layer: the rest is in the files.
void print(const census::CheckReport& report, const Context& context) {
    constexpr int shown = 5;
    std::map<std::pair<census::RuleId, std::string>, int> lines;
    const bool zh = context.language == Language::zh;
    for (const auto& finding : report.findings.kept()) {
        const auto n = ++lines[{finding.rule, finding.layer}];
        if (n <= shown)
            fmt::print("{}\n", on_one_line(line_of(finding, context.language)));
        else if (n == shown + 1)
            fmt::print("    {} {} {}\n", zh ? "……共" : "...",
                       report.findings.count(finding.rule, finding.layer), zh ? "处" : "in all");
    }
    print_left_out(report.left_out, context);
    for (const auto& line : report.accepted)
        fmt::print("{} {}\n", zh ? "已接受" : "accepted", line);
    using enum census::Severity;
    const auto counts = std::tuple{report.layers.size(), report.findings.count(error),
                                   report.findings.count(warning), report.findings.count(note)};
    std::apply(
        [&](auto... n) {
            if (zh)
                fmt::print("图层 {}；错误 {}，警告 {}，提示 {}\n", n...);
            else
                fmt::print("layers: {}; errors: {}, warnings: {}, notes: {}\n", n...);
        },
        counts);
}

void check(const Options& options, Context& context) {
    if (options.layers_page || options.rules_page) {
        fmt::print("{}", options.layers_page ? spec::spec_page(specs_of(options.census))
                                             : census::rule_page(context.language));
        return;
    }
    const auto request = request_of(options.census, context.language);
    if (!options.folder.empty())
        check_output(options.folder / "findings.json", options.overwrite);
    if (!options.fix.empty())
        check_output(options.fix / "changes.csv", options.overwrite);
    const auto report =
        census::check(request.sources, request.rules, request.specs, context.execution);
    clear_progress();
    if (!options.folder.empty())
        census::write_check(options.folder, report, context.language);
    if (context.json)
        fmt::print("{}", census::check_json(report, context.language));
    else if (!context.quiet)
        print(report, context);
    if (!options.fix.empty()) {
        const auto changes =
            census::mend_into(options.fix, request.sources, request.specs, request.rules);
        context.say(context.language == Language::zh
                        ? fmt::format("改正 {} 处，写入 {}（changes.csv）", changes.size(),
                                      options.fix.string())
                        : fmt::format("{} changes, written to {} (changes.csv)", changes.size(),
                                      options.fix.string()));
    }
    context.status = report.findings.count(census::Severity::error) > 0 ? 1 : 0;
}

} // namespace

std::function<void()> declare_check(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    options->census.declare(app);
    app.add_option("-o,--output", options->folder,
                   "folder for findings.json, .csv, .gpkg (places) and .html");
    app.add_option("--fix", options->fix,
                   "folder for copies with all that is safe to mend mended, and changes.csv");
    app.add_flag("--overwrite", options->overwrite, "replace them if they exist");
    app.add_flag("--layers", options->layers_page, "print what each layer should hold (Markdown)");
    app.add_flag("--rules", options->rules_page, "print the rules and what to do (Markdown)");
    app.footer(
        "\nLayers are recognised by their names (docs/layers.md); codes, sums and places are\n"
        "compared between the layers given together. Exit status 1 if there are errors.\n"
        "\nExample:\n  riskmap check data/shaoxing/project.toml\n"
        "  riskmap check data/shaoxing/census.gpkg:townships \\\n"
        "      data/shaoxing/census.gpkg:counties --area data/shaoxing/census.gpkg:counties \\\n"
        "      --accept coverage-overlap -o /tmp/check");
    return [options, &context] { check(*options, context); };
}

} // namespace riskmap::tool
