// SPDX-License-Identifier: MIT
#include <riskmap/census/delivery.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <set>
#include <string_view>

#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/content.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/door.hpp>
#include <riskmap/vector/stream.hpp>

#include "../geo/gdal.hpp"

namespace riskmap::census {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 30> layer_endings{
    ".shp", ".gpkg", ".geojson", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".xls",    ".ods",
    ".tab", ".mif",  ".kml",     ".kmz",  ".gml", ".gpx", ".fgb", ".dxf",  ".sqlite", ".dbf",
    ".tif", ".tiff", ".img",     ".asc",  ".nc",  ".vrt", ".flt", ".bil",  ".hgt",    ".grd"};

/// What is no layer that can be read, and the way to use it.
struct Foreign {
    std::string_view endings; ///< between blanks
    const char* zh;
    const char* en;
};
constexpr std::array<Foreign, 9> foreign{{
    {" .mdb .accdb ",
     "Access 或个人地理数据库，不能读取：用 ArcGIS 或 QGIS 导出为 .gpkg 或 .shp，表格另存为 .xlsx",
     "an Access or personal geodatabase, not read: export it from ArcGIS or QGIS as .gpkg or .shp, "
     "tables "
     "as .xlsx"},
    {" .dwg .dgn ", "CAD 图形，不能读取：在 CAD 中另存为 .dxf，或导出为 .shp",
     "a CAD drawing, not read: save it as .dxf, or export it as .shp"},
    {" .doc .docx .wps .pdf .ppt .pptx .rtf ", "文档，不是图层：其中的表格复制到 .xlsx 再用",
     "a document and no layer: copy its tables into an .xlsx"},
    {" .et .ett .xlsm .xlsb ", "不能读取的表格格式：另存为 .xlsx",
     "a workbook that is not read: save it as .xlsx"},
    {" .rar .7z .tar .gz .tgz .bz2 .xz ", "压缩包：解压后再用（.zip 可以直接读取）",
     "an archive: unpack it (.zip is read as it is)"},
    {" .mxd .aprx .qgz .qgs .lyr .lyrx .sld .qml .style .mpk ",
     "地图工程或样式，不是数据：给出其中的图层文件",
     "a map project or style and no data: give the files of its layers"},
    {" .jpg .jpeg .png .bmp .gif .tiff.jpg .heic .mp4 ",
     "图片，不是图层：需要配准为 GeoTIFF 才能使用",
     "a picture and no layer: it would have to be georeferenced as a GeoTIFF"},
    {" .e00 .coverage .gdbtable .rdb .wt .wl .wp .mpj ",
     "旧格式，不能读取：用原软件导出为 .shp 或 .gpkg",
     "an old format, not read: export it as .shp or .gpkg from its own program"},
    {" .ini .db .log .md .html .htm .toml .lock .bak .tmp .py .exe .url .lnk ", "不是数据文件",
     "no file of data"},
}};

std::string ending_of(const fs::path& path) {
    return small_letters(path.extension().string());
}

bool is_layer_ending(const std::string& ending) {
    return std::find(layer_endings.begin(), layer_endings.end(), ending) != layer_endings.end();
}

Words why_foreign(const std::string& ending) {
    for (const auto& row : foreign)
        if (!ending.empty() && row.endings.find(" " + ending + " ") != std::string_view::npos)
            return {row.zh, row.en};
    return {"不认识的文件格式：导出为 .shp、.gpkg、.xlsx 或 .tif",
            "a format that is not known: export it as .shp, .gpkg, .xlsx or .tif"};
}

bool is_hidden(const fs::path& path) {
    const auto name = path.filename().string();
    return name.starts_with(".") || name.starts_with("~$") || small_letters(name) == "thumbs.db" ||
           small_letters(name) == "desktop.ini" || name == "__MACOSX";
}

/// Names in archives that Windows made in Chinese are GBK; GDAL reads them as CP437.
std::string chinese_name(const std::string& name) {
    if (std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80; }))
        return name;
    const gdal::Messages unheard;
    const std::unique_ptr<char, decltype(&VSIFree)> bytes{CPLRecode(name.c_str(), "UTF-8", "CP437"),
                                                          &VSIFree};
    if (!bytes || decoded(decoded(bytes.get(), "CP437"), "UTF-8") != name)
        return name; // letters that CP437 does not have
    const auto text = decoded(bytes.get(), "GB18030");
    return text.find("\xEF\xBF\xBD") == std::string::npos ? text : name;
}

