// SPDX-License-Identifier: MIT
// Private: colours of findings, in pages and in QGIS.
#pragma once

#include <string>

#include <riskmap/census/finding.hpp>

namespace riskmap::census {

/// "#b2182b".
[[nodiscard]] const char* colour_of(Severity severity);
/// QGIS style of a layer of findings: circles or areas by their severity.
[[nodiscard]] std::string finding_qml(bool areas, Language language);

} // namespace riskmap::census
