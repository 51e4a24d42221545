// SPDX-License-Identifier: MIT
// Private: units of a level that other layers belong to, held by their code.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "layer_case.hpp"
#include "outline.hpp"

namespace riskmap::census {

/// Metres east and north of a middle, good to a few metres in a thousand over a city: for
/// tolerances, not for areas.
class Plane {
  public:
    explicit Plane(Point middle);
    [[nodiscard]] Point of(Point degrees) const;

  private:
    Point m_middle;
    double m_east;
};

/// Transforms to degrees, one for each thread at a time.
class ToDegrees {
  public:
    explicit ToDegrees(Crs crs) : m_crs{std::move(crs)} {}
    /// Does `work(transform)` with one that nobody else uses.
    template <class Work>
    void with(Work work) const {
        auto transform = take();
        work(*transform);
        const std::lock_guard lock{m_mutex};
        m_free.push_back(std::move(transform));
    }

  private:
    [[nodiscard]] std::unique_ptr<CrsTransform> take() const;
    Crs m_crs;
    mutable std::mutex m_mutex;
    mutable std::vector<std::unique_ptr<CrsTransform>> m_free;
};

struct Unit {
    std::string name;
    MultiPolygon degrees;
    Box box;                                    ///< in degrees
    std::vector<std::optional<double>> numbers; ///< by field of the specification
};

/// The units of one layer.
class Units {
  public:
    static constexpr std::size_t most = 200000;

    /// \throws Error{input} if the layer cannot be read or holds more than `most` features.
    Units(const spec::Source& source, const spec::LayerSpec& spec);
    /// Those of another file of the same level, as where each county sends its own. A code that is
    /// known stays as it is. \throws as the constructor.
    void add(const spec::Source& source);

    [[nodiscard]] const spec::LayerSpec& spec() const noexcept { return m_spec; }
    [[nodiscard]] const std::string& label() const noexcept { return m_label; }
    [[nodiscard]] const Unit* find(const std::string& code) const;
    /// Whether a code is of another county, or city, than all of these, which are of one: a county
    /// that uses the table of its city.
    [[nodiscard]] bool is_elsewhere(const std::string& code) const;
    [[nodiscard]] const std::map<std::string, Unit>& all() const noexcept { return m_units; }

  private:
    const spec::LayerSpec& m_spec;
    std::string m_label;
    std::map<std::string, Unit> m_units;
};

/// Metres from a place (degrees) to a unit; 0 inside, at most `limit`.
[[nodiscard]] double metres_outside(const Unit& unit, Point degrees, double limit);

} // namespace riskmap::census
