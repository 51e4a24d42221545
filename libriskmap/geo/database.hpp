// SPDX-License-Identifier: MIT
// Private: SQLite databases (GeoPackages) read without a change to them.
#pragma once

#include <filesystem>

namespace riskmap::gdal {

/// Whether a file is an SQLite database, by its first bytes.
[[nodiscard]] bool is_database(const std::filesystem::path& path);

/// \throws Error{input} if a database has a view in the place of a table that GDAL asks when it
/// opens it: a view may never end. Nothing but the names in the schema is read.
void refuse_views_of_gdal(const std::filesystem::path& path);

/// A copy, with what another program has committed to its -wal file taken in; it is gone from
/// the folder of temporary files with this object, and lives on for those that hold it open.
class DatabaseCopy {
  public:
    /// \throws Error{input}: it cannot be copied.
    explicit DatabaseCopy(const std::filesystem::path& path);
    ~DatabaseCopy();
    DatabaseCopy(const DatabaseCopy&) = delete;
    DatabaseCopy& operator=(const DatabaseCopy&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

  private:
    std::filesystem::path m_folder;
    std::filesystem::path m_path;
};

/// Whether something was committed beside a database and is not yet in it.
[[nodiscard]] bool has_commits_beside(const std::filesystem::path& path);

} // namespace riskmap::gdal