/// Collects layers and what is left out, in the order of names.
class Walk {
  public:
    Delivery run(std::span<const spec::Source> given) {
        std::error_code ignored;
        for (const auto& source : given)
            if (!is_folder(source.file))
                m_by_itself.insert(identity(source.file, source.layer));
        for (const auto& source : given)
            if (is_folder(source.file)) {
                m_folder = source.file;
                walk(source, source.file);
            } else {
                m_folder.clear();
                take(source);
            }
        // A table of attributes, a header: part of a layer that is used.
        std::erase_if(m_out.left_out, [&](const LeftOut& left) {
            return m_pieces.contains(fs::weakly_canonical(left.file, ignored).string());
        });
        for (auto& left : m_out.left_out)
            left.file = m_shown[left.file];
        return std::move(m_out);
    }

  private:
    static bool is_folder(const fs::path& path) {
        std::error_code ignored;
        return fs::is_directory(path, ignored) && !is_layer_folder(path);
    }

    static std::string identity(const fs::path& path, const std::string& layer) {
        std::error_code ignored;
        const auto name = path.string();
        return (name.starts_with("/vsi") ? name : fs::weakly_canonical(path, ignored).string()) +
               "\n" + layer;
    }

    std::string shown(const fs::path& path) const {
        return m_folder.empty() ? path.filename().string()
                                : path.lexically_relative(m_folder).string();
    }

    void leave_out(const fs::path& path, Words why, const std::string& sheet = {}) {
        const auto key = path.string() + (sheet.empty() ? "" : ":" + sheet);
        m_shown[key] = shown(path) + (sheet.empty() ? "" : ":" + sheet);
        m_out.left_out.push_back({key, std::move(why)});
    }

    void walk(const spec::Source& source, const fs::path& folder) {
        std::vector<fs::path> entries;
        std::error_code failed;
        for (fs::directory_iterator it{folder, failed}, end; !failed && it != end;
             it.increment(failed))
            entries.push_back(it->path());
        if (failed) {
            leave_out(folder, {"文件夹不能列出：" + failed.message(),
                               "the folder cannot be listed: " + failed.message()});
            return;
        }
        std::sort(entries.begin(), entries.end());
        for (const auto& path : entries) {
            if (is_hidden(path))
                continue;
            std::error_code ignored;
            auto copy = source;
            copy.file = path;
            copy.shown = shown(path);
            if (fs::is_directory(path, ignored)) {
                if (fs::is_symlink(path, ignored))
                    leave_out(path,
                              {"链接的文件夹不跟随：直接给出它",
                               "a link to a folder is not followed: give that folder itself"});
                else if (is_layer_folder(path))
                    take(copy);
                else if (!is_info_of_grids(path))
                    walk(source, path);
            } else {
                take_file(copy);
            }
        }
    }

    /// The tables that ESRI grids of a folder share.
    static bool is_info_of_grids(const fs::path& path) {
        std::error_code ignored;
        return path.filename() == "info" && fs::exists(path / "arc.dir", ignored);
    }

    void take_file(const spec::Source& source) {
        const auto& path = source.file;
        const auto ending = ending_of(path);
        std::error_code ignored;
        if (!fs::is_regular_file(path, ignored)) {
            leave_out(path, {"不是普通文件", "no plain file"});
        } else if (is_own_report(path)) {
            leave_out(path, {"riskmap 自己写的报告", "a report that riskmap wrote"});
        } else if (ending == ".zip") {
            take_archive(source);
        } else if (!is_layer_ending(ending)) {
            leave_out(path, why_foreign(ending));
        } else if (ending == ".dbf" && has_shapes_beside(path)) {
            // a piece of that layer
        } else if ((ending == ".txt" || ending == ".json") && !holds_layer(path)) {
            leave_out(path, ending == ".txt"
                                ? Words{"没有分列的文字：表格要用制表符或逗号分列",
                                        "text without columns: a table needs tabs or commas"}
                                : Words{"不是 GeoJSON 图层", "no GeoJSON layer"});
        } else {
            take(source);
        }
    }

    /// What `check` and `ingest` put beside layers.
    static bool is_own_report(const fs::path& path) {
        const auto name = path.filename().string();
        std::error_code ignored;
        return name == "findings.html" || name == "findings.json" || name == "ingest.json" ||
               ((name == "findings.csv" || name == "findings.gpkg") &&
                fs::exists(path.parent_path() / "findings.json", ignored)) ||
               (name == "changes.csv" && holds_changes(path));
    }
    static bool holds_changes(const fs::path& path) {
        constexpr std::string_view heads = "layer,feature,field,before,after,rule";
        std::ifstream in{path, std::ios::binary};
        std::string first(heads.size(), '\0');
        in.read(first.data(), static_cast<std::streamsize>(first.size()));
        return first == heads;
    }

