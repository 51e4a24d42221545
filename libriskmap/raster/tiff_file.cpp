// SPDX-License-Identifier: MIT
#include "tiff_file.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/file.hpp>

namespace riskmap::raster {

namespace {

static_assert(std::endian::native == std::endian::little, "tags are written in native order");

constexpr std::uint16_t type_short = 3;
constexpr std::uint16_t type_long = 4;
constexpr std::uint16_t type_long8 = 16;
constexpr std::array<std::size_t, 19> bytes_of_type{0, 1, 1, 2, 4, 8, 1, 1, 2, 4,
                                                    8, 4, 8, 4, 0, 0, 8, 8, 8};

constexpr std::uint16_t tag_subfile = 254;
constexpr std::uint16_t tag_columns = 256;
constexpr std::uint16_t tag_rows = 257;
constexpr std::uint16_t tag_offsets = 324;
constexpr std::uint16_t tag_byte_counts = 325;
constexpr std::array<std::uint16_t, 6> only_of_the_whole{33550, 33922, 34264, 34735, 34736, 34737};
constexpr std::uint16_t tag_gdal_metadata = 42112;

// GDAL takes this mark, right after the header, as a word that the directories
// come first and that tiles stand row by row, each between its size and a
// repetition of its last four bytes (GDAL's COG driver tells the layout).
constexpr std::string_view cloud_mark =
    "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\n"
    "LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\n"
    "BLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n ";
static_assert(cloud_mark.size() - cloud_mark.find("LAYOUT") == 140);
constexpr std::uint64_t leader = 4;
constexpr std::uint64_t trailer = 4;

template <class T>
T value_at(std::span<const std::byte> bytes, std::size_t at) {
    if (at + sizeof(T) > bytes.size())
        throw Error{ErrorKind::internal, "a TIFF laid out by GDAL is cut short"};
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

template <class T>
void put(Bytes& bytes, T value) {
    const auto* first = reinterpret_cast<const std::byte*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof value);
}

Tag whole_number(std::uint32_t value) {
    Tag tag{type_long, 1, {}};
    put(tag.values, value);
    return tag;
}

std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// The directory of an image with places for its tiles.
Directory complete(const Image& image, bool big) {
    Directory all = image.tags;
    all[tag_columns] = whole_number(static_cast<std::uint32_t>(image.columns));
    all[tag_rows] = whole_number(static_cast<std::uint32_t>(image.rows));
    if (image.overview) {
        all[tag_subfile] = whole_number(1);
        for (const auto tag : only_of_the_whole)
            all.erase(tag);
        all.erase(tag_gdal_metadata);
    }
    Tag offsets{big ? type_long8 : type_long, image.tiles.size(), {}};
    Tag counts{type_long, image.tiles.size(), {}};
    for (const auto& tile : image.tiles) {
        if (big)
            put(offsets.values, tile.offset);
        else
            put(offsets.values, static_cast<std::uint32_t>(tile.offset));
        put(counts.values, tile.bytes);
    }
    all[tag_offsets] = std::move(offsets);
    all[tag_byte_counts] = std::move(counts);
    return all;
}

/// The bytes of a directory that stands at offset `at`, with the values that do
/// not fit into it behind; `next` tells whether another follows right after.
Bytes serialised(const Directory& directory, std::uint64_t at, bool big, bool next) {
    const std::size_t entry = big ? 20 : 12;
    const std::size_t inside = big ? 8 : 4;
    const std::size_t head =
        (big ? 8U : 2U) + entry * directory.size() + static_cast<std::size_t>(big ? 8 : 4);
    Bytes entries;
    Bytes values;
    const auto put_word = [&](std::uint64_t value) {
        if (big)
            put(entries, value);
        else
            put(entries, static_cast<std::uint32_t>(value));
    };
    if (big)
        put(entries, static_cast<std::uint64_t>(directory.size()));
    else
        put(entries, static_cast<std::uint16_t>(directory.size()));
    for (const auto& [number, tag] : directory) {
        put(entries, number);
        put(entries, tag.type);
        put_word(tag.count);
        if (tag.values.size() <= inside) {
            entries.insert(entries.end(), tag.values.begin(), tag.values.end());
            entries.insert(entries.end(), inside - tag.values.size(), std::byte{0});
        } else {
            put_word(at + head + values.size());
            values.insert(values.end(), tag.values.begin(), tag.values.end());
            values.resize((values.size() + 7) / 8 * 8, std::byte{0});
        }
    }
    const auto whole = (head + values.size() + 7) / 8 * 8;
    put_word(next ? at + whole : 0);
    entries.insert(entries.end(), values.begin(), values.end());
    entries.resize(whole, std::byte{0});
    return entries;
}

Bytes header(std::uint64_t first, bool big) {
    Bytes bytes;
    put(bytes, std::uint16_t{0x4949});
    put(bytes, static_cast<std::uint16_t>(big ? 43 : 42));
    if (big) {
        put(bytes, std::uint16_t{8});
        put(bytes, std::uint16_t{0});
        put(bytes, first);
    } else {
        put(bytes, static_cast<std::uint32_t>(first));
    }
    return bytes;
}

constexpr std::size_t header_room = 16;

/// All directories one after the other from offset `at`.
Bytes directories(std::span<const Image> images, std::uint64_t at, bool big) {
    Bytes bytes;
    for (std::size_t i = 0; i < images.size(); ++i) {
        const auto own =
            serialised(complete(images[i], big), at + bytes.size(), big, i + 1 < images.size());
        bytes.insert(bytes.end(), own.begin(), own.end());
    }
    return bytes;
}

Bytes framed(const Bytes& tile) {
    Bytes out;
    out.reserve(leader + tile.size() + trailer);
    put(out, static_cast<std::uint32_t>(tile.size()));
    out.insert(out.end(), tile.begin(), tile.end());
    out.insert(out.end(), tile.end() - trailer, tile.end()); // a zlib stream is longer than that
    return out;
}

} // namespace

Directory read_directory(std::span<const std::byte> file) {
    if (value_at<std::uint32_t>(file, 0) != 0x002a4949U)
        throw Error{ErrorKind::internal, "GDAL laid out another kind of TIFF than asked for"};
    const std::size_t at = value_at<std::uint32_t>(file, 4);
    const std::size_t entries = value_at<std::uint16_t>(file, at);
    Directory directory;
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = at + 2 + 12 * i;
        Tag tag;
        tag.type = value_at<std::uint16_t>(file, entry + 2);
        tag.count = value_at<std::uint32_t>(file, entry + 4);
        const auto bytes =
            tag.type < bytes_of_type.size() ? bytes_of_type[tag.type] * tag.count : 0;
        const std::size_t from = bytes <= 4 ? entry + 8 : value_at<std::uint32_t>(file, entry + 8);
        if (from + bytes > file.size())
            throw Error{ErrorKind::internal, "a TIFF laid out by GDAL is cut short"};
        const auto values = file.subspan(from, bytes);
        tag.values.assign(values.begin(), values.end());
        directory[value_at<std::uint16_t>(file, entry)] = std::move(tag);
    }
    return directory;
}

