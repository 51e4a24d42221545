// SPDX-License-Identifier: MIT
#include "deflate.hpp"

#include <map>
#include <memory>
#include <new>

#include <libdeflate.h>

namespace riskmap::raster {

namespace {

struct FreeDecompressor {
    void operator()(libdeflate_decompressor* d) const noexcept { libdeflate_free_decompressor(d); }
};
struct FreeCompressor {
    void operator()(libdeflate_compressor* c) const noexcept { libdeflate_free_compressor(c); }
};
using Compressor = std::unique_ptr<libdeflate_compressor, FreeCompressor>;

Compressor new_compressor(int level) {
    Compressor made{libdeflate_alloc_compressor(level)};
    if (!made)
        throw std::bad_alloc{};
    return made;
}

} // namespace

bool inflate(std::span<const std::byte> in, std::span<std::byte> out) {
    thread_local const std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor{
        libdeflate_alloc_decompressor()};
    return decompressor &&
           libdeflate_zlib_decompress(decompressor.get(), in.data(), in.size(), out.data(),
                                      out.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

Bytes deflate(std::span<const std::byte> in, int level) {
    thread_local std::map<int, Compressor> compressors;
    auto& compressor = compressors[level];
    if (!compressor)
        compressor = new_compressor(level);
    Bytes out(libdeflate_zlib_compress_bound(compressor.get(), in.size()));
    out.resize(
        libdeflate_zlib_compress(compressor.get(), in.data(), in.size(), out.data(), out.size()));
    out.shrink_to_fit();
    return out;
}

} // namespace riskmap::raster
