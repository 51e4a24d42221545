// SPDX-License-Identifier: MIT
#include "harm.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <cpl_conv.h>
#include <cpl_http.h>
#include <cpl_minixml.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>
#include <riskmap/geo/process.hpp>

#include "gdal.hpp"
#include "old_workbook.hpp"

namespace riskmap {
namespace gdal {

namespace {

namespace fs = std::filesystem;

thread_local std::string refused_address;

/// Answers in the place of the network: an error, so that GDAL goes no other way.
CPLHTTPResult* fetch_nothing(const char* address, CSLConstList options, GDALProgressFunc, void*,
                             CPLHTTPFetchWriteFunc, void*, void*) {
    auto* result = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult)));
    if (CSLFetchNameValue(options, "CLOSE_PERSISTENT") != nullptr)
        return result;
    refused_address = address;
    result->nStatus = 1;
    result->pszErrBuf = CPLStrdup("nothing is fetched");
    return result;
}

void* open_nothing(void*, const char*, const char*) {
    return nullptr;
}

struct FreeXml {
    void operator()(CPLXMLNode* node) const noexcept { CPLDestroyXMLNode(node); }
};
using Xml = std::unique_ptr<CPLXMLNode, FreeXml>;

/// Whether a file is one that names others: GDAL knows them by what stands near their beginning.
bool is_virtual(const fs::path& path) {
    VSIStatBufL status;
    if (VSIStatL(path.string().c_str(), &status) != 0 || !VSI_ISREG(status.st_mode))
        return false;
    VSILFILE* in = VSIFOpenL(path.string().c_str(), "rb"); // a file of an archive, too
    if (in == nullptr)
        return false;
    std::string head(4096, '\0');
    head.resize(VSIFReadL(head.data(), 1, head.size(), in));
    VSIFCloseL(in);
    return head.find("<VRTDataset") != std::string::npos ||
           head.find("<OGRVRTDataSource") != std::string::npos ||
           head.find("<OGRVRTLayer") != std::string::npos;
}

/// Walks what a virtual raster or layer names.
class VirtualFile {
  public:
    explicit VirtualFile(fs::path path) : m_path{std::move(path)} {}

    std::vector<fs::path> sources() {
        const Messages unheard; // what is malformed is told when it is opened
        const Xml xml{CPLParseXMLFile(m_path.string().c_str())};
        for (const auto* node = xml.get(); node != nullptr; node = node->psNext)
            visit(node, 0);
        return std::move(m_sources);
    }

  private:
    static bool is(const CPLXMLNode* node, std::string_view name) {
        return small_letters(node->pszValue) == small_letters(name);
    }

    void visit(const CPLXMLNode* node, int depth) {
        constexpr int deepest = 200;
        if (depth > deepest)
            refuse("is nested too deeply");
        if (node->eType == CXT_Element) {
            if (is(node, "SrcSQL") || is(node, "OpenOptions") || is(node, "PixelFunctionLanguage"))
                refuse(fmt::format("holds <{}>, which may do more than read", node->pszValue));
            for (const auto* name : {"SourceFilename", "SourceDataset", "SrcDataSource"})
                if (is(node, name))
                    take(node);
        }
        for (const auto* child = node->psChild; child != nullptr; child = child->psNext)
            visit(child, depth + 1);
    }

    void take(const CPLXMLNode* node) {
        const std::string name = CPLGetXMLValue(node, nullptr, "");
        if (name.empty())
            return;
        const bool relative = std::string_view{CPLGetXMLValue(node, "relativeToVRT", "0")} == "1";
        // A variable of a NetCDF file: NETCDF:"x.nc":depth.
        std::string file = name;
        if (small_letters(name).starts_with("netcdf:")) {
            file = name.substr(7);
            if (const auto colon = file.rfind(':'); colon != std::string::npos)
                file.resize(colon);
            std::erase(file, '"');
        }
        const fs::path path = relative ? m_path.parent_path() / file : fs::path{file};
        VSIStatBufL status;
        if (file.starts_with("/vsi") || VSIStatL(path.string().c_str(), &status) != 0)
            refuse(fmt::format("names '{}', which is no file of this machine", shortened(name)));
        m_sources.push_back(path);
    }

    static std::string shortened(const std::string& text) {
        return text.size() > 80 ? text.substr(0, 80) + "..." : text;
    }

    [[noreturn]] void refuse(const std::string& why) const {
        throw input_error(fmt::format("'{}' {}", m_path.string(), why),
                          "make it anew from local files, with gdalbuildvrt or ogr2ogr");
    }

    fs::path m_path;
    std::vector<fs::path> m_sources;
};

void refuse_devices(const fs::path& path) {
    std::error_code ignored;
    const auto status = fs::status(path, ignored);
    if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
        throw input_error(fmt::format("'{}' is no file but a pipe or a device", path.string()),
                          "give a file");
}

void refuse(const fs::path& path, std::set<fs::path>& seen) {
    std::error_code ignored;
    if (seen.insert(fs::weakly_canonical(path, ignored)).second)
        for (const auto& source : virtual_sources(path))
            refuse(source, seen);
}

