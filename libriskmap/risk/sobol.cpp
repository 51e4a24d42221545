// SPDX-License-Identifier: MIT
#include <riskmap/risk/sobol.hpp>

#include <algorithm>
#include <cmath>

#include <riskmap/core/parallel.hpp>

namespace riskmap::risk {

namespace {

/// splitmix64 (Steele, Lea & Flood 2014): every bit of the input stirs all of the output.
std::uint64_t stirred(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

} // namespace

double uniform(std::uint64_t seed, std::uint64_t row, std::uint64_t column) noexcept {
    const auto bits = stirred(stirred(stirred(seed) ^ row) ^ column);
    return (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53;
}

std::vector<SobolIndex> sobol_indices(const SobolModel& model,
                                      std::span<const std::size_t> factor_of, std::size_t n,
                                      std::uint64_t seed, const Execution& execution) {
    const std::size_t width = factor_of.size();
    const std::size_t factors =
        width == 0 ? 0 : *std::max_element(factor_of.begin(), factor_of.end()) + 1;
    // results[i]: of row i of A, of B, and of A with each factor taken from B.
    std::vector<std::vector<std::vector<double>>> results(n);
    parallel_for(execution, n, [&](std::size_t i) {
        execution.progress.check();
        std::vector<double> a(width);
        std::vector<double> b(width);
        for (std::size_t c = 0; c < width; ++c) {
            a[c] = uniform(seed, i, 2 * c);
            b[c] = uniform(seed, i, 2 * c + 1);
        }
        results[i].push_back(model(a));
        results[i].push_back(model(b));
        for (std::size_t f = 0; f < factors; ++f) {
            auto mixed = a;
            for (std::size_t c = 0; c < width; ++c)
                if (factor_of[c] == f)
                    mixed[c] = b[c];
            results[i].push_back(model(mixed));
        }
    });
    std::vector<SobolIndex> indices(factors);
    if (n < 2)
        return indices;
    double variance_of_all = 0;
    for (std::size_t y = 0; y < results[0][0].size(); ++y) {
        double sum = 0;
        double squares = 0;
        bool known = true;
        for (const auto& row : results)
            for (const std::size_t k : {0U, 1U}) {
                sum += row[k][y];
                squares += row[k][y] * row[k][y];
                known = known && !std::isnan(row[k][y]);
            }
        if (!known)
            continue;
        const auto count = static_cast<double>(2 * n);
        const double mean = sum / count;
        variance_of_all += std::max(0.0, squares / count - mean * mean);
        for (std::size_t f = 0; f < factors; ++f)
            for (const auto& row : results) {
                // About the mean, which takes most of the noise out of the products.
                const double change = row[2 + f][y] - row[0][y];
                indices[f].first += (row[1][y] - mean) * change / static_cast<double>(n);
                indices[f].total += change * change / (2 * static_cast<double>(n));
            }
    }
    for (auto& index : indices) {
        index.first = variance_of_all > 0 ? index.first / variance_of_all : 0;
        index.total = variance_of_all > 0 ? index.total / variance_of_all : 0;
    }
    return indices;
}

} // namespace riskmap::risk
