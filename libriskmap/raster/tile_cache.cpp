// SPDX-License-Identifier: MIT
#include "tile_cache.hpp"

#include <algorithm>
#include <atomic>

#include <riskmap/raster/source.hpp>

namespace riskmap::raster {

namespace {

std::atomic<std::uint64_t> limit{std::uint64_t{128} << 20U};
std::atomic<std::uint64_t> kept_bytes{0}; // by all caches

} // namespace

void limit_caches(std::uint64_t budget) {
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
    limit = std::clamp(budget / 4, 8 * mebibyte, 512 * mebibyte);
}

TileCache::~TileCache() {
    const auto each = static_cast<std::uint64_t>(m_tiles->tile_columns() * m_tiles->tile_rows()) *
                      bytes_of(m_tiles->sample());
    kept_bytes -= each * m_kept.size();
}

std::shared_ptr<const Tile> TileCache::tile(std::int64_t across, std::int64_t down,
                                            const Window& wanted) {
    const Window covered{across * m_tiles->tile_columns(), down * m_tiles->tile_rows(),
                         m_tiles->tile_columns(), m_tiles->tile_rows()};
    const Window inside = covered.intersection({0, 0, m_tiles->columns(), m_tiles->rows()});
    const bool keep = inside.intersection(wanted).size() < inside.size();
    const auto tile = slot((static_cast<Key>(down) << 32U) | static_cast<Key>(across), keep,
                           covered.size() * bytes_of(m_tiles->sample()));
    std::call_once(tile->once, [&] { tile->found = m_tiles->decode(across, down, tile->samples); });
    return tile;
}

std::shared_ptr<Tile> TileCache::slot(Key key, bool keep, std::uint64_t bytes) {
    if (!keep)
        return std::make_shared<Tile>();
    const std::lock_guard lock{m_mutex};
    if (const auto place = m_places.find(key); place != m_places.end()) {
        m_kept.splice(m_kept.begin(), m_kept, place->second);
        return m_kept.front().tile;
    }
    m_kept.push_front({key, std::make_shared<Tile>()});
    m_places[key] = m_kept.begin();
    kept_bytes += bytes;
    auto tile = m_kept.front().tile;
    while (kept_bytes > limit && !m_kept.empty())
        drop_oldest(bytes);
    return tile;
}

void TileCache::drop_oldest(std::uint64_t bytes) {
    m_places.erase(m_kept.back().key);
    m_kept.pop_back();
    kept_bytes -= bytes;
}

} // namespace riskmap::raster
