// SPDX-License-Identifier: MIT
#include <riskmap/atlas/atlas.hpp>

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

#include "report.hpp"
#include "web_atlas.hpp"

namespace riskmap::atlas {

namespace {

namespace fs = std::filesystem;

SheetChoice choice_of(const RunFolder& run, const AtlasOptions& options) {
    return {options.language.value_or(run.language()), options.palette};
}

std::vector<fs::path> files_of(const fs::path& stem, const std::vector<std::string>& formats) {
    std::vector<fs::path> files;
    for (const auto& format : formats)
        files.push_back(stem.string() + "." + format);
    return files;
}

std::vector<const RunArea*> areas_of(const RunFolder& run, const AtlasOptions& options) {
    std::vector<const RunArea*> areas;
    for (const auto& area : run.areas())
        if (options.areas.empty())
            areas.push_back(&area);
    for (const auto& name : options.areas)
        areas.push_back(&run.area(name));
    return areas;
}

std::vector<SheetRecord> write_sheets(const RunFolder& run, const fs::path& folder,
                                      const AtlasOptions& options, const Execution& execution) {
    const auto choice = choice_of(run, options);
    struct Task {
        const RunArea* area;
        SheetName sheet;
    };
    std::vector<Task> tasks;
    for (const auto& area : areas_of(run, options))
        for (auto& sheet : sheets_of(run, *area))
            tasks.push_back({area, std::move(sheet)});
    std::vector<SheetRecord> records(tasks.size());
    std::atomic<std::size_t> done{0};
    Execution inner = execution;
    inner.threads = 1; // sheets are the pieces that threads share
    inner.progress = {};
    parallel_for(execution, tasks.size(), [&](std::size_t i) {
        execution.progress.check();
        const auto& [area, name] = tasks[i];
        const auto sheet = make_sheet(run, *area, name.product, choice);
        auto& record = records[i];
        record = {area->name, name.product, sheet.title, area->folder + "/" + name.product, {}};
        record.plan = write_sheet(sheet, options.page,
                                  files_of(folder / record.file, options.formats), inner);
        execution.progress.report("sheets",
                                  static_cast<double>(++done) / static_cast<double>(tasks.size()));
    });
    return records;
}

AtlasSummary write_parts(const RunFolder& run, const fs::path& target, const AtlasOptions& options,
                         const Execution& execution) {
    AtlasSummary summary;
    const auto choice = choice_of(run, options);
    if (options.sheets) {
        const auto sheets = target / "sheets";
        summary.sheets = write_sheets(run, sheets, options, execution);
        const auto index = index_of(run, summary.sheets, options.formats, choice.language);
        write_html(index, sheets / "index.html", options.page, execution);
        write_pdf(index, sheets / "index.pdf", options.page, execution);
        summary.files.push_back(sheets / "index.html");
    }
    if (options.web) {
        write_web(run, target / "web", choice, execution);
        summary.files.push_back(target / "web" / "index.html");
    }
    if (options.report) {
        const auto report = report_of(run, choice);
        write_html(report, target / "report.html", options.page, execution);
        write_pdf(report, target / "report.pdf", options.page, execution);
        summary.files.push_back(target / "report.html");
    }
    return summary;
}

} // namespace

void check_options(const AtlasOptions& options) {
    (void)paper(options.page.paper);
    check_palette(options.palette);
    for (const auto& format : options.formats)
        if (format != "pdf" && format != "png" && format != "svg")
            throw Error{ErrorKind::usage, fmt::format("unknown format of sheets '{}'", format),
                        "known: pdf, png, svg"};
    if (!(options.page.dpi >= 20 && options.page.dpi <= 1200))
        throw Error{ErrorKind::usage,
                    fmt::format("{:g} dpi is too few or too many", options.page.dpi),
                    "take 20 to 1200"};
    require_fonts();
}

std::vector<std::string> map_names(const fs::path& folder, const std::string& area) {
    const RunFolder run{folder};
    std::vector<std::string> names;
    for (const auto& sheet : sheets_of(run, run.area(area)))
        names.push_back(sheet.product);
    return names;
}

SheetPlan write_map(const fs::path& folder, const std::string& area, const std::string& product,
                    const std::vector<fs::path>& targets, const AtlasOptions& options,
                    const Execution& execution) {
    check_options(options);
    return with_record(folder, [&] {
        const RunFolder run{folder};
        const auto sheet = make_sheet(run, run.area(area), product, choice_of(run, options));
        return write_sheet(sheet, options.page, targets, execution);
    });
}

AtlasSummary write_atlas(const fs::path& folder, const fs::path& target,
                         const AtlasOptions& options, const Execution& execution) {
    check_options(options);
    return with_record(folder,
                       [&] { return write_parts(RunFolder{folder}, target, options, execution); });
}

} // namespace riskmap::atlas
