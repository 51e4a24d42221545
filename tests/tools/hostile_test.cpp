// SPDX-License-Identifier: MIT
// Input made to harm: it gets a line, nothing runs, nothing is fetched, nothing is lost.
#include <arpa/inet.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <riskmap/core/text.hpp>
#include <riskmap/vector/stream.hpp>

#include "program.hpp"
#include "sealed.hpp"

namespace riskmap::test {
namespace {

std::string findings_of(const std::string& arguments, const std::filesystem::path& folder) {
    const auto answer = program("check --json " + arguments, folder);
    EXPECT_TRUE(answer.error.empty()) << answer.error;
    EXPECT_LE(answer.status, 1) << arguments;
    const auto json = nlohmann::json::parse(answer.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << answer.out;
    return json["findings"].dump();
}

std::string many(int n, const std::string& item) {
    std::string out;
    for (int i = 0; i < n; ++i)
        out += item + std::to_string(i) + (i + 1 < n ? "," : "\n");
    return out;
}

TEST(Hostile, TablesThatAreTooWideOrTooLong) {
    const Folder folder;
    const int columns = sanitized() ? 5000 : 1000000;
    write_text(folder / "wide.csv", many(columns, "f") + many(columns, ""));
    EXPECT_NE(findings_of("wide.csv", folder.path()).find("fields"), std::string::npos);
    vector::Layer layer{
        "villages", Crs::parse("EPSG:4490"), {{"name", vector::FieldType::text}}, {}};
    for (int i = 0; i < 3; ++i)
        layer.features.push_back({{std::string(10 << 20, 'x')}, {{{120 + i * 0.1, 30}}, {}, {}}});
    vector::write_layer(folder / "long.gpkg", layer);
    const auto found = findings_of("'long.gpkg spec=facilities'", folder.path());
    EXPECT_NE(found.find("value-long"), std::string::npos);
    EXPECT_LT(found.size(), 10000U); // the text itself is cut
    // One such feature fills a batch.
    vector::LayerStream stream{folder / "long.gpkg"};
    EXPECT_EQ(stream.next()->size(), 1U);
    write_text(folder / "long.csv", "name,x,y\n" + std::string(11 << 20, 'x') + ",1,2\n");
    EXPECT_NE(findings_of("long.csv", folder.path()).find("file-unreadable"), std::string::npos);
}

TEST(Hostile, NothingRunsAndNothingIsFetched) {
    const Folder folder;
    const auto marker = folder / "ran";
    write_text(folder / "flood.vrt",
               R"(<VRTDataset rasterXSize="2" rasterYSize="2"><SRS>EPSG:4490</SRS>)"
               R"(<GeoTransform>120, 0.1, 0, 30, 0, -0.1</GeoTransform>)"
               R"(<VRTRasterBand dataType="Float32" band="1" subClass="VRTDerivedRasterBand">)"
               R"(<PixelFunctionType>go</PixelFunctionType>)"
               R"(<PixelFunctionLanguage>Python</PixelFunctionLanguage><PixelFunctionCode>)"
               "\ndef go(*a, **k):\n    open('" +
                   marker.string() +
                   "', 'w')\n"
                   R"(</PixelFunctionCode></VRTRasterBand></VRTDataset>)");
    EXPECT_NE(findings_of("flood.vrt", folder.path()).find("PixelFunctionLanguage"),
              std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(marker));
    for (const char* name : {"/vsicurl/http://127.0.0.1:9/x.gpkg", "/vsis3/bucket/x.gpkg",
                             "/vsistdin/", "/vsisubfile/0_10,/etc/passwd"})
        EXPECT_NE(findings_of(name, folder.path()).find("is not a file of this machine"),
                  std::string::npos)
            << name;
    const auto named = program("check 'a.gpkg:/vsicurl/http://127.0.0.1:9/x'", folder.path());
    EXPECT_EQ(named.status, 1) << named.error;
}

TEST(Hostile, TextIsOnlyText) {
    const Folder folder;
    const std::string drop = "a\"; DROP TABLE villages;--";
    vector::Layer one{drop,
                      Crs::parse("EPSG:4490"),
                      {{"name", vector::FieldType::text}, {"x'y\"z", vector::FieldType::text}},
                      {}};
    one.features = {{{std::string{"<script>alert(1)</script>"}, std::string{"=cmd|'/c calc'!A0"}},
                     {{{120.1, 30}}, {}, {}}},
                    {{std::string{"\x1b[2J"}, std::string{"@SUM(A1)"}}, {{{120.2, 30}}, {}, {}}}};
    auto two = one;
    two.name = "villages";
    vector::write_geopackage(folder / "in.gpkg",
                             std::vector<vector::Product>{{&one, {}}, {&two, {}}});
    const auto answer =
        program("check in.gpkg -o found --fix fixed --accept field-missing", folder.path());
    EXPECT_EQ(answer.status, 0) << answer.error;
    EXPECT_EQ(answer.out.find('\x1b'), std::string::npos);
    const auto page = read_text(folder / "found/findings.html");
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
    for (const char* file : {"found/findings.csv", "fixed/changes.csv"}) {
        std::istringstream lines{read_text(folder / file)};
        for (std::string line; std::getline(lines, line);)
            for (const auto& cell : split(line, ','))
                EXPECT_FALSE(cell.starts_with("=") || cell.starts_with("@")) << line;
    }
    EXPECT_EQ(vector::layer_names(folder / "in.gpkg").size(), 2U);
    const auto copies = vector::layer_names(folder / "fixed/in.gpkg");
    EXPECT_EQ(copies, (std::vector<std::string>{drop, "villages"}));
    EXPECT_EQ(vector::read_layer(folder / "fixed/in.gpkg", "villages").features.size(), 2U);
}

TEST(Hostile, DamagedFilesOfEveryFormatAreToldInOneLine) {
    const Folder folder;
    const auto corpus = std::filesystem::path{RISKMAP_SOURCE_DIR} / "tests/data/broken";
    for (const char* name : {"townships.gpkg", "villages.xlsx", "flood_depth.img", "flood_depth.nc",
                             "flood_depth.tif", "townships.geojson"}) {
        const auto whole = read_text(corpus / name);
        for (const double share : {0.02, 0.3, 0.7, 0.95}) {
            const auto copy = folder / name;
            write_text(copy, whole.substr(0, static_cast<std::size_t>(
                                                 share * static_cast<double>(whole.size()))));
            const auto answer = program("check " + std::string{name}, folder.path());
            EXPECT_LE(answer.status, 1) << name << share << answer.error;
            EXPECT_TRUE(answer.error.empty()) << name << share << answer.error;
            std::filesystem::remove(copy);
        }
    }
}

/// A port of this machine on which nobody should call.
class Listener {
  public:
    Listener() : m_socket{socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(m_socket, 8), 0);
        socklen_t size = sizeof address;
        getsockname(m_socket, reinterpret_cast<sockaddr*>(&address), &size);
        m_port = ntohs(address.sin_port);
    }
    ~Listener() { close(m_socket); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] std::string address() const {
        return "http://127.0.0.1:" + std::to_string(m_port) + "/x";
    }
    [[nodiscard]] bool was_called() const {
        pollfd waiting{m_socket, POLLIN, 0};
        return poll(&waiting, 1, 0) > 0;
    }

  private:
    int m_socket;
    int m_port = 0;
};

/// Names, sizes and times of all that a folder holds.
std::string fingerprint(const std::filesystem::path& folder) {
    return shell("find . -type f -printf '%p %s %T@\\n' | sort", folder).out;
}

TEST(Hostile, NothingThatIsReadFetchesWritesOrLooksIntoMemory) {
    const Folder folder;
    const Listener listener;
    vector::Layer layer{
        "townships", Crs::parse("EPSG:4549"), {{"id", vector::FieldType::text}}, {}};
    layer.features.push_back({{std::string{"a"}}, {{{500000, 3300000}}, {}, {}}});
    vector::write_layer(folder / "base.gpkg", layer);
    const std::string grid = "<SRS>EPSG:4549</SRS><GeoTransform>500000, 10, 0, 3300000, 0, -10"
                             "</GeoTransform>";
    const auto virtual_raster = [&](const std::string& source) {
        return "<VRTDataset rasterXSize=\"4\" rasterYSize=\"4\">" + grid +
               "<VRTRasterBand dataType=\"Byte\" band=\"1\"><SimpleSource><SourceFilename>" +
               source +
               "</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
               "</VRTDataset>";
    };
    const auto virtual_layer = [](const std::string& inside) {
        return "<OGRVRTDataSource><OGRVRTLayer name=\"townships\">" + inside +
               "</OGRVRTLayer></OGRVRTDataSource>";
    };
    const std::string here = "<SrcDataSource relativeToVRT=\"1\">base.gpkg</SrcDataSource>";
    const std::vector<std::pair<std::string, std::string>> files{
        {"link.geojson",
         R"({"type":"FeatureCollection","crs":{"type":"link","properties":{"href":")" +
             listener.address() +
             R"(","type":"ogcwkt"}},"features":[{"type":"Feature","properties":{},)"
             R"("geometry":{"type":"Point","coordinates":[120.5,30]}}]})"},
        {"curl.vrt", virtual_raster("/vsicurl/" + listener.address())},
        {"stream.vrt", virtual_raster("/vsicurl_streaming/" + listener.address())},
        {"dap.vrt", virtual_raster("NETCDF:" + listener.address() + ":v")},
        {"memory.vrt", virtual_raster("MEM:::DATAPOINTER=4096,PIXELS=4,LINES=4,BANDS=1")},
        {"stdin.vrt", virtual_raster("/vsistdin/")},
        {"inner.vrt", virtual_raster("stream.vrt")},
        {"sql.vrt", virtual_layer(here + "<SrcSQL>VACUUM INTO 'written.db'</SrcSQL>")},
        {"wfs.vrt", virtual_layer("<SrcDataSource>WFS:" + listener.address() + "</SrcDataSource>")},
        {"pg.vrt", virtual_layer("<SrcDataSource>PG:host=127.0.0.1</SrcDataSource>")},
        {"text.vrt", virtual_layer("<SrcDataSource>&lt;OGRVRTDataSource/&gt;</SrcDataSource>")},
        {"options.vrt", virtual_layer(here + "<OpenOptions><OOI key=\"PRELUDE_STATEMENTS\">VACUUM "
                                             "INTO 'written.db'</OOI></OpenOptions>")}};
    for (const auto& [name, text] : files)
        write_text(folder / name, text);
    for (const auto& [name, text] : files) {
        const auto found = findings_of(name, folder.path());
        EXPECT_NE(found.find("file-unreadable"), std::string::npos) << name << found;
    }
    EXPECT_EQ(mkfifo((folder / "pipe.csv").c_str(), 0600), 0);
    EXPECT_NE(findings_of("pipe.csv", folder.path()).find("pipe or a device"), std::string::npos);
    const auto crs = program("stack --layer base.gpkg --crs '" + listener.address() +
                                 "' --cell-size 10 --bbox 500000,3299000,501000,3300000 -o st",
                             folder.path());
    EXPECT_EQ(crs.status, 1);
    EXPECT_FALSE(listener.was_called());
    EXPECT_FALSE(std::filesystem::exists(folder / "written.db"));
    EXPECT_FALSE(std::filesystem::exists(folder / "st"));
    // A virtual raster of files that are there is read.
    write_text(folder / "plain.vrt", virtual_layer(here));
    EXPECT_EQ(findings_of("plain.vrt", folder.path()).find("file-unreadable"), std::string::npos);
}

