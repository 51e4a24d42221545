// SPDX-License-Identifier: MIT
#include "gdal.hpp"

#include <array>
#include <fstream>
#include <mutex>
#include <optional>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

#include "archive.hpp"
#include "database.hpp"
#include "harm.hpp"

namespace riskmap::gdal {

namespace fs = std::filesystem;

namespace {

thread_local int listeners = 0;

void keep_first(CPLErr severity, CPLErrorNum, const char* message) {
    auto* text = static_cast<std::string*>(CPLGetErrorHandlerUserData());
    if (severity < CE_Failure || text == nullptr || !text->empty())
        return;
    *text = to_utf8(message);
    for (auto& c : *text)
        if (c == '\n' || c == '\r')
            c = ' ';
}

/// "x.nc:depth", a variable of a NetCDF file, as GDAL names it; other names as they are.
std::string gdal_name(const std::string& name) {
    std::error_code ignored;
    const auto colon = name.rfind(':');
    if (colon == std::string::npos || fs::exists(name, ignored))
        return name;
    const auto file = name.substr(0, colon);
    if (fs::path{file}.extension() != ".nc" || !fs::exists(file, ignored))
        return name;
    return fmt::format("NETCDF:\"{}\":{}", file, name.substr(colon + 1));
}

/// The archive in "FOLDER/x.zip/inside/y.shp".
fs::path archive_of(const std::string& name) {
    const auto end = name.find(".zip");
    return end == std::string::npos ? name : name.substr(0, end + 4);
}

bool is_gml(const fs::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::string head(8192, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    return head.find("opengis.net/gml") != std::string::npos;
}

} // namespace

void start() {
    static std::once_flag once;
    std::call_once(once, [] {
        CPLSetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
        // A VRT must not fetch either: the only file curl may open does not exist.
        CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME", "/vsicurl/none");
        CPLSetConfigOption("GDAL_PAM_ENABLED", "YES");
        // Blocks are cached by us; GDAL's own cache only has to hold a row of tiles.
        if (CPLGetConfigOption("GDAL_CACHEMAX", nullptr) == nullptr)
            CPLSetConfigOption("GDAL_CACHEMAX", "128");
        // A fixed date in GeoPackages: same input, same bytes.
        if (CPLGetConfigOption("OGR_CURRENT_DATE", nullptr) == nullptr)
            CPLSetConfigOption("OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z");
        const Messages unheard; // of drivers that this GDAL does not have
        GDALAllRegister();
        close_ways_out();
    });
}

List list_of(const std::vector<std::string>& items) {
    char** list = nullptr;
    for (const auto& item : items)
        list = CSLAddString(list, item.c_str());
    return List{list};
}

Messages::Messages() {
    CPLPushErrorHandlerEx(keep_first, &m_text);
    ++listeners;
}
Messages::~Messages() {
    --listeners;
    CPLPopErrorHandler();
}

void CloseDataset::operator()(GDALDatasetH dataset) const noexcept {
    if (listeners == 0)
        CPLPushErrorHandler(CPLQuietErrorHandler);
    GDALClose(dataset);
    if (listeners == 0)
        CPLPopErrorHandler();
}

Dataset open(const fs::path& path, unsigned flags, const char* const* options) {
    start();
    const auto name = path.string();
    std::error_code ignored;
    if (name.starts_with("/vsi") && !name.starts_with("/vsizip/") && !name.starts_with("/vsimem/"))
        throw input_error(fmt::format("'{}' is not a file of this machine", name),
                          "copy the file here first; network files stay closed");
    const auto opened = gdal_name(name);
    // Neither within an archive nor a variable of a file.
    const bool plain = !name.starts_with("/vsi") && opened == name;
    if (plain && !fs::exists(path, ignored))
        throw input_error(fmt::format("no such file: '{}'", name),
                          "check the name and the folder it is looked for in");
    if (plain)
        refuse_harm(path);
    refuse_bomb(name.starts_with("/vsizip/") ? archive_of(name.substr(8)) : path);
    const Messages messages;
    (void)take_refused_address();
    // A database is read without a lock, a log or a change; what another program has committed
    // beside it is taken in by a copy.
    std::optional<DatabaseCopy> copy;
    List more{CSLDuplicate(const_cast<char**>(options))};
    auto read = opened;
    if (plain && is_database(path)) {
        if (has_commits_beside(path))
            read = copy.emplace(path).path().string();
        more.reset(CSLSetNameValue(more.release(), "IMMUTABLE", "YES"));
    }
    if (plain && is_gml(path)) // no description of it is left beside it
        more.reset(CSLSetNameValue(more.release(), "WRITE_GFS", "NO"));
    Dataset dataset{GDALOpenEx(read.c_str(), flags | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                               nullptr, more.get(), nullptr)};
    if (const auto address = take_refused_address(); !address.empty())
        throw input_error(
            fmt::format("'{}' asks for {}: nothing is fetched", name, address),
            "take the address out of the file, and say what it stood for: crs= behind "
            "the file's name");
    if (!dataset)
        throw input_error(
            fmt::format("cannot open '{}' as a {}: {}", name,
                        (flags & GDAL_OF_VECTOR) != 0 ? "vector layer" : "raster",
                        messages.text().empty() ? "format not recognised" : messages.text()),
            "check that the file is whole and of a format that GDAL reads");
    return dataset;
}

} // namespace riskmap::gdal
