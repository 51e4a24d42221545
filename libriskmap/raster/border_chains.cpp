// SPDX-License-Identifier: MIT
#include "border_chains.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

namespace riskmap::raster {

namespace {

/// One end of a border: border x 2, + 1 for the last corner.
using End = std::size_t;

Corner corner_of(const std::vector<Border>& borders, End end) {
    const auto& corners = borders[end / 2].corners;
    return end % 2 == 0 ? corners.front() : corners.back();
}

std::uint64_t place_of(Corner corner) {
    return (static_cast<std::uint64_t>(corner.y) << 32U) | static_cast<std::uint64_t>(corner.x);
}

/// For each end the one it goes on at: where just two ends meet.
std::vector<End> continuations(const std::vector<Border>& borders) {
    std::vector<std::pair<std::uint64_t, End>> ends;
    for (End end = 0; end < 2 * borders.size(); ++end)
        ends.emplace_back(place_of(corner_of(borders, end)), end);
    std::sort(ends.begin(), ends.end());
    std::vector<End> next(ends.size());
    std::iota(next.begin(), next.end(), End{0}); // itself: the chain ends here
    for (std::size_t i = 0; i < ends.size();) {
        const std::size_t first = i;
        while (i < ends.size() && ends[i].first == ends[first].first)
            ++i;
        if (i - first == 2) {
            next[ends[first].second] = ends[first + 1].second;
            next[ends[first + 1].second] = ends[first].second;
        }
    }
    return next;
}

/// Puts a border behind another; the corner between goes if it is no turn.
void extend(std::vector<Corner>& chain, const std::vector<Corner>& more, bool forward) {
    std::vector<Corner> next = more;
    if (!forward)
        std::reverse(next.begin(), next.end());
    const auto straight = [](Corner a, Corner b, Corner c) {
        return (a.x == b.x && b.x == c.x) || (a.y == b.y && b.y == c.y);
    };
    if (chain.size() > 1 && straight(chain[chain.size() - 2], chain.back(), next[1]))
        chain.pop_back();
    chain.insert(chain.end(), next.begin() + 1, next.end());
}

int direction_of(Corner from, Corner to) {
    if (from.y == to.y)
        return to.x > from.x ? 0 : 2;
    return to.y > from.y ? 1 : 3;
}

void reverse(Border& border) {
    std::reverse(border.corners.begin(), border.corners.end());
    std::swap(border.left, border.right);
}

bool closed(const Border& border) {
    return border.corners.front() == border.corners.back();
}

/// Turns a border so that it does not matter where it was found: it leaves the
/// corner that is first row by row, in the first direction of two.
void orient(Border& border, bool node) {
    auto& corners = border.corners;
    if (closed(border) && !node) {
        corners.pop_back();
        if (corners.size() > 2 &&
            direction_of(corners.back(), corners[0]) == direction_of(corners[0], corners[1]))
            corners.erase(corners.begin());
        const auto first = std::min_element(corners.begin(), corners.end(), [](Corner a, Corner b) {
            return place_of(a) < place_of(b);
        });
        std::rotate(corners.begin(), first, corners.end());
        corners.push_back(corners.front());
    }
    const auto start = place_of(corners.front());
    const auto end = place_of(corners.back());
    const auto leaving = direction_of(corners[0], corners[1]);
    const auto arriving = direction_of(corners.back(), corners[corners.size() - 2]);
    if (end < start || (end == start && arriving < leaving))
        reverse(border);
}

} // namespace

std::vector<Border> joined(const std::vector<Border>& pieces) {
    const auto next = continuations(pieces);
    std::vector<bool> used(pieces.size());
    std::vector<std::pair<bool, Border>> out; // whether it is a loop without node
    const auto walk = [&](End start, bool loop) {
        Border border;
        for (End end = start;;) {
            const auto& piece = pieces[end / 2];
            const bool forward = end % 2 == 0;
            used[end / 2] = true;
            if (border.corners.empty()) {
                border = piece;
                if (!forward)
                    reverse(border);
            } else {
                extend(border.corners, piece.corners, forward);
            }
            const End far = end ^ 1U;
            end = next[far];
            if (end == far || used[end / 2])
                break;
        }
        orient(border, !loop);
        out.emplace_back(loop, std::move(border));
    };
    for (End end = 0; end < next.size(); ++end)
        if (next[end] == end && !used[end / 2])
            walk(end, false);
    for (End end = 0; end < next.size(); end += 2)
        if (!used[end / 2])
            walk(end, true);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const auto& entry) {
            const auto& corners = entry.second.corners;
            return std::tuple{entry.first, place_of(corners[0]),
                              direction_of(corners[0], corners[1])};
        };
        return rank(a) < rank(b);
    });
    std::vector<Border> borders;
    for (auto& entry : out)
        borders.push_back(std::move(entry.second));
    return borders;
}

} // namespace riskmap::raster