/// One command that looks at all of a layer, one that takes it by the door, one for rasters.
std::vector<std::vector<std::string>> readers_of(const std::string& name) {
    std::vector<std::vector<std::string>> readers{{"check", "--json", name}};
    for (const char* crs : {"", " crs=EPSG:4490"})
        readers.push_back({"shelters", "evaluate", "--demand", name + crs, "--existing", name + crs,
                           "--distance", "1000", "--json"});
    return readers;
}

TEST(Hostile, AHundredLayersCanDoNothing) {
    const Folder folder;
    const Listener listener;
    const auto made = shell("python3 '" RISKMAP_SOURCE_DIR "/tests/tools/hostile_layers.py' . '" +
                                listener.address() + "'",
                            folder.path());
    ASSERT_EQ(made.status, 0) << made.error;
    const auto before = fingerprint(folder.path());
    int count = 0;
    for (const auto& line : split(made.out, '\n')) {
        const auto tab = line.find('\t');
        if (tab == std::string::npos)
            continue;
        const std::string name{line.substr(0, tab)};
        ++count;
        for (const auto& words : readers_of(name)) {
            const auto answer = sealed(words, folder.path());
            EXPECT_FALSE(answer.overstepped) << name << " by " << words[0];
            EXPECT_LE(answer.status, 2) << name << " by " << words[0] << answer.error;
            EXPECT_EQ(answer.error.find("bug"), std::string::npos) << name << answer.error;
            if (words[0] != "check")
                continue;
            const bool refused = answer.out.find("file-unreadable") != std::string::npos;
            EXPECT_EQ(refused, line.substr(tab + 1) == "refused") << name << answer.out;
        }
    }
    EXPECT_GE(count, 100);
    EXPECT_FALSE(listener.was_called());
    EXPECT_EQ(fingerprint(folder.path()), before);
    // The seal holds: what writes is killed, what only reads is not.
    write_text(folder / "plain.csv", "name,x,y\na,120.5,30\n");
    EXPECT_TRUE(sealed({"check", "plain.csv", "-o", "found"}, folder.path()).overstepped);
    EXPECT_FALSE(std::filesystem::exists(folder / "found/findings.csv"));
    EXPECT_FALSE(sealed({"check", "plain.csv"}, folder.path()).overstepped);
}

