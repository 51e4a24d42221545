// SPDX-License-Identifier: MIT
#include <riskmap/raster/cells.hpp>

#include <algorithm>
#include <cmath>

#include <riskmap/core/error.hpp>
#include <riskmap/core/parallel.hpp>

namespace riskmap::raster {

namespace {

using Sources = std::vector<std::shared_ptr<const Source>>;
using Values = std::vector<std::vector<double>>;

void read_all(std::span<const std::shared_ptr<const Source>> inputs, const Window& window,
              Values& in) {
    in.resize(inputs.size());
    for (std::size_t k = 0; k < inputs.size(); ++k) {
        in[k].resize(window.size());
        inputs[k]->read(window, in[k]);
    }
}

Sources open_all(const Sources& sources, const Window& window) {
    Sources opened;
    opened.reserve(sources.size());
    for (const auto& source : sources)
        opened.push_back(source->opened(window));
    return opened;
}

void check_grids(std::span<const std::shared_ptr<const Source>> inputs) {
    for (const auto& input : inputs)
        if (!input->grid().matches(inputs[0]->grid()))
            throw Error{ErrorKind::internal, "rasters on different grids were combined"};
}

class Computed final : public Source {
  public:
    Computed(std::vector<std::shared_ptr<const Source>> inputs, CellKernel kernel)
        : m_inputs{std::move(inputs)}, m_kernel{std::move(kernel)} {}
    [[nodiscard]] const Grid& grid() const override { return m_inputs[0]->grid(); }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        Values in;
        read_all(m_inputs, window, in);
        m_kernel(window, in, values);
    }
    [[nodiscard]] std::unique_ptr<const Source> opened(const Window& window) const override {
        return std::make_unique<Computed>(open_all(m_inputs, window), m_kernel);
    }
    [[nodiscard]] Piece piece() const override { return m_inputs[0]->piece(); }

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
    check_grids(inputs);
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
    const auto blocks = reading_blocks(inputs[0]->grid(), inputs);
    parallel_ordered(
        execution, stage,
        {blocks.size(), most_cells(blocks) * (inputs.size() + outputs.size()) * sizeof(double)},
        [&](std::size_t b) {
            const auto opened = open_all({inputs.begin(), inputs.end()}, blocks[b]);
            std::vector<Writer::Part> parts;
            for (const auto* output : outputs)
                parts.push_back(output->part(blocks[b]));
            Values in;
            Values out(outputs.size());
            for (const auto& slice : slices_of(blocks[b])) {
                read_all(opened, slice, in);
                for (auto& values : out)
                    values.resize(slice.size());
                kernel(slice, in, out);
                for (std::size_t k = 0; k < parts.size(); ++k)
                    parts[k].fill(slice, out[k]);
            }
            for (auto& part : parts)
                part.close();
            return parts;
        },
        [&](std::size_t, std::vector<Writer::Part>&& parts) {
            for (std::size_t k = 0; k < outputs.size(); ++k)
                outputs[k]->put(std::move(parts[k]));
        });
}

void copy(const Source& source, Writer& writer, const Execution& execution,
          std::string_view stage) {
    const Sources input{borrowed(source)};
    Writer* const output = &writer;
    transform(
        input, std::span{&output, 1},
        [](const Window&, std::span<std::vector<double>> in, std::span<std::vector<double>> out) {
            std::swap(out[0], in[0]);
        },
        execution, stage);
}

} // namespace riskmap::raster
