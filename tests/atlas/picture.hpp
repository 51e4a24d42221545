// SPDX-License-Identifier: MIT
// Pictures that tests look at.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include <cpl_conv.h>
#include <gdal.h>
#include <gtest/gtest.h>

#include <riskmap/atlas/style.hpp>

namespace riskmap::test {

struct Picture {
    int columns = 0;
    int rows = 0;
    std::vector<std::uint8_t> rgb; ///< pixel by pixel

    [[nodiscard]] atlas::Colour at(int column, int row) const {
        const auto i = 3 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                            static_cast<std::size_t>(column));
        return {rgb[i], rgb[i + 1], rgb[i + 2]};
    }
};

inline Picture read_png(const std::filesystem::path& file) {
    CPLSetConfigOption("GDAL_SKIP", nullptr);
    GDALAllRegister();
    Picture picture;
    auto* dataset = GDALOpen(file.c_str(), GA_ReadOnly);
    if (dataset == nullptr) {
        ADD_FAILURE() << "no picture " << file;
        return picture;
    }
    picture.columns = GDALGetRasterXSize(dataset);
    picture.rows = GDALGetRasterYSize(dataset);
    picture.rgb.resize(3 * static_cast<std::size_t>(picture.columns) *
                       static_cast<std::size_t>(picture.rows));
    EXPECT_EQ(GDALDatasetRasterIO(dataset, GF_Read, 0, 0, picture.columns, picture.rows,
                                  picture.rgb.data(), picture.columns, picture.rows, GDT_Byte, 3,
                                  nullptr, 3, 3 * picture.columns, 1),
              CE_None);
    GDALClose(dataset);
    return picture;
}

/// Share of pixels that differ by more than a shade.
inline double difference(const Picture& a, const Picture& b) {
    if (a.columns != b.columns || a.rows != b.rows)
        return 1;
    std::size_t differ = 0;
    for (std::size_t i = 0; i < a.rgb.size(); i += 3) {
        int most = 0;
        for (std::size_t k = i; k < i + 3; ++k)
            most = std::max(most, std::abs(a.rgb[k] - b.rgb[k]));
        differ += most > 40 ? 1 : 0;
    }
    return static_cast<double>(differ) / static_cast<double>(a.rgb.size() / 3);
}

} // namespace riskmap::test
