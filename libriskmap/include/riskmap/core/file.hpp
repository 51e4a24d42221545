// SPDX-License-Identifier: MIT
// Files written whole or not at all, and their fingerprints.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <riskmap/core/error.hpp>

namespace riskmap {

/// The error of a file or folder that cannot be written, and how to mend it.
[[nodiscard]] Error cannot_write(const std::filesystem::path& path, const std::string& why);

/// A file (with its sidecars) that appears under its name only by `commit()`.
/// Work is done on `path()`, a hidden name in the same folder and with the
/// same extension; without commit everything written there is removed. What killed processes of
/// this machine left in that folder goes as well.
class PendingFile {
  public:
    /// \throws Error{input} if the folder cannot be made or written to.
    explicit PendingFile(std::filesystem::path target);
    ~PendingFile();
    PendingFile(PendingFile&& other) noexcept;
    PendingFile& operator=(PendingFile&&) = delete;
    PendingFile(const PendingFile&) = delete;
    PendingFile& operator=(const PendingFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return m_pending; }
    [[nodiscard]] const std::filesystem::path& target() const noexcept { return m_target; }

    /// Flushes to disk and renames; sidecars (`name.*`) follow their file. What another program
    /// keeps beside an older database of that name goes: it keeps the older one.
    void commit();

  private:
    [[nodiscard]] std::vector<std::filesystem::path> pieces() const;
    std::filesystem::path m_target;
    std::filesystem::path m_pending;
};

/// Holds a folder for one process at a time; the kernel lets go of it when the
/// process ends, however it ends.
class FolderLock {
  public:
    /// \throws Error{input} if another process holds the folder, or it cannot be made.
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int m_file;
};

/// Removes what killed runs left of pending files, down to three folders below `folder`; those of
/// processes that are at work stay.
void remove_abandoned_files(const std::filesystem::path& folder);

/// Writes `content` atomically. \throws Error{input}: disk full, no permission.
void write_file(const std::filesystem::path& target, std::string_view content);

/// \throws Error{input} if the file cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// SHA-256 as 64 hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view content);
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

} // namespace riskmap
