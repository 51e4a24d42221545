// SPDX-License-Identifier: MIT
#include <riskmap/geo/content.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <cpl_vsi.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <riskmap/core/file.hpp>
#include <riskmap/core/text.hpp>

#include "archive.hpp"
#include "gdal.hpp"
#include "harm.hpp"

namespace riskmap {

namespace {

namespace fs = std::filesystem;

/// Files of the same stem that belong to one of another ending.
constexpr std::array<std::string_view, 38> of_one_stem{
    ".dbf", ".shx",  ".shp", ".prj", ".cpg", ".qpj",  ".qix",  ".sbn", ".sbx", ".dat",
    ".map", ".id",   ".ind", ".tab", ".mid", ".mif",  ".hdr",  ".clr", ".stx", ".flt",
    ".blw", ".tfw",  ".wld", ".jgw", ".pgw", ".tifw", ".tfwx", ".aux", ".rrd", ".ige",
    ".rdc", ".sgrd", ".ers", ".xsd", ".gfs", ".csvt", ".rpb",  ".sdat"};
/// What is added to the whole name.
constexpr std::array<std::string_view, 6> of_one_name{".aux.xml", ".ovr", ".msk",
                                                      ".hdr",     "-wal", "-journal"};

/// A folder's files, down to the last.
void add_folder(const fs::path& folder, std::set<fs::path>& out) {
    std::error_code ignored;
    for (fs::recursive_directory_iterator it{folder, ignored}, end; it != end;
         it.increment(ignored))
        if (it->is_regular_file(ignored))
            out.insert(it->path());
}

bool is_esri_grid(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "hdr.adf", ignored) || fs::exists(folder / "w001001.adf", ignored);
}

void add_sidecars(const fs::path& path, std::set<fs::path>& out) {
    std::error_code ignored;
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    const auto name = path.filename().string();
    const auto stem = path.stem().string();
    const auto own = small_letters(path.extension().string());
    // A table has no sidecar but its types: "roads.csv" stands beside "roads.shp" on its own.
    const bool table = own == ".csv" || own == ".xlsx" || own == ".xls" || own == ".ods";
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
        const auto other = entry.path().filename().string();
        if (other == name || !other.starts_with(stem) || !entry.is_regular_file(ignored))
            continue;
        const auto rest = small_letters(other.substr(stem.size()));
        const auto has = [](const auto& list, std::string_view ending) {
            return std::find(list.begin(), list.end(), ending) != list.end();
        };
        const bool by_name =
            other.starts_with(name) && has(of_one_name, small_letters(other.substr(name.size())));
        // A log without a word is what a program leaves that has only looked.
        if ((rest.ends_with("-wal") || rest.ends_with("-journal")) && entry.file_size(ignored) == 0)
            continue;
        const bool by_stem = table ? rest == ".csvt" || rest == ".prj"
                                   : has(of_one_stem, rest) || rest == ".aux.xml";
        // The header of an ERS raster stands beside the file it is named after.
        if (by_name || by_stem || (own == ".ers" && rest.empty()))
            out.insert(entry.path());
    }
}

void add(const fs::path& path, std::set<fs::path>& out, std::set<fs::path>& seen) {
    std::error_code ignored;
    if (!seen.insert(fs::weakly_canonical(path, ignored)).second)
        return;
    const auto folder = fs::is_directory(path, ignored) ? path : path.parent_path();
    if (is_esri_grid(folder)) {
        add_folder(folder, out);
        add_folder(folder.parent_path() / "info", out);
        return;
    }
    if (fs::is_directory(path, ignored)) {
        add_folder(path, out);
        add_sidecars(path, out);
        return;
    }
    out.insert(path);
    add_sidecars(path, out);
    for (const auto& source : gdal::virtual_sources(path))
        add(source, out, seen);
}

/// What changes where a file is written anew, moved away or replaced.
std::string stamp_of(const fs::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        return {};
    return fmt::format("{} {} {} {}.{} {}.{}", found.st_dev, found.st_ino, found.st_size,
                       found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ctim.tv_sec,
                       found.st_ctim.tv_nsec);
}

} // namespace

std::vector<fs::path> pieces_of(const fs::path& path) {
    std::set<fs::path> pieces;
    std::set<fs::path> seen;
    const auto archive = gdal::archive_of(path.string());
    add(archive.empty() ? path : archive, pieces, seen);
    return {pieces.begin(), pieces.end()};
}

bool is_layer_folder(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder, ignored) &&
           (small_letters(folder.extension().string()) == ".gdb" || is_esri_grid(folder));
}

std::vector<std::string> archive_members(const fs::path& archive) {
    gdal::refuse_bomb(archive);
    const gdal::Messages messages;
    const gdal::List list{VSIReadDirRecursive(("/vsizip/" + archive.string()).c_str())};
    std::vector<std::string> names;
    for (char** at = list.get(); at != nullptr && *at != nullptr; ++at)
        if (const std::string name = *at; !name.ends_with("/"))
            names.push_back(name);
    if (names.empty())
        throw input_error(fmt::format("'{}' is empty or damaged", archive.string()),
                          "get the archive again, or unpack it");
    std::sort(names.begin(), names.end());
    return names;
}

Content Fingerprints::of(const fs::path& path) {
    Content content;
    for (const auto& piece : pieces_of(path)) {
        const auto name = piece.string();
        const auto stamp = stamp_of(piece);
        if (stamp.empty()) {
            content[name] = {};
            continue;
        }
        {
            const std::lock_guard lock{m_mutex};
            if (const auto found = m_known.find(name);
                found != m_known.end() && found->second.stamp == stamp) {
                content[name] = found->second.sha256;
                continue;
            }
        }
        auto sha256 = sha256_of_file(piece);
        const std::lock_guard lock{m_mutex};
        // One that is written at this moment is not known, but read again next time.
        if (stamp_of(piece) == stamp)
            m_known[name] = {stamp, sha256};
        content[name] = std::move(sha256);
    }
    return content;
}

std::string difference(const Content& before, const Content& after) {
    const auto named = [](const std::string& path) { return fs::path{path}.filename().string(); };
    for (const auto& [path, sha256] : before) {
        const auto found = after.find(path);
        const bool gone = found == after.end() || found->second.empty();
        if (gone && !sha256.empty())
            return fmt::format("{} is gone", named(path));
        if (!gone && found->second != sha256)
            return fmt::format("{} {}", named(path), sha256.empty() ? "is new" : "changed");
    }
    for (const auto& [path, sha256] : after)
        if (!before.contains(path) && !sha256.empty())
            return fmt::format("{} is new", named(path));
    return {};
}

} // namespace riskmap
