// SPDX-License-Identifier: MIT
// Location problems in the file formats of OR-Library and TSPLIB.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <riskmap/siting/problem.hpp>

namespace riskmap::siting {

/// Of OR-Library: pmed (n, edges, p, then edges: shortest ways between all; of an edge that is
/// given twice the last one counts) or pmedcap (n, p, capacity, then number, x, y, demand of
/// each; rounded-down Euclidean distances; before that perhaps number and best cost, and before
/// that how many problems there are, of which the first is read).
/// `sites` comes from the file. Source: Beasley 1985, Osman and Christofides 1994.
/// \throws Error{input}: not such a file, truncated, not connected.
[[nodiscard]] Problem read_orlib(const std::filesystem::path& file);

enum class Metric {
    euc2d,  ///< rounded to whole numbers, as TSPLIB's EUC_2D
    euclid, ///< as it is
};
/// "euc2d" or "euclid". \throws Error{usage}.
[[nodiscard]] Metric parse_metric(const std::string& text);

/// The points of a TSPLIB file (NODE_COORD_SECTION), each a demand of weight 1 and a candidate.
/// Source: Reinelt 1991.
[[nodiscard]] Problem read_tsplib(const std::filesystem::path& file, Metric metric);

/// Without the links that cost more than `radius`.
[[nodiscard]] Problem within_radius(Problem problem, double radius);

} // namespace riskmap::siting