    static bool has_shapes_beside(fs::path path) {
        std::error_code ignored;
        for (const char* ending : {".shp", ".SHP", ".Shp"})
            if (fs::exists(path.replace_extension(ending), ignored))
                return true;
        return false;
    }

    static bool holds_layer(const fs::path& path) {
        try {
            vector::LayerStream stream{path};
            return (stream.has_geometry() || stream.fields().size() > 1) &&
                   stream.next(1).has_value();
        } catch (const Error&) {
            return false;
        }
    }

    void take_archive(const spec::Source& source) {
        std::vector<std::string> others;
        bool some = false;
        std::vector<std::string> names;
        try {
            names = archive_members(source.file);
        } catch (const Error& error) {
            leave_out(source.file, {error.what(), error.what()});
            return;
        }
        std::set<std::string> shapes;
        for (const auto& name : names)
            if (ending_of(name) == ".shp")
                shapes.insert(fs::path{name}.replace_extension().string());
        for (const auto& name : names) {
            const auto ending = ending_of(name);
            const auto stem = fs::path{name}.replace_extension().string();
            if (!is_layer_ending(ending) || (shapes.contains(stem) && ending != ".shp")) {
                if (!shapes.contains(stem))
                    others.push_back(name);
                continue;
            }
            auto copy = source;
            copy.file = "/vsizip/" + source.file.string() + "/" + name;
            if ((ending == ".txt" || ending == ".json") && !holds_layer(copy.file)) {
                others.push_back(name);
                continue;
            }
            copy.shown = (source.shown.empty() ? source.file.filename().string() : source.shown) +
                         "/" + chinese_name(name);
            take(copy);
            some = true;
        }
        if (!some)
            leave_out(source.file,
                      {fmt::format("压缩包中没有图层（{}）", fmt::join(others, "，")),
                       fmt::format("the archive holds no layer ({})", fmt::join(others, ", "))});
    }

    /// A layer of its own, or all layers of a file that holds several.
    void take(const spec::Source& source) {
        if (ending_of(source.file) == ".zip" && source.layer.empty()) {
            take_archive(source);
            return;
        }
        std::vector<vector::LayerSummary> layers;
        try {
            if (source.layer.empty() && spec::is_raster(source.file)) {
                for (const auto& name : raster::variables_of(source.file))
                    layers.push_back({name, 1, 1});
            } else if (source.layer.empty()) {
                layers = vector::summaries_of(source.file);
            }
        } catch (const Error&) {
            layers.clear(); // the check tells it
        }
        std::erase_if(layers, [](const auto& layer) { return layer.name == "layer_styles"; });
        const bool workbook = vector::is_workbook(source.file);
        std::vector<std::string> used;
        for (const auto& layer : layers)
            if (workbook && vector::holds_instructions(layer.name))
                leave_out(source.file, {"填表说明，不是数据", "instructions and no data"},
                          layer.name);
            else if (workbook && layers.size() > 1 && (layer.features == 0 || layer.fields == 0))
                leave_out(source.file, {"空工作表", "an empty sheet"}, layer.name);
            else
                used.push_back(layer.name);
        if (layers.size() < 2) {
            add(source);
            return;
        }
        for (const auto& name : used) {
            auto copy = source;
            copy.layer = name;
            add(copy);
        }
    }

    void add(const spec::Source& source) {
        const bool by_itself = m_folder.empty();
        const auto own = identity(source.file, source.layer);
        const bool named =
            m_by_itself.contains(own) || m_by_itself.contains(identity(source.file, ""));
        if ((!by_itself && named) || !m_seen.insert(own).second)
            return;
        std::error_code ignored;
        try {
            for (const auto& piece : pieces_of(source.file))
                if (m_known_pieces.insert(piece.string()).second)
                    m_pieces.insert(fs::weakly_canonical(piece, ignored).string());
        } catch (const Error&) {
            // the check tells what is wrong with it
        }
        m_out.sources.push_back(source);
    }

    Delivery m_out;
    fs::path m_folder; ///< empty: of a source given by itself
    std::set<std::string> m_by_itself;
    std::set<std::string> m_seen;
    std::set<std::string> m_known_pieces;
    std::set<std::string> m_pieces;
    std::map<std::string, std::string> m_shown;
};

} // namespace

Delivery delivery_of(std::span<const spec::Source> given) {
    return Walk{}.run(given);
}

} // namespace riskmap::census
