// SPDX-License-Identifier: MIT
#include <riskmap/shelter/reach_map.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/exact_sum.hpp>
#include <riskmap/raster/cells.hpp>
#include <riskmap/raster/polygonise.hpp>
#include <riskmap/vector/fields.hpp>

namespace riskmap::shelter {

namespace {

class ReachSource final : public raster::Source {
  public:
    ReachSource(const Grid& grid, const Crs& crs, std::shared_ptr<const SiteFinder> finder,
                const Limit& limit)
        : m_grid{grid}, m_crs{crs}, m_finder{std::move(finder)}, m_limit{limit} {}

    [[nodiscard]] const Grid& grid() const override { return m_grid; }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        std::fill(values.begin(), values.end(), raster::nodata);
        const CrsTransform to_sites{m_grid.crs, m_crs};
        for (const auto& tile : blocks_of(window, tile_cells)) {
            const auto inside = tile.intersection(m_grid.window());
            if (!inside.empty())
                read_tile(inside, window, to_sites, values);
        }
    }

  private:
    static constexpr std::int64_t tile_cells = 16; // a few roads run through so many

    void read_tile(const Window& tile, const Window& window, const CrsTransform& to_sites,
                   std::span<double> values) const {
        std::vector<Point> centres;
        for (std::int64_t r = 0; r < tile.rows; ++r)
            for (std::int64_t c = 0; c < tile.columns; ++c)
                centres.push_back(m_grid.centre(tile.column + c, tile.row + r));
        centres = to_sites.apply(std::move(centres));
        std::vector<Point> places;
        std::vector<std::size_t> into;
        for (std::size_t i = 0; i < centres.size(); ++i) {
            if (!std::isfinite(centres[i].x) || !std::isfinite(centres[i].y))
                continue;
            const auto n = static_cast<std::int64_t>(i);
            places.push_back(centres[i]);
            into.push_back(static_cast<std::size_t>(
                (tile.row - window.row + n / tile.columns) * window.columns + tile.column -
                window.column + n % tile.columns));
        }
        if (places.empty())
            return;
        std::vector<network::NearestSite::Hit> hits(places.size());
        m_finder->from_together(places, hits);
        const double unit = m_limit.minutes ? 60 : 1;
        for (std::size_t i = 0; i < hits.size(); ++i)
            if (hits[i].cost <= m_limit.amount)
                values[into[i]] = hits[i].cost / unit;
    }

    Grid m_grid;
    Crs m_crs;
    std::shared_ptr<const SiteFinder> m_finder;
    Limit m_limit;
};

/// The band of a cost in metres or seconds; `bands.size()`: beyond all.
std::size_t band_of(double cost, std::span<const Limit> bands) {
    std::size_t band = 0;
    while (band < bands.size() && cost > bands[band].amount)
        ++band;
    return band;
}

} // namespace

std::shared_ptr<const raster::Source> reach_source(const Grid& grid, const Crs& crs,
                                                   std::shared_ptr<const SiteFinder> finder,
                                                   const Limit& limit) {
    return std::make_shared<ReachSource>(grid, crs, std::move(finder), limit);
}

std::vector<Limit> parse_bands(const std::string& text) {
    std::vector<Limit> bands;
    for (const auto& part : split(text, ','))
        bands.push_back(Limit::parse(std::string{trim(part)}));
    for (std::size_t b = 1; b < bands.size(); ++b)
        if (bands[b].minutes != bands[0].minutes || bands[b].amount <= bands[b - 1].amount)
            throw Error{ErrorKind::usage, fmt::format("the bands '{}' do not rise", text),
                        "give limits of one kind, the nearest first, as 500m,1000m,1500m"};
    return bands;
}

std::shared_ptr<const raster::Source> band_source(std::shared_ptr<const raster::Source> reach,
                                                  std::vector<Limit> bands) {
    return raster::mapped(std::move(reach), [bands = std::move(bands)](double way) {
        // A raster of single precision may have rounded a limit up.
        const double cost = way * (bands[0].minutes ? 60 : 1) * (1 - 1e-7);
        const auto band = band_of(cost, bands);
        return band < bands.size() ? static_cast<double>(band + 1) : raster::nodata;
    });
}

std::vector<double> people_by_band(const People& people, const SiteFinder& finder,
                                   std::span<const Limit> bands, const Execution& execution) {
    std::vector<ExactSum> sums(bands.size() + 1);
    const auto hits = finder.from(people.places, execution);
    for (std::size_t i = 0; i < hits.size(); ++i)
        sums[band_of(hits[i].cost, bands)].add(people.numbers[i]);
    std::vector<double> out;
    for (std::size_t b = 0; b < bands.size(); ++b)
        out.push_back(sums[b].total());
    return out;
}

vector::Layer area_layer(const raster::Source& bands, std::span<const Limit> limits,
                         std::span<const double> people, Language language,
                         const Execution& execution) {
    using vector::FieldType;
    vector::Layer layer{"reach", bands.grid().crs, {}, {}};
    vector::Fields fields{language};
    fields.add("band", FieldType::integer, "圈层", "band")
        .add("level", FieldType::integer, "颜色等级", "level, for colours")
        .add("from", FieldType::text, "起", "from")
        .add("to", FieldType::text, "止", "to")
        .add("area_km2", FieldType::real, "面积（平方公里）", "area (km2)");
    if (!people.empty())
        fields.add("people", FieldType::real, "人口", "people");
    layer.fields = fields.take();
    const TrueAreas area_of{layer.crs};
    constexpr std::int64_t colours = 5;
    constexpr double km2_per_m2 = 1e-6;
    for (auto& band : raster::polygonise(bands, {}, execution)) {
        const auto b = static_cast<std::size_t>(band.value) - 1;
        auto& feature = layer.features.emplace_back();
        feature.values = {std::int64_t{band.value}, std::min<std::int64_t>(band.value, colours),
                          b == 0 ? cost_text(0, limits[0].minutes) : limits[b - 1].text(),
                          limits[b].text(), area_of(band.shape) * km2_per_m2};
        if (!people.empty())
            feature.values.emplace_back(people[b]);
        feature.shape.polygons = std::move(band.shape);
    }
    return layer;
}

} // namespace riskmap::shelter
