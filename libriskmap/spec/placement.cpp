// SPDX-License-Identifier: MIT
#include "placement.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/spec/mismatch.hpp>
#include <riskmap/spec/table.hpp>

namespace riskmap::spec {

namespace {

constexpr double metres_per_degree = 111320;
constexpr double degree = 0.017453292519943295;

/// Datums whose shift to CGCS2000 is not public: the official parameters are local and secret.
void tell_datum(const Crs& crs, Account& account) {
    struct Datum {
        const char* in_wkt;
        const char* zh;
        const char* en;
    };
    constexpr std::array<Datum, 6> datums{{{"Xian_1980", "西安80", "Xian 1980"},
                                           {"Xian 1980", "西安80", "Xian 1980"},
                                           {"Xian80", "西安80", "Xian 1980"},
                                           {"Beijing_1954", "北京54", "Beijing 1954"},
                                           {"Beijing 1954", "北京54", "Beijing 1954"},
                                           {"New Beijing", "新北京54", "New Beijing"}}};
    for (const auto& datum : datums)
        if (crs.wkt().find(datum.in_wkt) != std::string::npos) {
            account.remark(
                {fmt::format("坐标系 {} 的基准为{}，到 CGCS2000 没有公开的转换参数，按零平移使用，"
                             "可差数十至百余米：请先用本地参数转换",
                             crs.name(), datum.zh),
                 fmt::format("{} is on the datum {}, whose shift to CGCS2000 is not public: taken "
                             "as none, which may be off by 50 to 150 m; transform it first with "
                             "the parameters of the place",
                             crs.name(), datum.en)});
            return;
        }
}

void tell_said(const Crs& crs, const Crs& of_file, Account& account) {
    if (of_file.empty() || of_file == crs)
        return;
    account.remark({fmt::format("坐标系按说明取 {}，文件写的是 {}", crs.name(), of_file.name()),
                    fmt::format("taken for {} as said, although the file says {}", crs.name(),
                                of_file.name())});
}

void refuse_mismatch(const std::string& label, const Crs& crs, const Box& box) {
    if (const auto why = mismatch(crs, box))
        throw input_error(
            fmt::format("'{}' says {}, and its coordinates ({:.6g}, {:.6g}) cannot "
                        "be of it: {}",
                        label, crs.name(), box.middle().x, box.middle().y, why->en),
            swapped(crs, box)  ? "swap the two columns: the easting has 6 digits (8 with "
                                 "its zone), the northing 7; of degrees the longitude "
                                 "comes first"
            : crs.geographic() ? "say its true CRS, as crs=EPSG:4549 (metres, 120 E) after the "
                                 "file's name (in a project: crs = \"EPSG:4549\")"
                               : "say its true CRS, as crs=EPSG:4490 (degrees) after the file's "
                                 "name (in a project: crs = \"EPSG:4490\")");
}

} // namespace

void tell_crs(const LayerReader& reader, Account& account) {
    account.crs = reader.crs.name();
    if (reader.crs_assumed)
        account.remark({"经纬度按 CGCS2000 取", "longitudes and latitudes are taken for CGCS2000"});
    else
        tell_said(reader.crs, reader.stream.crs(), account);
    tell_datum(reader.crs, account);
}

void tell_crs(const Grid& grid, const Crs& of_file, Account& account, const std::string& label) {
    account.crs = grid.crs.name();
    tell_said(grid.crs, of_file, account);
    tell_datum(grid.crs, account);
    refuse_mismatch(label, grid.crs, grid.extent());
}

namespace {

struct Centre {
    std::size_t row;
    Point place;
};

double middle_of(std::vector<double> values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

/// Those much further from the middle of all than nearly all others are: a mistyped coordinate,
/// not an outlying village. Distances in metres, roughly.
std::vector<std::size_t> far_ones(const std::vector<Centre>& centres, bool degrees) {
    constexpr double nearest = 300'000; // the longest prefecture is less across
    constexpr double times = 10;
    if (centres.size() < 3)
        return {};
    std::vector<double> xs;
    std::vector<double> ys;
    for (const auto& centre : centres) {
        xs.push_back(centre.place.x);
        ys.push_back(centre.place.y);
    }
    const Point middle{middle_of(std::move(xs)), middle_of(std::move(ys))};
    const double north = degrees ? metres_per_degree : 1;
    const double east =
        degrees ? metres_per_degree * std::max(0.01, std::cos(middle.y * degree)) : 1;
    std::vector<double> apart;
    for (const auto& centre : centres)
        apart.push_back(
            std::hypot((centre.place.x - middle.x) * east, (centre.place.y - middle.y) * north));
    const double usual = middle_of(apart);
    std::vector<std::size_t> far;
    for (std::size_t i = 0; i < centres.size(); ++i)
        if (apart[i] > std::max(nearest, times * usual))
            far.push_back(i);
    return far;
}

} // namespace

std::vector<Table::Misplaced> Table::misplaced(const vector::Layer& layer) {
    static const Words nowhere{"没有几何", "no geometry"};
    static const Words zero{"坐标为 0,0", "at (0, 0)"};
    static const Words unreal{"坐标不是数", "coordinates that are no numbers"};
    static const Words away{"远离其他要素", "far from all others"};
    std::vector<Misplaced> out;
    std::vector<Centre> centres;
    Box all;
    for (std::size_t row = 0; row < layer.features.size(); ++row) {
        const auto& shape = layer.features[row].shape;
        const Box box = vector::bounds(shape);
        if (shape.empty()) {
            out.push_back({row, nowhere});
        } else if (box.empty() || !std::isfinite(box.left + box.right + box.bottom + box.top)) {
            out.push_back({row, unreal});
        } else if (std::abs(box.middle().x) < 1e-6 && std::abs(box.middle().y) < 1e-6) {
            out.push_back({row, zero});
        } else {
            centres.push_back({row, box.middle()});
            all.add(box);
        }
    }
    const bool degrees = layer.crs.geographic();
    refuse_mismatch(layer.name, layer.crs, all);
    for (const auto i : far_ones(centres, degrees))
        out.push_back({centres[i].row, away});
    return out;
}

} // namespace riskmap::spec
