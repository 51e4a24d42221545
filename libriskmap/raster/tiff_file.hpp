// SPDX-License-Identifier: MIT
// Private: the bytes of a TIFF file: tags as GDAL made them, tiles as we
// compress them, in the order that a stream or a cloud needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "deflate.hpp"

namespace riskmap::raster {

/// The values of a tag as the file holds them.
struct Tag {
    std::uint16_t type = 0;
    std::uint64_t count = 0;
    Bytes values;
};
/// One image of a file, by tag number.
using Directory = std::map<std::uint16_t, Tag>;

/// The first image of a little-endian classic TIFF. \throws Error{internal} if it is another.
[[nodiscard]] Directory read_directory(std::span<const std::byte> file);

/// Where a compressed tile stands.
struct TilePlace {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
};

/// An image: its tags but for those of its size and tiles, and its tiles row by row.
struct Image {
    Directory tags;
    std::int64_t columns = 0;
    std::int64_t rows = 0;
    bool overview = false;
    std::vector<TilePlace> tiles;
};

/// A file that grows at its end. Written-out bytes are sent to the disk early,
/// so that the flush at the end finds little to do.
class GrowingFile {
  public:
    /// `what` is the name that errors give. \throws Error{input}: cannot be made.
    GrowingFile(const std::filesystem::path& path, std::string what);
    ~GrowingFile();
    GrowingFile(const GrowingFile&) = delete;
    GrowingFile& operator=(const GrowingFile&) = delete;

    /// \throws Error{input}: the disk is full.
    TilePlace append(std::span<const std::byte> bytes);
    void overwrite(std::uint64_t offset, std::span<const std::byte> bytes);
    [[nodiscard]] std::uint64_t size() const noexcept { return m_size; }
    [[nodiscard]] Bytes read(const TilePlace& place) const;

  private:
    void write(std::uint64_t offset, std::span<const std::byte> bytes);
    int m_file;
    std::string m_what;
    std::uint64_t m_size = 0;
    std::uint64_t m_sent = 0;
};

/// Files up to here are classic TIFF, longer ones BigTIFF.
inline constexpr std::uint64_t classic_limit = 0xffffffffU;

/// Room for the header that `finish_stream` fills.
void start_stream(GrowingFile& file);
/// Appends the directory of an image whose tiles are in the file, and the header.
void finish_stream(GrowingFile& file, const Image& image, std::uint64_t limit = classic_limit);

/// Header, directories, then the tiles from the smallest overview to the image
/// itself, taken from `spool`: the layout of a cloud optimized GeoTIFF.
/// `images` begins with the whole one; overviews follow, each smaller.
void write_cloud_optimized(GrowingFile& file, std::span<const Image> images,
                           const GrowingFile& spool, std::uint64_t limit = classic_limit);

} // namespace riskmap::raster