GrowingFile::GrowingFile(const std::filesystem::path& path, std::string what)
    : m_file{::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)}, m_what{std::move(
                                                                                      what)} {
    if (m_file < 0)
        throw cannot_write(m_what, std::generic_category().message(errno));
}

GrowingFile::~GrowingFile() {
    if (m_file >= 0)
        close(m_file);
}

void GrowingFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const auto done = pwrite(m_file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            throw cannot_write(m_what, std::generic_category().message(errno));
        offset += static_cast<std::uint64_t>(done);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
}

TilePlace GrowingFile::append(std::span<const std::byte> bytes) {
    const TilePlace place{m_size, static_cast<std::uint32_t>(bytes.size())};
    write(m_size, bytes);
    m_size += bytes.size();
    constexpr std::uint64_t enough = std::uint64_t{16} << 20U;
    if (m_size - m_sent > enough) {
        sync_file_range(m_file, static_cast<off_t>(m_sent), static_cast<off_t>(m_size - m_sent),
                        SYNC_FILE_RANGE_WRITE);
        m_sent = m_size;
    }
    return place;
}

void GrowingFile::overwrite(std::uint64_t offset, std::span<const std::byte> bytes) {
    write(offset, bytes);
}

Bytes GrowingFile::read(const TilePlace& place) const {
    Bytes bytes(place.bytes);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got = pread(m_file, bytes.data() + done, bytes.size() - done,
                               static_cast<off_t>(place.offset + done));
        if (got <= 0)
            throw input_error(fmt::format("cannot read back what was written for '{}'", m_what));
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

void start_stream(GrowingFile& file) {
    const Bytes room(header_room, std::byte{0});
    file.append(room);
}

void finish_stream(GrowingFile& file, const Image& image, std::uint64_t limit) {
    const auto padding = static_cast<std::size_t>((8 - file.size() % 8) % 8);
    file.append(Bytes(padding, std::byte{0}));
    const auto at = file.size();
    const auto room = 1024 + 8192 + 12 * image.tiles.size();
    const bool big = at + room > limit;
    const auto bytes = directories({&image, 1}, at, big);
    file.append(bytes);
    file.overwrite(0, header(at, big));
}

void write_cloud_optimized(GrowingFile& file, std::span<const Image> images,
                           const GrowingFile& spool, std::uint64_t limit) {
    std::vector<Image> placed{images.begin(), images.end()};
    const std::uint64_t start = header_room + (cloud_mark.size() + 7) / 8 * 8;
    std::uint64_t whole = start + directories(placed, start, true).size();
    for (const auto& image : images)
        for (const auto& tile : image.tiles)
            whole += leader + tile.bytes + trailer;
    const bool big = whole > limit;
    const std::uint64_t head = big ? header_room : 8;
    const std::uint64_t at = (head + cloud_mark.size() + 7) / 8 * 8;
    std::uint64_t offset = at + directories(placed, at, big).size();
    for (std::size_t i = placed.size(); i-- > 0;)
        for (auto& tile : placed[i].tiles) {
            tile.offset = offset + leader;
            offset += leader + tile.bytes + trailer;
        }
    file.append(header(at, big));
    file.append(as_bytes(cloud_mark));
    file.append(Bytes(static_cast<std::size_t>(at - file.size()), std::byte{0}));
    file.append(directories(placed, at, big));
    for (std::size_t i = images.size(); i-- > 0;)
        for (const auto& tile : images[i].tiles)
            file.append(framed(spool.read(tile)));
}

} // namespace riskmap::raster
