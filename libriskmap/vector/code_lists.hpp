// SPDX-License-Identifier: MIT
// Private: the words that codes of a field stand for: coded domains, and subtypes of a geodatabase.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <gdal.h>
#include <ogr_api.h>

namespace riskmap::vector {

using CodeList = std::map<std::string, std::string>; ///< words by code

/// The code lists of a layer's fields. A geodatabase may give a field another list for each
/// subtype.
class CodeLists {
  public:
    CodeLists() = default;
    CodeLists(GDALDatasetH dataset, OGRLayerH layer);

    [[nodiscard]] bool has(std::size_t field) const { return m_lists[field].any; }
    /// The word of a value, or its code where the list has no word for it.
    [[nodiscard]] std::string word(OGRFeatureH feature, std::size_t field) const;

  private:
    struct Lists {
        CodeList own;
        std::map<std::string, CodeList> by_subtype; ///< before `own`
        bool any = false;
    };
    void add_subtypes(GDALDatasetH dataset, OGRLayerH layer);

    std::vector<Lists> m_lists; ///< by field
    int m_subtype_field = -1;   ///< none: the layer has no subtypes
};

} // namespace riskmap::vector
