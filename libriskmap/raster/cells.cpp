// SPDX-License-Identifier: MIT
#include <riskmap/raster/cells.hpp>

#include <cmath>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

std::vector<std::vector<double>> read_all(std::span<const std::shared_ptr<const Source>> inputs,
                                          const Window& window) {
    std::vector<std::vector<double>> in;
    in.reserve(inputs.size());
    for (const auto& input : inputs)
        in.push_back(input->read(window));
    return in;
}

void check_grids(std::span<const std::shared_ptr<const Source>> inputs) {
    for (const auto& input : inputs)
        if (!input->grid().matches(inputs[0]->grid()))
            throw Error{ErrorKind::internal, "rasters on different grids were combined"};
}

class Computed final : public Source {
  public:
    Computed(std::vector<std::shared_ptr<const Source>> inputs, CellKernel kernel)
        : m_inputs{std::move(inputs)}, m_kernel{std::move(kernel)} {
        check_grids(m_inputs);
    }
    [[nodiscard]] const Grid& grid() const override { return m_inputs[0]->grid(); }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        m_kernel(window, read_all(m_inputs, window), values);
    }

  private:
    std::vector<std::shared_ptr<const Source>> m_inputs;
    CellKernel m_kernel;
};

/// Combines each value with the true area of its cell.
template <class Combine>
std::shared_ptr<const Source> with_areas(std::shared_ptr<const Source> source, Combine combine) {
    auto areas = std::make_shared<const CellAreas>(source->grid());
    return computed({std::move(source)},
                    [areas, combine](const Window& window, Cells in, std::span<double> out) {
                        std::vector<double> row(static_cast<std::size_t>(window.columns));
                        std::size_t i = 0;
                        for (std::int64_t r = 0; r < window.rows; ++r) {
                            areas->row(window.column, window.row + r, row);
                            for (const double square_metres : row) {
                                out[i] = combine(in[0][i], square_metres);
                                ++i;
                            }
                        }
                    });
}

} // namespace

std::shared_ptr<const Source> computed(std::vector<std::shared_ptr<const Source>> inputs,
                                       CellKernel kernel) {
    return std::make_shared<Computed>(std::move(inputs), std::move(kernel));
}

std::shared_ptr<const Source> mapped(std::shared_ptr<const Source> input,
                                     std::function<double(double)> function) {
    return computed({std::move(input)},
                    [f = std::move(function)](const Window&, Cells in, std::span<double> out) {
                        for (std::size_t i = 0; i < out.size(); ++i)
                            out[i] = std::isnan(in[0][i]) ? nodata : f(in[0][i]);
                    });
}

std::shared_ptr<const Source> masked(std::shared_ptr<const Source> source,
                                     std::shared_ptr<const Source> mask) {
    return computed({std::move(source), std::move(mask)},
                    [](const Window&, Cells in, std::span<double> out) {
                        for (std::size_t i = 0; i < out.size(); ++i)
                            out[i] = std::isnan(in[1][i]) ? nodata : in[0][i];
                    });
}

std::shared_ptr<const Source> density(std::shared_ptr<const Source> counts) {
    return with_areas(std::move(counts), [](double count, double square_metres) {
        return count / (square_metres * 1e-6);
    });
}

std::shared_ptr<const Source> areas_of(std::shared_ptr<const Source> shares) {
    return with_areas(std::move(shares),
                      [](double share, double square_metres) { return share * square_metres; });
}

void transform(std::span<const std::shared_ptr<const Source>> inputs,
               std::span<Writer* const> outputs, const BlockKernel& kernel,
               const Execution& execution, std::string_view stage) {
    check_grids(inputs);
    const auto blocks = blocks_of(inputs[0]->grid().window());
    parallel_ordered(
        execution, stage, blocks.size(),
        [&](std::size_t b) {
            std::vector<std::vector<double>> out(outputs.size());
            for (auto& values : out)
                values.resize(blocks[b].size());
            kernel(blocks[b], read_all(inputs, blocks[b]), out);
            return out;
        },
        [&](std::size_t b, std::vector<std::vector<double>>&& out) {
            for (std::size_t k = 0; k < outputs.size(); ++k)
                outputs[k]->write(blocks[b], out[k]);
        });
}

void copy(const Source& source, Writer& writer, const Execution& execution,
          std::string_view stage) {
    const auto blocks = blocks_of(source.grid().window());
    parallel_ordered(
        execution, stage, blocks.size(), [&](std::size_t b) { return source.read(blocks[b]); },
        [&](std::size_t b, std::vector<double>&& values) { writer.write(blocks[b], values); });
}

} // namespace riskmap::raster
