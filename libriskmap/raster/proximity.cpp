// SPDX-License-Identifier: MIT
#include <riskmap/raster/proximity.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/memory.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

constexpr double far = std::numeric_limits<double>::infinity();

/// Squared distances along one line: the lower envelope of a parabola over each place, raised
/// by what is known there already.
class Envelope {
  public:
    explicit Envelope(std::size_t n) : m_places(n), m_starts(n + 1), m_raised(n) {}

    template <class Read, class Write>
    void pass(std::size_t n, double spacing, Read read, Write write) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < n; ++i) {
            m_raised[i] = read(i);
            if (m_raised[i] == far)
                continue;
            double start = -far;
            while (count > 0) {
                start = meeting(m_places[count - 1], i, spacing);
                if (start > m_starts[count - 1])
                    break;
                --count;
                start = -far;
            }
            m_places[count] = i;
            m_starts[count++] = start;
        }
        std::size_t piece = 0;
        for (std::size_t i = 0; i < n; ++i) {
            const double x = static_cast<double>(i) * spacing;
            while (piece + 1 < count && m_starts[piece + 1] <= x)
                ++piece;
            const double away = count == 0 ? 0 : x - static_cast<double>(m_places[piece]) * spacing;
            write(i, count == 0 ? far : away * away + m_raised[m_places[piece]]);
        }
    }

  private:
    /// From where on the later parabola is the lower one.
    [[nodiscard]] double meeting(std::size_t a, std::size_t b, double spacing) const {
        const double xa = static_cast<double>(a) * spacing;
        const double xb = static_cast<double>(b) * spacing;
        return (m_raised[b] + xb * xb - m_raised[a] - xa * xa) / (2 * (xb - xa));
    }

    std::vector<std::size_t> m_places;
    std::vector<double> m_starts;
    std::vector<double> m_raised;
};

} // namespace

std::vector<float> proximity(const Source& marked, const Execution& execution) {
    const Grid& grid = marked.grid();
    const double metres = grid.crs.metres_per_unit();
    if (grid.crs.geographic() || !(metres > 0))
        throw input_error("distances are measured in metres, and the grid is in degrees",
                          "bring the layers to a metric CRS");
    const auto columns = static_cast<std::size_t>(grid.columns);
    const auto rows = static_cast<std::size_t>(grid.rows);
    const auto bytes = columns * rows * (sizeof(float) + 4);
    if (bytes > execution.memory_budget())
        throw MemoryError(fmt::format("distances take {} MB", (bytes >> 20U) + 1),
                          fmt::format("give --memory {}M or more", (bytes >> 20U) + 1));
    std::vector<float> squares(columns * rows);
    parallel_for(execution, rows, [&](std::size_t r) {
        const auto values = marked.read({0, static_cast<std::int64_t>(r), grid.columns, 1});
        Envelope line{columns};
        line.pass(
            columns, grid.cell_width * metres,
            [&](std::size_t c) { return std::isnan(values[c]) || values[c] == 0 ? far : 0.0; },
            [&](std::size_t c, double square) {
                squares[r * columns + c] = static_cast<float>(square);
            });
    });
    parallel_for(execution, columns, [&](std::size_t c) {
        Envelope line{rows};
        line.pass(
            rows, grid.cell_height * metres,
            [&](std::size_t r) { return static_cast<double>(squares[r * columns + c]); },
            [&](std::size_t r, double square) {
                squares[r * columns + c] = static_cast<float>(std::sqrt(square));
            });
    });
    return squares;
}

} // namespace riskmap::raster