/// Ends with a null, as GDAL takes it.
constexpr const char* allowed[] = {
    // rasters
    "GTiff", "COG", "VRT", "AAIGrid", "GRASSASCIIGrid", "AIG", "EHdr", "ENVI", "HFA", "netCDF",
    "SRTMHGT", "USGSDEM", "GSAG", "GSBG", "GS7BG", "RST", "SAGA", "ERS", "GRIB", "XYZ", "PNG",
    "JPEG", "JP2OpenJPEG", "BMP", "MEM",
    // layers and tables
    "ESRI Shapefile", "MapInfo File", "GPKG", "SQLite", "OpenFileGDB", "GeoJSON", "GeoJSONSeq",
    "ESRIJSON", "TopoJSON", "CSV", "XLSX", "XLS", "ODS", "LIBKML", "KML", "GML", "GPX",
    "FlatGeobuf", "DXF", "OGR_VRT", "Memory", nullptr};

bool is_allowed(std::string_view name) {
    return std::any_of(std::begin(allowed), std::end(allowed) - 1,
                       [&](const char* known) { return name == known; });
}

std::vector<std::string> endings_of(GDALDriverH driver) {
    std::vector<std::string> endings;
    const char* text = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, nullptr);
    const List list{CSLTokenizeString2(text == nullptr ? "" : text, " ", 0)};
    for (char** ending = list.get(); ending != nullptr && *ending != nullptr; ++ending)
        endings.push_back(small_letters(*ending));
    return endings;
}

/// "pdf" -> "Geospatial PDF": formats that are known, not read, and none of whose endings is also
/// that of one that is.
std::map<std::string, std::string> formats_of_drivers_left_out() {
    std::map<std::string, std::string> formats;
    std::set<std::string> read;
    for (int i = 0; i < GDALGetDriverCount(); ++i) {
        const GDALDriverH driver = GDALGetDriver(i);
        for (const auto& ending : endings_of(driver))
            if (is_allowed(GDALGetDriverShortName(driver)))
                read.insert(ending);
            else
                formats.try_emplace(ending, GDALGetDriverLongName(driver));
    }
    for (const auto& ending : read)
        formats.erase(ending);
    return formats;
}

/// As they were before any driver was taken out.
const std::map<std::string, std::string>& formats_left_out() {
    static const auto formats = formats_of_drivers_left_out();
    return formats;
}

} // namespace

const char* const* allowed_drivers() {
    return allowed;
}

void refuse_format(const fs::path& path) {
    const auto ending = small_letters(path.extension().string());
    if (ending.empty())
        return;
    if (const auto found = formats_left_out().find(ending.substr(1));
        found != formats_left_out().end())
        throw input_error(fmt::format("'{}' is not read: {} ({}) is none of the formats that "
                                      "riskmap opens",
                                      path.string(), ending, found->second),
                          "save it as GeoPackage or GeoTIFF; docs/layers.md lists the formats");
}

void fetch_nothing_here() {
    CPLHTTPPushFetchCallback(&fetch_nothing, nullptr);
}

void fetch_again_here() {
    CPLHTTPPopFetchCallback();
}

} // namespace gdal

void own_process(std::uint64_t memory_budget) {
    using namespace gdal;
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
    start();
    GDALSetCacheMax64(
        static_cast<GIntBig>(std::clamp(memory_budget / 8, 16 * mebibyte, 128 * mebibyte)));
    OSRSetPROJEnableNetwork(0);
    (void)formats_left_out();
    for (int i = GDALGetDriverCount() - 1; i >= 0; --i) {
        const GDALDriverH driver = GDALGetDriver(i);
        if (is_allowed(GDALGetDriverShortName(driver)))
            continue;
        GDALDeregisterDriver(driver);
        GDALDestroyDriver(driver);
    }
    CPLHTTPSetFetchCallback(&fetch_nothing, nullptr);
    auto* callbacks = VSIAllocFilesystemPluginCallbacksStruct();
    callbacks->open = &open_nothing;
    for (const auto* prefix :
         {"/vsicurl/", "/vsicurl_streaming/", "/vsis3/", "/vsis3_streaming/", "/vsigs/",
          "/vsigs_streaming/", "/vsiaz/", "/vsiaz_streaming/", "/vsiadls/", "/vsioss/",
          "/vsioss_streaming/", "/vsiswift/", "/vsiswift_streaming/", "/vsihdfs/", "/vsiwebhdfs/"})
        VSIInstallPluginHandler(prefix, callbacks);
    VSIFreeFilesystemPluginCallbacksStruct(callbacks);
}

namespace gdal {

std::vector<fs::path> virtual_sources(const fs::path& path) {
    refuse_devices(path);
    return is_virtual(path) ? VirtualFile{path}.sources() : std::vector<fs::path>{};
}

std::string take_refused_address() {
    return std::exchange(refused_address, {});
}

void refuse_harm(const fs::path& path) {
    if (small_letters(path.extension().string()) == ".xls" && fs::is_regular_file(path))
        require_sound_workbook(path);
    std::set<fs::path> seen;
    refuse(path, seen);
}

} // namespace gdal
} // namespace riskmap
