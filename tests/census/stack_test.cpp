// SPDX-License-Identifier: MIT
#include <riskmap/census/stack.hpp>

#include <numeric>

#include "support.hpp"

namespace riskmap::census {
namespace {

double total(const raster::Source& source) {
    double sum = 0;
    for (const double v : source.read(source.grid().window()))
        sum += std::isnan(v) ? 0 : v;
    return sum;
}

TEST(Stack, ParsesALayer) {
    std::string name;
    const auto layer =
        StackLayer::parse("a b.gpkg:roads measure=length where-nodata=0 name=r", &name);
    EXPECT_EQ(layer.file, "a b.gpkg");
    EXPECT_EQ(layer.layer, "roads");
    EXPECT_EQ(layer.measure, "length");
    EXPECT_EQ(layer.where_nodata, 0);
    EXPECT_EQ(name, "r");
    EXPECT_TRUE(layer.is_vector());
    test::expect_error(ErrorKind::usage, "did you mean 'kind='",
                       [] { (void)StackLayer::parse("x.tif kid=counts"); });
}

TEST(Stack, ClassesBecomeSquareMetres) {
    spec::Door door;
    const test::Folder folder;
    test::write_raster(folder / "cover.tif", *test::ascii(4, "20 20 30 30\n20 30 30 .\n", 50),
                       raster::CellType::byte);
    StackLayer layer;
    layer.file = folder / "cover.tif";
    layer.classes = {20};
    const auto out = stacked(layer, test::grid(2, 1, 100), 0.5, door, {.threads = 1});
    const auto cells = out.cells->read({0, 0, 2, 1});
    EXPECT_NEAR(cells[0], 7500, 1);
    EXPECT_EQ(cells[1], 0);
    EXPECT_EQ(out.kind, raster::Kind::counts);
}

TEST(Stack, KeepsCountsThroughAnotherCrs) {
    spec::Door door;
    const test::Folder folder;
    Grid degrees;
    degrees.crs = Crs::parse("EPSG:4490");
    degrees.left = 120.52;
    degrees.top = 29.84;
    degrees.cell_width = degrees.cell_height = 1.0 / 120;
    degrees.columns = degrees.rows = 6;
    std::vector<double> people(36);
    std::iota(people.begin(), people.end(), 1.0);
    test::write_raster(folder / "people.tif", raster::InMemory{degrees, people});
    StackLayer layer;
    layer.file = folder / "people.tif";
    layer.kind = raster::Kind::counts;
    Grid grid = Grid::covering(Crs::parse("EPSG:4549"), {548000, 3290000, 562000, 3305000}, 60);
    const auto out = stacked(layer, grid, 0.5, door, {.threads = 2});
    EXPECT_NEAR(total(*out.cells) / 666, 1, 1e-9);
    EXPECT_EQ(out.plan.crs, "EPSG:4490");
}

TEST(Stack, RefusesWhatDoesNotFit) {
    spec::Door door;
    const test::Folder folder;
    auto away = test::grid(2, 2, 100);
    away.left = 200000;
    test::write_raster(folder / "away.tif", raster::InMemory{away, {1, 2, 3, 4}});
    StackLayer layer;
    layer.file = folder / "away.tif";
    test::expect_error(ErrorKind::input, "does not overlap",
                       [&] { (void)stacked(layer, test::grid(2, 2, 100), 0.5, door, {}); });
    auto half = test::grid(4, 4, 100);
    half.left += 50;
    test::write_raster(folder / "half.tif", raster::InMemory{half, std::vector<double>(16, 1)});
    layer.file = folder / "half.tif";
    test::expect_error(ErrorKind::input, "half a cell",
                       [&] { (void)stacked(layer, test::grid(4, 4, 100), 0.5, door, {}); });
    layer.kind = raster::Kind::continuous; // said on purpose
    EXPECT_NO_THROW((void)stacked(layer, test::grid(4, 4, 100), 0.5, door, {}));
}

TEST(Stack, TakesNodataForAValueOnlyWhenTold) {
    spec::Door door;
    const test::Folder folder;
    test::write_raster(folder / "a.tif", *test::ascii(2, "1 . . 4"));
    StackLayer layer;
    layer.file = folder / "a.tif";
    EXPECT_TRUE(
        std::isnan(stacked(layer, test::grid(2, 2), 0.5, door, {}).cells->read({1, 0, 1, 1})[0]));
    layer.where_nodata = 0;
    const auto out = stacked(layer, test::grid(2, 2), 0.5, door, {});
    EXPECT_EQ(out.cells->read({1, 0, 1, 1})[0], 0);
    EXPECT_EQ(out.plan.remarks.at(0), "nodata taken as 0");
}

TEST(Stack, TellsTheShareWithoutData) {
    const test::Folder folder;
    test::write_raster(folder / "a.tif", *test::ascii(4, "1 . 3 4 . . 7 8", 100));
    StackLayer layer;
    layer.file = folder / "a.tif";
    EXPECT_NEAR(share_without_data(layer, test::grid(4, 2, 100), {}), 3.0 / 8, 1e-12);
    layer.file = folder / "a.gpkg";
    EXPECT_TRUE(std::isnan(share_without_data(layer, test::grid(4, 2, 100), {})));
}

TEST(Stack, MeasuresVectors) {
    spec::Door door;
    const test::Folder folder;
    const auto g = test::grid(2, 1, 1000);
    vector::Layer quakes;
    quakes.name = "quakes";
    quakes.crs = g.crs;
    quakes.fields = {{"pga", vector::FieldType::text}}; // a number as text
    quakes.features = {{{std::string{"0.1"}}, {{}, {}, test::rectangle(g, 0, 0, 1, 1)}},
                       {{std::string{"0.2"}}, {{}, {}, test::rectangle(g, 1, 0, 2, 1)}}};
    vector::write_layer(folder / "q.gpkg", quakes);
    StackLayer layer;
    layer.file = folder / "q.gpkg";
    layer.field = "pga";
    const auto out = stacked(layer, g, 0.5, door, {});
    EXPECT_EQ(out.kind, raster::Kind::continuous);
    EXPECT_NEAR(out.cells->read(g.window())[1], 0.2, 1e-12);
    layer.field.clear();
    EXPECT_NEAR(total(*stacked(layer, g, 0.5, door, {}).cells), 2e6, 200);
    layer.measure = "length";
    test::expect_error(ErrorKind::input, "needs lines",
                       [&] { (void)stacked(layer, g, 0.5, door, {}); });
}

} // namespace
} // namespace riskmap::census
