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

/// GDAL as this thread needs it, and as it was before once this is gone.
class Settings {
  public:
    Settings() {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (const char* old = CPLGetThreadLocalConfigOption(wanted[i].first, nullptr))
                m_before[i] = old;
            CPLSetThreadLocalConfigOption(wanted[i].first, wanted[i].second);
        }
        fetch_nothing_here();
    }
    ~Settings() {
        fetch_again_here();
        for (std::size_t i = 0; i < wanted.size(); ++i)
            CPLSetThreadLocalConfigOption(wanted[i].first,
                                          m_before[i] ? m_before[i]->c_str() : nullptr);
    }
    Settings(const Settings&) = delete;
    Settings& operator=(const Settings&) = delete;

  private:
    static constexpr std::array<std::pair<const char*, const char*>, 3> wanted{{
        {"GDAL_VRT_ENABLE_PYTHON", "NO"},
        // The only file that curl may open does not exist.
        {"CPL_VSIL_CURL_ALLOWED_FILENAME", "/vsicurl/none"},
        {"OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z"},
    }};
    std::array<std::optional<std::string>, wanted.size()> m_before;
};

thread_local int listeners = 0;
thread_local std::optional<Settings> settings;

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

/// What is inside an archive stands behind its name: "FOLDER/x.zip/inside/y.shp".
void refuse_archives_within(const std::string& name, const fs::path& archive) {
    const auto rest =
        small_letters(name.substr(name.find(archive.string()) + archive.string().size()));
    for (const auto* mark : {".zip", ".kmz", ".tar", ".tgz", ".gz", "/vsi"})
        if (rest.find(mark) != std::string::npos)
            throw input_error(fmt::format("'{}' is an archive within an archive", name),
                              "unpack it, and give the folder");
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
        const Messages unheard; // of drivers that this GDAL does not have
        if (GDALGetDriverCount() == 0)
            GDALAllRegister();
    });
}

Error no_crs_database() {
    return input_error("the database of coordinate reference systems cannot be read",
                       "there is too little memory, or PROJ's proj.db is missing");
}

List list_of(const std::vector<std::string>& items) {
    char** list = nullptr;
    for (const auto& item : items)
        list = CSLAddString(list, item.c_str());
    return List{list};
}

Messages::Messages() {
    CPLPushErrorHandlerEx(keep_first, &m_text);
    if (listeners++ == 0)
        settings.emplace();
}
Messages::~Messages() {
    if (--listeners == 0)
        settings.reset();
    CPLPopErrorHandler();
}

void CloseDataset::operator()(GDALDatasetH dataset) const noexcept {
    std::optional<Messages> unheard;
    if (listeners == 0)
        unheard.emplace();
    GDALClose(dataset);
}

void require_harmless(const fs::path& path) {
    start();
    const auto name = path.string();
    std::error_code ignored;
    if (name.starts_with("/vsi") && !name.starts_with("/vsizip/") && !name.starts_with("/vsimem/"))
        throw input_error(fmt::format("'{}' is not a file of this machine", name),
                          "copy the file here first; network files stay closed");
    const auto opened = gdal_name(name);
    if (!name.starts_with("/vsi") && opened == name && !fs::exists(path, ignored))
        throw input_error(fmt::format("no such file: '{}'", name),
                          "check the name and the folder it is looked for in");
    const auto archive = archive_of(name);
    if (!archive.empty())
        refuse_archives_within(name, archive);
    if (opened == name)
        refuse_harm(path);
    refuse_bomb(archive.empty() ? path : archive);
}

namespace {

/// `other`: what GDAL is to open in the place of the file itself.
Dataset open_as(const fs::path& path, const std::string& other, unsigned flags,
                const char* const* options) {
    require_harmless(path);
    const auto name = path.string();
    const auto opened = gdal_name(name);
    // Neither within an archive nor a variable of a file.
    const bool plain = !name.starts_with("/vsi") && opened == name;
    const Messages messages;
    (void)take_refused_address();
    // A database is read without a lock, a log or a change; what another program has committed
    // beside it is taken in by a copy.
    std::optional<DatabaseCopy> copy;
    List more{CSLDuplicate(const_cast<char**>(options))};
    auto read = other.empty() ? opened : other;
    if (plain && is_database(path)) {
        if (has_commits_beside(path))
            read = copy.emplace(path).path().string();
        refuse_views_of_gdal(read);
        more.reset(CSLSetNameValue(more.release(), "IMMUTABLE", "YES"));
    }
    if (plain && is_gml(path)) // no description of it is left beside it
        more.reset(CSLSetNameValue(more.release(), "WRITE_GFS", "NO"));
    Dataset dataset{GDALOpenEx(read.c_str(), flags | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                               allowed_drivers(), more.get(), nullptr)};
    if (const auto address = take_refused_address(); !address.empty())
        throw input_error(
            fmt::format("'{}' asks for {}: nothing is fetched", name, address),
            "take the address out of the file, and say what it stood for: crs= behind "
            "the file's name");
    if (!dataset)
        refuse_format(path);
    if (!dataset)
        throw input_error(
            fmt::format("cannot open '{}' as a {}: {}", name,
                        (flags & GDAL_OF_VECTOR) != 0 ? "vector layer" : "raster",
                        messages.text().empty() ? "format not recognised" : messages.text()),
            "check that the file is whole and of a format that GDAL reads");
    return dataset;
}

} // namespace

Dataset open(const fs::path& path, unsigned flags, const char* const* options) {
    return open_as(path, {}, flags, options);
}

Dataset open_text_table(const fs::path& path, std::uint64_t begin, const char* const* options) {
    const auto file =
        begin == 0 ? path.string() : fmt::format("/vsisubfile/{},{}", begin, path.string());
    return open_as(path, "CSV:" + file, GDAL_OF_VECTOR, options);
}

} // namespace riskmap::gdal
