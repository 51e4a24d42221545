// SPDX-License-Identifier: MIT
// The program, run as a user does.
#pragma once

#include <array>
#include <cstdio>
#include <sys/wait.h>

#include "support.hpp"

namespace riskmap::test {

struct Answer {
    int status = 0;
    std::string out;
    std::string error;
};

/// Runs a shell command in a folder.
inline Answer shell(const std::string& words, const std::filesystem::path& folder) {
    const Folder scratch;
    const auto errors = scratch / "stderr";
    const std::string command =
        "cd '" + folder.string() + "' && { " + words + "; } 2>'" + errors.string() + "'";
    Answer answer;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    while (const auto n = fread(buffer.data(), 1, buffer.size(), pipe))
        answer.out.append(buffer.data(), n);
    const int status = pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    answer.error = read_text(errors);
    return answer;
}

/// Runs `riskmap ARGUMENTS`.
inline Answer program(const std::string& arguments,
                      const std::filesystem::path& folder = RISKMAP_SOURCE_DIR) {
    return shell(RISKMAP_PROGRAM " " + arguments, folder);
}

} // namespace riskmap::test
