// SPDX-License-Identifier: MIT
#include "prints.hpp"

#include <algorithm>
#include <bit>

namespace riskmap::census {

void Print::add(std::uint64_t word) {
    a = std::rotl((a ^ word) * 0x9E3779B97F4A7C15U, 29);
    b = std::rotl((b + word) * 0xC2B2AE3D27D4EB4FU, 31) ^ word;
}

void Print::add(double number) {
    add(std::bit_cast<std::uint64_t>(number + 0.0));
}

void Print::add(std::string_view text) {
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::copy_n(text.data() + i, 8, reinterpret_cast<char*>(&word));
        add(word);
    }
    std::uint64_t word = text.size() + 1;
    for (; i < text.size(); ++i)
        word = (word << 8U) | static_cast<unsigned char>(text[i]);
    add(word);
}

Print print_of(const vector::Shape& shape) {
    Print print;
    const auto add = [&](const std::vector<Point>& points, std::uint64_t tag) {
        print.add(tag);
        for (const auto p : points) {
            print.add(p.x);
            print.add(p.y);
        }
    };
    add(shape.points, 1);
    for (const auto& line : shape.lines)
        add(line, 2);
    for (const auto& polygon : shape.polygons) {
        add(polygon.outer, 3);
        for (const auto& hole : polygon.holes)
            add(hole, 4);
    }
    return print;
}

Print print_of(const std::vector<vector::Value>& values) {
    Print print;
    for (const auto& value : values)
        print.add(std::string_view{vector::text_of(value)});
    return print;
}

} // namespace riskmap::census
