// SPDX-License-Identifier: MIT
#include "run_summary.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "terminal.hpp"

namespace riskmap::tool {

run::StepListener step_listener(const Context& context) {
    return [&context](const run::StepStatus& step, double seconds) {
        if (seconds < 0 || !on_terminal())
            return;
        clear_progress();
        context.say(fmt::format("{:<50} {:6.1f} s", step.title, seconds));
    };
}

void print_summary(const run::RunSummary& summary, const Context& context) {
    if (context.json) {
        fmt::print("{}\n", nlohmann::ordered_json{{"out", summary.out.string()},
                                                  {"steps_done", summary.steps_done},
                                                  {"steps_up_to_date", summary.steps_fresh},
                                                  {"areas", summary.areas},
                                                  {"warnings", summary.warnings},
                                                  {"highlights", summary.highlights},
                                                  {"report", summary.report}}
                               .dump());
        return;
    }
    for (const auto& warning : summary.warnings)
        context.warn(warning);
    if (!context.quiet)
        for (const auto& line : summary.highlights)
            fmt::print("{}\n", line);
    if (!context.quiet)
        fmt::print("{} steps done, {} up to date; products of {} areas in {}\n", summary.steps_done,
                   summary.steps_fresh, summary.areas.size(), summary.out.string());
}

} // namespace riskmap::tool
