// SPDX-License-Identifier: MIT
// Runs a project and tells what came out: 3_run PROJECT.toml FOLDER
#include <cstdio>

#include <riskmap/riskmap.hpp>

int main(int argc, char** argv) try {
    using namespace riskmap;
    if (argc != 3)
        throw Error{ErrorKind::usage, "give a project and a folder"};
    const auto project = project::read_project(argv[1]);
    const auto summary = run::run(project, argv[2], run::Redo::stale, {}, {}, run::Scope::risk);
    std::printf("%zu steps done, %zu up to date\n", summary.steps_done, summary.steps_fresh);
    for (const auto& area : record::read(argv[2]).areas)
        std::printf("%s: %s/%s\n", area.name.c_str(), argv[2], area.folder.c_str());
} catch (const riskmap::Error& error) {
    std::fprintf(stderr, "%s; %s\n", error.what(), error.hint().c_str());
    return riskmap::exit_status(error.kind());
}
