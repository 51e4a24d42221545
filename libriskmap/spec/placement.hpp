// SPDX-License-Identifier: MIT
// Private: what has to be said of where a layer or raster lies.
#pragma once

#include <riskmap/geo/grid.hpp>
#include <riskmap/spec/account.hpp>
#include <riskmap/spec/layer_reader.hpp>

namespace riskmap::spec {

/// Tells a CRS that was said, assumed, or whose datum has no shift that is known here.
/// \throws Error{input}: degrees in a CRS of metres.
void tell_crs(const LayerReader& reader, Account& account);
/// The same for a raster; `of_file` is the CRS that the file says.
void tell_crs(const Grid& grid, const Crs& of_file, Account& account, const std::string& label);

} // namespace riskmap::spec
