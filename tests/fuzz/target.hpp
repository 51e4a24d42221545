// SPDX-License-Identifier: MIT
// What the fuzz targets share. Each gives libFuzzer's bytes to one reader of foreign input;
// an Error is an answer, anything else that stops the process is a bug.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

#include <riskmap/core/error.hpp>

namespace riskmap::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// The bytes as a file of this process.
inline std::filesystem::path file_of(const std::uint8_t* data, std::size_t size, const char* name) {
    static const auto folder = [] {
        auto path =
            std::filesystem::temp_directory_path() / ("riskmap-fuzz-" + std::to_string(getpid()));
        std::filesystem::create_directories(path);
        return path;
    }();
    const auto path = folder / name;
    std::ofstream{path, std::ios::binary | std::ios::trunc} << text_of(data, size);
    return path;
}

inline void demand(bool holds, const char* what) {
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

template <class Work>
void answer(Work work) {
    try {
        work();
    } catch (const Error& error) {
        demand(error.kind() != ErrorKind::internal, "no internal error");
        demand(std::string_view{error.what()}.find('\n') == std::string_view::npos, "one line");
    }
}

} // namespace riskmap::fuzz
