// SPDX-License-Identifier: MIT
// Private: units found by their names, where a table gives no codes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "units.hpp"

namespace riskmap::census {

/// The columns of a table that name a unit, and the county it lies in.
struct NameColumns {
    std::size_t name = 0;
    std::optional<std::size_t> county;
};

/// Where a table of `spec` lacks its code of the level above but has a column with names of that
/// level. Nothing: it has codes, or no names.
[[nodiscard]] std::optional<NameColumns> name_columns(const std::vector<vector::Field>& fields,
                                                      const spec::LayerSpec& spec,
                                                      const spec::LayerSpec& parent);

/// Codes by names. "城关镇" stands twice where two counties have one: then the county decides.
class UnitNames {
  public:
    /// `counties` may be null: then counties are known by their codes only.
    UnitNames(const Units& units, const Units* counties);

    struct Found {
        std::string code; ///< empty: none of that name, or several
        std::size_t candidates = 0;
    };
    [[nodiscard]] Found find(const std::string& name, const std::string& county) const;

  private:
    std::multimap<std::string, std::string> m_codes; ///< by comparable name
    std::multimap<std::string, std::string> m_counties;
};

} // namespace riskmap::census
