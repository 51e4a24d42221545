// SPDX-License-Identifier: MIT
// What a layer is made of on the disk, beside what GDAL says of it.
#include <riskmap/geo/content.hpp>

#include <set>

#include <gdal.h>

#include <riskmap/vector/layer.hpp>

#include "../../libriskmap/geo/gdal.hpp"
#include "support.hpp"

namespace riskmap {
namespace {

namespace fs = std::filesystem;

std::set<std::string> names(const fs::path& path) {
    std::set<std::string> out;
    for (const auto& piece : pieces_of(path))
        out.insert(piece.filename().string());
    return out;
}

TEST(Content, HoldsAllFilesThatGdalReads) {
    const fs::path cases = fs::path{RISKMAP_SOURCE_DIR} / "tests/data/cases";
    std::size_t compared = 0;
    for (const auto& entry : fs::recursive_directory_iterator{cases}) {
        const auto extension = entry.path().extension().string();
        static const std::set<std::string> known{".tif",  ".shp", ".tab", ".bil", ".asc",
                                                 ".gpkg", ".img", ".vrt", ".adf"};
        if (!entry.is_regular_file() || !known.contains(extension))
            continue;
        gdal::Dataset dataset;
        try {
            dataset = gdal::open(entry.path(), GDAL_OF_RASTER | GDAL_OF_VECTOR);
        } catch (const Error&) {
            continue; // hostile ones
        }
        const gdal::List files{GDALGetFileList(dataset.get())};
        std::set<std::string> ours;
        for (const auto& piece : pieces_of(entry.path()))
            ours.insert(fs::weakly_canonical(piece).string());
        for (char** file = files.get(); file != nullptr && *file != nullptr; ++file)
            if (fs::is_regular_file(*file) && std::string_view{*file}.starts_with(cases.string())) {
                EXPECT_TRUE(ours.contains(fs::weakly_canonical(*file).string()))
                    << entry.path() << " is read from " << *file;
                ++compared;
            }
    }
    EXPECT_GT(compared, 10U);
}

TEST(Content, KnowsSidecarsLogsFoldersAndSources) {
    const test::Folder folder;
    for (const char* name :
         {"a.tab", "a.dat", "a.map", "a.id", "a.csv", "b.tif", "b.tif.aux.xml", "b.tif.ovr",
          "b.tfw", "bb.tif", "b.csv", "c.gpkg", "c.gpkg-wal", "c.gpkg-shm", "d.gpkg"})
        test::write_text(folder / name, "x");
    test::write_text(folder / "d.gpkg-wal", ""); // opened elsewhere, nothing committed
    EXPECT_EQ(names(folder / "a.tab"), (std::set<std::string>{"a.tab", "a.dat", "a.map", "a.id"}));
    EXPECT_EQ(names(folder / "b.tif"),
              (std::set<std::string>{"b.tif", "b.tif.aux.xml", "b.tif.ovr", "b.tfw"}));
    EXPECT_EQ(names(folder / "b.csv"), std::set<std::string>{"b.csv"});
    EXPECT_EQ(names(folder / "c.gpkg"), (std::set<std::string>{"c.gpkg", "c.gpkg-wal"}));
    EXPECT_EQ(names(folder / "d.gpkg"), std::set<std::string>{"d.gpkg"});
    fs::create_directories(folder / "x.gdb");
    test::write_text(folder / "x.gdb/a0001.gdbtable", "x");
    test::write_text(folder / "x.gdb/a0001.gdbtablx", "x");
    EXPECT_EQ(names(folder / "x.gdb"), (std::set<std::string>{"a0001.gdbtable", "a0001.gdbtablx"}));
    fs::create_directories(folder / "dem");
    fs::create_directories(folder / "info");
    test::write_text(folder / "dem/hdr.adf", "x");
    test::write_text(folder / "dem/w001001.adf", "x");
    test::write_text(folder / "info/arc.dir", "x");
    const std::set<std::string> grid{"hdr.adf", "w001001.adf", "arc.dir"};
    EXPECT_EQ(names(folder / "dem"), grid);
    EXPECT_EQ(names(folder / "dem/hdr.adf"), grid);
    test::write_text(folder / "outer.vrt",
                     "<VRTDataset><SourceFilename relativeToVRT=\"1\">inner.vrt</SourceFilename>"
                     "</VRTDataset>");
    test::write_text(folder / "inner.vrt",
                     "<VRTDataset><SourceFilename relativeToVRT=\"1\">b.tif</SourceFilename>"
                     "<SourceFilename relativeToVRT=\"1\">outer.vrt</SourceFilename></VRTDataset>");
    EXPECT_EQ(names(folder / "outer.vrt"),
              (std::set<std::string>{"outer.vrt", "inner.vrt", "b.tif", "b.tif.aux.xml",
                                     "b.tif.ovr", "b.tfw"}));
}

TEST(Content, TellsWhatIsNotTheSame) {
    const test::Folder folder;
    Fingerprints prints;
    test::write_text(folder / "a.tif", "one");
    const auto before = prints.of(folder / "a.tif");
    EXPECT_EQ(before.begin()->second,
              "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"); // sha256sum
    EXPECT_EQ(difference(before, prints.of(folder / "a.tif")), "");
    test::write_text(folder / "a.tif", "two"); // of the same size
    EXPECT_EQ(difference(before, prints.of(folder / "a.tif")), "a.tif changed");
    test::write_text(folder / "a.tif", "one");
    EXPECT_EQ(difference(before, prints.of(folder / "a.tif")), "");
    test::write_text(folder / "a.prj", "x");
    EXPECT_EQ(difference(before, prints.of(folder / "a.tif")), "a.prj is new");
    const auto with = prints.of(folder / "a.tif");
    fs::remove(folder / "a.prj");
    EXPECT_EQ(difference(with, prints.of(folder / "a.tif")), "a.prj is gone");
    fs::remove(folder / "a.tif");
    EXPECT_EQ(difference(before, prints.of(folder / "a.tif")), "a.tif is gone");
}

} // namespace
} // namespace riskmap
