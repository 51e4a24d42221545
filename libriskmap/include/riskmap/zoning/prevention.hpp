// SPDX-License-Identifier: MIT
// Prevention zones: risk against capacity (../docs/method.md section 12).
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace riskmap::zoning {

enum class PreventionClass {
    general = 1,   ///< 一般防治区
    secondary = 2, ///< 次重点防治区
    key = 3,       ///< 重点防治区
};

/// The letter of a class in project files: K, S or G.
[[nodiscard]] char letter_of(PreventionClass prevention);
/// \throws Error{input} for any other letter.
[[nodiscard]] PreventionClass parse_prevention_class(char letter);

/// Class by risk level (1..5) and capacity level (1..5, 5 = strong).
class PreventionMatrix {
  public:
    /// The default of ../docs/method.md section 12.
    PreventionMatrix();
    /// Five texts of five letters: rows risk 5 down to 1, columns capacity 1 to 5.
    /// \throws Error{input} on another shape or letter.
    [[nodiscard]] static PreventionMatrix parse(std::span<const std::string> rows);
    [[nodiscard]] PreventionClass operator()(int risk_level, int capacity_level) const;

  private:
    using Rows = std::array<std::array<PreventionClass, 5>, 5>;
    explicit PreventionMatrix(const Rows& rows) : m_rows{rows} {}
    Rows m_rows{}; ///< [risk - 1][capacity - 1]
};

/// Recommended measures by hazard and class.
class MeasureTable {
  public:
    void add(const std::string& hazard, PreventionClass prevention, const std::string& measures);
    /// The measures of all `hazards`, joined by "; "; a hazard without an entry adds nothing.
    [[nodiscard]] std::string measures(std::span<const std::string> hazards,
                                       PreventionClass prevention) const;
    [[nodiscard]] bool empty() const noexcept { return m_measures.empty(); }

  private:
    std::map<std::pair<std::string, PreventionClass>, std::string> m_measures;
};

/// The hazards with at least `least_share` of the risk, largest first, at most
/// `most`; if none has that much, the largest alone. Empty if all shares are
/// NaN or zero. Returns positions in `shares`.
[[nodiscard]] std::vector<std::size_t>
dominant_hazards(std::span<const double> shares, double least_share = 0.25, std::size_t most = 3);

} // namespace riskmap::zoning
