// SPDX-License-Identifier: MIT
#include "database.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

#include <riskmap/core/error.hpp>

namespace riskmap::gdal {

namespace fs = std::filesystem;

namespace {

fs::path log_of(const fs::path& path) {
    return fs::path{path.string() + "-wal"};
}

struct CloseDatabase {
    void operator()(sqlite3* database) const noexcept { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database opened(const fs::path& path, int flags, const char* options) {
    std::string address = "file:";
    for (const char c : fs::absolute(path).string())
        if (c == '%' || c == '?' || c == '#')
            address += fmt::format("%{:02x}", static_cast<unsigned char>(c));
        else
            address += c;
    sqlite3* database = nullptr;
    sqlite3_open_v2((address + options).c_str(), &database, flags | SQLITE_OPEN_URI, nullptr);
    return Database{database};
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

void refuse_views_of_gdal(const fs::path& path) {
    const Database database = opened(path, SQLITE_OPEN_READONLY, "?immutable=1");
    std::string found;
    const auto keep = [](void* name, int, char** values, char**) {
        *static_cast<std::string*>(name) = values[0] == nullptr ? "" : values[0];
        return 0;
    };
    sqlite3_exec(
        database.get(),
        "SELECT name FROM sqlite_master WHERE type = 'view' AND (lower(name) LIKE 'gpkg!_%' "
        "ESCAPE '!' OR lower(name) IN ('geometry_columns', 'spatial_ref_sys', "
        "'views_geometry_columns', 'virts_geometry_columns', 'layer_styles')) LIMIT 1",
        keep, &found, nullptr);
    if (!found.empty())
        throw input_error(
            fmt::format("'{}' has a view in the place of its table '{}'", path.string(), found),
            "it may never end; save the layers anew with 'Save features as' of QGIS");
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
    // What is damaged is told when it is read.
    const Database copy = opened(m_path, SQLITE_OPEN_READWRITE, "");
    sqlite3_exec(copy.get(), "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr);
}

DatabaseCopy::~DatabaseCopy() {
    std::error_code ignored;
    fs::remove_all(m_folder, ignored);
}

} // namespace riskmap::gdal
