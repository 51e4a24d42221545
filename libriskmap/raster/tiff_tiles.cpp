// SPDX-License-Identifier: MIT
#include "tiff_tiles.hpp"

#include <algorithm>

#include <fcntl.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

namespace riskmap::raster {

namespace {

constexpr std::int64_t greatest_tile = std::int64_t{64} << 20U; // bytes
constexpr std::int64_t most_tiles = std::int64_t{16} << 20U;

struct CloseTiff {
    void operator()(TIFF* tiff) const noexcept { TIFFClose(tiff); }
};
struct FreeOptions {
    void operator()(TIFFOpenOptions* options) const noexcept { TIFFOpenOptionsFree(options); }
};
using Tiff = std::unique_ptr<TIFF, CloseTiff>;

int keep_silent(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

Tiff open_tiff(const std::filesystem::path& path) {
    const std::unique_ptr<TIFFOpenOptions, FreeOptions> options{TIFFOpenOptionsAlloc()};
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_silent, nullptr);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keep_silent, nullptr);
    return Tiff{TIFFOpenExt(path.c_str(), "r", options.get())};
}

template <class T>
T field(TIFF* tiff, std::uint32_t tag, T otherwise) {
    T value{};
    return TIFFGetFieldDefaulted(tiff, tag, &value) == 1 ? value : otherwise;
}

std::optional<Sample> sample_of(int bits, int format) {
    if (format == SAMPLEFORMAT_IEEEFP && bits == 32)
        return Sample::f32;
    if (format == SAMPLEFORMAT_IEEEFP && bits == 64)
        return Sample::f64;
    if (format != SAMPLEFORMAT_UINT && format != SAMPLEFORMAT_INT)
        return std::nullopt;
    const bool positive = format == SAMPLEFORMAT_UINT;
    if (bits == 8 && positive)
        return Sample::u8;
    if (bits == 16)
        return positive ? Sample::u16 : Sample::i16;
    if (bits == 32)
        return positive ? Sample::u32 : Sample::i32;
    return std::nullopt;
}

bool read_all(int file, std::uint64_t offset, std::span<std::byte> out) {
    while (!out.empty()) {
        const auto got = pread(file, out.data(), out.size(), static_cast<off_t>(offset));
        if (got <= 0)
            return false;
        offset += static_cast<std::uint64_t>(got);
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

} // namespace

TiffTiles::~TiffTiles() {
    if (m_file >= 0)
        close(m_file);
}

std::unique_ptr<TiffTiles> TiffTiles::open(const std::filesystem::path& path, int band) {
    const Tiff tiff = open_tiff(path);
    if (!tiff)
        return nullptr;
    std::unique_ptr<TiffTiles> tiles{new TiffTiles};
    TIFF* const t = tiff.get();
    const auto sample = sample_of(field<std::uint16_t>(t, TIFFTAG_BITSPERSAMPLE, 1),
                                  field<std::uint16_t>(t, TIFFTAG_SAMPLEFORMAT, 1));
    const int bands = field<std::uint16_t>(t, TIFFTAG_SAMPLESPERPIXEL, 1);
    const int compression = field<std::uint16_t>(t, TIFFTAG_COMPRESSION, 1);
    const bool separate =
        field<std::uint16_t>(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    tiles->m_deflated = compression == COMPRESSION_ADOBE_DEFLATE || compression == 32946;
    if (!sample || band > bands || (bands > 1 && !separate) ||
        (!tiles->m_deflated && compression != COMPRESSION_NONE) ||
        field<std::uint16_t>(t, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) != FILLORDER_MSB2LSB)
        return nullptr;
    tiles->m_sample = *sample;
    tiles->m_swapped = TIFFIsByteSwapped(t) != 0;
    const int predictor =
        tiles->m_deflated ? field<std::uint16_t>(t, TIFFTAG_PREDICTOR, std::uint16_t{1}) : 1;
    const bool is_float = *sample == Sample::f32 || *sample == Sample::f64;
    if (predictor < 1 || predictor > 3 || (predictor == 3 && !is_float))
        return nullptr;
    tiles->m_predictor = static_cast<Predictor>(predictor);
    tiles->m_columns = field<std::uint32_t>(t, TIFFTAG_IMAGEWIDTH, 0);
    tiles->m_rows = field<std::uint32_t>(t, TIFFTAG_IMAGELENGTH, 0);
    tiles->m_tiled = TIFFIsTiled(t) != 0;
    if (tiles->m_columns == 0 || tiles->m_rows == 0)
        return nullptr;
    tiles->m_tile_columns =
        tiles->m_tiled ? field<std::uint32_t>(t, TIFFTAG_TILEWIDTH, 0) : tiles->m_columns;
    tiles->m_tile_rows =
        tiles->m_tiled ? field<std::uint32_t>(t, TIFFTAG_TILELENGTH, 0)
                       : std::min<std::int64_t>(field<std::uint32_t>(t, TIFFTAG_ROWSPERSTRIP, ~0U),
                                                tiles->m_rows);
    if (tiles->m_tile_columns == 0 || tiles->m_tile_rows == 0 ||
        tiles->m_tile_columns > greatest_tile / tiles->m_tile_rows / 8)
        return nullptr;
    tiles->m_across = (tiles->m_columns + tiles->m_tile_columns - 1) / tiles->m_tile_columns;
    const auto down = (tiles->m_rows + tiles->m_tile_rows - 1) / tiles->m_tile_rows;
    const auto per_band = tiles->m_across * down;
    const auto stored =
        static_cast<std::int64_t>(tiles->m_tiled ? TIFFNumberOfTiles(t) : TIFFNumberOfStrips(t));
    if (per_band > most_tiles || stored < per_band * (separate ? bands : 1))
        return nullptr;
    const std::int64_t first = separate ? per_band * (band - 1) : 0;
    tiles->m_places.reserve(static_cast<std::size_t>(per_band));
    for (std::int64_t i = 0; i < per_band; ++i) {
        const auto at = static_cast<std::uint32_t>(first + i);
        tiles->m_places.push_back({TIFFGetStrileOffset(t, at), TIFFGetStrileByteCount(t, at)});
    }
    tiles->m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    return tiles->m_file < 0 ? nullptr : std::move(tiles);
}

TiffTiles::Found TiffTiles::decode(std::int64_t across, std::int64_t down, Bytes& samples) const {
    const auto& place = m_places[static_cast<std::size_t>(down * m_across + across)];
    // Blocks go by row by row: the tile some blocks on is fetched while this one is decoded.
    constexpr std::size_t ahead = 4;
    const auto next = static_cast<std::size_t>(down * m_across + across) + ahead;
    if (next < m_places.size())
        posix_fadvise(m_file, static_cast<off_t>(m_places[next].offset),
                      static_cast<off_t>(m_places[next].bytes), POSIX_FADV_WILLNEED);
    if (place.bytes == 0)
        return Found::sparse;
    const std::int64_t rows =
        m_tiled ? m_tile_rows : std::min(m_tile_rows, m_rows - down * m_tile_rows);
    const auto row_bytes = static_cast<std::size_t>(m_tile_columns) * bytes_of(m_sample);
    const auto bytes = row_bytes * static_cast<std::size_t>(rows);
    samples.resize(bytes);
    if (m_deflated) {
        // No stream of sense is longer than its samples by more than a little.
        if (place.bytes > bytes + bytes / 8 + 4096)
            return Found::foreign;
        thread_local Bytes stream;
        stream.resize(place.bytes);
        if (!read_all(m_file, place.offset, stream))
            return Found::foreign;
        bool whole = inflate(stream, samples);
        if (!whole && rows < m_tile_rows) { // some write the last strip as long as the others
            samples.resize(row_bytes * static_cast<std::size_t>(m_tile_rows));
            whole = inflate(stream, samples);
        }
        if (!whole)
            return Found::damaged;
    } else if (place.bytes < bytes || !read_all(m_file, place.offset, samples)) {
        return Found::foreign;
    }
    if (m_predictor == Predictor::none && !m_swapped)
        return Found::samples;
    thread_local Bytes scratch;
    scratch.resize(row_bytes);
    for (std::int64_t r = 0; r < rows; ++r)
        undo_predictor(samples.data() + static_cast<std::size_t>(r) * row_bytes,
                       static_cast<std::size_t>(m_tile_columns), m_sample, m_predictor, m_swapped,
                       scratch.data());
    return Found::samples;
}

} // namespace riskmap::raster
