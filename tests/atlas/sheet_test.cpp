// SPDX-License-Identifier: MIT
#include <cmath>
#include <regex>

#include <riskmap/atlas/labels.hpp>
#include <riskmap/atlas/plain_map.hpp>
#include <riskmap/atlas/sheet.hpp>
#include <riskmap/geo/length.hpp>

#include "picture.hpp"
#include "support.hpp"
#include "tools/program.hpp"

namespace riskmap::atlas {
namespace {

namespace fs = std::filesystem;

bool overlap(const Box& a, const Box& b) {
    return a.left < b.right && b.left < a.right && a.bottom < b.top && b.bottom < a.top;
}

void expect_apart(const SheetPlan& plan) {
    std::vector<Box> boxes = plan.furniture;
    for (const auto& [name, box] : plan.labels) {
        EXPECT_GE(box.left, plan.frame.left) << name;
        EXPECT_LE(box.right, plan.frame.right) << name;
        EXPECT_GE(box.bottom, plan.frame.bottom) << name;
        EXPECT_LE(box.top, plan.frame.top) << name;
        boxes.push_back(box);
    }
    for (std::size_t i = 0; i < boxes.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            EXPECT_FALSE(overlap(boxes[i], boxes[k])) << i << " " << k;
}

/// A city of two halves, levels 1 and 5, 40 x 30 km.
Sheet small_sheet(Language language = Language::zh) {
    const auto grid = test::grid(40, 30, 1000);
    std::vector<double> values;
    for (int r = 0; r < 30; ++r)
        for (int c = 0; c < 40; ++c)
            values.push_back(c < 20 ? 1 : 5);
    Sheet sheet;
    sheet.crs = grid.crs;
    sheet.area = grid.extent();
    sheet.title = "小城自然灾害综合风险等级图";
    sheet.subtitle = "small city";
    sheet.status = "模拟数据";
    sheet.secrecy = "内部";
    sheet.notes = {{"坐标系", grid.crs.title()}, {"编制日期", "2026-11"}};
    sheet.language = language;
    const auto& risk = style("risk");
    sheet.cells =
        CellFill{std::make_shared<raster::InMemory>(grid, values), class_entries(risk, language)};
    Legend legend;
    legend.title = "风险等级";
    legend.columns = {"面积 km²", "人口"};
    for (const auto& c : risk.classes) {
        LegendRow row;
        row.fill = c.colour;
        row.words = c.words.in(language);
        row.figures = {c.value == 1 || c.value == 5 ? "600" : "0", "1,234"};
        legend.rows.push_back(row);
    }
    sheet.legends.push_back(legend);
    sheet.symbols.push_back(
        {symbol("border_county"),
         {},
         {},
         {},
         {test::rectangle(grid, 0, 0, 20, 30), test::rectangle(grid, 20, 0, 40, 30)}});
    sheet.names = {{"诸暨市", grid.from_cells({10, 15}), 1},
                   {"东县", grid.from_cells({30, 15}), 1}};
    return sheet;
}

/// What is drawn at a place of the map.
Colour pixel_at(const test::Picture& picture, const SheetPlan& plan, Point place, double dpi) {
    const double share_x = (place.x - plan.extent.left) / (plan.extent.right - plan.extent.left);
    const double share_y = (plan.extent.top - place.y) / (plan.extent.top - plan.extent.bottom);
    const double x = plan.frame.left + share_x * (plan.frame.right - plan.frame.left);
    const double y = plan.frame.bottom + share_y * (plan.frame.top - plan.frame.bottom);
    return picture.at(static_cast<int>(x / 25.4 * dpi), static_cast<int>(y / 25.4 * dpi));
}

TEST(Labels, DoNotOverlapAndStayInside) {
    std::vector<LabelWish> wishes;
    for (int i = 0; i < 400; ++i)
        wishes.push_back({{5.0 + i * 37 % 190, 5.0 + i * 53 % 140},
                          12.0 + i % 7,
                          3,
                          i % 5,
                          i % 3 == 0 ? 1.0 : 0.0});
    const Box frame{0, 0, 200, 150};
    const std::vector<Box> taken{{0, 0, 40, 20}};
    auto boxes = place_labels(wishes, frame, taken);
    ASSERT_EQ(boxes.size(), wishes.size());
    std::size_t placed = 0;
    boxes.push_back(taken[0]);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (boxes[i].empty())
            continue;
        ++placed;
        EXPECT_TRUE(boxes[i].left >= 0 && boxes[i].right <= 200 && boxes[i].bottom >= 0 &&
                    boxes[i].top <= 150);
        for (std::size_t k = 0; k < i; ++k)
            EXPECT_FALSE(!boxes[k].empty() && overlap(boxes[i], boxes[k]));
    }
    EXPECT_GT(placed, 100U);
}

TEST(Labels, RankDecidesWhoGetsTheRoom) {
    const std::vector<LabelWish> wishes{{{50, 50}, 20, 4, 2, 0}, {{50, 50}, 20, 4, 0, 0}};
    const auto boxes = place_labels(wishes, {0, 0, 100, 100});
    EXPECT_EQ(boxes[1].middle(), (Point{50, 50}));
    EXPECT_FALSE(boxes[0].middle() == (Point{50, 50}));
    const auto none = place_labels(wishes, {0, 0, 10, 10});
    EXPECT_TRUE(none[0].empty() && none[1].empty());
}

TEST(Sheet, ScaleBarIsAsLongAsItSays) {
    const auto sheet = small_sheet();
    for (const char* paper_name : {"A4", "A3", "A2", "A1", "A0"}) {
        const auto plan = plan_sheet(sheet, {paper_name, 100});
        // The extent of the frame on the ground, by geodesics, over its length on paper.
        const TrueLengths length{sheet.crs};
        const auto middle = plan.extent.middle();
        const double ground =
            length({plan.extent.left, middle.y}, {plan.extent.right, middle.y}) * 1000;
        const double paper_mm = plan.frame.right - plan.frame.left;
        EXPECT_NEAR(ground / paper_mm / plan.scale, 1, 2e-4) << paper_name;
        EXPECT_NEAR(plan.bar_ground * 1000 / plan.bar_length / plan.scale, 1, 1e-9);
        EXPECT_GT(plan.bar_length, 15);
    }
}

TEST(Sheet, ScaleIsTrueWhereTheProjectionStretches) {
    // At 60 degrees Web Mercator is twice as long as the ground.
    auto sheet = small_sheet();
    sheet.crs = Crs::parse("EPSG:3857");
    const auto middle = CrsTransform{Crs::wgs84(), sheet.crs}.apply(Point{120, 60});
    sheet.area = {middle.x - 40000, middle.y - 30000, middle.x + 40000, middle.y + 30000};
    sheet.cells.reset();
    sheet.symbols.clear();
    sheet.names.clear();
    const auto plan = plan_sheet(sheet, {"A4", 100});
    const TrueLengths length{sheet.crs};
    const auto at = plan.extent.middle();
    const double ground = length({at.x - 1000, at.y}, {at.x + 1000, at.y}) * 1000;
    const double on_paper =
        2000 / (plan.extent.right - plan.extent.left) * (plan.frame.right - plan.frame.left);
    EXPECT_NEAR(ground / on_paper / plan.scale, 1, 2e-3);
    EXPECT_NEAR(ground / 2e6, 0.5, 0.01);
}

TEST(Sheet, ScaleBarSaysHowLongItIs) {
    const test::Folder folder;
    for (const double width : {300.0, 2000.0, 40000.0, 900000.0}) {
        auto sheet = small_sheet();
        sheet.area = {550000, 3300000, 550000 + width, 3300000 + width * 0.7};
        sheet.cells.reset();
        sheet.names.clear();
        const auto plan = write_sheet(sheet, {"A4", 50}, {folder / "a.pdf"}, {});
        const auto text = test::shell("pdftotext a.pdf -", folder.path()).out;
        std::ostringstream label;
        if (plan.bar_ground >= 1000)
            label << plan.bar_ground / 1000 << " km";
        else
            label << plan.bar_ground << " m";
        EXPECT_NE(("\n" + text).find("\n" + label.str() + "\n"), std::string::npos)
            << label.str() << "\n"
            << text;
        EXPECT_GT(plan.bar_ground, width / 20);
        EXPECT_LT(plan.bar_ground, width);
    }
}

TEST(Sheet, TheArrowPointsNorth) {
    const test::Folder folder;
    const auto polar = Crs::parse("EPSG:3413"); // north is towards the pole, whichever way that is
    const CrsTransform to_map{Crs::wgs84(), polar};
    constexpr int dpi = 300;
    for (const double longitude : {-45.0, -5.0, 20.0, -100.0}) {
        auto sheet = small_sheet();
        sheet.crs = polar;
        const auto place = to_map.apply(Point{longitude, 75});
        sheet.area = {place.x - 2000, place.y - 1500, place.x + 2000, place.y + 1500};
        sheet.cells.reset();
        sheet.symbols.clear();
        sheet.names.clear();
        const auto plan = write_sheet(sheet, {"A4", dpi}, {folder / "a.png"}, {});
        const auto picture = test::read_png(folder / "a.png");
        // The arrow is the piece of furniture at the right; below its letter are the tip and tail.
        const auto arrow =
            *std::max_element(plan.furniture.begin(), plan.furniture.end(),
                              [](const Box& a, const Box& b) { return a.right < b.right; });
        const auto pixel = [](double mm) { return static_cast<int>(mm / 25.4 * dpi); };
        const Point middle{(arrow.left + arrow.right) / 2,
                           arrow.bottom + (arrow.top - arrow.bottom) * 0.62};
        // The two halves of it meet in a line from tip to tail: its black half lies left of the
        // way north. The sum of what is dark, seen from the middle, points there.
        double dark_x = 0, dark_y = 0, grey_x = 0, grey_y = 0;
        for (int y = pixel(middle.y - 4.5); y < pixel(middle.y + 4.5); ++y)
            for (int x = pixel(middle.x - 4.5); x < pixel(middle.x + 4.5); ++x) {
                const auto c = picture.at(x, y);
                const double dx = x - middle.x / 25.4 * dpi;
                const double dy = y - middle.y / 25.4 * dpi;
                if (std::hypot(dx, dy) > 4.2 / 25.4 * dpi || dy < -3.6 / 25.4 * dpi)
                    continue; // the letter
                if (c.red < 60 && c.blue < 60) {
                    dark_x += dx;
                    dark_y += dy;
                } else if (c.red < 160 && c.red == c.blue) {
                    grey_x += dx;
                    grey_y += dy;
                }
            }
        // From the grey half to the black one is west.
        const double west_x = dark_x - grey_x;
        const double west_y = dark_y - grey_y;
        const auto north = to_map.apply(Point{longitude, 75.01});
        const Point way{north.x - place.x, -(north.y - place.y)}; // on paper y goes down
        const Point west{way.y, -way.x};
        const double cosine = (west_x * west.x + west_y * west.y) / std::hypot(west_x, west_y) /
                              std::hypot(west.x, west.y);
        EXPECT_GT(cosine, 0.97) << longitude;
    }
}

TEST(Sheet, CellsBeyondTheLastClassAreItsColourOnlyIfClassesAreOpenEnded) {
    const test::Folder folder;
    const auto grid = test::grid(4, 1, 10000);
    Sheet sheet = small_sheet();
    sheet.area = grid.extent();
    sheet.symbols.clear();
    sheet.names.clear();
    sheet.cells =
        CellFill{std::make_shared<raster::InMemory>(grid, std::vector<double>{1, 4, 9, test::none}),
                 class_entries(style("seen_by"), Language::zh)};
    for (const bool open_ended : {true, false}) {
        sheet.cells->open_ended = open_ended;
        const auto plan = write_sheet(sheet, {"A4", 60}, {folder / "a.png"}, {});
        const auto picture = test::read_png(folder / "a.png");
        const auto colour = [&](double column) {
            const auto p = grid.from_cells({column + 0.3, 0.3});
            return hex(pixel_at(picture, plan, p, 60));
        };
        EXPECT_EQ(colour(0), hex(style("seen_by").at(1).colour));
        EXPECT_EQ(colour(1), hex(style("seen_by").at(4).colour));
        EXPECT_EQ(colour(2) == hex(style("seen_by").at(4).colour), open_ended);
        EXPECT_NE(colour(3), hex(style("seen_by").at(4).colour));
    }
}

TEST(Sheet, PaperIsTurnedToTheShapeOfTheArea) {
    const auto shaped = [](double width, double height) {
        auto sheet = small_sheet();
        sheet.area = {550000, 3300000, 550000 + width, 3300000 + height};
        return plan_sheet(sheet, {"A4", 100});
    };
    EXPECT_TRUE(shaped(100000, 10000).landscape);
    EXPECT_FALSE(shaped(10000, 100000).landscape);
    for (const auto& plan : {shaped(50000, 50000), shaped(100000, 10000), shaped(10000, 100000),
                             shaped(1, 1), shaped(0, 0)}) {
        EXPECT_GE(plan.extent.right - plan.extent.left, 1);
        EXPECT_GE(plan.scale, 100);
    }
    test::expect_error(ErrorKind::usage, "A4", [] {
        (void)plan_sheet(small_sheet(), {"A9", 100});
    });
    test::expect_error(ErrorKind::input, "is empty", [] {
        auto sheet = small_sheet();
        sheet.area = {};
        (void)plan_sheet(sheet, {});
    });
    test::expect_error(ErrorKind::input, "no coordinate system", [] {
        auto sheet = small_sheet();
        sheet.crs = {};
        (void)plan_sheet(sheet, {});
    });
}

TEST(Sheet, ColoursOnTheMapAreThoseOfTheStyle) {
    const test::Folder folder;
    const auto sheet = small_sheet();
    const PageOptions page{"A4", 100};
    const auto plan = write_sheet(sheet, page, {folder / "map.png"}, {});
    const auto picture = test::read_png(folder / "map.png");
    EXPECT_EQ(picture.columns, static_cast<int>(std::lround(plan.width / 25.4 * 100)));
    const auto grid = test::grid(40, 30, 1000);
    for (const int row : {5, 11, 23}) {
        const auto low = grid.from_cells({4.5, row + 0.5});
        const auto high = grid.from_cells({35.5, row + 0.5});
        EXPECT_EQ(hex(pixel_at(picture, plan, low, 100)), hex(style("risk").at(1).colour));
        EXPECT_EQ(hex(pixel_at(picture, plan, high, 100)), hex(style("risk").at(5).colour));
    }
}

TEST(Sheet, FlatGroundKeepsItsColoursUnderTheShade) {
    const test::Folder folder;
    auto sheet = small_sheet();
    const auto grid = test::grid(40, 30, 1000);
    sheet.heights = std::make_shared<raster::InMemory>(grid, std::vector<double>(1200, 500));
    (void)write_sheet(sheet, {"A4", 100}, {folder / "flat.png"}, {});
    sheet.heights.reset();
    (void)write_sheet(sheet, {"A4", 100}, {folder / "none.png"}, {});
    EXPECT_EQ(
        test::difference(test::read_png(folder / "flat.png"), test::read_png(folder / "none.png")),
        0);
    std::vector<double> slope;
    for (int r = 0; r < 30; ++r)
        for (int c = 0; c < 40; ++c)
            slope.push_back(c * -2000.0); // falls to the east: away from the light
    sheet.heights = std::make_shared<raster::InMemory>(grid, slope);
    (void)write_sheet(sheet, {"A4", 100}, {folder / "slope.png"}, {});
    EXPECT_GT(
        test::difference(test::read_png(folder / "slope.png"), test::read_png(folder / "none.png")),
        0.1);
}

/// Sheets beside pictures of them that were looked at. RISKMAP_WRITE_GOLDEN=1 writes them anew.
void expect_golden(const Sheet& sheet, const std::string& name) {
    const test::Folder folder;
    (void)write_sheet(sheet, {"A4", 60}, {folder / "map.png"}, {});
    const auto golden = fs::path{RISKMAP_SOURCE_DIR} / "tests/atlas/golden" / (name + ".png");
    if (std::getenv("RISKMAP_WRITE_GOLDEN") != nullptr)
        fs::copy_file(folder / "map.png", golden, fs::copy_options::overwrite_existing);
    EXPECT_LT(test::difference(test::read_png(folder / "map.png"), test::read_png(golden)), 0.004)
        << name;
}

TEST(Sheet, LooksAsItDid) {
    expect_golden(small_sheet(), "levels");
    auto upright = small_sheet(Language::en);
    upright.area = {550000, 3300000, 560000, 3330000};
    upright.title = "A long and narrow area";
    const auto grid = test::grid(40, 30, 1000);
    upright.neighbours = {{"Neighbour", test::rectangle(grid, -40, 0, 0, 30)}};
    upright.symbols.push_back(
        {symbol("shelter_new"), {grid.from_cells({3, 5}), grid.from_cells({6, 20})}, {"1", "2"}});
    Legend ramp;
    ramp.title = "Risk index";
    ramp.ramp = &style("surface");
    ramp.high = 0.25;
    upright.legends.push_back(ramp);
    expect_golden(upright, "upright");
}

TEST(Sheet, TextOfPdfIsFoundAndBytesRepeat) {
    const test::Folder folder;
    const auto sheet = small_sheet();
    for (const char* format : {"pdf", "svg", "png"}) {
        const auto a = folder / (std::string{"a."} + format);
        const auto b = folder / (std::string{"b."} + format);
        Execution one;
        one.threads = 1;
        Execution four;
        four.threads = 4;
        (void)write_sheet(sheet, {"A4", 80}, {a}, one);
        (void)write_sheet(sheet, {"A3", 50}, {folder / (std::string{"x."} + format)}, one);
        (void)write_sheet(sheet, {"A4", 80}, {b}, four);
        EXPECT_EQ(test::read_text(a), test::read_text(b)) << format;
    }
    const auto bytes = test::read_text(folder / "a.pdf");
    EXPECT_EQ(bytes.find("CreationDate"), std::string::npos);
    const auto text = test::shell("pdftotext a.pdf -", folder.path());
    ASSERT_EQ(text.status, 0) << text.error;
    for (const char* words : {"小城自然灾害综合风险等级图", "诸暨市", "东县", "风险等级", "中高",
                              "模拟数据", "内部", "1:", "120°", "CGCS2000", "2026-11"})
        EXPECT_NE(text.out.find(words), std::string::npos) << words << "\n" << text.out;
    EXPECT_TRUE(std::regex_search(text.out, std::regex{"120°[0-9′]*E"})) << text.out;
    EXPECT_TRUE(std::regex_search(text.out, std::regex{"(29|30)°[0-9′]*N"})) << text.out;
    EXPECT_FALSE(std::regex_search(text.out, std::regex{"120°[0-9′]*N"})) << text.out;
    const auto fonts = test::shell("pdffonts a.pdf", folder.path());
    std::istringstream lines{fonts.out};
    int count = 0;
    for (std::string line; std::getline(lines, line);)
        if (line.find("Noto") != std::string::npos) {
            EXPECT_NE(line.find("yes yes yes"), std::string::npos) << line; // embedded, subset
            ++count;
        }
    EXPECT_GE(count, 1) << fonts.out;
    const auto info = test::shell("pdfinfo a.pdf", folder.path());
    EXPECT_NE(info.out.find("841.89 x 595.276"), std::string::npos) << info.out;
}

TEST(Sheet, BearsWhateverIsWrittenInNames) {
    const test::Folder folder;
    auto sheet = small_sheet();
    std::string longest;
    for (int i = 0; i < 200; ++i)
        longest += "很长";
    const auto place = sheet.area.middle();
    sheet.title = longest + "图";
    sheet.subtitle = longest;
    sheet.legends[0].rows[0].words = longest;
    sheet.notes.emplace_back("x", longest + "\n" + longest);
    sheet.names = {{longest, place, 1},
                   {"القدس הר הבית", {place.x, place.y + 4000}, 1},
                   {"🌊🔥 Ω é", {place.x, place.y - 4000}, 2},
                   {std::string{"\xff\xfe bad"}, {place.x - 9000, place.y}, 2},
                   {"", {place.x + 9000, place.y}, 2},
                   {"<b>&amp;\"'", {place.x + 9000, place.y - 3000}, 2}};
    for (int i = 0; i < 80; ++i) { // more rows than the panel has room for
        LegendRow row;
        row.words = "第" + std::to_string(i) + "区";
        row.fill = Colour{1, 2, 3};
        sheet.legends[0].rows.push_back(row);
    }
    const auto plan =
        write_sheet(sheet, {"A4", 60}, {folder / "a.png", folder / "a.pdf", folder / "a.svg"}, {});
    expect_apart(plan);
    EXPECT_GE(plan.labels.size(), 4U);
    for (const char* name : {"a.png", "a.pdf", "a.svg"})
        EXPECT_GT(fs::file_size(folder / name), 2000U);
    const auto svg = test::read_text(folder / "a.svg");
    EXPECT_EQ(svg.find("<b>"), std::string::npos);
}

TEST(Sheet, RefusesPagesTooLargeForPixels) {
    const test::Folder folder;
    test::expect_error(ErrorKind::input, "smaller --dpi", [&] {
        (void)write_sheet(small_sheet(), {"A0", 1200}, {folder / "a.png"}, {});
    });
    test::expect_error(ErrorKind::usage, ".png, .pdf or .svg", [&] {
        (void)write_sheet(small_sheet(), {"A4", 100}, {folder / "a.bmp"}, {});
    });
    EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(PlainMap, DrawsARasterWithTrueAreas) {
    spec::Door door;
    const test::Folder folder;
    raster::RasterSpec spec;
    spec.type = raster::CellType::byte;
    spec.classes = class_entries(style("risk"), Language::en);
    const auto grid = test::grid(4, 2, 1000);
    raster::Writer writer{folder / "levels.tif", grid, spec};
    writer.write(grid.window(), std::vector<double>{1, 1, 1, 5, 1, 1, test::none, 5});
    writer.commit();
    PlainMap map;
    map.source.file = folder / "levels.tif";
    const auto sheet = plain_sheet(map, door, {});
    ASSERT_EQ(sheet.legends.size(), 1U);
    ASSERT_EQ(sheet.legends[0].rows.size(), 5U); // levels without cells stay
    EXPECT_EQ(sheet.legends[0].rows[0].words, "high");
    EXPECT_EQ(sheet.legends[0].rows[0].figures[0], "2.0");
    EXPECT_EQ(sheet.legends[0].rows[1].figures[0], "0.0");
    EXPECT_EQ(sheet.legends[0].rows[4].figures[0], "5.0");
    map.style = "symbols";
    test::expect_error(ErrorKind::usage, "riskmap styles",
                       [&] { (void)plain_sheet(map, door, {}); });
}

TEST(PlainMap, TakesDegreesOneCellAndLayers) {
    spec::Door door;
    const test::Folder folder;
    Grid grid;
    grid.crs = Crs::parse("EPSG:4490");
    grid.left = 120;
    grid.top = 30;
    grid.cell_width = grid.cell_height = 0.01;
    grid.columns = grid.rows = 1;
    test::write_raster(folder / "one.tif", raster::InMemory{grid, {0.5}});
    PlainMap map;
    map.source.file = folder / "one.tif";
    const auto one = plain_sheet(map, door, {});
    EXPECT_NE(one.crs, grid.crs); // metres, not degrees
    EXPECT_GT(plan_sheet(one, {}).scale, 1000);
    vector::Layer layer;
    layer.name = "units";
    layer.crs = grid.crs;
    layer.fields = {{"level", vector::FieldType::integer}, {"name", vector::FieldType::text}};
    layer.features = {{{std::int64_t{4}, std::string{"甲"}},
                       {{}, {}, {{{{120, 29}, {121, 29}, {121, 30}, {120, 30}}, {}}}}}};
    vector::write_layer(folder / "units.gpkg", layer);
    PlainMap units;
    units.source.file = folder / "units.gpkg";
    units.field = "level";
    units.name_field = "name";
    const auto sheet = plain_sheet(units, door, {});
    EXPECT_EQ(sheet.fills[0].colours[0], style("risk").at(4).colour);
    EXPECT_EQ(sheet.names[0].text, "甲");
    // One degree of latitude by one of longitude at 29.5 N: 10,730 km2 (GeographicLib).
    EXPECT_EQ(sheet.legends[0].rows[1].figures[0].substr(0, 4), "10,7");
    units.field = "levle";
    test::expect_error(ErrorKind::input, "did you mean 'level'",
                       [&] { (void)plain_sheet(units, door, {}); });
    layer.features[0].shape = {{{120, 29}}, {}, {}};
    vector::write_layer(folder / "points.gpkg", layer);
    PlainMap points;
    points.source.file = folder / "points.gpkg";
    EXPECT_EQ(plain_sheet(points, door, {}).symbols.back().places.size(), 1U);
    points.field = "level";
    test::expect_error(ErrorKind::input, "no polygons",
                       [&] { (void)plain_sheet(points, door, {}); });
    units.field = "level";
    units.name_field = "nme";
    test::expect_error(ErrorKind::input, "no field 'nme'",
                       [&] { (void)plain_sheet(units, door, {}); });
}

} // namespace
} // namespace riskmap::atlas
