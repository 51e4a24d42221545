// SPDX-License-Identifier: MIT
// Private: where the parts of a sheet lie on its page.
#pragma once

#include <riskmap/atlas/sheet.hpp>
#include <riskmap/geo/length.hpp>

#include "canvas.hpp"

namespace riskmap::atlas {

/// From the ground to the page.
class MapFrame {
  public:
    MapFrame(const Rect& rect, Point centre, double units_per_mm)
        : m_rect{rect}, m_centre{centre}, m_units{units_per_mm} {}

    [[nodiscard]] Point on_page(Point ground) const noexcept {
        return {m_rect.x + m_rect.width / 2 + (ground.x - m_centre.x) / m_units,
                m_rect.y + m_rect.height / 2 - (ground.y - m_centre.y) / m_units};
    }
    [[nodiscard]] Box extent() const noexcept {
        const double w = m_rect.width / 2 * m_units;
        const double h = m_rect.height / 2 * m_units;
        return {m_centre.x - w, m_centre.y - h, m_centre.x + w, m_centre.y + h};
    }
    [[nodiscard]] const Rect& rect() const noexcept { return m_rect; }
    [[nodiscard]] double units_per_mm() const noexcept { return m_units; }
    [[nodiscard]] MultiPolygon on_page(MultiPolygon shape) const;
    [[nodiscard]] LineString on_page(LineString line) const;

  private:
    Rect m_rect;
    Point m_centre;
    double m_units;
};

/// Sizes of letters and lines on a sheet, by the size of its paper.
struct Look {
    double factor = 1; ///< 1 on A4

    [[nodiscard]] TextLook text(double size, bool bold = false) const {
        TextLook look;
        look.size = size * factor;
        look.bold = bold;
        return look;
    }
    [[nodiscard]] double mm(double length) const { return length * factor; }
};

struct ScaleBar {
    double ground = 0; ///< metres
    double length = 0; ///< mm
    int parts = 4;
};

struct SheetLayout {
    Size page;
    bool landscape = false;
    Look look;
    Rect heading;
    Rect panel; ///< legends and notes
    MapFrame frame{{}, {}, 1};
    double scale = 0;
    ScaleBar bar;
    Rect bar_rect;
    Rect arrow_rect;
};

[[nodiscard]] SheetLayout lay_out(const Sheet& sheet, const PageOptions& options);

/// How names look by their rank.
[[nodiscard]] TextLook name_look(const Look& look, int rank);

} // namespace riskmap::atlas
