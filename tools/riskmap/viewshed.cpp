// SPDX-License-Identifier: MIT
#include <riskmap/visibility/viewshed.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/error.hpp>
#include <riskmap/raster/cells.hpp>

#include "command.hpp"
#include "sight.hpp"

namespace riskmap::tool {

namespace {

struct Options {
    std::string dem;
    std::string at;
    std::string azimuth = "0,360";
    std::string tilt = "-90,90";
    visibility::Observer observer;
    SightOptions sight;
    Output output;
};

std::pair<double, double> pair_of(const std::string& text, const char* option) {
    const auto parts = split(text, ',');
    if (parts.size() == 2) {
        const auto first = parse_number(parts[0]);
        const auto second = parse_number(parts[1]);
        if (first && second)
            return {*first, *second};
    }
    throw Error{ErrorKind::usage, fmt::format("{} '{}' is no pair of numbers", option, text),
                "write two numbers with a comma between them"};
}

raster::RasterSpec seen_spec(Language language) {
    raster::RasterSpec spec;
    spec.type = raster::CellType::mask;
    spec.layout = raster::Layout::cloud_optimized;
    spec.description = language == Language::zh ? "可视域" : "viewshed";
    spec.classes = atlas::class_entries(atlas::style("seen"), language);
    return spec;
}

/// The viewshed seen on the whole grid of the heights, of which only what the file itself
/// declares to be nodata is looked up beyond range.
class OnGrid final : public raster::Source {
  public:
    OnGrid(std::shared_ptr<const raster::Reader> dem, const visibility::Viewshed& view)
        : m_dem{std::move(dem)}, m_view{view} {}
    [[nodiscard]] const Grid& grid() const override { return m_dem->grid(); }
    [[nodiscard]] Piece piece() const override { return m_dem->piece(); }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        const Window& held = m_view.window;
        const Window common = window.intersection(held);
        if (m_dem->declares_nodata() && common != window) {
            m_dem->read(window, values);
            for (auto& value : values)
                value = std::isnan(value) ? raster::nodata : visibility::hidden;
        } else {
            std::fill(values.begin(), values.end(), visibility::hidden);
        }
        for (auto r = common.row; r < common.row + common.rows; ++r)
            for (auto c = common.column; c < common.column + common.columns; ++c) {
                const auto cell = m_view.cells[static_cast<std::size_t>(
                    (r - held.row) * held.columns + c - held.column)];
                values[static_cast<std::size_t>((r - window.row) * window.columns + c -
                                                window.column)] =
                    cell == visibility::no_data ? raster::nodata : cell;
            }
    }

  private:
    std::shared_ptr<const raster::Reader> m_dem;
    const visibility::Viewshed& m_view;
};

void write(const std::shared_ptr<const raster::Reader>& dem, const visibility::Viewshed& view,
           const Options& options, const Context& context) {
    raster::Writer writer{options.output.path, dem->grid(), seen_spec(context.language)};
    raster::copy(OnGrid{dem, view}, writer, context.execution, "viewshed");
    writer.commit();
}

void report(const visibility::Viewshed& view, const Grid& grid, const Context& context) {
    const CellAreas areas{grid};
    double seen = 0;
    for (std::int64_t r = 0; r < view.window.rows; ++r)
        for (std::int64_t c = 0; c < view.window.columns; ++c) {
            const auto cell = view.cells[static_cast<std::size_t>(r * view.window.columns + c)];
            if (cell == visibility::seen)
                seen += areas.at(view.window.column + c, view.window.row + r);
        }
    context.report({}, nlohmann::json{{"seen_area_m2", seen}}.dump());
    if (!context.json)
        context.say(fmt::format("seen: {:.2f} km2", seen * 1e-6));
}

/// Tells the cells that are seen only where those without heights hide nothing.
void tell_across(const visibility::Viewshed& view, const visibility::Viewshed& blocked,
                 const Context& context) {
    std::size_t seen = 0;
    std::size_t across = 0;
    for (std::size_t i = 0; i < view.cells.size(); ++i) {
        seen += view.cells[i] == visibility::seen ? 1 : 0;
        across += view.cells[i] == visibility::seen && blocked.cells[i] != visibility::seen ? 1 : 0;
    }
    if (across > 0)
        context.warn(fmt::format("{} of {} cells that are seen are so only across cells without "
                                 "heights, which hide nothing",
                                 across, seen));
}

void viewshed(const Options& options, const Context& context) {
    options.output.check();
    auto observer = options.observer;
    std::tie(observer.place.x, observer.place.y) = pair_of(options.at, "--at");
    std::tie(observer.azimuth_from, observer.azimuth_to) = pair_of(options.azimuth, "--azimuth");
    std::tie(observer.tilt_from, observer.tilt_to) = pair_of(options.tilt, "--tilt");
    const auto dem = open_dem(options.dem, options.sight, context);
    const auto window = visibility::within_range(dem->grid(), observer);
    const auto canopy = open_canopy(options.sight, dem->grid(), context);
    const visibility::Terrain terrain{*dem, window, context.execution, canopy.get()};
    const auto view =
        visibility::viewshed(terrain, observer, options.sight.sight(), context.execution);
    const auto ground = terrain.surface();
    if (std::find(ground.begin(), ground.end(), visibility::Terrain::no_ground) != ground.end()) {
        const visibility::Terrain blocked{*dem, window, context.execution, canopy.get(),
                                          visibility::Holes::hide_all};
        tell_across(
            view, visibility::viewshed(blocked, observer, options.sight.sight(), context.execution),
            context);
    }
    write(dem, view, options, context);
    report(view, dem->grid(), context);
}

} // namespace

std::function<void()> declare_viewshed(Arguments& app, Context& context) {
    auto options = std::make_shared<Options>();
    auto& observer = options->observer;
    app.add_option("DEM", options->dem, "heights in metres, on a metric CRS")->required();
    app.add_option("--at", options->at, "X,Y of the observer, in the CRS of the DEM")->required();
    app.add_option("--mast", observer.mast, "height of the eye above the ground, m")
        ->capture_default_str();
    app.add_option("--range", observer.range, "greatest distance, m (default: no limit)");
    app.add_option("--min-range", observer.least_range, "least distance, m")->capture_default_str();
    app.add_option("--azimuth", options->azimuth,
                   "FROM,TO: sector in degrees clockwise from grid north")
        ->capture_default_str();
    app.add_option("--tilt", options->tilt,
                   "FROM,TO: limits of the line of sight in degrees above the horizontal")
        ->capture_default_str();
    options->sight.declare(app);
    app.add_option("--target", options->sight.target, "height of targets above the ground, m")
        ->capture_default_str();
    options->output.declare(app, "GeoTIFF (Byte: 1 seen, 0 not, 255 nodata) on the DEM's grid");
    app.footer(
        "\nA target is hidden if the ground, interpolated linearly between cells and lowered by\n"
        "the curvature of the earth, rises above the straight line to it. Cells without data\n"
        "hide nothing and are never seen. The observer stands at the centre of its cell.\n"
        "\nExample:\n  riskmap viewshed data/bigtujunga/dem_30m.tif -o /tmp/seen.tif \\\n"
        "      --at 395000,3795000 --mast 20 --target 10 --range 9000");
    return [options, &context] { viewshed(*options, context); };
}

} // namespace riskmap::tool
