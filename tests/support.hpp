// SPDX-License-Identifier: MIT
// What tests share: small grids, folders that go away, the program run.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <riskmap/core/error.hpp>
#include <riskmap/geo/grid.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/raster/writer.hpp>
#include <riskmap/spec/door.hpp>
#include <riskmap/vector/layer.hpp>

namespace riskmap::test {

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A grid of metres near Shaoxing, its lower left corner at (550000, 3300000).
Grid grid(std::int64_t columns, std::int64_t rows, double cell = 1);

/// "1 2 . 3" row by row; a dot is nodata.
std::vector<double> cells(const std::string& text);

std::shared_ptr<const raster::Source> ascii(std::int64_t columns, const std::string& text,
                                            double cell = 1);

/// A source that comes in bands of rows, so that it is read in other blocks.
class Strips final : public raster::Source {
  public:
    Strips(const raster::Source& source, std::int64_t rows) : m_source{source}, m_rows{rows} {}
    [[nodiscard]] const Grid& grid() const override { return m_source.grid(); }
    using Source::read;
    void read(const Window& window, std::span<double> values) const override {
        m_source.read(window, values);
    }
    [[nodiscard]] Piece piece() const override { return {grid().columns, m_rows}; }

  private:
    const raster::Source& m_source;
    std::int64_t m_rows;
};

/// A rectangle in cells of a grid: x right, y down.
MultiPolygon rectangle(const Grid& g, double x0, double y0, double x1, double y1);

/// Whether the library is built with a sanitizer: some work would take minutes then.
bool sanitized();

class Folder {
  public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "riskmap-test-XXXXXX").string();
        m_path = mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return m_path / name;
    }
    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

  private:
    std::filesystem::path m_path;
};

/// A layer as the door reads it from a file.
class Opened {
  public:
    Opened(const vector::Layer& layer, const std::string& spec, spec::Shapes shapes,
           spec::Source source = {})
        : m_source{std::move(source)} {
        m_source.file = m_folder / "layer.gpkg";
        vector::write_layer(m_source.file, layer);
        m_table.emplace(m_door.table(m_source, spec, shapes));
    }
    operator spec::Table&() { return *m_table; }
    [[nodiscard]] spec::Table& table() { return *m_table; }
    [[nodiscard]] std::string told() const { return m_table->account().line(Language::en); }

  private:
    Folder m_folder;
    spec::Source m_source;
    spec::Door m_door;
    std::optional<spec::Table> m_table;
};

void write_text(const std::filesystem::path& file, const std::string& text);
std::string read_text(const std::filesystem::path& file);
/// The text with the first `from` replaced; a failure where there is none.
std::string replaced(std::string text, const std::string& from, const std::string& to);
/// The same in a file.
void replace_in(const std::filesystem::path& file, const std::string& from, const std::string& to);
void write_raster(const std::filesystem::path& file, const raster::Source& source,
                  raster::CellType type = raster::CellType::float32);

/// Expects riskmap::Error whose text and hint together hold `part`.
template <class Work>
void expect_error(ErrorKind kind, const std::string& part, Work work) {
    try {
        work();
        ADD_FAILURE() << "no error; expected: " << part;
    } catch (const Error& error) {
        EXPECT_EQ(static_cast<int>(error.kind()), static_cast<int>(kind)) << error.what();
        const std::string text = std::string{error.what()} + "; " + error.hint();
        EXPECT_NE(text.find(part), std::string::npos) << text;
    }
}

} // namespace riskmap::test
