// SPDX-License-Identifier: MIT
#include "archive.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <riskmap/core/error.hpp>
#include <riskmap/core/text.hpp>

namespace riskmap::gdal {

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

std::uint64_t little_endian(std::string_view bytes, std::size_t at, int count) {
    std::uint64_t value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8U | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

std::string tail_of(std::ifstream& file, std::uint64_t size) {
    const std::uint64_t length = std::min<std::uint64_t>(size, 22 + 65535);
    std::string tail(length, '\0');
    file.seekg(static_cast<std::streamoff>(size - length));
    file.read(tail.data(), static_cast<std::streamsize>(length));
    return tail;
}

} // namespace

std::filesystem::path archive_of(const std::string& name) {
    constexpr std::string_view prefix = "/vsizip/";
    if (!name.starts_with(prefix))
        return {};
    const auto end = small_letters(name).find(".zip");
    return name.substr(prefix.size(), end == std::string::npos ? end : end + 4 - prefix.size());
}

void refuse_bomb(const std::filesystem::path& path) {
    std::error_code failed;
    const std::uint64_t size = std::filesystem::file_size(path, failed);
    std::ifstream file{path, std::ios::binary};
    std::string start(4, '\0');
    if (failed || !file.read(start.data(), 4) || start != "PK\x03\x04")
        return;
    // The central directory stands at the end (PKWARE's APPNOTE, 4.3.12 and 4.3.16).
    const auto tail = tail_of(file, size);
    const auto end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos || end + 22 > tail.size())
        return; // GDAL says that it is damaged
    const auto length = little_endian(tail, end + 12, 4);
    const auto offset = little_endian(tail, end + 16, 4);
    if (offset + length > size)
        return;
    std::string directory(length, '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(directory.data(), static_cast<std::streamsize>(length));
    std::uint64_t unfolded = 0;
    for (std::size_t at = 0; at + 46 <= directory.size();) {
        if (directory.compare(at, 4, "PK\x01\x02") != 0)
            break;
        unfolded += little_endian(directory, at + 24, 4); // 4 GiB - 1 where it is more
        at += 46 + little_endian(directory, at + 28, 2) + little_endian(directory, at + 30, 2) +
              little_endian(directory, at + 32, 2);
    }
    if (unfolded > 2048 * mebibyte || (unfolded > 64 * mebibyte && unfolded / 200 > size))
        throw input_error(fmt::format("'{}' of {} bytes unfolds to {} MB", path.string(), size,
                                      unfolded / mebibyte),
                          "it is made to fill the memory; get the plain layers");
}

} // namespace riskmap::gdal
