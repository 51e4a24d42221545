// SPDX-License-Identifier: MIT
// The one door by which layers, tables and rasters of an office come in. It reads them by their
// specification and keeps an account of each.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/execution.hpp>
#include <riskmap/geo/content.hpp>
#include <riskmap/raster/point_values.hpp>
#include <riskmap/raster/source.hpp>
#include <riskmap/spec/account.hpp>
#include <riskmap/spec/source.hpp>
#include <riskmap/spec/table.hpp>

namespace riskmap::spec {

/// A raster that is open and understood.
class Raster {
  public:
    Raster(Source source, std::shared_ptr<const raster::Reader> reader,
           std::shared_ptr<Account> account);

    [[nodiscard]] const Grid& grid() const { return m_reader->grid(); }
    [[nodiscard]] const std::shared_ptr<const raster::Reader>& reader() const { return m_reader; }
    [[nodiscard]] const Source& source() const { return m_source; }
    [[nodiscard]] Account& account() const { return *m_account; }
    [[nodiscard]] std::string label() const { return m_account->label; }

    /// Values at places in `crs`; NaN where there is none, unless `where_nodata` says what that
    /// means. `what` the places are, and how many of them have no value, is told.
    /// \throws Error{input}: none of the places lies on the raster.
    [[nodiscard]] std::vector<double> values_at(std::vector<Point> places, const Crs& crs,
                                                const Words& what, raster::Sampling sampling,
                                                const Execution& execution) const;

  private:
    Source m_source;
    std::shared_ptr<const raster::Reader> m_reader;
    std::shared_ptr<Account> m_account;
};

class Door {
  public:
    Door() = default;
    /// One that also keeps what each file held before it was opened.
    explicit Door(std::shared_ptr<Fingerprints> fingerprints)
        : m_fingerprints{std::move(fingerprints)} {}

    /// A layer or table by a specification, unless the source names another.
    [[nodiscard]] Table table(const Source& source, const std::string& spec, Shapes shapes);
    /// A table by the fields of a specification made for it, which must outlive the table.
    [[nodiscard]] Table table(const Source& source, const LayerSpec& spec, Shapes shapes);
    Table table(const Source& source, LayerSpec&& spec, Shapes shapes) = delete;

    /// Polygons by one field that names them, for reports and maps. All must have a shape.
    struct Areas {
        vector::Layer layer;
        std::string field; ///< the head of the column
    };
    [[nodiscard]] Areas areas(const FieldSource& source);

    /// One band. Heights (`unit` "m") in feet, by the file or the source, are brought to metres.
    /// \throws Error{input}: as `raster::Reader`; degrees labelled as metres.
    [[nodiscard]] Raster raster(const Source& source, const std::string& unit = {});

    /// Amounts in each cell, in `unit`: a density by area (persons/km2) is multiplied by the area
    /// of each, and told. \throws Error{input}: as `raster`; a unit that is none of `unit`.
    [[nodiscard]] std::shared_ptr<const raster::Source> amounts(const Source& source,
                                                                const std::string& unit);

    /// Something that the reader of the accounts must know of a source.
    void remark(const std::string& label, const Words& words);

    /// Something beside layers that is read: a curve. Called before it is opened.
    void note(const std::filesystem::path& file);
    /// What was opened, with its content before; nothing for a door without fingerprints.
    [[nodiscard]] const std::map<std::string, Content>& opened() const { return m_opened; }
    /// What another door has opened counts as opened by this one.
    void add_opened(const Door& other);

    [[nodiscard]] std::vector<Account> accounts() const;
    /// What has to be told, a line a source.
    [[nodiscard]] std::vector<std::string> lines(Language language) const;

  private:
    [[nodiscard]] std::shared_ptr<Account> open(const Source& source);
    /// Counts the infinities of rasters that were met, once.
    void settle() const;

    std::shared_ptr<Fingerprints> m_fingerprints;
    std::map<std::string, Content> m_opened;
    std::vector<std::shared_ptr<Account>> m_accounts;
    mutable std::vector<std::pair<std::shared_ptr<Account>, std::shared_ptr<const raster::Reader>>>
        m_readers;
};

/// A unit by area, as persons/km2.
struct Density {
    std::string amount; ///< "persons"
    double per_m2;
};
/// None: the unit is no density.
[[nodiscard]] std::optional<Density> density_of(const std::string& unit);
/// What a raster of densities holds in each cell, by its true area.
[[nodiscard]] std::shared_ptr<const raster::Source>
in_each_cell(std::shared_ptr<const raster::Source> densities, const Density& density);

/// Of a layer of which nothing is known but its place.
[[nodiscard]] const LayerSpec& any_layer();

/// Whether a file is a raster, by what it is; tables that GDAL opens either way are tables.
/// \throws Error{input}: neither.
[[nodiscard]] bool is_raster(const std::filesystem::path& file);

} // namespace riskmap::spec
