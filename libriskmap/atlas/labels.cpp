// SPDX-License-Identifier: MIT
#include <riskmap/atlas/labels.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace riskmap::atlas {

namespace {

/// Boxes already taken, in a lattice of squares, so that a search looks only nearby.
class Taken {
  public:
    explicit Taken(const Box& frame) : m_frame{frame}, m_cells(side * side) {}

    void add(const Box& box) {
        visit(box, [&](std::vector<Box>& cell) {
            cell.push_back(box);
            return false;
        });
    }
    [[nodiscard]] bool meets(const Box& box) {
        return visit(box, [&](const std::vector<Box>& cell) {
            return std::any_of(cell.begin(), cell.end(), [&](const Box& other) {
                return box.left < other.right && other.left < box.right && box.bottom < other.top &&
                       other.bottom < box.top;
            });
        });
    }

  private:
    static constexpr std::size_t side = 32;

    [[nodiscard]] std::size_t place(double at, double from, double to) const {
        const double share = to > from ? (at - from) / (to - from) : 0;
        return static_cast<std::size_t>(std::clamp(share * side, 0.0, side - 1.0));
    }
    template <class Visit>
    bool visit(const Box& box, Visit visit) {
        const auto right = place(box.right, m_frame.left, m_frame.right);
        const auto top = place(box.top, m_frame.bottom, m_frame.top);
        for (auto r = place(box.bottom, m_frame.bottom, m_frame.top); r <= top; ++r)
            for (auto c = place(box.left, m_frame.left, m_frame.right); c <= right; ++c)
                if (visit(m_cells[r * side + c]))
                    return true;
        return false;
    }

    Box m_frame;
    std::vector<std::vector<Box>> m_cells;
};

/// Middles of a name's box by preference.
std::vector<Point> places_of(const LabelWish& wish) {
    const double w = wish.width / 2;
    const double h = wish.height / 2;
    const auto [x, y] = wish.anchor;
    std::vector<Point> places;
    if (wish.clear > 0) { // right, left, above, below, then the corners
        const double dx = wish.clear + w;
        const double dy = wish.clear + h;
        for (const auto& [sx, sy] : std::array<Point, 8>{
                 {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {-1, -1}, {1, 1}, {-1, 1}}})
            places.push_back({x + sx * dx, y + sy * dy});
        return places;
    }
    // Never so far that the name would seem to be that of the area beside it.
    for (const double dy : {0.0, -1.1, 1.1, -2.2, 2.2})
        for (const double dx : {0.0, 0.5, -0.5})
            places.push_back({x + dx * w, y + dy * h});
    return places;
}

} // namespace

std::vector<Box> place_labels(std::span<const LabelWish> wishes, const Box& frame,
                              std::span<const Box> taken) {
    std::vector<std::size_t> order(wishes.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return wishes[a].rank < wishes[b].rank; });
    Taken used{frame};
    for (const auto& box : taken)
        used.add(box);
    std::vector<Box> boxes(wishes.size());
    for (const auto i : order) {
        const auto& wish = wishes[i];
        for (const auto& middle : places_of(wish)) {
            const Box box{middle.x - wish.width / 2, middle.y - wish.height / 2,
                          middle.x + wish.width / 2, middle.y + wish.height / 2};
            const bool inside = box.left >= frame.left && box.right <= frame.right &&
                                box.bottom >= frame.bottom && box.top <= frame.top;
            if (!inside || used.meets(box))
                continue;
            used.add(box);
            boxes[i] = box;
            break;
        }
    }
    return boxes;
}

} // namespace riskmap::atlas
