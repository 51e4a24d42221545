// SPDX-License-Identifier: MIT
// A GeoPackage in which the bytes were carried out as SQL: views, triggers, virtual tables, tables
// of its own that are none.
#include <sqlite3.h>

#include "layer.hpp"

namespace {

/// What would leave the file, or the time.
int allow(void*, int action, const char*, const char*, const char*, const char*) {
    return action == SQLITE_ATTACH || action == SQLITE_DETACH ? SQLITE_DENY : SQLITE_OK;
}
int enough(void* left) {
    return --*static_cast<int*>(left) <= 0 ? 1 : 0;
}

constexpr const char* empty_package =
    "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;"
    "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization "
    "TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);"
    "CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, "
    "description TEXT, last_change TEXT, min_x REAL, min_y REAL, max_x REAL, max_y REAL, srs_id "
    "INTEGER);"
    "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name "
    "TEXT, srs_id INTEGER, z INTEGER, m INTEGER);";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = riskmap::fuzz::file_of(data, 0, "written.gpkg");
    sqlite3* database = nullptr;
    int left = 2000;
    if (sqlite3_open(file.c_str(), &database) == SQLITE_OK) {
        sqlite3_exec(database, "PRAGMA journal_mode = OFF", nullptr, nullptr, nullptr);
        sqlite3_exec(database, empty_package, nullptr, nullptr, nullptr);
        sqlite3_set_authorizer(database, &allow, nullptr);
        sqlite3_progress_handler(database, 100, &enough, &left);
        sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 1 << 20);
        const std::string sql{riskmap::fuzz::text_of(data, size)};
        sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
    }
    sqlite3_close(database);
    riskmap::fuzz::check_file(file, "villages");
    return 0;
}
