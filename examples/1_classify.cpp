// SPDX-License-Identifier: MIT
// Cuts a raster into five levels by natural breaks: 1_classify IN.tif OUT.tif
#include <cstdio>

#include <riskmap/riskmap.hpp>

int main(int argc, char** argv) try {
    using namespace riskmap;
    if (argc != 3)
        throw Error{ErrorKind::usage, "give an input and an output"};
    const auto source = std::make_shared<const raster::Reader>(argv[1]);
    const auto rule = raster::BreakRule::parse("natural-breaks", 5);
    const auto breaks = raster::find_breaks(raster::count_values(*source, {}).bins(), rule);
    const auto levels = raster::mapped(source, [upper = breaks.upper](double value) {
        return static_cast<double>(raster::class_of(value, upper));
    });
    raster::RasterSpec spec;
    spec.type = raster::CellType::byte;
    raster::Writer writer{argv[2], source->grid(), spec};
    raster::copy(*levels, writer, {}, "levels");
    writer.commit();
    for (const double upper : breaks.upper)
        std::printf("up to %g\n", upper);
} catch (const riskmap::Error& error) {
    std::fprintf(stderr, "%s; %s\n", error.what(), error.hint().c_str());
    return riskmap::exit_status(error.kind());
}
