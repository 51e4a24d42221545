// SPDX-License-Identifier: MIT
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>

#include <cerrno>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support.hpp"

namespace riskmap::raster {
namespace {

using test::none;

TEST(Files, KeepValuesNodataAndGrid) {
    const test::Folder folder;
    const auto source = test::ascii(3,
                                    "1.5 . 3\n"
                                    ". 0 -6\n",
                                    60);
    test::write_raster(folder / "a.tif", *source);
    const Reader reader{folder / "a.tif"};
    EXPECT_TRUE(reader.grid().matches(source->grid()));
    const auto values = reader.read(reader.grid().window());
    EXPECT_EQ(values[0], 1.5);
    EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[3]));
    EXPECT_EQ(values[4], 0); // zero is a value
    EXPECT_TRUE(reader.declares_nodata());
    EXPECT_EQ(reader.read({-1, -1, 2, 2})[3], 1.5); // beyond the grid is nodata
    EXPECT_TRUE(std::isnan(reader.read({-1, -1, 2, 2})[0]));
}

TEST(Files, ClassRastersCarryNamesAndColours) {
    const test::Folder folder;
    RasterSpec spec;
    spec.type = CellType::byte;
    spec.layout = Layout::cloud_optimized;
    spec.metadata = {{"product", "风险"}};
    spec.classes = {{1, "低", 1, 2, 3}, {2, "高", 200, 100, 50}};
    const auto source = test::ascii(2, "1 2 . 2");
    Writer writer{folder / "c.tif", source->grid(), spec};
    writer.write({0, 0, 2, 2}, source->read({0, 0, 2, 2}));
    writer.commit();
    const Reader reader{folder / "c.tif"};
    EXPECT_EQ(reader.metadata("product"), "风险"); // the copy to a COG keeps it
    ASSERT_GE(reader.categories().size(), 3U);
    EXPECT_EQ(reader.categories()[2], "高");
    EXPECT_TRUE(std::isnan(reader.read({0, 1, 1, 1})[0]));
}

TEST(Files, AnAbandonedWriterLeavesNothing) {
    const test::Folder folder;
    {
        const auto source = test::ascii(2, "1 2 3 4");
        Writer writer{folder / "a.tif", source->grid(), {}};
        writer.write({0, 0, 2, 2}, source->read({0, 0, 2, 2}));
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Files, BadOnesAreToldByName) {
    const test::Folder folder;
    test::expect_error(ErrorKind::input, "no such file", [&] { Reader{folder / "none.tif"}; });
    test::write_text(folder / "text.tif", "this is not a raster");
    test::expect_error(ErrorKind::input, "text.tif", [&] { Reader{folder / "text.tif"}; });
    test::expect_error(ErrorKind::input, "network", [&] { Reader{"/vsicurl/http://x/y.tif"}; });
    test::write_text(folder / "plain.asc",
                     "ncols 2\nnrows 1\nxllcorner 0\nyllcorner 0\ncellsize 1\n1 2\n");
    test::expect_error(ErrorKind::input, "no CRS", [&] { Reader{folder / "plain.asc"}; });
    test::write_raster(folder / "one.tif", *test::ascii(1, "1"));
    test::expect_error(ErrorKind::input, "not a band 2",
                       [&] { Reader(folder / "one.tif", {.band = 2}); });
    test::expect_error(ErrorKind::input, "cannot write", [&] {
        Writer{"/proc/nowhere/a.tif", test::grid(1, 1), {}};
    });
}

TEST(Files, ATruncatedFileNamesThePlace) {
    const test::Folder folder;
    std::vector<double> noise(600 * 600);
    for (std::size_t i = 0; i < noise.size(); ++i)
        noise[i] = static_cast<double>(i * 2654435761U % 1000003);
    test::write_raster(folder / "a.tif", InMemory{test::grid(600, 600), noise});
    const auto size = std::filesystem::file_size(folder / "a.tif");
    std::filesystem::resize_file(folder / "a.tif", size * 6 / 10);
    test::expect_error(ErrorKind::input, "a.tif", [&] {
        const Reader reader{folder / "a.tif"};
        (void)reader.read(reader.grid().window());
    });
}

TEST(Files, AVrtCannotReachTheNetwork) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(listen(listener, 4), 0);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    const test::Folder folder;
    test::write_text(
        folder / "net.vrt",
        "<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"><SRS>EPSG:4549</SRS>"
        "<GeoTransform>0,1,0,0,0,-1</GeoTransform><VRTRasterBand dataType=\"Byte\" band=\"1\">"
        "<SimpleSource><SourceFilename relativeToVRT=\"0\">/vsicurl/http://127.0.0.1:" +
            std::to_string(ntohs(address.sin_port)) +
            "/x.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
            "</VRTDataset>");
    test::expect_error(ErrorKind::input, "net.vrt", [&] {
        const Reader reader{folder / "net.vrt"};
        (void)reader.read(Window{0, 0, 1, 1});
    });
    EXPECT_EQ(accept(listener, nullptr, nullptr), -1); // nobody called
    EXPECT_EQ(errno, EAGAIN);
    close(listener);
}

TEST(Files, InfinityAndNanAreNodata) {
    const test::Folder folder;
    const double inf = std::numeric_limits<double>::infinity();
    test::write_raster(folder / "a.tif", InMemory{test::grid(4, 1), {1, inf, -inf, none}});
    const auto values = Reader{folder / "a.tif"}.read(Window{0, 0, 4, 1});
    EXPECT_EQ(values[0], 1);
    EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[2]) && std::isnan(values[3]));
}

} // namespace
} // namespace riskmap::raster
