// SPDX-License-Identifier: MIT
#include "database.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <gdal.h>
#include <ogr_api.h>

#include <riskmap/core/error.hpp>

#include "gdal.hpp"

namespace riskmap::gdal {

namespace fs = std::filesystem;

namespace {

fs::path log_of(const fs::path& path) {
    return fs::path{path.string() + "-wal"};
}

} // namespace

bool is_database(const fs::path& path) {
    constexpr std::string_view magic{"SQLite format 3\0", 16};
    std::array<char, 16> head{};
    std::ifstream in{path, std::ios::binary};
    return in.read(head.data(), head.size()) && std::string_view{head.data(), head.size()} == magic;
}

bool has_commits_beside(const fs::path& path) {
    std::error_code none;
    const auto bytes = fs::file_size(log_of(path), none);
    return !none && bytes > 0;
}

DatabaseCopy::DatabaseCopy(const fs::path& path) {
    auto pattern = (fs::temp_directory_path() / "riskmap-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw input_error(fmt::format("cannot copy '{}'", path.string()),
                          "another program has it open; close it there, or make room for "
                          "temporary files");
    m_folder = pattern;
    m_path = m_folder / path.filename();
    std::error_code failed;
    fs::copy_file(path, m_path, failed);
    if (!failed)
        fs::copy_file(log_of(path), log_of(m_path), failed);
    if (failed) {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
        throw input_error(fmt::format("cannot copy '{}': {}", path.string(), failed.message()),
                          "another program has it open; close it there");
    }
    const Messages unheard; // what is damaged is told when it is read
    const Dataset copy{GDALOpenEx(m_path.string().c_str(), GDAL_OF_VECTOR | GDAL_OF_UPDATE, nullptr,
                                  nullptr, nullptr)};
    if (copy == nullptr)
        return;
    if (const OGRLayerH answer =
            GDALDatasetExecuteSQL(copy.get(), "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr))
        GDALDatasetReleaseResultSet(copy.get(), answer);
}

DatabaseCopy::~DatabaseCopy() {
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
}

} // namespace riskmap::gdal
