// SPDX-License-Identifier: MIT
// riskmap within a program that has a GDAL of its own: nothing of it changes.
#include <cpl_conv.h>
#include <gdal.h>

#include <riskmap/raster/source.hpp>

#include "support.hpp"

namespace riskmap {
namespace {

std::vector<std::string> drivers() {
    std::vector<std::string> names;
    for (int i = 0; i < GDALGetDriverCount(); ++i)
        names.emplace_back(GDALGetDriverShortName(GDALGetDriver(i)));
    return names;
}

TEST(Host, KeepsItsDriversAndSettings) {
    const test::Folder folder;
    GDALAllRegister();
    const auto before = drivers();
    EXPECT_GT(before.size(), 60U); // those that riskmap does not read among them
    CPLSetConfigOption("OGR_CURRENT_DATE", "2011-11-11T00:00:00.000Z");
    CPLSetThreadLocalConfigOption("GDAL_VRT_ENABLE_PYTHON", "YES");
    const auto cache = GDALGetCacheMax64();
    vector::Layer layer{"p", Crs::parse("EPSG:4490"), {{"name", vector::FieldType::text}}, {}};
    layer.features.push_back({{std::string{"a"}}, {{{120, 30}}, {}, {}}});
    vector::write_layer(folder / "p.gpkg", layer);
    EXPECT_EQ(vector::read_layer(folder / "p.gpkg", "p").features.size(), 1U);
    test::write_raster(folder / "r.tif", *test::ascii(2, "1 2 3 4"));
    EXPECT_EQ(raster::Reader{folder / "r.tif"}.grid().columns, 2);
    test::write_text(folder / "map.pdf", "%PDF-1.4\n");
    test::expect_error(ErrorKind::input, "PDF", [&] { raster::Reader{folder / "map.pdf"}; });
    EXPECT_EQ(drivers(), before);
    EXPECT_EQ(GDALGetCacheMax64(), cache);
    EXPECT_STREQ(CPLGetConfigOption("OGR_CURRENT_DATE", ""), "2011-11-11T00:00:00.000Z");
    EXPECT_STREQ(CPLGetThreadLocalConfigOption("GDAL_VRT_ENABLE_PYTHON", ""), "YES");
    EXPECT_EQ(CPLGetThreadLocalConfigOption("CPL_VSIL_CURL_ALLOWED_FILENAME", nullptr), nullptr);
    // What riskmap writes bears its own date all the same.
    EXPECT_EQ(test::read_text(folder / "p.gpkg").find("2011-11-11"), std::string::npos);
    CPLSetConfigOption("OGR_CURRENT_DATE", nullptr);
    CPLSetThreadLocalConfigOption("GDAL_VRT_ENABLE_PYTHON", nullptr);
}

} // namespace
} // namespace riskmap
