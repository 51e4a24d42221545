// SPDX-License-Identifier: MIT
// The program in a process that can read and answer, and do nothing else.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace riskmap::test {

struct Sealed {
    int status = 0;           ///< exit status
    bool overstepped = false; ///< it was killed for a call that the seal forbids
    std::string out;
    std::string error;
};

/// Runs `riskmap ARGUMENTS` under a seccomp filter of the kernel: another program started, a
/// process, a socket, a file opened for writing, made, renamed or removed kills it at once.
Sealed sealed(const std::vector<std::string>& arguments, const std::filesystem::path& folder);

} // namespace riskmap::test
