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

/// The program that was built with the tests.
const std::string& program_file();
/// Runs a shell command in a folder.
Answer shell(const std::string& words, const std::filesystem::path& folder);
/// Starts the program, its standard output unheard, and does not wait.
pid_t start_program(const std::vector<std::string>& arguments, const std::filesystem::path& folder);
/// Runs `riskmap ARGUMENTS`.
Answer program(const std::string& arguments,
               const std::filesystem::path& folder = RISKMAP_SOURCE_DIR);

} // namespace riskmap::test