TEST(Hostile, PlacesThatNoMapHasAndNestingThatTakesParsersDown) {
    const Folder folder;
    for (const auto& [name, header] :
         {std::pair{"far.asc", "xllcorner 1e300\nyllcorner 0\ncellsize 10\n"},
          std::pair{"huge.asc", "xllcorner 0\nyllcorner 0\ncellsize 1e308\n"},
          std::pair{"tiny.asc", "xllcorner 0\nyllcorner 0\ncellsize 1e-300\n"}}) {
        write_text(folder / name, std::string{"ncols 2\nnrows 2\n"} + header + "1 2\n3 4\n");
        for (const std::string command : {"classify", "polygonise", "viewshed --at 0,0"}) {
            const auto answer = program(
                command + " '" + std::string{name} + " crs=EPSG:4549' -o o.gpkg", folder.path());
            EXPECT_TRUE(answer.status == 1 || answer.status == 2) << name << command;
            EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1)
                << answer.error;
        }
    }
    std::string dots = "a";
    for (int i = 0; i < 50000; ++i)
        dots += ".a";
    write_text(folder / "dots.toml", dots + " = 1\n");
    write_text(folder / "lists.toml", "a = " + std::string(50000, '[') + "\n");
    for (const std::string file : {"dots.toml", "lists.toml"}) {
        const auto answer = program("status " + file, folder.path());
        EXPECT_EQ(answer.status, 1) << file;
        EXPECT_EQ(std::count(answer.error.begin(), answer.error.end(), '\n'), 1) << answer.error;
    }
}

TEST(Hostile, NothingIsLeftBesideAGml) {
    const Folder folder;
    write_text(
        folder / "p.gml",
        R"(<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/")"
        R"( xmlns:gml="http://www.opengis.net/gml"><gml:featureMember><ogr:p fid="1">)"
        R"(<ogr:geometryProperty><gml:Point srsName="EPSG:4490"><gml:coordinates>120,30)"
        R"(</gml:coordinates></gml:Point></ogr:geometryProperty><ogr:name>x</ogr:name></ogr:p>)"
        R"(</gml:featureMember></ogr:FeatureCollection>)");
    EXPECT_EQ(program("check p.gml", folder.path()).status, 0);
    std::size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{folder.path()})
        ++files;
    EXPECT_EQ(files, 1U);
}

} // namespace
} // namespace riskmap::test
