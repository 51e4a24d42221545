// SPDX-License-Identifier: MIT
// Times of the kernels: cmake --build --preset release --target bench_kernels
// && build/release/tests/bench_kernels
#include <cmath>
#include <numbers>
#include <random>

#include <benchmark/benchmark.h>

#include <riskmap/raster/breaks.hpp>
#include <riskmap/raster/polygonise.hpp>
#include <riskmap/risk/normalise.hpp>
#include <riskmap/visibility/viewshed.hpp>
#include <riskmap/zonal/coverage.hpp>
#include <riskmap/zonal/statistics.hpp>

#include "../../libriskmap/raster/samples.hpp"

namespace riskmap {
namespace {

std::vector<double> random_values(std::size_t n) {
    std::mt19937_64 random{1};
    std::normal_distribution<double> value;
    std::vector<double> values(n);
    for (auto& v : values)
        v = value(random);
    return values;
}

void natural_breaks_of_distinct_values(benchmark::State& state) {
    raster::ValueCounts counts;
    counts.add(random_values(static_cast<std::size_t>(state.range(0))));
    const auto bins = counts.bins();
    for (auto _ : state)
        benchmark::DoNotOptimize(raster::natural_breaks(bins, 5));
    state.SetComplexityN(state.range(0));
}
BENCHMARK(natural_breaks_of_distinct_values)
    ->Range(1 << 12, 1 << 20)
    ->Unit(benchmark::kMillisecond)
    ->Complexity();

void coverage_of_a_ragged_circle(benchmark::State& state) {
    Grid grid;
    grid.cell_width = grid.cell_height = 1;
    grid.columns = grid.rows = state.range(0);
    grid.top = static_cast<double>(grid.rows);
    MultiPolygon shape(1);
    const double middle = static_cast<double>(state.range(0)) / 2;
    for (int i = 0; i < 5000; ++i) {
        const double a = 2 * std::numbers::pi * i / 5000;
        const double r = middle * (0.9 + 0.05 * std::sin(60 * a));
        shape[0].outer.push_back({middle + r * std::cos(a), middle + r * std::sin(a)});
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(zonal::Coverage{shape, grid});
}
BENCHMARK(coverage_of_a_ragged_circle)->Range(256, 8192)->Unit(benchmark::kMillisecond);

void normalise_and_classify_a_block(benchmark::State& state) {
    const risk::Scale scale{risk::NormaliseRule::parse("linear:-2:2"), {}};
    const std::vector<double> upper{0.2, 0.4, 0.6, 0.8, 1};
    const auto values = random_values(512 * 512);
    for (auto _ : state) {
        auto block = values;
        scale.apply(block);
        raster::classify(block, upper);
        benchmark::DoNotOptimize(block.data());
    }
    state.SetItemsProcessed(state.iterations() * 512 * 512);
}
BENCHMARK(normalise_and_classify_a_block)->Unit(benchmark::kMicrosecond);

void undo_the_float_predictor(benchmark::State& state) {
    constexpr std::size_t side = 512;
    std::vector<std::byte> tile(side * side * 4);
    std::vector<std::byte> scratch(side * 4);
    std::mt19937 random{3};
    for (auto& b : tile)
        b = static_cast<std::byte>(random());
    for (auto _ : state)
        for (std::size_t r = 0; r < side; ++r)
            raster::undo_predictor(tile.data() + r * side * 4, side, raster::Sample::f32,
                                   raster::Predictor::float_planes, false, scratch.data());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(tile.size()));
}
BENCHMARK(undo_the_float_predictor)->Unit(benchmark::kMicrosecond);

void samples_to_values(benchmark::State& state) {
    std::vector<float> samples(512 * 512, 1.5F);
    std::vector<double> values(samples.size());
    for (auto _ : state)
        raster::to_values(reinterpret_cast<const std::byte*>(samples.data()), samples.size(),
                          raster::Sample::f32, {true, -9999, 1, 0}, values.data());
    state.SetItemsProcessed(state.iterations() * 512 * 512);
}
BENCHMARK(samples_to_values)->Unit(benchmark::kMicrosecond);

void count_distinct_values(benchmark::State& state) {
    auto values = random_values(1 << 20);
    if (state.range(0) != 0)
        for (auto& v : values)
            v = static_cast<double>(static_cast<float>(v));
    for (auto _ : state) {
        raster::ValueCounts counts;
        counts.add(values);
        benchmark::DoNotOptimize(counts.bins());
    }
    state.SetItemsProcessed(state.iterations() * (1 << 20));
}
BENCHMARK(count_distinct_values)->ArgName("float32")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// 100 squares over 2048 x 2048 cells.
void statistics_of_zones(benchmark::State& state) {
    Grid grid;
    grid.cell_width = grid.cell_height = 1;
    grid.columns = grid.rows = 2048;
    grid.top = 2048;
    const raster::InMemory values{grid, random_values(2048 * 2048)};
    std::vector<zonal::Coverage> zones;
    for (int j = 0; j < 10; ++j)
        for (int i = 0; i < 10; ++i) {
            const double x = 204.8 * i + 0.3;
            const double y = 204.8 * j + 0.3;
            zones.emplace_back(
                MultiPolygon{{{{x, y}, {x + 204, y}, {x + 204, y + 204}, {x, y + 204}}, {}}}, grid);
        }
    const auto statistics =
        zonal::parse_statistics(state.range(0) == 0 ? "mean" : "mean,min,max,stdev");
    for (auto _ : state)
        benchmark::DoNotOptimize(
            zonal::zonal_statistics(values, zones, statistics, {.threads = 1}));
    state.SetItemsProcessed(state.iterations() * 2048 * 2048);
}
BENCHMARK(statistics_of_zones)->ArgName("many")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void polygonise_and_simplify_classes(benchmark::State& state) {
    Grid grid;
    grid.columns = grid.rows = state.range(0);
    std::vector<double> cells;
    for (std::int64_t r = 0; r < state.range(0); ++r)
        for (std::int64_t c = 0; c < state.range(0); ++c)
            cells.push_back(1 + std::floor(2 + std::sin(static_cast<double>(r) / 9) +
                                           std::cos(static_cast<double>(c) / 7)));
    const raster::InMemory classes{grid, cells};
    for (auto _ : state)
        benchmark::DoNotOptimize(raster::polygonise(classes, {1, 1}, {.threads = 1}));
}
BENCHMARK(polygonise_and_simplify_classes)->Range(256, 1024)->Unit(benchmark::kMillisecond);

/// Hills of 30 m cells with an eye in the middle; items are the cells within range.
void viewshed_in_hills(benchmark::State& state) {
    Grid grid;
    grid.crs = Crs::parse("EPSG:4549");
    grid.left = 500000;
    grid.top = 3400000;
    grid.cell_width = grid.cell_height = 30;
    grid.columns = grid.rows = 2 * state.range(0) + 1;
    std::vector<double> heights;
    for (std::int64_t r = 0; r < grid.rows; ++r)
        for (std::int64_t c = 0; c < grid.columns; ++c)
            heights.push_back(200 * std::sin(static_cast<double>(r) / 31) *
                                  std::cos(static_cast<double>(c) / 37) +
                              20 * std::sin(static_cast<double>(r + 2 * c) / 5));
    const raster::InMemory source{grid, heights};
    visibility::Observer observer;
    observer.place = grid.centre(state.range(0), state.range(0));
    observer.mast = 20;
    observer.range = 30.0 * static_cast<double>(state.range(0));
    const visibility::Terrain terrain{source, grid.window(), {.threads = 1}};
    std::int64_t cells = 0;
    for (auto _ : state) {
        const auto view = visibility::viewshed(terrain, observer, {10}, {.threads = 1});
        benchmark::DoNotOptimize(view.cells.data());
        cells += static_cast<std::int64_t>(view.cells.size());
    }
    state.SetItemsProcessed(cells);
}
BENCHMARK(viewshed_in_hills)
    ->Arg(167)
    ->Arg(333)
    ->Arg(500)
    ->Arg(2000)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace riskmap

BENCHMARK_MAIN();
