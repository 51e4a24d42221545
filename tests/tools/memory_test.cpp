// SPDX-License-Identifier: MIT
// Peak memory of each command on rasters that do not fit into its budget. What
// tests/bench/memory.py shows for 100,000 x 100,000 cells is held here for 20,000 x 20,000.
#include <riskmap/raster/writer.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <riskmap/core/text.hpp>

#include "program.hpp"

namespace riskmap::test {
namespace {

constexpr std::int64_t side = 20'000; // 3.2 GB as doubles
constexpr double budget_megabytes = 100;
constexpr double slack_megabytes = 300;

/// Mostly without data, so that it is quickly made: some tiles stand in it.
void write_vast(const std::filesystem::path& file, raster::CellType type) {
    const Grid whole = grid(side, side, 5);
    raster::RasterSpec spec;
    spec.type = type;
    raster::Writer writer{file, whole, spec};
    std::vector<double> tile(512 * 512);
    for (int k = 0; k < 60; ++k) {
        for (std::size_t i = 0; i < tile.size(); ++i)
            tile[i] =
                static_cast<double>((i / 16 + i / 8192 * 3 + static_cast<std::size_t>(k)) % 5) + 1;
        writer.write({(k * 5 % 39) * 512, (k * 7 % 39) * 512, 512, 512}, tile);
    }
    writer.commit();
}

/// Runs the program; its exit status and peak memory in MB.
std::pair<int, double> peak_of(const std::string& arguments, const std::filesystem::path& folder) {
    const pid_t child = start_program(split(arguments, '|'), folder);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128,
            static_cast<double>(usage.ru_maxrss) / 1024};
}

TEST(Memory, OfEveryCommandIsBoundedByTheBudget) {
    if (sanitized())
        GTEST_SKIP() << "sanitizers take memory of their own";
    const Folder folder;
    write_vast(folder / "a.tif", raster::CellType::float32);
    write_vast(folder / "c.tif", raster::CellType::byte);
    std::filesystem::create_directories(folder / "run/area");
    std::filesystem::copy(folder / "c.tif", folder / "run/area/risk_level.tif");
    vector::Layer zones;
    zones.name = "z";
    zones.crs = grid(1, 1).crs;
    zones.fields = {{"id", vector::FieldType::text}};
    zones.features = {{{std::string{"all"}},
                       {{}, {}, rectangle(grid(side, side, 5), 0.5, 0.5, side - 0.5, side - 0.5)}}};
    vector::write_layer(folder / "z.gpkg", zones);
    for (const std::string command :
         {"composite|--layer|a.tif normalise=linear:0:5|--layer|c.tif normalise=linear:0:5|-o|i.tif"
          "|--levels|fixed:0.2,0.4,0.6|--levels-out|l.tif",
          "classify|a.tif|-o|k.tif",
          "zonal|a.tif|z.gpkg|--id|id|--stats|count,mean,stdev,median,majority|-o|z.csv",
          "polygonise|c.tif|--sieve|20|--simplify|1|-o|p.gpkg",
          "stack|--crs|EPSG:4549|--cell-size|7|--bbox|550000,3300000,650000,3400000|--layer|a.tif"
          "|-o|s",
          "export|run|--format|gtiff,png|--to|e", "map|a.tif|-o|m.png|-o|m.pdf|--style|surface"}) {
        const auto [status, peak] =
            peak_of(command + "|--memory|100M|--threads|2|-q", folder.path());
        EXPECT_EQ(status, 0) << command;
        EXPECT_LT(peak, budget_megabytes + slack_megabytes) << command;
        RecordProperty(std::string{command.substr(0, command.find('|'))}, static_cast<int>(peak));
    }
}

/// Rectangles with a code, a name and the code of what they lie in.
vector::Layer areas_of(const std::string& name, const Grid& g, int across, int down,
                       const std::string& parents) {
    vector::Layer layer;
    layer.name = name;
    layer.crs = g.crs;
    layer.fields = {{"code", vector::FieldType::text},
                    {"name", vector::FieldType::text},
                    {"county", vector::FieldType::text}};
    const double width = static_cast<double>(g.columns) / across;
    const double height = static_cast<double>(g.rows) / down;
    for (int i = 0; i < across; ++i)
        for (int j = 0; j < down; ++j) {
            const auto code = std::string{static_cast<char>('1' + i), static_cast<char>('1' + j)};
            const auto parent = parents.empty()
                                    ? std::string{"1"}
                                    : std::string{parents[static_cast<std::size_t>(i)]} + "1";
            layer.features.push_back(
                {{code, "unit " + code, parent},
                 {{}, {}, rectangle(g, i * width, j * height, (i + 1) * width, (j + 1) * height)}});
        }
    return layer;
}

TEST(Memory, OfARunWithItsAtlasIsBoundedByTheBudget) {
    if (sanitized())
        GTEST_SKIP() << "sanitizers take memory of their own";
    const Folder folder;
    const Grid g = grid(3000, 3000, 25); // 72 MB a raster as doubles, and a run has a dozen
    raster::RasterSpec spec;
    for (const char* name : {"depth.tif", "people.tif"}) {
        raster::Writer writer{folder / name, g, spec};
        std::vector<double> band(3000 * 500);
        for (std::int64_t top = 0; top < 3000; top += 500) {
            for (std::size_t i = 0; i < band.size(); ++i)
                band[i] = static_cast<double>((i % 3000 / 50 + i / 200000) % 7) * 0.5;
            writer.write({0, top, 3000, 500}, band);
        }
        writer.commit();
    }
    vector::write_layer(folder / "counties.gpkg", areas_of("counties", g, 2, 1, ""));
    vector::write_layer(folder / "townships.gpkg", areas_of("townships", g, 4, 4, "1122"));
    write_text(folder / "project.toml",
               "[project]\nid = \"vast\"\n[areas.city]\ncode = \"1\"\nname = \"city\"\n"
               "[areas.counties]\nfile = \"counties.gpkg\"\n[areas.townships]\n"
               "file = \"townships.gpkg\"\nparent_field = \"county\"\n"
               "[grid]\ncrs = \"EPSG:4549\"\ncell_size = 25\n[[hazard]]\nid = \"flood\"\n"
               "file = \"depth.tif\"\nnormalise = \"linear:0:3\"\n[[exposure]]\n"
               "id = \"people\"\nfile = \"people.tif\"\nkind = \"counts\"\npeople = true\n"
               "[check]\nbefore_run = false\n[atlas]\ndpi = 60\n");
    const auto [status, peak] =
        peak_of("run|project.toml|--memory|100M|--threads|2|-q", folder.path());
    EXPECT_EQ(status, 0);
    EXPECT_LT(peak, budget_megabytes + slack_megabytes);
    EXPECT_TRUE(std::filesystem::exists(folder / "out/atlas/report.pdf"));
    // The file is not at fault where the budget is.
    const auto check = shell(program_file() + " check depth.tif --memory 1M", folder.path());
    EXPECT_EQ(check.status, 1);
    EXPECT_NE(check.error.find("give --memory"), std::string::npos) << check.error;
    EXPECT_EQ(check.out.find("cannot be read"), std::string::npos) << check.out;
    // A budget that is too small for any work says how much would do.
    const auto [refused, ignored] =
        peak_of("run|project.toml|--memory|1M|--threads|2|-q|--force", folder.path());
    EXPECT_EQ(refused, 1);
}

} // namespace
} // namespace riskmap::test
