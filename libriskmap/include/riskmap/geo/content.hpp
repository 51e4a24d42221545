// SPDX-License-Identifier: MIT
// What a layer or raster is made of on the disk, and whether it is still the same. A layer is
// seldom one file: sidecars, what a database has committed beside it, the folder of a
// geodatabase, the sources of a virtual file.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace riskmap {

/// All files that are read where `path` is opened, in order: the file or every file of the folder,
/// its sidecars (.dbf, .prj, .aux.xml, .ovr ...), -wal and -journal, both folders of an ESRI grid,
/// and the same of what virtual files name, at any depth. Of "x.zip/inside/y.shp" the archive.
/// \throws Error{input}: a virtual file that names anything but files of this machine; a pipe or
/// a device.
[[nodiscard]] std::vector<std::filesystem::path> pieces_of(const std::filesystem::path& path);

/// Whether a folder is one layer or raster: a geodatabase (.gdb), an ESRI grid.
[[nodiscard]] bool is_layer_folder(const std::filesystem::path& folder);

/// The files within an archive (.zip), by their names there, in order. \throws Error{input}:
/// damaged, or it unfolds to far more than it is.
[[nodiscard]] std::vector<std::string> archive_members(const std::filesystem::path& archive);

/// SHA-256 of each piece, by its path. Empty: there is no such file.
using Content = std::map<std::string, std::string>;

/// Reads fingerprints of files, each once for as long as the file stays as it is (by its size,
/// place on the disk and times). From any thread.
class Fingerprints {
  public:
    [[nodiscard]] Content of(const std::filesystem::path& path);

  private:
    struct Known {
        std::string stamp;
        std::string sha256;
    };
    std::mutex m_mutex;
    std::map<std::string, Known> m_known;
};

/// "dem.prj is new", "dem.tif is gone", "dem.tif changed"; empty: both are the same.
[[nodiscard]] std::string difference(const Content& before, const Content& after);

} // namespace riskmap
