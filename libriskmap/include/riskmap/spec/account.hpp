// SPDX-License-Identifier: MIT
// What was understood of a layer: which column stood for which field, in which unit, how many
// values were read, converted, defaulted, unknown or dropped. Told on the terminal in one line
// where something is not plain, whole in run.json, in the report and with --json.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <riskmap/core/text.hpp>

namespace riskmap::spec {

/// One field of a layer. read + defaulted + unknown = rows that were kept.
struct FieldAccount {
    std::string field;  ///< of the specification
    std::string column; ///< of the layer; empty: it has none
    std::string unit;   ///< of the values as they are used
    double factor = 1;  ///< from the column's unit to that one
    std::uint64_t read = 0;
    std::uint64_t converted = 0; ///< of those read: not written plainly, or in another unit
    std::uint64_t defaulted = 0;
    std::uint64_t unknown = 0;
    std::string taken = {}; ///< what stood for missing values
    bool by_rule = false;   ///< the specification says what a missing value means: not told
    bool matters = true;    ///< that a value is not known has to be told
    std::vector<std::string> rivals = {};   ///< columns that fit as well and were not taken
    std::vector<std::string> examples = {}; ///< values that were not plain
};

/// Features that are left out, and why.
struct Dropped {
    Words reason;
    std::uint64_t rows = 0;
    double people = 0;                 ///< of them, where the layer says it
    std::vector<std::string> ids = {}; ///< the first of them
};

struct Account {
    std::string label; ///< "census.gpkg:villages"
    std::string spec;  ///< empty: none
    std::string form;  ///< "GPKG", "GTiff"
    std::string crs;
    int band = 0;           ///< of a raster; 0: a vector layer
    std::uint64_t rows = 0; ///< features of the layer
    std::vector<FieldAccount> fields = {};
    std::vector<Dropped> dropped = {};
    std::vector<std::string> unused = {}; ///< columns that no field is called
    bool told_unused = false;             ///< they are told although nothing was defaulted
    std::vector<Words> remarks = {};      ///< what else its reader must know

    /// What has to be told, on one line; empty: all was plain.
    [[nodiscard]] std::string line(Language language) const;
    [[nodiscard]] std::uint64_t dropped_rows() const;

    /// Counts rows with the same reason together, the first few ids kept.
    void drop(const Words& reason, const std::string& id, double people = 0);
    /// Adds a remark once.
    void remark(Words words);
};

/// All accounts as a JSON list.
[[nodiscard]] std::string accounts_json(std::span<const Account> accounts, Language language);

} // namespace riskmap::spec
